"""The association's models on text tables. Days count from the month's first (0)."""

from __future__ import annotations

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "grumbles/association"
GRUMBLE_DAY = """
    customer_no | group_no | type_no | day::int | solved_day::int | last_at::int | from_day::int | at_risk_to::int
    1           | 0        | 0       | 0             | 9999                 | 0                | -30                | 30
    1           | 0        | 1       | 2             | 3                    | 2                | -30                | 30
    2           | 1        | 0       | -2            | 9999                 | 0                | -30                | 1
"""
COMPLAINT_ROW = """
    complaint_id | customer_no | group_no | day::smallint | complaint_no | at_risk_to::smallint
    K1           | 1           | 0        | 4             | 0            | 30
    K1           | 1           | 0        | 4             | 2            | 30
    K2           | 2           | 1        | 1             | 0            | 1
"""
EXPOSED = """
    customer_no::integer | group_no::smallint | type_no::integer | day_bits::bigint
    1                    | 0                  | 0                | 6
    1                    | 0                  | 1                | 4
    2                    | 0                  | 0                | 2
"""


def test_a_grumble_exposes_the_days_after_it_within_the_window_until_solved_or_no_more_at_risk() -> None:
    expected = """
        customer_no | type_no | day_bits
        1           | 0       | 14
        1           | 1       | 8
        2           | 0       | 3
    """
    check(read_model(ROOM, "exposed"), {"grumble_day": GRUMBLE_DAY}, expected, {"window": 3})


def test_each_grumble_day_is_followed_by_the_next_complaint_of_each_type() -> None:
    expected = """
        customer_no | type_no | day | complaint_no | gap
        1           | 0       | 0   | 0            | 4
        1           | 0       | 0   | 2            | 4
        1           | 1       | 2   | 0            | 2
        1           | 1       | 2   | 2            | 2
        2           | 0       | -2  | 0            | 3
    """
    inputs = {"grumble_day": GRUMBLE_DAY, "complaint_row": COMPLAINT_ROW}
    check(read_model(ROOM, "following"), inputs, expected, {"longest": 7})


def test_of_the_grumbles_before_a_complaint_the_latest_is_the_nearest() -> None:
    expected = """
        complaint_id | complaint_no | type_no | gap | is_nearest
        K1           | 0            | 0       | 4   | false
        K1           | 0            | 1       | 2   | true
        K1           | 2            | 0       | 4   | false
        K1           | 2            | 1       | 2   | true
        K2           | 0            | 0       | 3   | true
    """
    inputs = {"grumble_day": GRUMBLE_DAY, "complaint_row": COMPLAINT_ROW}
    check(read_model(ROOM, "preceding"), inputs, expected, {"longest": 7})


def test_customer_days_are_counted_by_the_pattern_of_what_is_open_and_the_rest_is_calm() -> None:
    at_risk = """
        group_no::smallint | day::smallint | customer_days::bigint
        0                  | 0             | 10
        0                  | 1             | 10
        0                  | 2             | 9
    """
    days = """
        day::smallint
        0
        1
        2
    """
    expected = """
        window_days | group_no | day | pattern | customer_days
        3           | 0        | 0   | 0       | 10
        3           | 0        | 1   | 0       | 8
        3           | 0        | 1   | 1       | 2
        3           | 0        | 2   | 0       | 8
        3           | 0        | 2   | 3       | 1
    """
    inputs = {"exposed": EXPOSED, "month_day": days, "at_risk_day": at_risk}
    check(read_model(ROOM, "pattern_part"), inputs, expected, {"window": 3})


def test_first_complaints_are_counted_by_the_pattern_of_their_day() -> None:
    complaints = """
        customer_no::integer | group_no::smallint | day::smallint | complaint_no::integer | at_risk_to::smallint
        1                    | 0                  | 2             | 0                     | 2
        1                    | 0                  | 9             | 0                     | 2
        3                    | 0                  | 2             | 0                     | 2
    """
    expected = """
        window_days | day | pattern | complaint_no | events
        3           | 2   | 0       | 0            | 1
        3           | 2   | 3       | 0            | 1
    """
    inputs = {"complaint_row": complaints, "exposed": EXPOSED}
    check(read_model(ROOM, "event_part"), inputs, expected, {"window": 3})


def test_the_commonest_types_are_numbered_by_their_code() -> None:
    grumbles = """
        grumble_type_code
        c
        c
        a
        a
        b
    """
    expected = """
        type_no | grumble_type_code
        0       | a
        1       | c
    """
    check(read_model(ROOM, "grumble_type"), {"input_grumble": grumbles}, expected, {"most_grumble_types": 2})


def test_a_group_counts_for_its_value_its_behaviour_and_all() -> None:
    groups = """
        value_code | behaviour_code   | group_no::smallint
        high       | tariff_sensitive | 1
    """
    expected = """
        group_no | cluster_code
        0        | all
        1        | all
        1        | high
        1        | tariff_sensitive
    """
    check(read_model(ROOM, "group_cluster"), {"cluster_group": groups}, expected)


def test_who_left_before_the_month_is_not_at_risk_and_who_is_in_no_snapshot_is_only_where_there_is_none() -> None:
    snapshot = """
        customer_id | joined_on  | status_code
        A           | 2024-01-01 | active
        B           | 2024-01-01 | left
    """
    said = """
        customer_id
        C
    """
    inputs = {"snapshot": snapshot, "input_grumble": said, "input_complaint": said}
    expected = """
        customer_id | joined_on
        A           | 2024-01-01
    """
    check(read_model(ROOM, "input_customer"), inputs, expected)
    empty = """
        customer_id::varchar | joined_on | status_code::varchar
    """
    check(read_model(ROOM, "input_customer"), {**inputs, "snapshot": empty}, """
        customer_id | joined_on
        C           |
    """)  # fmt: skip
