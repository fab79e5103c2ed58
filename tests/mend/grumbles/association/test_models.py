"""The association's models on text tables. Days count from the month's first (0)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "grumbles/association"
GRUMBLE_DAY = """
    customer_no | group_no | type_no | day::int | last_at::int
    1           | 0        | 0       | 0        | 0
    1           | 0        | 1       | 2        | 2
    2           | 1        | 0       | -2       | 0
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


# Seconds since 1970 of each noon of May in China.
NOON = {day: int(dt.datetime(2026, 5, day, 12, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()) for day in range(1, 31)}


def said(*words: tuple[str, int]) -> str:
    """Words on a solution as the records keep them: solved or denied, and on which day of May."""
    return ";".join(f"{letter}{1_000_000 * (NOON[day] + place)}" for place, (letter, day) in enumerate(words))


def _spells(rows: list[tuple[str, str, str]]) -> str:
    """Grumbles of the 1st of May (day 0): name as type, solved on, words."""
    lines = [f"A | {name} | 2026-05-01 10:00:00+08 | 2026-05-01 | {solved} | {words}" for name, solved, words in rows]
    moments = "grumbled_at::timestamptz | grumbled_on::date | solved_on::date"
    return "\n".join([f"customer_id | grumble_type_code | {moments} | solution_words::varchar", *lines])


def test_a_grumble_is_open_on_the_days_on_which_nobody_knew_of_a_solution() -> None:
    grumbles = [
        ("a", "", ""),
        ("b", "2026-05-04", ""),
        ("c", "", said(("s", 4))),
        ("d", "", said(("s", 4), ("d", 7))),
        ("e", "", said(("s", 4), ("s", 5), ("d", 7), ("s", 10))),
        ("f", "", said(("s", 4), ("d", 4))),
        ("g", "", said(("d", 4))),
        ("h", "2026-05-01", said(("s", 1))),
    ]
    types = "type_no::integer | grumble_type_code\n" + "\n".join(f"{n} | {row[0]}" for n, row in enumerate(grumbles))
    person = """
        customer_id | customer_no::integer | group_no::smallint | from_day::smallint | to_day::smallint | \
            at_risk_to::smallint | complained_before_at::timestamptz
        A           | 1                    | 0                  | -30                | 30               | 20 | \
            2026-04-30 10:00:00+08
    """
    inputs = {"input_grumble": _spells(grumbles), "grumble_type": types, "person": person}
    values = {"first_day": dt.date(2026, 5, 1), "longest": 14}
    check(read_model(ROOM, "open_spell"), inputs, """
        type_no | day | first | last
        0       | 0   | 1     | 14
        1       | 0   | 1     | 3
        2       | 0   | 1     | 3
        3       | 0   | 1     | 3
        3       | 0   | 7     | 14
        4       | 0   | 1     | 3
        4       | 0   | 7     | 9
        5       | 0   | 1     | 3
        5       | 0   | 4     | 14
        6       | 0   | 1     | 14
    """, values)  # fmt: skip
    # They complained after the grumble, before the month: that was its end.
    became = person.replace("2026-04-30 10", "2026-05-01 11")
    check(read_model(ROOM, "open_spell"), {**inputs, "person": became}, "type_no | day | first | last", values)


def test_a_grumble_exposes_the_days_after_it_within_the_window() -> None:
    spells = """
        customer_no::integer | group_no::smallint | type_no::integer | day::smallint | first::smallint | last::smallint
        1                    | 0                  | 0                | 0             | 1               | 30
        1                    | 0                  | 1                | 2             | 3               | 3
        2                    | 1                  | 0                | -2            | 0               | 1
        2                    | 1                  | 1                | -2            | 2               | 9
    """
    expected = """
        customer_no | type_no | day_bits
        1           | 0       | 14
        1           | 1       | 8
        2           | 0       | 3
    """
    check(read_model(ROOM, "exposed"), {"open_spell": spells}, expected, {"window": 3})


def test_whoever_complained_before_the_month_is_at_risk_again_and_it_is_known_when_they_did() -> None:
    population = """
        customer_id | group_no::smallint | from_day::smallint | to_day::smallint
        A           | 0                  | -30                | 30
        B           | 0                  | -30                | 30
        C           | 0                  | -30                | 30
    """
    complaints = """
        customer_id | complained_at::timestamptz | complained_on
        A           | 2026-04-20 10:00:00+08     | 2026-04-20
        A           | 2026-04-25 10:00:00+08     | 2026-04-25
        B           | 2026-05-04 10:00:00+08     | 2026-05-04
    """
    inputs = {"population": population, "input_grumble": "customer_id\n C", "input_complaint": complaints}
    values = {"first_day": dt.date(2026, 5, 1), "last_day": dt.date(2026, 5, 31)}
    check(read_model(ROOM, "person"), inputs, """
        customer_no | customer_id | at_risk_to | complained_before_at
        1           | A           | 30         | 2026-04-25 10:00:00+08:00
        2           | B           | 3          |
        3           | C           | 30         |
    """, values)  # fmt: skip


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
