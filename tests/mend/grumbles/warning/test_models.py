"""The warning's models on text tables."""

# ruff: noqa: E501 - rows of text tables
from __future__ import annotations

import datetime as dt

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "grumbles/warning"
TAXONOMY = """
    grumble_type_code | parent_code | survey_item_code | weight::double
    network           |             |                  | 0
    weak              | network     | coverage         | 0.4
    slow              | network     | speed            | 0.6
    tariff            |             | bill             | 0
"""
LEVEL_ROW = """
    day_on     | grumble_id | customer_id | grumbled_at            | level::int | points | probability_7_days::double | probability_30_days::double | department_code
    2026-05-20 | 1          | A           | 2026-05-18 09:00:00+08 | 5          | 400    | 0.5                        | 0.6                         | network
    2026-05-20 | 2          | A           | 2026-05-19 09:00:00+08 | 3          | 300    | 0.2                        | 0.3                         | market
    2026-05-20 | 3          | B           | 2026-05-18 10:00:00+08 | 5          | 400    | 0.7                        | 0.8                         | network
    2026-05-20 | 4          | C           | 2026-05-18 10:00:00+08 | 1          | 100    |                            |                             | network
"""


def test_a_ticket_has_each_state_from_its_moment_on_and_without_states_the_one_it_has_now() -> None:
    columns = "opened_at | closed_at | reopened_at | suspended_at | suspended_until | promised_at"
    states = f"""
        ticket_id | contact_id | version_at             | {columns}
        T         | C          | 2026-05-01 09:00:00+08 | 2026-05-01 09:00:00+08 | | | | |
        T         | C          | 2026-05-05 09:00:00+08 | 2026-05-01 09:00:00+08 | 2026-05-04 09:00:00+08 | | | |
    """
    tickets = f"""
        ticket_id | contact_id | {columns}
        T         | C          | 2026-05-01 09:00:00+08 | | | | |
        U         |            | 2026-05-02 09:00:00+08 | | | | |
    """
    check(read_model(ROOM, "own_ticket"), {"ticket": tickets, "ticket_state": states}, """
        source_key | from_at                   | until_at                  | closed_at
        ticket:T   |                           | 2026-05-05 09:00:00+08:00 |
        contact:C  |                           | 2026-05-05 09:00:00+08:00 |
        ticket:T   | 2026-05-05 09:00:00+08:00 |                           | 2026-05-04 09:00:00+08:00
        contact:C  | 2026-05-05 09:00:00+08:00 |                           | 2026-05-04 09:00:00+08:00
        ticket:U   |                           |                           |
    """)  # fmt: skip


def test_pairs_are_of_cities_that_have_both_sides() -> None:
    months = """
        month   | city_code | survey_item_code | match_code | first_half_index::double | second_half_satisfaction::double
        2026-05 | suzhou    | speed            | matched    | 40                       | 80
        2026-05 | wuxi      | speed            | matched    | 30                       |
        2026-05 | all       | speed            | matched    | 35                       | 82
        2026-05 | unknown   | speed            | matched    | 20                       | 70
        2026-05 | suzhou    | loyalty          | survey_only |                         | 60
        2026-04 | suzhou    | speed            | matched    | 50                       | 75
    """
    check(read_model(ROOM, "index_pair"), {"index_month": months}, """
        survey_item_code | city_code | first_half_index | second_half_satisfaction
        speed            | suzhou    | 50.0             | 75.0
        speed            | suzhou    | 40.0             | 80.0
    """)  # fmt: skip


def test_an_area_has_the_item_of_its_heaviest_point() -> None:
    check(read_model(ROOM, "item_of_type"), {"taxonomy": TAXONOMY}, """
        grumble_type_code | survey_item_code
        weak              | coverage
        slow              | speed
        tariff            | bill
        network           | speed
    """)  # fmt: skip


def test_a_customer_is_one_candidate_with_peak_and_end() -> None:
    times = """
        department_code
        network
    """
    inputs = {"level_row": LEVEL_ROW, "department_time": times}
    check(read_model(ROOM, "candidate"), inputs, """
        customer_id | grumble_id | department_code | rank | open_count | peak_grumble_id | end_grumble_id | end_level
        B           | 3          | network         | 1    | 1          | 3               | 3              | 5
        A           | 1          | network         | 2    | 2          | 1               | 2              | 3
    """, {"department": "network", "lowest_level": 2})  # fmt: skip


def test_an_open_case_takes_less_time_and_keeps_its_owner() -> None:
    candidates = """
        day_on     | customer_id | department_code | rank::int
        2026-05-20 | A           | network         | 1
        2026-05-20 | B           | network         | 2
        2026-05-20 | C           | network         | 3
    """
    times = """
        department_code | specialist_count | capacity_minutes::double | minutes_per_case::double | minutes_per_open_case::double
        network         | 2                | 12                       | 10                       | 2
    """
    specialists = """
        department_code | place | specialist_id
        network         | 0     | N1
        network         | 1     | N2
    """
    earlier = """
        day_on     | customer_id | department_code | owner_id | first_warned_on
        2026-05-19 | B           | network         | N2       | 2026-05-18
        2026-05-01 | A           | network         | N2       | 2026-05-01
    """
    inputs = {"candidate": candidates, "earlier": earlier, "department_time": times, "specialist": specialists}
    values = {"day": dt.date(2026, 5, 20), "quiet_from": dt.date(2026, 5, 6), "day_number": 1}
    check(read_model(ROOM, "listed"), inputs, """
        customer_id | is_new | owner_id | first_warned_on | reached_minutes
        A           | true   | N2       | 2026-05-20      | 10.0
        B           | false  | N2       | 2026-05-18      | 12.0
    """, values)  # fmt: skip


def test_a_list_that_is_made_again_takes_the_place_of_its_nights_earlier_one() -> None:
    before = """
        day_on     | customer_id | department_code | owner_id | first_warned_on
        2026-05-19 | A           | network         | N1       | 2026-05-19
        2026-05-20 | B           | network         | N1       | 2026-05-20
    """
    made = """
        day_on     | customer_id | department_code | owner_id | first_warned_on
        2026-05-20 | C           | network         | N2       | 2026-05-20
    """
    days = """
        day
        2026-05-20
    """
    check(read_model(ROOM, "earlier"), {"list_before": before, "made_list": made, "made_day": days}, """
        day_on     | customer_id
        2026-05-19 | A
        2026-05-20 | C
    """)  # fmt: skip


def test_an_outcome_is_known_only_when_its_window_is_over() -> None:
    features = """
        day_on     | grumble_id | customer_id
        2026-05-01 | 1          | A
        2026-05-01 | 2          | B
        2026-05-20 | 3          | A
        2026-05-28 | 4          | A
    """
    complaints = """
        customer_id | complained_on
        A           | 2026-05-12
        A           | 2026-05-29
    """
    inputs = {"feature": features, "complaint_after": complaints}
    check(read_model(ROOM, "outcome"), inputs, """
        grumble_id | is_complaint_7 | is_complaint_30
        1          | false          | true
        2          | false          | false
        3          | false          |
    """, {"last_day": dt.date(2026, 5, 31)})  # fmt: skip


def test_levels_are_counted_by_what_they_rest_on() -> None:
    levels = """
        behaviour_code | association_coefficient::double | is_in_taxonomy | probability_source_code | probability_7_days::double
        not_shown_yet  | 1.0                             | true           | model                   | 0.5
                       |                                 | false          | none                    |
    """
    check(read_model(ROOM, "level_count"), {"grumble_level": levels}, """
        open_grumbles | without_cluster | without_association | without_taxonomy | from_model | from_rate | without_probability
        2             | 1               | 1                   | 1                | 1          | 0         | 1
    """)  # fmt: skip


def test_persons_are_those_of_the_snapshot_and_without_one_those_who_were_seen() -> None:
    snapshot = """
        customer_id | city_code | status_code
        A           | wuxi      | active
        B           | wuxi      | left
    """
    grumbles = """
        customer_id | city_code
        C           | suzhou
    """
    exposure = """
        customer_id
        D
    """
    person = read_model(ROOM, "person")
    check(person, {"snapshot_file": snapshot, "grumble": grumbles, "exposure": exposure}, """
        customer_id | city_code
        A           | wuxi
    """)  # fmt: skip
    empty = "customer_id | city_code | status_code"
    check(person, {"snapshot_file": empty, "grumble": grumbles, "exposure": exposure}, """
        customer_id | city_code
        C           | suzhou
        D           | unknown
    """)  # fmt: skip
