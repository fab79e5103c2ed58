"""The models of the month's report, each on a few rows."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check, run_on_tables

ROOM = "care/survey"
CHINA = ZoneInfo("Asia/Shanghai")
MAY = {"first": dt.datetime(2026, 5, 1, tzinfo=CHINA), "after": dt.datetime(2026, 6, 1, tzinfo=CHINA)}
MONTH = {"month": "2026-05"}
CASES = """
    purpose_code | is_asked | is_answered | is_solved | score::integer | is_reached | is_solved_after | \
        is_followed_up | is_not_accepted | is_closed
    complex_question | true | true | true |  |  |  |  |  |
    complex_question | true | true | false |  | true | true | true | false | true
    complex_question | true | false |  |  |  |  |  |  |
    complex_question | false | false |  |  |  |  |  |  |
"""
STATE = (
    "ticket_id | version_at::timestamptz | opened_at::timestamptz | suspended_at::timestamptz | "
    "promised_at::timestamptz | suspended_until::timestamptz | resolved_at::timestamptz | closed_at::timestamptz"
)
NO_BOOKING = "is_reached_in_time | is_not_called_back | is_called_again"
NO_SUSPENDED = "is_kept | is_open"


def test_a_customer_who_called_again_on_the_topic_within_a_week_is_a_repeat() -> None:
    check(
        read_model(ROOM, "repeat"),
        {
            "survey_row": """
                survey_id | customer_id | topic_code | about_id | happened_at         | is_asked
                S1        | anna        | billing    | C1       | 2026-05-04 10:00:00 | true
                S2        | bert        | billing    | C2       | 2026-05-04 10:00:00 | true
                S3        | carl        | billing    | C3       | 2026-05-04 10:00:00 | false
            """,
            "core_contact": """
                contact_id | customer_id | topic_code | direction_code | started_at
                C1         | anna        | billing    | inbound        | 2026-05-04 10:00:01
                C4         | anna        | billing    | inbound        | 2026-05-11 10:00:00
                C5         | bert        | billing    | inbound        | 2026-05-11 10:00:01
                C6         | bert        | roaming    | inbound        | 2026-05-05 10:00:00
                C7         | carl        | billing    | inbound        | 2026-05-05 10:00:00
            """,
        },
        """
        survey_id | repeated_at
        S1        | 2026-05-11 10:00:00+08:00
        """,
        {"repeat_days": 7},
    )


def test_a_survey_is_a_case_with_its_follow_up_and_its_repeat() -> None:
    check(
        read_model(ROOM, "survey_case"),
        {
            "survey_row": """
                survey_id | trigger_code | purpose_code | is_asked | state_code | is_solved | score::integer | \
                    is_reached | is_solved_after | first_answered_at | reopen_count | is_closed | happened_at
                S1 | repair_succeeded | resurvey | true | answered | false | 3 | true | true | \
                    2026-05-04 12:00:00 | 1 | true | 2026-05-04 10:00:00
                S2 | repair_succeeded | resurvey | true | silent |  |  |  |  |  |  |  | 2026-05-04 10:00:00
                S3 | callback_made | hang_up | true | silent |  |  |  |  |  |  |  | 2026-05-04 10:00:00
                S4 | repair_succeeded | resurvey | true | answered | false | 4 | true | true | \
                    2026-05-04 12:00:00 | 0 | true | 2026-05-04 10:00:00
            """,
            "repeat": """
                survey_id | repeated_at
                S1        | 2026-05-04 13:00:00
                S2        | 2026-05-04 13:00:00
                S4        | 2026-05-04 11:00:00
            """,
        },
        """
        purpose_code | is_answered | is_solved | score | is_not_accepted | watched_seconds | repeated_after_seconds
        resurvey     | true        | false     | 3     | true            | 7200.0          |
        resurvey     | false       |           |       | false           | 604800.0        | 10800.0
        callback     | false       |           |       | false           | 604800.0        |
        resurvey     | true        | false     | 4     | false           | 7200.0          | 3600.0
        """,
        {"repeat_days": 7},
    )


def test_a_booking_is_in_time_until_the_24th_hour_has_passed() -> None:
    check(
        read_model(ROOM, "booking_case"),
        {
            "core_callback_booking": """
                booking_id | customer_id | contact_id | requested_at        | called_back_at      | is_reached
                B1         | anna        | C1         | 2026-05-04 10:00:00 | 2026-05-05 10:00:00 | true
                B2         | bert        | C2         | 2026-05-04 10:00:00 | 2026-05-05 10:00:01 | true
                B3         | carl        | C3         | 2026-05-04 10:00:00 |                     |
                B4         | dora        | C4         | 2026-04-30 10:00:00 |                     |
            """,
            "core_contact": """
                contact_id | customer_id | direction_code | started_at
                C9         | carl        | inbound        | 2026-05-05 09:00:00
                C1         | anna        | inbound        | 2026-05-04 11:00:00
            """,
        },
        """
        is_reached_in_time | is_not_called_back | is_called_again
        true               | false              | false
        false              | false              | false
        false              | true               | true
        """,
        MAY,
    )


def test_a_suspended_ticket_that_is_open_past_its_promise_is_a_miss() -> None:
    check(
        read_model(ROOM, "suspended_case"),
        {
            "ticket_state": f"""
                {STATE}
                T1       | 2026-05-10 | 2026-05-10 |  | 2026-05-20 10:00 | 2026-05-21 10:00 | 2026-05-20 10:00 |
                T2       | 2026-05-10 | 2026-05-10 |  |                  | 2026-05-21 10:00 |  | 2026-05-22 10:00
                T3       | 2026-05-10 | 2026-05-10 |  | 2026-05-20 10:00 | 2026-05-21 10:00 |                  |
                T4       | 2026-05-10 | 2026-05-10 |  | 2026-05-20 10:00 |                  |                  |
                T5       | 2026-05-10 | 2026-05-10 |  | 2026-06-01       | 2026-06-02 10:00 |                  |
            """
        },
        """
        is_kept | is_open
        true    | false
        false   | false
        false   | true
        """,
        MAY,
    )


def test_a_promise_that_was_moved_before_it_came_is_none_and_one_moved_afterwards_is_a_miss() -> None:
    states = f"""
        {STATE}
        before   | 2026-05-10 | 2026-05-10 |  | 2026-05-20 10:00 | 2026-05-20 10:00 |                  |
        before   | 2026-05-18 | 2026-05-10 |  | 2026-06-10 10:00 | 2026-06-10 10:00 |                  |
        after    | 2026-05-10 | 2026-05-10 |  | 2026-05-20 10:00 | 2026-05-20 10:00 |                  |
        after    | 2026-05-25 | 2026-05-10 |  | 2026-06-10 10:00 | 2026-06-10 10:00 |                  |
        answered | 2026-05-10 | 2026-05-10 |  | 2026-05-20 10:00 | 2026-05-20 10:00 |                  |
        answered | 2026-05-18 | 2026-05-10 |  |                  |                  | 2026-05-18 10:00 |
        again    | 2026-05-10 | 2026-05-10 |  | 2026-05-20 10:00 | 2026-05-20 10:00 | 2026-05-09 10:00 |
    """
    check(
        read_model(ROOM, "suspended_case"),
        {"ticket_state": states},
        """
        is_kept | is_open
        false   | true
        true    | false
        false   | true
        """,
        MAY,
    )


def test_a_month_knows_of_tickets_what_was_known_by_its_end() -> None:
    columns = "opened_at | kind_code | promised_at | suspended_at | suspended_until | resolved_at | closed_at"
    versions = f"""
        ticket_id | version_at             | {columns}
        T         | 2026-05-10 09:00:00+08 | 2026-05-10 09:00:00+08 | complaint | | | | |
        T         | 2026-05-31 23:59:59+08 | 2026-05-10 09:00:00+08 | complaint | | | | | 2026-05-31 20:00:00+08
        T         | 2026-06-01 00:00:00+08 | 2026-05-10 09:00:00+08 | complaint | | | | | 2026-06-01 00:00:00+08
        late      | 2026-06-03 00:00:00+08 | 2026-05-10 09:00:00+08 | complaint | | | | | 2026-05-12 00:00:00+08
    """
    now = f"""
        ticket_id | {columns}
        T         | 2026-05-10 09:00:00+08 | complaint | | | | | 2026-06-01 00:00:00+08
        alone     | 2026-05-10 09:00:00+08 | complaint | | | | | 2026-05-20 00:00:00+08
    """
    check(
        read_model(ROOM, "ticket_state"),
        {"core_ticket_version": versions, "core_ticket": now},
        """
        ticket_id | closed_at
        T         |
        T         | 2026-05-31 20:00:00+08:00
        alone     | 2026-05-20 00:00:00+08:00
        late      | 2026-05-12 00:00:00+08:00
        """,
        MAY,
    )


def test_a_step_of_a_funnel_is_a_share_of_the_step_that_it_names() -> None:
    check(
        read_model(ROOM, "survey_funnel"),
        {
            "survey_case": CASES,
            "booking_case": NO_BOOKING,
            "suspended_case": NO_SUSPENDED,
            "ticket_state": "ticket_id | kind_code | closed_at::timestamptz",
            "refusal_row": "purpose_code | stage_code | refused_count\n complex_question | enqueue | 6",
            "step": """
                measure_code     | step_number | step_code | of_step_code | name_en | name_zh
                complex_question | 1           | triggered |              | t       | t
                complex_question | 2           | asked     | triggered    | a       | a
                complex_question | 3           | answered  | asked        | a       | a
                complex_question | 4           | unsolved  | answered     | u       | u
            """,
        },
        """
        month   | step_code | step_count | of_count | share
        2026-05 | triggered | 10         |          |
        2026-05 | asked     | 3          | 10       | 0.3
        2026-05 | answered  | 2          | 3        | 0.666667
        2026-05 | unsolved  | 1          | 2        | 0.5
        """,
        MONTH,
    )


def test_solved_is_a_range_between_what_was_said_and_what_the_silent_may_mean() -> None:
    check(
        read_model(ROOM, "survey_measure"),
        {
            "survey_case": CASES,
            "booking_case": NO_BOOKING,
            "suspended_case": NO_SUSPENDED,
            "follow_up_row": """
                measure_code     | first_answered_at   | is_promise_kept
                complex_question | 2026-05-05 10:00:00 | true
                complex_question |                     |
            """,
            "repeat_rate": """
                measure_code     | silent_share::double | solved_share::double | unsolved_share::double | \
                    silent_repeat_share | horizon_seconds::double
                complex_question |                      |                      |                        | 0.25 |
            """,
        },
        """
        measure_code | case_count | solved_floor_share | solved_estimate_share | solved_best_share | \
            promised_count | kept_count | open_past_limit_count
        booking          | 0          |                    |                    |          | 0     | 0          | 0
        complex_question | 3          | 0.333333           | 0.583333           | 0.666667 | 2     | 1          | 1
        suspended_complaint | 0       |                    |                    |          | 0     | 0          | 0
        """,
        MONTH,
    )


def test_repeats_are_compared_within_the_time_in_which_nobody_had_followed_up_yet() -> None:
    """Of 60 unsolved, 30 are called after 2 h and 30 after 5 h; 6 of the first and 12 of the others called before that.
    Solved and silent ones are not called: 1 and 3 of 10 called within the 5 h, and more of them later."""
    columns = (
        "purpose_code | is_asked | is_answered | is_solved | watched_seconds::double | repeated_after_seconds::double"
    )

    def cases(count: int, said: str, watched: int, repeated: str) -> list[str]:
        return [f"complex_question | true | {said} | {watched} | {repeated}"] * count

    rows = [
        *cases(6, "true | false", 7200, "3600"),
        *cases(24, "true | false", 7200, ""),
        *cases(12, "true | false", 18000, "10800"),
        *cases(18, "true | false", 18000, ""),
        *cases(1, "true | true", 604800, "3600"),
        *cases(4, "true | true", 604800, "90000"),
        *cases(5, "true | true", 604800, ""),
        *cases(3, "false |", 604800, "3600"),
        *cases(4, "false |", 604800, "90000"),
        *cases(3, "false |", 604800, ""),
    ]
    names, found = run_on_tables(read_model(ROOM, "repeat_rate"), {"survey_case": "\n".join([columns, *rows])})
    (row,) = (dict(zip(names, each, strict=True)) for each in found)
    # 6 of 60 in the first hour, then 12 of the 30 who are still watched.
    assert row["unsolved_share"] == pytest.approx(1 - (54 / 60) * (18 / 30))
    assert (row["solved_share"], row["silent_share"]) == (pytest.approx(0.1), pytest.approx(0.3))
    assert (row["silent_repeat_share"], row["horizon_seconds"]) == (pytest.approx(0.7), 18000)


def test_where_fewer_than_30_said_unsolved_nothing_is_compared() -> None:
    rows = """
        purpose_code     | is_asked | is_answered | is_solved | watched_seconds::double | repeated_after_seconds::double
        complex_question | true     | true        | false     | 7200                    | 3600
        complex_question | true     | false       |           | 604800                  |
    """
    check(read_model(ROOM, "repeat_rate"), {"survey_case": rows}, """
        measure_code     | silent_share | unsolved_share | silent_repeat_share | horizon_seconds
        complex_question |              |                | 0.0                 |
    """)  # fmt: skip


def test_what_was_not_let_through_is_counted_by_trigger_stage_and_reason() -> None:
    check(
        read_model(ROOM, "not_let_through"),
        {
            "refusal_row": """
                trigger_code | stage_code | reason_code | refused_count | promised_count
                hang_up      | enqueue    | cap_kind    | 2             | 0
                hang_up      | enqueue    | cap_kind    | 3             | 1
                hang_up      | claim      | opted_out   | 1             | 0
            """
        },
        """
        month   | trigger_code | stage_code | reason_code | refused_count | promised_count
        2026-05 | hang_up      | enqueue    | cap_kind    | 5             | 1
        2026-05 | hang_up      | claim      | opted_out   | 1             | 0
        """,
        MONTH,
    )
