"""The models of credits: tables in, a table out. Days are of May 2026."""

# ruff: noqa: E501 (a wide table is read as a table)

from __future__ import annotations

from tests.mend.damage.scoring.record_tables import HITS, NOBODY, RULES, run


def test_a_record_is_offered_a_credit_once() -> None:
    run(
        "credit_offer",
        {"record_hit": HITS, "record_rule": RULES},
        "indicator_id | cause_id | posted_on | repaired_contact_id | points\nREP-08 | s2 | 12 | k1 | 8",
    )


OFFERS = """
    customer_id | posted_on | posted_at | indicator_id | rule_version | points | repairs::varchar[] | cause_id | repaired_contact_id | repaired_ticket_id
    anna        | 12        | 12 09:00  | REP-01       | 1990-01-01   | 5      | []                 | r1       | k1                  | t1
    bert        | 13        | 13 09:00  | REP-01       | 1990-01-01   | 5      | []                 | r2       | k1                  |
"""
ENTRIES = """
    customer_id | posted_on | posted_at | entry_kind_code | indicator_id | subject_kind_code | subject_id | incident_id | cause_id | points
    anna        | 10        | 10 09:00  | debit           | AGT-08       | contact           | k1         |             |          | 5
    anna        | 10        | 10 09:00  | cap             | AGT-08       | contact           | k1         |             |          | -2
    anna        | 10        | 10 09:10  | debit           | IVR-11       | contact           | k2         | k1          |          | 3
    anna        | 11        | 11 09:00  | debit           | RES-02       | ticket            | t1         |             |          | 4
    anna        | 11        | 11 09:00  | debit           | CON-07       | booking           | b1         |             |          | 5
    carl        | 10        | 10 09:00  | debit           | AGT-08       | contact           | k7         |             |          | 5
"""
NO_CREDIT = ENTRIES.strip().splitlines()[0]


def test_the_entries_of_customers_who_are_offered_a_credit() -> None:
    run(
        "credit_row",
        {"credit_offer": OFFERS, "ledger_debit": ENTRIES, "ledger_credit": NO_CREDIT, "same_person": NOBODY},
        """
        entry_kind_code | subject_id | account_id
        debit           | k1         | k1
        cap             | k1         | k1
        debit           | k2         | k1
        debit           | t1         | t1
        """,
    )


ROWS = """
    customer_id | posted_on | posted_at | entry_kind_code | indicator_id | subject_kind_code | subject_id | account_id | cause_id::varchar | points::decimal(9, 3)
    anna        | 10        | 10 09:00  | debit           | AGT-08       | contact           | k1         | k1         |                   | 5
    anna        | 10        | 10 09:00  | cap             | AGT-08       | contact           | k1         | k1         |                   | -2
    anna        | 10        | 10 09:10  | debit           | IVR-11       | contact           | k2         | k1         |                   | 3
    anna        | 11        | 11 09:00  | credit          | REP-03       | contact           | k1         | k1         | r0                | -1
    anna        | 11        | 11 09:00  | debit           | RES-02       | ticket            | t1         | t1         |                   | 4
"""


def test_an_offer_claims_the_accounts_that_it_names_of_its_own_customer() -> None:
    run(
        "credit_claim",
        {"credit_offer": OFFERS, "credit_row": ROWS, "same_person": NOBODY},
        """
        offer_number | offered_thousandths | subject_kind_code | named_id | account_id
        1            | 5000                | contact           | k1       | k1
        1            | 5000                | ticket            | t1       | t1
        """,
    )


def test_an_account_is_its_debits_less_their_caps_and_the_credits_before() -> None:
    run(
        "credit_account",
        {"credit_row": ROWS, "credit_claim": "subject_kind_code | account_id\ncontact | k1"},
        """
        subject_id | indicator_id | is_credit | cause_key | month_number | thousandths
        k1         | AGT-08       | false     |           | 24317        | 3000
        k2         | IVR-11       | false     |           | 24317        | 3000
        k1         | REP-03       | true      | r0        | 24317        | -1000
        """,
    )


def test_what_a_credit_took_is_a_ledger_row() -> None:
    run(
        "credit_entry",
        {
            "credit_offer": OFFERS,
            "credit_taken": "offer_number | subject_kind_code | subject_id | account_id | thousandths::bigint\n1 | contact | k2 | k1 | 2125",
        },
        "customer_id | indicator_id | subject_id | cause_id | incident_id | points\nanna | REP-01 | k2 | r1 | k1 | -2.125",
    )  # fmt: skip
