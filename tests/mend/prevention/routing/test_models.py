"""Every model on a few rows: what goes in, what comes out."""
# ruff: noqa: E501 - text tables

from __future__ import annotations

import datetime as dt

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "prevention/routing"
DAY = {"day": dt.date(2026, 3, 31)}
TYPES = """
    taxonomy_version::date | grumble_type_code | parent_code | department_codes  | survey_item_code | weight::double | topic_codes | name_en | name_zh
    2026-01-01 | bills        |       | support, market |         | 0   |         | bills    | 账单
    2026-01-01 | bills.wrong  | bills | support, market | billing | 0.6 | dispute | wrong    | 错
    2026-01-01 | bills.paper  | bills | support         | payment | 0.4 |         | paper    | 纸
    2026-01-01 | bills.locked | bills | market          |         | 0   |         | locked   | 锁
    2026-06-01 | bills.later  | bills | support         | billing | 1   |         | later    | 后
"""


def test_factor() -> None:
    """An area goes with the item of most weight; a point without an item stands for itself; a later version waits."""
    check(
        read_model(ROOM, "factor"),
        {"every_taxonomy": TYPES},
        """
            factor_code  | survey_item_code | department_code | topic_codes
            bills        | billing          | support         |
            bills.wrong  | billing          | support         | dispute
            bills.paper  | payment          | support         |
            bills.locked | bills.locked     | market          |
        """,
        DAY,
    )


def test_item_name() -> None:
    check(
        read_model(ROOM, "item_name"),
        {
            "every_item": """
                taxonomy_version::date | survey_item_code | name_en | name_zh
                2026-01-01 | billing | Bills     | 账单
                2026-06-01 | billing | New bills | 新账单
            """
        },
        """
            survey_item_code | name_en | name_zh
            billing          | Bills   | 账单
        """,
        DAY,
    )


def test_named_grumble() -> None:
    """The city is the snapshot's, by the id the customer goes by; a grumble without a type is left out."""
    check(
        read_model(ROOM, "named_grumble"),
        {
            "grumble_file": """
                customer_id | grumbled_on | city_code | grumble_type_code
                old | 2026-03-05 | suzhou | bills.wrong
                c2  | 2026-02-05 | wuxi   | bills.wrong
                c3  | 2026-03-05 |        | bills.wrong
                c3  | 2026-03-06 |        |
            """,
            "factor": """
                factor_code | survey_item_code | department_code
                bills.wrong | billing          | support
            """,
            "person_of_customer": """
                customer_id | person_id
                old         | new
            """,
            "snapshot": """
                customer_id | month_on   | city_code
                new         | 2026-02-01 | nanjing
            """,
        },
        """
            customer_id | day_on     | month   | is_now | department_code | survey_item_code | factor_code | city_code
            new         | 2026-03-05 | 2026-03 | true   | support         | billing          | bills.wrong | nanjing
            c2          | 2026-02-05 | 2026-02 | false  | support         | billing          | bills.wrong | wuxi
            c3          | 2026-03-05 | 2026-03 | true   | support         | billing          | bills.wrong | unknown
        """,
        {"month": "2026-03"},
    )


NAMED = """
    customer_id | day_on | month | is_now | department_code | survey_item_code | factor_code | city_code
    a | 2026-03-05 | 2026-03 | true  | support | billing | bills.wrong | nanjing
    a | 2026-03-06 | 2026-03 | true  | support | billing | bills.wrong | nanjing
    a | 2026-02-05 | 2026-02 | false | support | billing | bills.wrong | nanjing
    a | 2026-01-05 | 2026-01 | false | support | billing | bills.other | nanjing
    b | 2026-03-05 | 2026-03 | true  | support | billing | bills.other | nanjing
"""


def test_placed_grumble() -> None:
    """Where the city is not known, a grumble counts for the whole alone."""
    check(
        read_model(ROOM, "placed_grumble"),
        {
            "named_grumble": """
                customer_id | city_code
                a | nanjing
                b | unknown
            """
        },
        """
            customer_id | city_code
            a | nanjing
            a | all
            b | all
        """,
    )


def test_customer_cell() -> None:
    """Twice in the month is once; before it each month counts."""
    check(
        read_model(ROOM, "customer_cell"),
        {"placed_grumble": NAMED},
        """
            department_code | survey_item_code | city_code | customer_id | now_count | before_count
            support | billing | nanjing | a | 1 | 2
            support | billing | nanjing | b | 1 | 0
        """,
    )


CELLS = """
    department_code | survey_item_code | city_code | customer_id | now_count | before_count
    support | billing | all     | a | 1 | 2
    support | billing | all     | b | 1 | 0
    network | voice   | all     | a | 1 | 1
    support | billing | nanjing | a | 1 | 2
"""


def test_cell() -> None:
    check(
        read_model(ROOM, "cell"),
        {"customer_cell": CELLS},
        """
            department_code | survey_item_code | city_code | now_count | before_count | now_now | now_before | before_before
            support | billing | all     | 2 | 2 | 2 | 2 | 4
            network | voice   | all     | 1 | 1 | 1 | 1 | 1
            support | billing | nanjing | 1 | 2 | 1 | 2 | 4
        """,
    )


def test_whole() -> None:
    """Customer a grumbled about two things, three times before."""
    check(
        read_model(ROOM, "whole"),
        {"customer_cell": CELLS},
        """
            now_count | before_count | now_now | now_before | before_before
            3         | 3            | 5       | 6          | 9
        """,
    )


def test_cell_day() -> None:
    check(
        read_model(ROOM, "cell_day"),
        {"placed_grumble": NAMED},
        """
            department_code | survey_item_code | city_code | day_on     | customer_count
            support         | billing          | nanjing   | 2026-01-05 | 1
            support         | billing          | nanjing   | 2026-02-05 | 1
            support         | billing          | nanjing   | 2026-03-05 | 2
            support         | billing          | nanjing   | 2026-03-06 | 1
        """,
    )


def test_cell_factor() -> None:
    check(
        read_model(ROOM, "cell_factor"),
        {"placed_grumble": NAMED},
        """
            factor_code | city_code | now_count | before_count
            bills.wrong | nanjing   | 1         | 1
            bills.other | nanjing   | 1         | 1
        """,
    )


def test_population() -> None:
    """March has no snapshot of its own: February's counts. Who left is no customer."""
    check(
        read_model(ROOM, "population"),
        {
            "snapshot": """
                customer_id | month_on   | city_code | status_code
                a           | 2026-02-01 | nanjing   | active
                b           | 2026-02-01 | suzhou    |
                c           | 2026-02-01 | suzhou    | left
                a           | 2026-01-01 | nanjing   | active
            """,
            "month_snapshot": """
                month   | snapshot_on
                2026-02 | 2026-02-01
                2026-03 | 2026-02-01
            """,
        },
        """
            month   | city_code | customer_count
            2026-02 | nanjing   | 1
            2026-02 | suzhou    | 1
            2026-02 | all       | 2
            2026-03 | nanjing   | 1
            2026-03 | suzhou    | 1
            2026-03 | all       | 2
        """,
    )


def test_top_source() -> None:
    """What is above its kind, what another explains, and what is not of the top stay out."""
    check(
        read_model(ROOM, "top_source"),
        {
            "trouble_file": """
                month | dimension_code | source_code | verdict_code | is_top | explained_by_source_code | rank::integer | contact_count | customer_count | points | excess_points | trend | trend_low | trend_high | adjusted_p_value | words_en | words_zh
                2026-03 | ivr_node | bill   | worse | true  |      | 1 | 9 | 9 | 9 | 9 | 2 | 1 | 3 | 0 | bill | 账单
                2026-03 | topic    | bill   | worse | true  | bill | 2 | 9 | 9 | 9 | 9 | 2 | 1 | 3 | 0 | bill | 账单
                2026-03 | ivr_node | plan   | high  | true  |      | 3 | 9 | 9 | 9 | 9 | 2 | 1 | 3 | 0 | plan | 套餐
                2026-03 | ivr_node | data   | worse | false |      | 4 | 9 | 9 | 9 | 9 | 2 | 1 | 3 | 0 | data | 流量
                2026-02 | ivr_node | phone  | worse | true  |      | 1 | 9 | 9 | 9 | 9 | 2 | 1 | 3 | 0 | data | 流量
            """
        },
        """
            dimension_code | source_code | rank
            ivr_node       | bill        | 1
        """,
        {"month": "2026-03"},
    )


def test_source_share() -> None:
    """k2 was hurt at another stage, k3 by what is not comparable, k5 in the month after; the caller of k4 is unknown."""
    check(
        read_model(ROOM, "source_share"),
        {
            "contact_file": """
                contact_id | customer_id | started_on | direction_code | ivr_node_code | topic_code | agent_group_code | center_code
                k1 | old | 2026-03-01 | inbound  | bill | dispute | g1 | north
                k2 | b   | 2026-03-02 | inbound  | bill | dispute | g1 | north
                k3 | c   | 2026-03-03 | inbound  | bill | dispute | g1 | north
                k4 |     | 2026-03-03 | inbound  | bill | dispute | g1 | north
                k5 | d   | 2026-02-27 | inbound  | bill | dispute | g1 | north
                k6 | new | 2026-03-05 | inbound  | bill | dispute | g1 | north
                k7 | e   | 2026-03-05 | outbound | bill | dispute | g1 | north
                k8 | f   | 2026-03-05 | inbound  | plan | tariff  | g1 | north
            """,
            "ledger_file": """
                subject_id | subject_kind_code | entry_kind_code | indicator_id | posted_on
                k1 | contact | debit | IVR-01 | 2026-03-01
                k2 | contact | debit | AGT-01 | 2026-03-02
                k3 | contact | debit | IVR-99 | 2026-03-03
                k5 | contact | debit | IVR-01 | 2026-03-01
            """,
            "comparable": """
                indicator_id | stage_code
                IVR-01 | ivr
                AGT-01 | agent
            """,
            "person_of_customer": """
                customer_id | person_id
                old         | new
            """,
            "snapshot": """
                customer_id | month_on   | plan_code | city_code
                new         | 2026-02-01 | p1        | nanjing
            """,
            "source_wanted": """
                dimension_code | source_code | stages::varchar[]
                ivr_node       | bill        | [ivr]
                city           | nanjing     | [ivr, agent]
            """,
        },
        """
            dimension_code | source_code | month   | customer_count | hurt_count
            ivr_node       | bill        | 2026-02 | 1              | 0
            ivr_node       | bill        | 2026-03 | 3              | 1
            city           | nanjing     | 2026-03 | 1              | 1
        """,
        {"months": ["2026-02", "2026-03"]},
    )
