"""The models of tickets: tables in, a table out. Days are of May 2026."""

# ruff: noqa: E501 (a wide table is read as a table)

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.mend.damage.scoring.record_tables import NOBODY, STATES, run

DAYS: dict[str, Any] = {
    "first_day": dt.date(2026, 5, 12),
    "end_day": dt.date(2026, 5, 13),
    "clock_from": dt.date(2026, 5, 8),
    "limit_seconds": 172_800,
    "with_quiet": False,
}


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
        **DAYS,
    )  # fmt: skip


@pytest.mark.parametrize(("with_quiet", "found"), [(False, "late\nback\nreopened\ncomplaint\nundated\nrated\nearly"), (True, "quiet\nsingle\nlate\nback\nreopened\ncomplaint\nundated\nrated\nearly")], ids=["most are quiet", "all are asked for"])  # fmt: skip
def test_a_ticket_that_ended_in_time_and_of_which_nothing_else_is_said_is_quiet(with_quiet: bool, found: str) -> None:
    run(
        "ticket_of_days",
        {
            "file_ticket_version": """
                ticket_id | kind_code | status_code | opened_at | version_at | resolved_at | closed_at | reopen_count
                quiet     | enquiry   | open        | 10 09:00  | 10 09:00   |             |           |
                quiet     | enquiry   | solved      | 10 09:00  | 12 08:00   | 12 08:00    |           |
                quiet     | enquiry   | closed      | 10 09:00  | 14 08:00   | 12 08:00    | 14 08:00  | 0
                single    | enquiry   | closed      | 12 09:00  | 12 10:00   |             | 12 10:00  |
                late      | enquiry   | closed      | 10 09:00  | 12 10:00   |             | 12 10:00  |
                back      | enquiry   | closed      | 10 09:00  | 11 10:00   |             | 11 10:00  |
                back      | enquiry   | open        | 10 09:00  | 12 10:00   |             |           |
                reopened  | enquiry   | closed      | 10 09:00  | 12 08:00   | 12 08:00    |           | 1
                complaint | complaint | closed      | 10 09:00  | 12 08:00   | 12 08:00    |           |
                undated   | enquiry   | solved      | 10 09:00  | 12 08:00   |             |           |
                rated     | enquiry   | closed      | 12 09:00  | 12 10:00   |             | 12 10:00  |
                early     | enquiry   | closed      | 12 09:00  | 12 10:00   |             | 12 08:00  |
            """,
            "file_survey_reply": "about_kind_code | about_id | is_solved | replied_on\nticket | rated | false | 12",
            "file_repair_action": "ticket_id | done_on",
        },
        "ticket_id\n" + found,
        **{**DAYS, "with_quiet": with_quiet},
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
            "ticket_of_days": "ticket_id | ticket_number\nt1 | 1",
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
    ticket_number | state_at | event_code | happened_at | counted_at | is_solved | cause_id::varchar
    1             | 10 09:00   | open       | 10 09:00    | 10 09:00   |           |
    1             | 10 09:00   | state      | 10 09:00    | 10 09:00   |           |
    1             | 12 08:00   | state      | 12 08:00    | 12 08:00   |           |
    1             | 12 08:00   | close      | 12 08:00    | 12 08:00   |           |
    1             | 12 08:00   | answer     | 13 10:00    | 13 10:00   | false     | s1
    1             | 30 07:00   | state      | 30 07:00    | 30 07:00   |           |
    1             | 30 07:00   | reopen     | 30 07:00    | 30 07:00   |           |
"""


def test_the_clock_of_a_ticket() -> None:
    run(
        "ticket_moment",
        {"ticket_event": EVENTS},
        """
        event_code | counted_at | state_at | is_ended | is_closed_unanswered | open_limit_at
        open       | 10 09:00   | 10 09:00 | false    | false        |
        state      | 10 09:00   | 10 09:00 | false    | false        |
        state      | 12 08:00   | 12 08:00 | false    | false        |
        close      | 12 08:00   | 12 08:00 | true     | false        |
        answer     | 13 10:00   | 12 08:00 | true     | true         |
        state      | 30 07:00   | 30 07:00 | true     | false        |
        reopen     | 30 07:00   | 30 07:00 | false    | false        | 30 08:00
        """,
        limit_seconds=172_800,
    )


def test_what_is_dated_before_the_opening_starts_no_clock() -> None:
    """A follow-up and an answer of some minutes before (clocks differ): the 48 h run from the opening."""
    events = """
        ticket_number | state_at | event_code | happened_at | counted_at | is_solved | cause_id
        1             | 10 09:00   | follow_up  | 10 08:57    | 10 08:57   |           | r1
        1             | 10 09:00   | answer     | 10 08:58    | 10 08:58   | false     | s1
        1             | 10 09:00   | open       | 10 09:00    | 10 09:00   |           |
        1             | 10 09:00   | state      | 10 09:00    | 10 09:00   |           |
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


def test_a_suspension_that_is_over_at_once_comes_before_the_promise_of_the_same_moment() -> None:
    events = """
        ticket_number | state_at | event_code     | happened_at | counted_at | is_solved | cause_id
        1             | 10 09:00 | open           | 10 09:00    | 10 09:00   |           |
        1             | 12 08:00 | promise        | 12 08:00    | 12 08:00   |           |
        1             | 12 08:00 | suspended_over | 12 08:00    | 12 08:00   |           |
        2             | 12 08:00 | promise        | 12 08:00    | 12 08:00   |           |
    """
    run(
        "ticket_moment",
        {"ticket_event": events},
        """
        ticket_number | event_code     | was_suspended | is_ended
        1             | open           | false         | false
        1             | suspended_over | true          | false
        1             | promise        | true          | false
        2             | promise        | false         | false
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
            "ticket_of_days": "ticket_id | ticket_number\nt1 | 1",
            "file_ticket_version": STATES,
            "complaint_before": (
                "ticket_id::varchar | customer_id::varchar | topic_code::varchar | complained_at | previous_complaint_seconds"
            ),
            "ticket_moment": """
                ticket_number | state_at | event_code | counted_at | is_solved | cause_id | is_ended | was_suspended | is_closed_unanswered | open_limit_at
                1             | 12 08:00 | answer     | 13 10:00   | false     | s1       | true     | false         | true         |
                1             | 12 08:00 | answer     | 14 10:00   | false     | s2       | true     | false         | false        |
                1             | 12 08:00 | promise    | 15 10:00   |           |          | false    | true          | false        |
                1             | 30 07:00 | reopen     | 30 07:00   |           |          | false    | false         | false        | 30 08:00
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
