# ruff: noqa: E501 (rows of a table stay on one line)
"""The room's models of one month's campaign on text tables."""

from __future__ import annotations

from tests.mend.repair.effect.model_tables import GATE_FILE, MARCH, MONTH_FILE, OUTCOME_FILE, PATTERN_FILE, ROOM

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check, run_on_tables


def test_outcome_version() -> None:
    check(
        read_model(ROOM, "outcome_version"),
        {"outcome_file": OUTCOME_FILE},
        """
        month   | version | followed_until
        2026-02 | 1       | 2026-03-31
        2026-03 | 2       | 2026-04-29
        """,
    )


UNIT_INPUTS = {
    "outcome_file": OUTCOME_FILE,
    "gate_file": GATE_FILE,
    "month_file": MONTH_FILE,
    "person_of_customer": """
        customer_id | person_id
        A           | A2
    """,
}


def test_unit() -> None:
    check(
        read_model(ROOM, "unit"),
        UNIT_INPUTS,
        """
        customer_id | repeat_contact | complaint | rating | churn | high_value_retained | spend | baseline_score | baseline_spend
        A | 1000 | 0    | 8500 | 0    | 1000 | 81500 | 21500 | 80250
        B | 0    | 1000 |      |      |      |       | 12000 | 30000
        C |      |      | 9000 | 1000 |      | 0     | 18000 |
        D | 0    | 0    |      | 0    |      | 5000  | 18000 | 5000
        """,
        MARCH,
    )


def test_unit_takes_new_damage_under_the_id_of_the_month_after() -> None:
    check(
        read_model(ROOM, "unit"),
        UNIT_INPUTS,
        """
        customer_id | baseline_damage | was_undamaged | was_explicit | damage | recovered | level | value
        A | 16000 | 0    | 1000 | 7000 | 0    | 4 | high
        B | 0     | 1000 | 0    | 0    | 1000 | 2 | unknown
        C | 9000  | 0    | 0    | 0    | 1000 | 3 | low
        D | 4000  | 0    | 0    | 0    | 1000 | 3 | low
        """,
        MARCH,
    )


def test_unit_does_not_know_the_damage_of_a_month_that_is_not_closed() -> None:
    check(
        read_model(ROOM, "unit"),
        UNIT_INPUTS,
        """
        customer_id | damage | recovered
        A |  |
        B |  |
        C |  |
        D |  |
        """,
        {**MARCH, "is_after_closed": False},
    )


def test_compared() -> None:
    """The strategy's own arm leaves the universal arm (C) out on both sides; nothing is said of what is owed."""
    check(
        read_model(ROOM, "compared"),
        {"outcome_file": OUTCOME_FILE, "gate_file": GATE_FILE, "pattern_file": PATTERN_FILE},
        """
        strategy_code | estimand_code | customer_id | is_treated
        callback | itt    | A | true
        callback | itt    | B | true
        callback | itt    | D | false
        rebate   | itt    | A | false
        rebate   | itt    | B | false
        all      | itt    | A | true
        all      | itt    | B | true
        all      | itt    | C | false
        all      | itt    | D | true
        callback | listed | A | true
        callback | listed | C | false
        all      | listed | A | true
        all      | listed | C | false
        """,
        MARCH,
    )


COMPARED = """
strategy_code | estimand_code | customer_id | is_treated | month
callback | itt | A | true  | 2026-03
callback | itt | B | true  | 2026-03
callback | itt | C | false | 2026-03
callback | itt | D | false | 2026-03
"""
UNIT = """
customer_id | y::bigint | x::bigint | b::bigint | level | segment | value | age | gender | city | half::integer
A | 1000 | 3000 | 2000 | 1 | ivr    | low | 18 | male   | h | 0
B |      | 5000 | 2000 | 2 | ivr    | low | 18 | female | h | 1
C | 2000 |      | 4000 | 1 | double | low | 18 | female | h | 0
D | 0    | 1000 |      | 1 | double | low | 18 | female | h | 0
"""


def test_arm_count() -> None:
    check(
        read_model(ROOM, "arm_count"),
        {
            "compared": COMPARED + "callback | itt | lost | true | 2026-03\n",
            "unit": UNIT,
            "id_count": """
                customer_id | id_count::integer
                D           | 2
            """,
        },
        """
        strategy_code | estimand_code | month   | ids | treated_count | control_count
        callback      | itt           | 2026-03 | 1   | 2             | 1
        callback      | itt           | 2026-03 | 2   | 0             | 1
        """,
    )


def test_moment() -> None:
    check(
        read_model(ROOM, "moment"),
        {"compared": COMPARED, "unit": UNIT},
        """
        strategy_code | is_treated | known_count | missing_count | y_sum | yy_sum  | baseline_count | x_sum | xx_sum  | xy_sum  | baseline_y_sum | before_count | before_sum | before_y_sum
        callback      | false      | 2           | 0             | 2000  | 4000000 | 1              | 1000  | 1000000 | 0       | 0              | 1            | 4000       | 2000
        callback      | true       | 1           | 1             | 1000  | 1000000 | 1              | 3000  | 9000000 | 3000000 | 1000           | 1            | 2000       | 1000
        """,
        fills={"outcome": "y", "baseline": "x", "before": "b"},
    )


def test_group_moment() -> None:
    names, found = run_on_tables(
        read_model(ROOM, "group_moment"),
        {"compared": COMPARED, "unit": UNIT},
        fills={"outcome": "y", "baseline": "x"},
    )
    rows = [dict(zip(names, row, strict=True)) for row in found]
    segment = [
        (row["group_code"], row["half"], row["is_treated"], row["known_count"], row["missing_count"], row["y_sum"])
        for row in rows
        if row["grouping_code"] == "segment"
    ]
    assert segment == [("double", 0, False, 2, 0, 2000), ("ivr", 0, True, 1, 0, 1000), ("ivr", 1, True, 0, 1, 0)]
    assert {row["grouping_code"] for row in rows} == {"level", "segment", "value", "age", "gender", "city"}
    for grouping in ("level", "age", "gender", "city"):  # each grouping holds everybody, once
        assert sum(row["known_count"] + row["missing_count"] for row in rows if row["grouping_code"] == grouping) == 4
