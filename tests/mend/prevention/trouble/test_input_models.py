"""The models that open the inputs, on a few rows: what goes in, what comes out."""
# ruff: noqa: E501 - text tables

from __future__ import annotations

from tests.mend.prevention.trouble.tables import DAYS, PERSONS, ROOM

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check


def test_contact() -> None:
    """Whoever became another goes by that id; what is not known of a failure is none."""
    check(
        read_model(ROOM, "contact"),
        {
            "contact_file": """
                contact_id | customer_id | started_at::timestamptz | started_on | direction_code | topic_code | ivr_node_code | agent_group_code | agent_id | center_code | ivr_result_code | is_system_fault | is_refused | is_abandoned
                k1 | old | 2026-03-01 09:00+08 | 2026-03-01 | inbound  | bill | bill_menu | g1 | A1 | north | failed |       | true |
                k2 | c2  | 2026-03-01 09:00+08 | 2026-03-01 | outbound | bill |           |    |    | north |        | false |      |
            """,
            "person_of_customer": PERSONS,
        },
        """
            contact_id | customer_id | is_inbound | is_self_service_failed | is_failed
            k1         | new         | true       | true                   | true
            k2         | c2          | false      |                        | false
        """,
    )


def test_posted() -> None:
    """Credits and tickets stay out; a cap takes off; what cannot be compared has its points all the same."""
    check(
        read_model(ROOM, "posted"),
        {
            "ledger_file": """
                customer_id | subject_id | posted_on  | points::decimal(9,3) | subject_kind_code | entry_kind_code | indicator_id
                old         | k1         | 2026-03-01 | 3                    | contact           | debit           | IVR-01
                c2          | k2         | 2026-03-01 | -1.5                 | contact           | cap             | IVR-01
                c2          | k2         | 2026-03-01 | 2                    | contact           | debit           | AGT-06
                c2          | k2         | 2026-03-01 | -2                   | contact           | credit          | REP-01
                c2          | t1         | 2026-03-01 | 4                    | ticket            | debit           | RES-02
            """,
            "person_of_customer": PERSONS,
            "comparable": """
                indicator_id | stage_code
                IVR-01       | ivr
            """,
        },
        """
            customer_id | contact_id | thousandths | compared | stage_code
            new         | k1         | 3000        | 3000     | ivr
            c2          | k2         | -1500       | -1500    | ivr
            c2          | k2         | 2000        | 0        |
        """,
    )


def test_comparable() -> None:
    """Measured in each month, and the same under each version of the rules that was used."""
    check(
        read_model(ROOM, "comparable"),
        {
            "indicator_month_file": """
                month   | indicator_id | is_measured
                2026-02 | IVR-01       | true
                2026-03 | IVR-01       | true
                2026-02 | AGT-06       | false
                2026-03 | AGT-06       | true
                2026-03 | IVR-02       | true
                2026-02 | IVR-03       | true
                2026-03 | IVR-03       | true
            """,
            "indicator_file": """
                rule_version::date | indicator_id | points | condition | stage_code
                1990-01-01         | IVR-01       | 2      | a         | ivr
                2026-03-10         | IVR-01       | 2      | a         | ivr
                1990-01-01         | IVR-03       | 2      | a         | ivr
                2026-03-10         | IVR-03       | 9      | a         | ivr
                2030-01-01         | IVR-01       | 9      | a         | ivr
            """,
            "ledger_file": """
                posted_on  | rule_version::date
                2026-02-01 | 1990-01-01
                2026-03-31 | 2026-03-10
                2026-01-01 | 2030-01-01
            """,
        },
        """
            indicator_id | stage_code
            IVR-01       | ivr
        """,
        {**DAYS, "months": ["2026-02", "2026-03"]},
    )


def test_not_compared() -> None:
    """Only what cost points of contacts in the month."""
    check(
        read_model(ROOM, "not_compared"),
        {
            "ledger_file": """
                posted_on  | indicator_id | subject_kind_code | entry_kind_code
                2026-03-01 | AGT-06       | contact           | debit
                2026-03-01 | AGT-06       | contact           | debit
                2026-03-01 | IVR-01       | contact           | debit
                2026-03-01 | RES-02       | ticket            | debit
                2026-02-01 | AGT-05       | contact           | debit
                2026-03-01 | REP-01       | contact           | credit
            """,
            "comparable": """
                indicator_id | stage_code
                IVR-01       | ivr
            """,
        },
        """
            indicator_id
            AGT-06
        """,
        DAYS,
    )


def test_complaint() -> None:
    check(
        read_model(ROOM, "complaint"),
        {
            "ticket_file": """
                ticket_id | customer_id | contact_id | topic_code | opened_at::timestamptz | opened_on  | kind_code
                t1        | old         | k1         | bill       | 2026-03-05 09:00+08    | 2026-03-05 | complaint
                t2        | c2          |            | bill       | 2026-03-05 09:00+08    | 2026-03-05 | enquiry
                t3        | c2          |            | bill       | 2026-04-01 09:00+08    | 2026-04-01 | complaint
            """,
            "person_of_customer": PERSONS,
        },
        """
            ticket_id | customer_id | contact_id
            t1        | new         | k1
        """,
        DAYS,
    )


def test_small_group() -> None:
    """Two agents are too few for three; so is a group whose agents nobody knows, and one that had enough last month."""
    check(
        read_model(ROOM, "small_group"),
        {
            "contact": """
                agent_group_code | started_on | agent_id
                big              | 2026-03-01 | A1
                big              | 2026-03-01 | A2
                big              | 2026-03-31 | A3
                small            | 2026-03-01 | A4
                small            | 2026-03-01 | A4
                small            | 2026-03-01 | A5
                nobody           | 2026-03-01 |
                past             | 2026-02-01 | A6
                past             | 2026-02-01 | A7
                past             | 2026-02-01 | A8
                                 | 2026-03-01 | A9
            """,
        },
        """
            agent_group_code
            small
            nobody
            past
        """,
        {**DAYS, "least_agents": 3},
    )
