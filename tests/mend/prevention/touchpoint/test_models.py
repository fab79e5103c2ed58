# ruff: noqa: E501 (rows of a table stay on one line)
"""The room's models on text tables."""

from __future__ import annotations

import datetime as dt

from mend.foundation.conditions import parse
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.prevention.touchpoint.formulas import Formula, belongs_fill, values_fill

ROOM = "prevention/touchpoint"
PERSON = """
    customer_id | person_id
    old         | A
"""
MARCH = {
    "first": dt.datetime.fromisoformat("2026-03-01T00:00:00+08:00"),
    "after": dt.datetime.fromisoformat("2026-04-01T00:00:00+08:00"),
}


def formula(
    where: str, succeeded: str, mean: bool = False, touchpoint: str = "queue", record: str = "contact"
) -> Formula:
    allowed = {*where.replace("(", " ").replace(")", " ").split(), *succeeded.split()}
    chosen = succeeded if mean else parse(succeeded, allowed)
    return Formula(touchpoint, "operating", 1, record, parse(where, allowed), chosen, 0.5, 0.9, 30)


def test_measured_contact_goes_under_the_id_by_which_its_customer_goes() -> None:
    check(
        read_model(ROOM, "measured_contact"),
        {
            "contact_file": """
                contact_id | customer_id | topic_code
                1          | old         | bill
                2          | B           | bill
                3          |             | plan
            """,
            "person_of_customer": PERSON,
        },
        """
        contact_id | row_key | customer_id | topic_code
        1          | 1       | A           | bill
        2          | 2       | B           | bill
        3          | 3       |             | plan
        """,
    )


def test_damage_entry_leaves_repairs_and_tickets_out() -> None:
    check(
        read_model(ROOM, "damage_entry"),
        {
            "posted": """
                customer_id | subject_kind_code | subject_id | indicator_id | entry_kind_code | points::integer
                old         | contact           | 1          | IVR-01       | debit           | 2
                B           | contact           | 2          | CAP          | cap             | -3
                B           | contact           | 2          | CRE-01       | credit          | -1
                B           | ticket            | 9          | RES-02       | debit           | 5
            """,
            "person_of_customer": PERSON,
        },
        """
        customer_id | subject_id | indicator_id | is_debit | points
        A           | 1          | IVR-01       | true     | 2
        B           | 2          | CAP          | false    | -3
        """,
    )


CONTACTS = """
    contact_id | row_key | customer_id | is_answered::boolean | queue_seconds::integer
    1          | 1       | A           | true                 | 10
    2          | 2       | A           | false                | 90
    3          | 3       |             | true                 | 30
    4          | 4       | B           |                      | 20
    5          | 5       | B           | true                 |
"""
ENTRIES = """
    customer_id | subject_id | indicator_id | is_debit::boolean | points::integer
    A           | 1          | IVR-01       | true              | 2
    A           | 2          | CON-03       | true              | 9
    A           | 2          | CAP          | false             | -4
    B           | 4          | IVR-01       | true              | 3
"""


def test_contact_row_has_what_the_contact_cost() -> None:
    check(
        read_model(ROOM, "contact_row"),
        {"measured_contact": CONTACTS, "damage_entry": ENTRIES},
        """
        contact_id | points | is_damaged
        1          | 2.0    | true
        2          | 5.0    | true
        3          | 0.0    | false
        4          | 3.0    | true
        5          | 0.0    | false
        """,
    )


def test_measure_sum_counts_a_customer_once_a_nameless_row_for_itself_and_what_nobody_knows_not() -> None:
    """Queued: rows 1 to 4, of which nobody knows of 4 whether it was answered. Seconds: all four."""
    formulas = [
        formula("queue_seconds is not null", "is_answered"),
        formula("queue_seconds is not null", "queue_seconds", mean=True),
        formula("queue_seconds > 1000", "is_answered"),
    ]
    check(
        read_model(ROOM, "measure_sum"),
        {"measured_row": CONTACTS},
        """
        measure_number | row_count | customer_count | y      | nn | ny     | yy
        1              | 3         | 2              | 2000   | 5  | 3000   | 2000000
        2              | 4         | 3              | 150000 | 6  | 250000 | 11300000000
        """,
        fills={"measured": values_fill(formulas)},
    )


def test_touchpoint_damage_goes_to_every_touchpoint_of_the_contact() -> None:
    formulas = [
        formula("queue_seconds > 0", "is_answered", touchpoint="queue"),
        formula("queue_seconds > 15", "is_answered", touchpoint="long"),
    ]
    check(
        read_model(ROOM, "touchpoint_damage"),
        {"measured_contact": CONTACTS, "damage_entry": ENTRIES},
        """
        touchpoint_number | indicator_id | points
        1                 | IVR-01       | 5
        1                 | CON-03       | 9
        3                 | IVR-01       | 3
        3                 | CON-03       | 9
        """,
        fills={"belongs": belongs_fill(["queue", "shop", "long"], formulas)},
    )


def test_ticket_row_is_as_it_stood_when_the_month_ended() -> None:
    """1: promised for the 20th, closed late in April: open in March. 2: closed in time. 3: without a promise, opened on
    the last evening: April's. 4: resolved in time, closed later. 5: due in February. 6: the promise was put off."""
    check(
        read_model(ROOM, "ticket_row"),
        {
            "ticket_state": """
                ticket_id | customer_id | opened_at                 | promised_at               | resolved_at               | closed_at                 | version_at
                1         | old         | 2026-03-10 10:00:00+08:00 | 2026-03-20 10:00:00+08:00 |                           |                           | 2026-03-10 10:00:00+08:00
                1         | old         | 2026-03-10 10:00:00+08:00 | 2026-03-20 10:00:00+08:00 |                           | 2026-04-02 10:00:00+08:00 | 2026-04-02 10:00:00+08:00
                2         | B           | 2026-03-10 10:00:00+08:00 |                           |                           | 2026-03-12 10:00:00+08:00 | 2026-03-12 10:00:00+08:00
                3         | B           | 2026-03-31 22:00:00+08:00 |                           |                           |                           | 2026-03-31 22:00:00+08:00
                4         | B           | 2026-02-27 10:00:00+08:00 |                           | 2026-03-01 09:00:00+08:00 | 2026-03-05 10:00:00+08:00 | 2026-03-05 10:00:00+08:00
                5         | B           | 2026-02-10 10:00:00+08:00 |                           |                           |                           | 2026-02-10 10:00:00+08:00
                6         | B           | 2026-03-01 10:00:00+08:00 | 2026-03-05 10:00:00+08:00 |                           |                           | 2026-03-01 10:00:00+08:00
                6         | B           | 2026-03-01 10:00:00+08:00 | 2026-04-05 10:00:00+08:00 |                           |                           | 2026-03-04 10:00:00+08:00
            """,
            "person_of_customer": PERSON,
        },
        """
        ticket_id | customer_id | is_on_time | handling_seconds
        1         | A           | false      |
        2         | B           | true       | 172800.0
        4         | B           | true       | 169200.0
        """,
        {**MARCH, "limit_seconds": 172_800},
    )


def test_booking_row_knows_nothing_of_the_month_after() -> None:
    """1 is called back in April; its limit was March's. 4 is April's."""
    check(
        read_model(ROOM, "booking_row"),
        {
            "booking_file": """
                booking_id | customer_id | requested_at              | called_back_at            | is_reached
                1          | old         | 2026-03-30 10:00:00+08:00 | 2026-04-01 10:00:00+08:00 | true
                2          | B           | 2026-03-05 10:00:00+08:00 | 2026-03-05 12:00:00+08:00 | false
                3          | B           | 2026-02-28 10:00:00+08:00 | 2026-03-02 10:00:00+08:00 | true
                4          | B           | 2026-03-31 10:00:00+08:00 |                           |
            """,
            "person_of_customer": PERSON,
        },
        """
        booking_id | customer_id | is_on_time | is_reached | callback_seconds
        1          | A           | false      |            |
        2          | B           | true       | false      | 7200.0
        3          | B           | false      | true       | 172800.0
        """,
        {**MARCH, "limit_seconds": 86_400},
    )


REPLIES = """
    survey_id | customer_id | about_kind_code | about_id | score::integer | score_scale::integer
    s1        | old         | contact         | 1        | 9              | 10
    s2        | B           | ticket          | 2        | 4              | 5
    s3        | B           | contact         | gone     |                |
"""


def test_reply_row_knows_the_touchpoint_of_its_contact() -> None:
    check(
        read_model(ROOM, "reply_row"),
        {
            "reply_file": REPLIES,
            "about_contact": """
                contact_id | touchpoint_code | topic_code | ivr_node_code | agent_group_code | is_answered
                1          | hotline         | bill       | n1            | g1               | true
                2          | app             |            |               |                  |
            """,
            "person_of_customer": PERSON,
        },
        """
        survey_id | row_key | customer_id | score_of_ten | touchpoint_code | ivr_node_code
        s1        | s1      | A           | 9.0          | hotline         | n1
        s2        | s2      | B           | 8.0          |                 |
        s3        | s3      | B           |              |                 |
        """,
    )


def test_about_contact_takes_those_that_are_asked_about() -> None:
    check(
        read_model(ROOM, "about_contact"),
        {
            "recent_contact": """
                contact_id | touchpoint_code | topic_code | ivr_node_code | agent_group_code | is_answered
                1          | hotline         | bill       | n1            | g1               | true
                2          | hotline         | bill       | n1            | g1               | true
            """,
            "reply_file": REPLIES,
        },
        """
        contact_id | topic_code
        1          | bill
        """,
    )


def test_indicator_word_is_of_the_latest_rules_up_to_the_day() -> None:
    check(
        read_model(ROOM, "indicator_word"),
        {
            "indicator_file": """
                rule_version::date | indicator_id | name_en | name_zh
                2020-01-01         | IVR-01       | old     | 旧
                2026-01-01         | IVR-01       | query   | 查询
                2026-05-01         | IVR-01       | later   | 后
            """
        },
        """
        indicator_id | name_en | name_zh
        IVR-01       | query   | 查询
        """,
        {"last_day": dt.date(2026, 3, 31)},
    )


def test_assessed_gives_every_month_in_order() -> None:
    check(
        read_model(ROOM, "assessed"),
        {
            "month_file": """
                month   | touchpoint_number::integer
                2026-03 | 2
                2026-02 | 1
            """
        },
        """
        month   | touchpoint_number
        2026-02 | 1
        2026-03 | 2
        """,
    )


def test_latest_action_is_as_of_the_latest_month() -> None:
    actions = """
        month   | action_id | state_code | touchpoint_code | owner_id
        2026-03 | a         | open       | bill_line       | u1
        2026-04 | a         | done       | bill_line       | u2
        2026-05 | b         | open       | app_home        | u3
    """
    model = read_model(ROOM, "latest_action")
    expected = """
        month   | state_code | touchpoint_code | owner_id
        2026-04 | done       | bill_line       | u2
    """
    check(model, {"action_file": actions}, expected, {"action_id": "a"})
    check(model, {"action_file": actions}, "month | state_code", {"action_id": "none"})


def test_listed_action_gives_all() -> None:
    check(
        read_model(ROOM, "listed_action"),
        {"action_file": "month | action_id\n2026-03 | b\n2026-03 | a"},
        "month | action_id\n2026-03 | a\n2026-03 | b",
    )
