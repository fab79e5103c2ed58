"""The models of tickets, bookings, ratings and credits: tables in, a table out. Days are of May 2026."""

# ruff: noqa: E501 (a wide table is read as a table)

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.schema import TABLES

ROOM = "damage/scoring"
MAY = {"first_day": dt.date(2026, 5, 1), "end_day": dt.date(2026, 6, 1)}
REACH = {"ticket_reach_days": 184, "rated_reach_days": 31, "since_day": dt.date(2026, 1, 1)}
NOBODY = "customer_id | other_id | first_on | last_on"
FILES = {
    "file_ticket_version": "core_ticket_version", "file_survey_reply": "core_survey_reply", "file_contact": "core_contact",
    "file_callback_booking": "core_callback_booking", "file_repair_action": "core_repair_action",
    "ledger_debit": "mart_damage_ledger", "ledger_credit": "mart_damage_ledger", "raw_ticket": "raw_ticket",
}  # fmt: skip
FEATURE = (
    "customer_id::varchar | subject_kind_code::varchar | subject_id::varchar | debit_cause_id::varchar | credit_cause_id::varchar | "
    "incident_id::varchar | repaired_contact_id::varchar | repaired_ticket_id::varchar"
)  # fmt: skip


def moments(text: str) -> str:
    """`10 09:00` and `10` in a table as a time and a day of May 2026 (nothing else in these tables looks like them)."""
    text = re.sub(r"\b(\d\d) (\d\d:\d\d)\b", r"2026-05-\1 \2:00+08:00", text)
    return re.sub(r"(?<=[|\s])(\d\d)(?=\s*(\||\n|$))", r"2026-05-\1", text)


def run(
    model: str, inputs: dict[str, str], expected: str, /, fills: dict[str, str] | None = None, **values: object
) -> None:
    """Check a model; inputs named as files of the lake have its columns, those that are not given are empty."""
    given = {name: _whole(name, moments(text)) for name, text in inputs.items()}
    check(read_model(ROOM, model), given, moments(expected), {**MAY, **REACH, **values}, fills)


def _whole(name: str, text: str) -> str:
    table = TABLES.get(FILES.get(name, ""))
    if table is None:
        return text
    head, *rows = text.strip().splitlines()
    columns = [column.strip() for column in head.split("|")]
    rest = [column for column in table.columns if column.name not in columns]
    types = {column.name: DUCKDB_TYPES[column.type] for column in table.columns}
    named = [
        *(f"{column}::{types[column]}" for column in columns),
        *(f"{each.name}::{types[each.name]}" for each in rest),
    ]
    return "\n".join([" | ".join(named), *(row + " | " * len(rest) for row in rows)])


STATES = """
    ticket_id | customer_id | kind_code | opened_at | opened_on | version_at | closed_at | reopened_at | promised_at
    t1        | anna        | complaint | 10 09:00  | 10        | 10 09:00   |           |             | 14 09:00
    t1        | anna        | complaint | 10 09:00  | 10        | 12 08:00   | 12 08:00  |             |
    t1        | anna        | complaint | 10 09:00  | 10        | 30 07:00   |           | 30 07:00    |
"""


def test_tickets_of_which_something_may_be_decided() -> None:
    run(
        "ticket_of_days",
        {
            "file_ticket_version": """
                ticket_id | opened_at | version_at | promised_at
                old       | 01 09:00  | 01 09:00   |
                promised  | 01 09:00  | 01 09:00   | 12 09:00
                clock     | 08 09:00  | 08 09:00   |
                later     | 13 09:00  | 13 09:00   |
            """,
            "file_survey_reply": """
                about_kind_code | about_id | is_solved | replied_on
                ticket          | answered | true      | 12
                ticket          | before   | true      | 11
                ticket          | rated    |           | 12
            """,
            "file_repair_action": """
                ticket_id | action_code      | outcome_code | done_on
                followed  | second_follow_up | unresolved   | 12
                reached   | second_follow_up | resolved     | 12
            """,
        },
        "ticket_id\npromised\nclock\nanswered\nfollowed",
        first_day=dt.date(2026, 5, 12), end_day=dt.date(2026, 5, 13), clock_from=dt.date(2026, 5, 8),
    )  # fmt: skip


def test_tickets_that_a_customer_confirmed() -> None:
    replies = """
        about_kind_code | about_id | is_solved | replied_on
        ticket          | t1       | true      | 12
        ticket          | t2       | false     | 12
        contact         | k1       | true      | 12
        ticket          | t3       | true      | 11
    """
    run("ticket_confirmed", {"file_survey_reply": replies}, "ticket_id\nt1", first_day=dt.date(2026, 5, 12))


def test_events_of_a_ticket() -> None:
    """The promise of the first state is none of the second; the answer of somebody else is no event, nor is what came on
    a day before the opening."""
    run(
        "ticket_event",
        {
            "ticket_of_days": "ticket_id\nt1",
            "same_person": NOBODY,
            "file_ticket_version": STATES,
            "file_survey_reply": """
                survey_id | about_kind_code | about_id | customer_id | replied_at | replied_on | is_solved
                s1        | ticket          | t1       | anna        | 13 10:00   | 13         | false
                s2        | ticket          | t1       | bert        | 13 10:00   | 13         | true
                s3        | ticket          | t1       | anna        | 09 10:00   | 09         | true
            """,
            "file_repair_action": """
                repair_id | ticket_id | customer_id | action_code      | outcome_code | done_at  | done_on
                r1        | t1        | anna        | second_follow_up | unresolved   | 15 10:00 | 15
                r2        | t1        | anna        | second_follow_up | unresolved   | 09 10:00 | 09
            """,
        },
        """
        event_code | counted_at | is_solved | cause_id
        open       | 10 09:00   |           |
        state      | 10 09:00   |           |
        state      | 12 08:00   |           |
        close      | 12 08:00   |           |
        answer     | 13 10:00   | false     | s1
        follow_up  | 15 10:00   |           | r1
        state      | 30 07:00   |           |
        reopen     | 30 07:00   |           |
        """,
    )


EVENTS = """
    ticket_id | version_at | event_code | happened_at | counted_at | is_solved | cause_id::varchar
    t1        | 10 09:00   | open       | 10 09:00    | 10 09:00   |           |
    t1        | 10 09:00   | state      | 10 09:00    | 10 09:00   |           |
    t1        | 12 08:00   | state      | 12 08:00    | 12 08:00   |           |
    t1        | 12 08:00   | close      | 12 08:00    | 12 08:00   |           |
    t1        |            | answer     | 13 10:00    | 13 10:00   | false     | s1
    t1        | 30 07:00   | state      | 30 07:00    | 30 07:00   |           |
    t1        | 30 07:00   | reopen     | 30 07:00    | 30 07:00   |           |
"""


def test_the_clock_of_a_ticket() -> None:
    run(
        "ticket_moment",
        {"ticket_event": EVENTS},
        """
        event_code | counted_at | state_at | is_ended | heard_before | open_limit_at
        open       | 10 09:00   | 10 09:00 | false    |              |
        state      | 10 09:00   | 10 09:00 | false    |              |
        state      | 12 08:00   | 12 08:00 | false    |              |
        close      | 12 08:00   | 12 08:00 | true     |              |
        answer     | 13 10:00   | 12 08:00 | true     | close        |
        state      | 30 07:00   | 30 07:00 | true     | answer       |
        reopen     | 30 07:00   | 30 07:00 | false    | answer       | 30 08:00
        """,
        limit_seconds=172_800,
    )


def test_what_is_dated_before_the_opening_starts_no_clock() -> None:
    """A follow-up and an answer of some minutes before (clocks differ): the 48 h run from the opening."""
    events = """
        ticket_id | version_at | event_code | happened_at | counted_at | is_solved | cause_id
        t1        |            | follow_up  | 10 08:57    | 10 08:57   |           | r1
        t1        |            | answer     | 10 08:58    | 10 08:58   | false     | s1
        t1        | 10 09:00   | open       | 10 09:00    | 10 09:00   |           |
        t1        | 10 09:00   | state      | 10 09:00    | 10 09:00   |           |
    """
    run(
        "ticket_moment",
        {"ticket_event": events},
        """
        event_code | counted_at | open_limit_at
        follow_up  | 10 08:57   |
        answer     | 10 08:58   |
        open       | 10 09:00   |
        state      | 10 09:00   | 12 09:00
        """,
        limit_seconds=172_800,
    )


def test_a_complaint_after_another_on_the_topic() -> None:
    run(
        "complaint_before",
        {
            "ticket_of_days": "ticket_id\nt2",
            "file_ticket_version": """
                ticket_id | customer_id | topic_code | kind_code | opened_at | version_at
                t1        | anna        | bill       | complaint | 01 09:00  | 01 09:00
                t2        | anna        | bill       | enquiry   | 10 09:00  | 10 09:00
                t2        | anna        | bill       | complaint | 10 09:00  | 11 09:00
                t3        | bert        | bill       | complaint | 02 09:00  | 02 09:00
            """,
        },
        """
        ticket_id | complained_at | previous_complaint_seconds
        t1        | 01 09:00      |
        t2        | 11 09:00      | 864000.0
        """,
    )


def test_what_rules_see_of_a_ticket() -> None:
    run(
        "ticket_feature",
        {
            "ticket_of_days": "ticket_id\nt1",
            "file_ticket_version": STATES,
            "complaint_before": (
                "ticket_id::varchar | customer_id::varchar | topic_code::varchar | complained_at | previous_complaint_seconds"
            ),
            "ticket_moment": """
                ticket_id | state_at | event_code | counted_at | is_solved | cause_id | is_ended | was_suspended | heard_before | open_limit_at
                t1        | 12 08:00 | answer     | 13 10:00   | false     | s1       | true     | false         | close        |
                t1        | 12 08:00 | answer     | 14 10:00   | false     | s2       | true     | false         | answer       |
                t1        | 12 08:00 | promise    | 15 10:00   |           |          | false    | true          |              |
                t1        | 30 07:00 | reopen     | 30 07:00   |           |          | false    | false         | answer       | 30 08:00
            """,
        },
        """
        version_at | unsolved_reply_at | second_failure_at | broken_promise_at | open_limit_at | debit_cause_id
        12 08:00   | 13 10:00          |                   |                   |               | s1
        12 08:00   |                   |                   |                   |               | s2
        12 08:00   |                   |                   | 15 10:00          |               |
        30 07:00   |                   | 30 07:00          |                   |               |
        30 07:00   |                   |                   |                   | 30 08:00      |
        """,
    )  # fmt: skip


def test_contacts_that_a_record_may_mean() -> None:
    run(
        "near_contact",
        {
            "file_contact": """
                contact_id | customer_id | started_at | direction_code | is_refused
                k1         | anna        | 10 09:00   | inbound        | true
                k2         | anna        | 10 10:00   | outbound       | false
                k3         | bert        | 10 11:00   | inbound        | false
                k4         | bert        | 10 12:00   | inbound        | false
                k5         | carl        | 01 09:00   | inbound        | true
                k6         | dora        | 01 09:00   | inbound        | true
            """,
            "same_person": NOBODY,
            "file_survey_reply": "about_kind_code | about_id | customer_id | replied_on\ncontact | k2 | anna | 11\ncontact | k4 | bert | 02",
            "file_callback_booking": """
                booking_id | customer_id | contact_id | requested_on | called_back_at
                b1         | carl        |            | 01           | 06 09:00
                b2         | dora        |            | 01           | 02 09:00
            """,
            "file_repair_action": "repair_id | contact_id | done_on\nr1 | k3 | 11\nr2 | k4 | 01",
        },
        """
        contact_id | is_inbound | is_failed_attempt
        k1         | true       | true
        k2         | false      | false
        k3         | true       | false
        k5         | true       | true
        """,
        {"failed_attempt": "is_refused"},
        first_day=dt.date(2026, 5, 5),
        booked_since=dt.date(2026, 5, 2),
    )


def test_the_incident_of_a_contact() -> None:
    run(
        "contact_place",
        {
            "near_contact": """
                contact_id | customer_id | started_at | is_inbound | is_failed_attempt
                k1         | anna        | 10 23:40   | true       | true
                k2         | anna        | 11 00:09   | true       | false
                k3         | anna        | 11 00:39   | true       | false
                k4         | anna        | 11 00:40   | false      | false
                k5         |             | 11 00:41   | true       | false
            """
        },
        """
        contact_id | incident_id
        k1         | k1
        k2         | k1
        k3         | k3
        k4         |
        """,
        incident_gap_seconds=1800,
        incident_reach_days=3,
    )


def test_bookings_with_their_clock_and_contact() -> None:
    run(
        "booking_feature",
        {
            "contact_place": """
                contact_id | customer_id | started_at | is_failed_attempt
                k1         | anna        | 10 09:00   | true
                k2         | anna        | 10 09:30   | false
                k3         | anna        | 10 11:00   | true
            """,
            "file_callback_booking": """
                booking_id | customer_id | contact_id | requested_at | called_back_at
                b1         | anna        |            | 10 10:00     | 11 10:00
                b2         | anna        | k9         | 10 10:00     |
                b3         | bert        |            | 10 10:00     |
            """,
        },
        """
        booking_id | called_back_after_seconds | limit_at | repaired_contact_id
        b1         | 86400.0                   | 11 10:00 | k1
        b2         |                           | 11 10:00 | k9
        b3         |                           | 11 10:00 |
        """,
        limit_seconds=86_400,
    )


def test_what_a_reply_speaks_of() -> None:
    run(
        "reply_feature",
        {
            "contact_place": "contact_id | customer_id | started_at | incident_id::varchar\nk1 | anna | 10 09:00 | k0",
            "file_ticket_version": STATES,
            "same_person": "customer_id | other_id | first_on | last_on\nzoe | anna | 12 | 31",
            "file_survey_reply": """
                survey_id | customer_id | about_kind_code | about_id | replied_at | replied_on
                s1        | anna        | contact         | k1       | 11 09:00   | 11
                s2        | anna        | ticket          | t1       | 11 09:00   | 11
                s3        | anna        | campaign        | k1       | 11 09:00   | 11
                s4        | bert        | contact         | k1       | 11 09:00   | 11
                s5        | zoe         | contact         | k1       | 11 09:00   | 11
                s6        | zoe         | contact         | k1       | 12 09:00   | 12
                s7        |             | contact         | k1       | 12 09:00   | 12
                s8        | anna        | contact         | k1       | 09 23:00   | 09
                s9        | anna        | ticket          | t1       | 09 23:00   | 09
            """,
        },
        """
        survey_id | subject_kind_code | subject_id | debit_cause_id | incident_id
        s1        | contact           | k1         | s1             | k0
        s2        | ticket            | t1         | s2             |
        s3        | reply             | s3         |                |
        s4        | reply             | s4         |                |
        s5        | reply             | s5         |                |
        s6        | contact           | k1         | s6             | k0
        s8        | reply             | s8         |                |
        s9        | reply             | s9         |                |
        """,
    )


def test_what_a_repair_names() -> None:
    run(
        "repair_feature",
        {"file_repair_action": "repair_id | contact_id | ticket_id | done_on\nr1 | k1 | t1 | 11\nr2 | k1 | | 01"},
        "credit_cause_id | repaired_contact_id | repaired_ticket_id\nr1 | k1 | t1",
        first_day=dt.date(2026, 5, 2),
    )


def test_each_time_that_a_rule_held() -> None:
    hit = "case when {condition} then {{'rule_number': {number}, 'posted_at': {moment}}} end"
    empty = {f"{record}_rules": "" for record in ("ticket", "callback_booking", "survey_reply", "repair_action")}
    ticket = ", ".join([
        hit.format(condition="true", number=0, moment="open_limit_at"),
        hit.format(condition="kind_code = 'complaint'", number=1, moment="opened_at"),
    ])  # fmt: skip
    run(
        "record_hit",
        {
            "ticket_feature": f"""
                ticket_id | kind_code | opened_at | opened_on | counted_at                | open_limit_at | {FEATURE}
                t1        | complaint | 10 09:00  | 10        | 10 09:00                  |               | anna | ticket | t1 | | | | |
                t2        | enquiry   | 10 09:00  | 10        | 10 09:00                  | 12 09:00      | anna | ticket | t2 | | | | |
                t3        | enquiry   | 10 09:00  | 10        | 10 09:00                  | 12 09:00      |      | ticket | t3 | | | | |
                t4        | complaint | 10 09:00  | 10        | 2026-12-01T09:00+08:00    | 12 09:00      | anna | ticket | t4 | | | | |
            """,
            "booking_feature": f"booking_id::varchar | {FEATURE}",
            "reply_feature": f"survey_id::varchar | {FEATURE}",
            "repair_feature": f"repair_id::varchar | {FEATURE}",
        },
        "record_id | rule_number | posted_at\nt1 | 1 | 10 09:00\nt2 | 0 | 12 09:00",
        {**empty, "ticket_rules": ticket, "ticket_moments": "open_limit_at is not null or opened_at is not null"},
    )


HITS = """
    rule_number | posted_at | record_id | customer_id | subject_kind_code | subject_id | debit_cause_id | credit_cause_id | incident_id::varchar | repaired_contact_id | repaired_ticket_id::varchar
    0           | 11 09:00  | s1        | anna        | contact           | k1         | s1             | s1              | k0                   | k1                  |
    0           | 12 09:00  | s2        | anna        | contact           | k1         | s2             | s2              | k0                   | k1                  |
    0           | 12 09:00  | s3        | anna        | reply             | s3         |                | s3              |                      |                     |
    1           | 12 09:00  | s2        | anna        | contact           | k1         | s2             | s2              | k0                   | k1                  |
    1           | 13 09:00  | s2        | anna        | contact           | k1         | s2             | s2              | k0                   | k1                  |
"""
RULES = """
    rule_number | indicator_id | rule_version | first_on   | end_on     | points | is_credit | repairs::varchar[]
    0           | RES-08       | 1990-01-01   | 1990-01-01 | 2999-01-01 | 8      | false     | []
    1           | REP-08       | 1990-01-01   | 1990-01-01 | 2999-01-01 | 8      | true      | []
"""


def test_an_indicator_counts_once_for_its_subject() -> None:
    run(
        "record_entry",
        {"record_hit": HITS, "record_rule": RULES},
        """
        indicator_id | subject_id | posted_on | cause_id | incident_id | points
        RES-08       | k1         | 11        | s1       | k0          | 8.000
        RES-08       | s3         | 12        |          |             | 8.000
        """,
    )
    run(  # what was posted before is not posted again
        "record_entry",
        {"record_hit": HITS, "record_rule": RULES},
        "subject_id | posted_on\ns3 | 12",
        first_day=dt.date(2026, 5, 12),
    )


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


def test_records_that_name_what_is_somebody_else_s() -> None:
    run(
        "misnamed_record",
        {
            "near_contact": "contact_id | customer_id\nk1 | anna\nk2 |",
            "file_ticket_version": "ticket_id | customer_id\nt1 | anna\nt1 | bert",
            "same_person": "customer_id | other_id | first_on | last_on\nzoe | anna | 12 | 31",
            "file_survey_reply": "survey_id | customer_id | about_kind_code | about_id | replied_on\ns1 | bert | contact | k1 | 11",
            "file_callback_booking": "booking_id | customer_id | contact_id | requested_on\nb1 | anna | k1 | 11",
            "file_repair_action": """
                repair_id | customer_id | contact_id | ticket_id | done_on
                r1        | carl        | k1         | t1        | 11
                r2        | bert        | k2         | t1        | 11
                r3        | zoe         | k1         |           | 11
                r4        | zoe         | k1         |           | 12
            """,
        },
        """
        record_id | subject_id | owner_id
        s1        | k1         | anna
        r1        | k1         | anna
        r1        | t1         | anna
        r3        | k1         | anna
        """,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("updated", "first"), [("20 09:00", "20"), ("02 09:00", "02"), ("", "02")], ids=["a later state", "the first", "unknown"]
)  # fmt: skip
def test_the_first_day_on_which_a_state_bears(updated: str, first: str) -> None:
    run(
        "first_ticket_day",
        {
            "change": "record_code | subject_id | subject_on\nticket | t1 | 02",
            "raw_ticket": f"ticket_id | arrived_on | opened_at | source_updated_at\nt1 | 20 | 02 09:00 | {updated}",
            "core_ticket_version": "ticket_id | version_at\nt1 | 02 09:00\nt1 | 20 09:00",
        },
        f"day\n{first}",
        first_day=dt.date(2026, 5, 20), last_day=dt.date(2026, 5, 20),
    )  # fmt: skip


def test_every_model_of_records_and_credits_is_tested_here() -> None:
    from mend.damage.scoring import credit_entries, record_entries

    models = [*record_entries.TICKETS, *record_entries.OTHERS, *credit_entries.ACCOUNTS]
    named = {"ticket_of_days", "ticket_confirmed", "near_contact", "record_entry", "credit_offer", "credit_entry"}
    text = Path(__file__).read_text("utf-8")
    assert [name for name in {*named, *(model.name for model in models)} if f'"{name}",' not in text] == []
