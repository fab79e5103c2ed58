"""The models of the publication on text tables."""

# ruff: noqa: E501 - rows of text tables
from __future__ import annotations

import datetime as dt

import pytest

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "grumbles/incoming"
INPUTS = {
    "customer": """
        customer_id | city_code | joined_on  | arpu_amount::double | status_code
        A           | wuxi      | 2024-01-01 | 80.5                | active
        B           | wuxi      |            |                     | active
        C           | wuxi      |            |                     | left
    """,
    "customer_cluster": """
        customer_id | value_code | behaviour_code
        A           | high       | limited_patience
    """,
    "grumble": """
        customer_id | grumbled_on
        A           | 2026-02-04
        A           | 2026-02-04
        A           | 2026-02-06
        A           | 2026-01-01
        C           | 2026-02-04
    """,
    "complaint": """
        customer_id | complained_on
        A           | 2026-01-30
                    | 2026-01-30
    """,
    "exposure": """
        customer_id | subject_on | contact_count
        D           | 2026-02-04 | 3
    """,
    "open_row": """
        customer_id | day_on     | age_days::int | area_code
        A           | 2026-02-06 | 2             | marketing
        A           | 2026-02-06 | 0             |
    """,
    "damaged": """
        customer_id
        E
    """,
}
VALUES = dict.fromkeys(("grumbles_from", "complaints_from", "contacts_from"), dt.date(2026, 1, 15))


@pytest.mark.parametrize("is_everybody", [True, False])
def test_a_row_holds_days_of_what_happened_and_those_who_left_have_none(is_everybody: bool) -> None:
    """20488 is 2026-02-04. B has nothing but a snapshot."""
    only_everybody = (
        "\n        B           | wuxi      |            |            |                  |                 |                |              |"
        if is_everybody
        else ""
    )
    check(read_model(ROOM, "incoming_customer"), INPUTS, f"""
        customer_id | city_code | joined_on  | value_code | behaviour_code   | grumble_days    | complaint_days | contact_days | open_grumbles
        A           | wuxi      | 2024-01-01 | high       | limited_patience | 20488:2,20490:1 | 20483:1        |              | marketing:20488,:20490{only_everybody}
        D           |           |            |            |                  |                 |                | 20488:3      |
        E           |           |            |            |                  |                 |                |              |
    """, {**VALUES, "is_everybody": is_everybody})  # fmt: skip


def test_an_influence_that_is_not_significant_is_none() -> None:
    check(read_model(ROOM, "influence"), {"association": """
        month   | window_days | complaint_type_code | cluster_code | grumble_type_code | coefficient::double | is_significant | is_key
        2026-05 | 14          | any                 | all          | marketing         | 1.5         | true           | true
        2026-05 | 14          | any                 | all          | call_quality      | 0.7         | false          | false
        2026-05 | 14          | any                 | all          | tariff_billing    |             | false          | false
        2026-05 | 7           | any                 | all          | marketing         | 9.0         | true           | true
        2026-04 | 14          | any                 | all          | marketing         | 9.0         | true           | true
    """}, """
        cluster_code | grumble_type_code | coefficient | is_key
        all          | marketing         | 1.5         | true
        all          | call_quality      | 0.0         | false
    """, {"month": "2026-05", "window_days": 14})  # fmt: skip


def test_without_cut_points_the_least_place_of_the_night_stands_for_each_level() -> None:
    check(read_model(ROOM, "implied_cut"), {"open_row": """
        level::int | points::int | age_days::int | association_coefficient::double
        5          | 400         | 3             | 0.5
        4          | 400         | 2             |
        2          | 300         | 9             | 0.1
        1          | 200         | 0             |
    """}, """
        level | points | age_days | coefficient
        5     | 400    | 3        | 0.5
        4     | 400    | 2        | -1000.0
        3     | 400    | 2        | -1000.0
        2     | 300    | 9        | 0.1
    """)  # fmt: skip


def test_a_point_has_its_survey_item_in_words() -> None:
    taxonomy = """
        grumble_type_code | parent_code | name_en   | name_zh | department_codes
        marketing         |             | marketing | 营销    | market
        marketing.lock_in | marketing   | lock-in   | 合约限制 | market,service
    """
    items = """
        grumble_type_code | survey_item_code
        marketing.lock_in | conduct
    """
    words = """
        survey_item_code | name_en | name_zh
        conduct          | Offers  | 营销宣传
    """
    check(read_model(ROOM, "point"), {"taxonomy": taxonomy, "item_of_type": items, "item": words}, """
        grumble_type_code | parent_code | department_codes | survey_item_code | item_en | item_zh
        marketing         |             | market           |                  |         |
        marketing.lock_in | marketing   | market,service   | conduct          | Offers  | 营销宣传
    """)  # fmt: skip


def test_damage_of_any_of_the_months_keeps_a_customer_in_sight() -> None:
    check(read_model(ROOM, "damaged"), {"damage_month": """
        month   | customer_id
        2026-04 | A
        2026-05 | A
        2026-05 | B
    """}, """
        customer_id
        A
        B
    """)  # fmt: skip
