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
        behaviour_code | association_coefficient::double | is_in_taxonomy | probability_source_code | probability_7_days::double | level::int
        not_shown_yet  | 1.0                             | true           | model                   | 0.5                        | 5
                       |                                 | false          | none                    |                            | 2
    """
    check(read_model(ROOM, "level_count"), {"grumble_level": levels}, """
        open_grumbles | without_cluster | without_association | without_taxonomy | from_model | from_rate | without_probability | level_5 | level_4 | level_3 | level_2 | level_1
        2             | 1               | 1                   | 1                | 1          | 0         | 1                   | 1       | 0       | 0       | 1       | 0
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


def test_without_a_model_the_rate_is_the_one_known_the_day_before() -> None:
    features = """
        day_on     | grumble_id | area_code
        2026-05-20 | 1          | marketing
        2026-05-20 | 2          | network
        2026-05-22 | 3          | marketing
    """
    rates = """
        day_on     | area_code | rate::double
        2026-05-19 | marketing | 0.2
        2026-05-19 | *         | 0.1
        2026-05-20 | marketing | 0.9
    """
    check(read_model(ROOM, "rated"), {"feature": features, "type_rate": rates}, """
        grumble_id | rate | source_code
        1          | 0.2  | rate
        2          | 0.1  | rate
        3          |      | none
    """)  # fmt: skip


def test_a_listed_customer_has_the_first_expectation_that_fits_cluster_and_point() -> None:
    listed = """
        day_on     | department_code | rank::int | customer_id | owner_id | grumble_id | grumble_type_code | area_code | city_code | value_code | behaviour_code   | level::int | probability_7_days::double | probability_30_days::double | peak_grumble_id | peak_level | end_grumble_id | end_level | open_count | age_days::int | solved_state_code | association_coefficient::double | recent_count | complaint_count | duration_part::int | association_part::int | tolerance_part::int | first_warned_on | is_new | model_version | rule_version
        2026-05-20 | market          | 1         | A           | s        | 1          | weak              | network   | wuxi      | high       | limited_patience | 5          | 0.5                        | 0.6                         | 1               | 5          | 1              | 5         | 1          | 2             | untouched         |                                 | 1            | 0               | 2                  | 3                     | 5                   | 2026-05-20      | true   | | 2026-01-01
        2026-05-20 | market          | 2         | B           | s        | 2          | tariff            | tariff    | wuxi      | high       |                  | 5          |                            |                             | 2               | 5          | 2              | 5         | 1          | 2             | untouched         |                                 | 1            | 0               | 2                  | 3                     | 3                   | 2026-05-20      | true   | | 2026-01-01
    """
    words = """
        name        | part::int | en   | zh
        duration    | 2         | two  | 二
        association | 3         | some | 有时
        tolerance   | 5         | no   | 低
        tolerance   | 3         | as   | 一般
    """
    check(read_model(ROOM, "warning"), {
        "listed": listed, "taxonomy": """
            grumble_type_code | name_en | name_zh
            weak              | weak    | 弱
            tariff            | tariff  | 资费
        """,
        "item_of_type": """
            grumble_type_code | survey_item_code
            weak              | coverage
        """,
        "strategy": """
            place | level::int | value_code | code | en | zh
            0     | 5          |            | call | c  | 电
        """,
        "expectation": """
            place | behaviour_code   | point_code | expects_en | expects_zh | does_en | does_zh
            0     | tariff_sensitive |            | other      | 别         | o       | 别
            1     | limited_patience | network    | a date     | 时间       | name it | 告知
            2     |                  | weak       | late       | 晚         | l       | 晚
        """,
        "part_words": words,
        "solved_words": """
            code      | en     | zh
            untouched | nobody | 无
        """,
    }, """
        customer_id | expects_en | does_zh
        A           | a date     | 告知
        B           |            |
    """, {"recent_days": 30, "age_place": "{days}"})  # fmt: skip


def test_the_page_has_the_lines_and_levels_of_the_latest_night_alone() -> None:
    lines = """
        department_code | day_on     | specialist_count::int | capacity_minutes::double | needed_minutes::double | candidate_count | listed_count | new_count | line_level::int | line_probability::double | words_en | words_zh
        network         | 2026-05-19 | 4                     | 1440                     | 1425.5                 | 321             | 57           | 50        | 5               | 0.5                      | old      | old
        network         | 2026-05-20 | 4                     | 1440                     | 1425.5                 | 321             | 57           | 50        | 4               | 0.1251                   | words    | words
        market          | 2026-05-20 | 2                     | 720                      | 0                      | 3               | 0            | 0         |                 |                          | words    | words
    """
    check(
        read_model(ROOM, "warning_capacity"),
        {"capacity_night": lines},
        """
        department_code | day_on     | capacity_minutes | needed_minutes | line_level | line_percent
        network         | 2026-05-20 | 1440.000         | 1425.500       | 4          | 12.51
        market          | 2026-05-20 | 720.000          | 0.000          |            |
        """,
        {"latest": dt.date(2026, 5, 20)},
    )
    levels = """
        department_code | grumble_type_code | behaviour_code | level | day_on     | grumble_count | above_count | line_level::int
        network         | weak              | unknown        | 5     | 2026-05-19 | 9             | 9           | 5
        network         | weak              | unknown        | 5     | 2026-05-20 | 3             | 2           | 5
        market          | lock_in           | patient        | 1     | 2026-05-20 | 8             | 0           |
    """
    check(
        read_model(ROOM, "warning_level_count"),
        {"line_night": levels},
        """
        department_code | grumble_type_code | behaviour_code | level | grumble_count | above_count | line_level
        network         | weak              | unknown        | 5     | 3             | 2           | 5
        market          | lock_in           | patient        | 1     | 8             | 0           |
        """,
        {"latest": dt.date(2026, 5, 20)},
    )
