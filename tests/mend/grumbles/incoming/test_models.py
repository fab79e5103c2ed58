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
    "damage_month": """
        month   | customer_id
        2026-01 | E
        2026-01 | F
    """,
    "touched": """
        customer_id
        A
        B
        C
        D
        E
        N
    """,
}
VALUES = dict.fromkeys(("grumbles_from", "complaints_from", "contacts_from"), dt.date(2026, 1, 15))


@pytest.mark.parametrize("is_everybody", [True, False])
def test_a_row_holds_days_of_what_happened_and_those_who_left_or_were_not_touched_have_none(is_everybody: bool) -> None:
    """20488 is 2026-02-04. B has nothing but a snapshot; of N nothing is left; F is not touched."""
    only_everybody = (
        "\n        B           | wuxi      |            |            |                  |                 |                |"
        if is_everybody
        else ""
    )
    check(read_model(ROOM, "incoming_customer"), INPUTS, f"""
        customer_id | city_code | joined_on  | value_code | behaviour_code   | grumble_days    | complaint_days | open_grumbles
        A           | wuxi      | 2024-01-01 | high       | limited_patience | 20488:2,20490:1 | 20483:1        | marketing:20488,:20490{only_everybody}
        D           |           |            |            |                  |                 |                |
        E           |           |            |            |                  |                 |                |
    """, {**VALUES, "is_everybody": is_everybody})  # fmt: skip


SIDES = ("came", "gone")
NOTHING = {
    "customer": "customer_id | city_code | joined_on::date | arpu_amount::double | status_code",
    "customer_cluster": "customer_id | value_code | behaviour_code",
    "grumble": "customer_id | grumbled_on::date",
    "complaint": "customer_id | complained_on::date",
    "open_row": "customer_id | area_code | day_on::date | age_days::int",
    "damage_month": "customer_id | month",
    "exposure": "customer_id | subject_on::date | contact_count::int",
}


@pytest.mark.parametrize(("is_everybody", "expected"), [(True, "ABCDEF"), (False, "ABCDEFGH")])
def test_touched_are_those_of_whom_a_row_is_on_one_side_alone(is_everybody: bool, expected: str) -> None:
    """U is on both sides. Of G contacts, of H damage has changed: they are published for their snapshot anyway."""
    inputs = {f"{name}_{side}": header for name, header in NOTHING.items() for side in SIDES}
    inputs |= {
        "customer": "customer_id\nG\nH\nU",
        "customer_came": NOTHING["customer"] + "\nA | wuxi | | 81 | active\nU | wuxi | | 80 | active",
        "customer_gone": NOTHING["customer"] + "\nA | wuxi | | 80 | active\nU | wuxi | | 80 | active",
        "customer_cluster_came": NOTHING["customer_cluster"] + "\nU | high | silent",
        "customer_cluster_gone": NOTHING["customer_cluster"] + "\nB | high | silent\nU | high | silent",
        "grumble_came": NOTHING["grumble"] + "\nC | 2026-02-04\nC | 2026-02-04\nU | 2026-02-04",
        "grumble_gone": NOTHING["grumble"] + "\nC | 2026-02-04\nU | 2026-02-04",
        "complaint_came": NOTHING["complaint"] + "\nD | 2026-02-04\n | 2026-02-04",
        "open_row_came": NOTHING["open_row"] + "\nE | | 2026-02-05 | 0\nU | | 2026-02-05 | 2",
        "open_row_gone": NOTHING["open_row"] + "\nU | | 2026-02-04 | 1",
        "damage_month_gone": NOTHING["damage_month"] + "\nH | 2026-01",
        "exposure_came": NOTHING["exposure"] + "\nF | 2026-02-04 | 1\nG | 2026-02-04 | 1",
    }
    check(read_model(ROOM, "touched"), inputs, "\n".join(["customer_id", *expected]), {"is_everybody": is_everybody})


def test_nothing_is_to_be_published_of_the_touched_who_have_no_row() -> None:
    inputs = {"touched": "customer_id\nA\nB", "incoming_customer": "customer_id\nA"}
    check(read_model(ROOM, "gone_customer"), inputs, "customer_id\nB")


def test_a_days_contacts_are_written_where_their_number_is_another_one() -> None:
    """Without a number: there are none any more. 2026-01-14 is older than what is kept."""
    check(read_model(ROOM, "contact_change"), {"exposure_came": """
        customer_id | subject_on::date | contact_count::int
        A           | 2026-02-04       | 3
        B           | 2026-02-04       | 1
        C           | 2026-02-04       | 2
    """, "exposure_gone": """
        customer_id | subject_on::date | contact_count::int
        B           | 2026-02-04       | 1
        C           | 2026-02-04       | 1
        D           | 2026-02-04       | 1
        A           | 2026-01-14       | 1
    """}, """
        subject_on | customer_id | contact_count
        2026-02-04 | A           | 3
        2026-02-04 | C           | 2
        2026-02-04 | D           |
    """, {"contacts_from": dt.date(2026, 1, 15), "night": dt.date(2026, 2, 5)})  # fmt: skip


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
