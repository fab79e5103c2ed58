# ruff: noqa: E501 (rows of a table stay on one line)
"""The room's models on text tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Values
from mend.foundation.pipeline.testing import check, run_on_tables
from mend.repair.outcomes import followed

ROOM = "repair/effect"
MARCH = {"month": "2026-03", "version": 2, "month_after": "2026-04", "is_after_closed": True}
OUTCOMES = """
month   | version | customer_id | strategy_code | list_arm_code | is_universal_hold_out | is_shadow | baseline_score | baseline_contacts | baseline_spend | repeat_contact | complaint | rating_sum | rating_count | churn | is_high_value | high_value_retained | spend | followed_until
2026-03 | 2 | A | callback | listed   | false | false | 21.5 | 3 | 80.25 | true  | false | 17 | 2 | false | true  | true | 81.5 | 2026-04-30
2026-03 | 2 | A | owed     | listed   | false | false | 21.5 | 3 | 80.25 | true  | false | 17 | 2 | false | true  | true | 81.5 | 2026-04-30
2026-03 | 2 | B |          | deferred | false | false | 12   | 1 | 30    | false | true  | 0  | 0 |       | false |      |      | 2026-04-30
2026-03 | 2 | C | callback | held_out | true  | true  | 18   | 2 |       |       |       | 9  | 1 | true  | false |      | 0    | 2026-04-29
2026-03 | 2 | D |          | held_out | false | false | 18   | 2 | 5     | false | false | 0  | 0 | false | false |      | 5    | 2026-04-30
2026-03 | 1 | Z | callback | listed   | false | false | 1    | 1 | 1     | true  | true  | 1  | 1 | true  | true  | true | 1    | 2026-04-30
2026-02 | 1 | A | callback | listed   | false | false | 1    | 1 | 1     | true  | true  | 1  | 1 | true  | true  | true | 1    | 2026-03-31
"""
GATES = """
month   | version | customer_id | city_code | level | score | segment_code | is_explicit | value_code | age_band_code | gender_code | arm_code | is_universal_hold_out | pattern_number
2026-03 | 2 | A | hangzhou | 4 | 21.5 | double | true  | high | 30-44 | female | offered  | false | 1
2026-03 | 2 | B | hangzhou | 2 | 12   | ivr    | false |      | 18-29 | male   | offered  | false | 1
2026-03 | 2 | C | ningbo   | 3 | 18   | agent  | false | low  | 18-29 | male   | held_out | true  | 2
2026-03 | 2 | D | ningbo   | 3 | 18   | agent  | false | low  | 18-29 | male   | held_out | false | 2
2026-03 | 2 | E | ningbo   | 3 | 18   | agent  | false | low  | 18-29 | male   |          | false | 3
2026-02 | 1 | A | hangzhou | 1 | 3    | ivr    | false | low  | 30-44 | female | offered  | false | 1
"""
PATTERNS = """
month   | version | pattern_number | strategy_code | is_entitlement | arm_code
2026-03 | 2 | 1 | callback | false | offered
2026-03 | 2 | 1 | rebate   | false | held_out
2026-03 | 2 | 1 | owed     | true  |
2026-03 | 2 | 2 | callback | false | held_out
2026-03 | 2 | 2 | rebate   | false |
2026-03 | 2 | 3 | callback | false |
2026-03 | 1 | 1 | callback | false | held_out
"""
DAMAGE = """
month   | customer_id | damage_points
2026-03 | A | 16
2026-03 | B | 0
2026-03 | C | 9
2026-03 | D | 4
2026-04 | A2 | 7
2026-04 | D | 0
"""


def as_lake(text: str, table: str) -> str:
    """The text with the types of a lake table, for a view of another name."""
    from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
    from mend.foundation.schema import TABLES

    head, _, rest = text.strip().partition("\n")
    names = [name.strip() for name in head.split("|")]
    typed = [f"{name}::{DUCKDB_TYPES[TABLES[table].column(name).type]}" for name in names]
    return f"{' | '.join(typed)}\n{rest}"


OUTCOME_FILE = as_lake(OUTCOMES, "mart_campaign_outcome")
GATE_FILE = as_lake(GATES, "mart_campaign_gate")
PATTERN_FILE = as_lake(PATTERNS, "mart_campaign_gate_pattern")
MONTH_FILE = as_lake(DAMAGE, "mart_damage_month")


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


def test_season_entry() -> None:
    """A came in February already; E never passed a gate."""
    check(
        read_model(ROOM, "season_entry"),
        {
            "gate_file": GATE_FILE,
            "outcome_version": """
                month   | version::integer
                2026-02 | 1
                2026-03 | 2
            """,
            "person_of_customer": """
                customer_id | person_id
                A           | A2
            """,
        },
        """
        customer_id | month   | is_universal_hold_out | score  | is_explicit
        A2          | 2026-02 | false                 | 3.000  | false
        B           | 2026-03 | false                 | 12.000 | false
        C           | 2026-03 | true                  | 18.000 | false
        D           | 2026-03 | false                 | 18.000 | false
        """,
    )


ENTRIES = """
customer_id | month   | is_universal_hold_out | score::decimal(9,3) | is_explicit
A           | 2026-02 | false                 | 3                   | true
B           | 2026-03 | true                  | 12.5                | false
C           | 2026-03 | false                 | 4                   | false
D           | 2026-02 | false                 | 4                   | false
E           | 2026-02 | true                  | 4                   | false
F           | 2026-02 | false                 | 4                   | false
"""


def test_season_compared() -> None:
    check(
        read_model(ROOM, "season_compared"),
        {"season_entry": ENTRIES},
        """
        strategy_code | estimand_code | month   | customer_id | is_treated
        all           | cumulative    | 2026-02 | A           | true
        all           | cumulative    | 2026-03 | B           | false
        all           | cumulative    | 2026-03 | C           | true
        all           | cumulative    | 2026-02 | D           | true
        all           | cumulative    | 2026-02 | E           | false
        all           | cumulative    | 2026-02 | F           | true
        """,
    )


def test_who_have_become_one_person_of_two_arms_leave_the_season() -> None:
    """A and C are one person since: one of them was in the universal arm, the other had care. B and D are alike."""
    check(
        read_model(ROOM, "season_entry"),
        {
            "gate_file": GATE_FILE,
            "outcome_version": "month | version::integer\n2026-03 | 2",
            "person_of_customer": """
                customer_id | person_id
                A           | C
                B           | D
            """,
        },
        """
        customer_id | month   | is_universal_hold_out | score
        D           | 2026-03 | false                 | 18.000
        """,
    )


def season_values(is_seen_after: bool = True, month_after: str = "2026-04", after: str = "2026-05-01") -> Values:
    when = {"month_after": month_after, "after_on": dt.date.fromisoformat(after)}
    return when | {"is_after_closed": True, "is_seen_after": is_seen_after}


SEASON_DAMAGE = """
    month   | customer_id | damage_points
    2026-02 | A           | 99
    2026-03 | A           | 5
    2026-04 | A           | 7
    2026-03 | B           | 50
"""
SEASON_SNAPSHOTS = """
    customer_id | month_on::date | arpu_amount::decimal(12,2) | status_code
    A           | 2026-02-01 | 99                         | active
    A           | 2026-03-01 | 10.50                      | active
    A           | 2026-04-01 | 20                         | active
    A           | 2026-05-01 | 30                         | active
    B           | 2026-04-01 | 8                          | active
    B           | 2026-05-01 | 1                          | left
    C           | 2026-04-01 | 4                          | active
    C           | 2026-05-01 | 4                          | active
    D           | 2026-03-01 | 3                          | active
    D           | 2026-04-01 | 3                          | active
    E           | 2026-03-01 | 3                          | active
    E           | 2026-04-01 | 3                          | left
    E           | 2026-05-01 | 6                          | active
    F           | 2026-03-01 | 3                          | left
"""


def season_unit(values: Values, expected: str) -> None:
    inputs = {"season_entry": ENTRIES, "month_file": SEASON_DAMAGE, "snapshot": SEASON_SNAPSHOTS}
    check(read_model(ROOM, "season_unit"), inputs, expected, values)


def test_season_unit() -> None:
    """A entered in February: March and April count. B left in April. Of D the snapshot of May is missing. E came back.
    F had left before.
    """
    season_unit(
        season_values(),
        """
        customer_id | baseline_score | was_explicit | baseline_spend | spend | churn | damage
        A           | 3000           | 1000         | 10500          | 50000 | 0     | 12000
        B           | 12500          | 0            | 8000           | 0     | 1000  | 0
        C           | 4000           | 0            | 4000           | 4000  | 0     | 0
        D           | 4000           | 0            | 3000           |       |       | 0
        E           | 4000           | 0            | 3000           | 6000  | 0     | 0
        F           | 4000           | 0            | 3000           | 0     | 1000  | 0
        """,
    )


def test_before_the_snapshot_of_the_campaigns_own_month_is_there_a_season_claims_neither_churn_nor_spend() -> None:
    season_unit(
        season_values(is_seen_after=False),
        """
        customer_id | baseline_spend | spend | churn | damage
        A           | 10500          |       |       | 12000
        B           | 8000           |       |       | 0
        C           | 4000           |       |       | 0
        D           | 3000           |       |       | 0
        E           | 3000           |       |       | 0
        F           | 3000           |       |       | 0
        """,
    )


FIGURES_OF_BOTH = ("baseline_spend", "spend", "churn")
CASES = {
    "stays": ("active", 10, "active", 12),
    "falls": ("active", 10, "active", 1),
    "leaves": ("active", 10, "left", 9),
    "gone before": ("left", 10, None, None),
    "gone, and said again": ("left", 10, "left", 10),
    "back": ("left", 10, "active", 4),
    "absent after": ("active", 10, None, None),
    "absent before": (None, None, "active", 7),
    "status unknown": ("active", 10, "", 7),
    "spend unknown": ("active", 10, "active", ""),
    "unknown before": ("", "", "active", 3),
}


def as_dicts(found: tuple[list[str], list[tuple[Any, ...]]]) -> list[dict[str, Any]]:
    return [dict(zip(found[0], row, strict=True)) for row in found[1]]


def test_a_season_of_one_campaign_says_of_everybody_what_the_campaigns_own_outcomes_say() -> None:
    """One definition: a campaign of January's damage runs in February, which the snapshot of 1 March shows."""
    when = followed("2026-01")
    lines = [
        f"{name} | {day} | {amount} | {status}"
        for name, (before, was, after, is_now) in CASES.items()
        for day, status, amount in ((when.before_on, before, was), (when.after_on, after, is_now))
        if status is not None
    ]
    snapshot = "customer_id | month_on::date | arpu_amount::decimal(12,2) | status_code\n" + "\n".join(lines)
    entries = "\n".join(f"{name} | 2026-01 | false | 5 | false" for name in CASES)
    season = run_on_tables(
        read_model(ROOM, "season_unit"),
        {
            "season_entry": "customer_id | month | is_universal_hold_out | score::decimal(9,3) | is_explicit\n"
            + entries,
            "month_file": "month::varchar | customer_id::varchar | damage_points::integer",
            "snapshot": snapshot,
        },
        season_values(month_after="2026-02", after=str(when.after_on)),
    )
    own = run_on_tables(
        read_model("repair/outcomes", "outcome"),
        {
            "outcome_row": "customer_id | person_id | month | version | strategy_code::varchar | list_arm_code | is_shadow | "
            "is_universal_hold_out | score::decimal(9,3) | value_code | is_mixed\n"
            + "\n".join(f"{n} | {n} | 2026-01 | 1 |  | deferred | false | false | 5 | low | false" for n in CASES),
            "outcome_done": "customer_id::varchar | strategy_code::varchar | is_done::boolean | done_on::date | "
            "result_code::varchar",
            "outcome_event": "person_id::varchar | repeat_contact::boolean | complaint::boolean | rating_sum::double | "
            "rating_count::integer",
            "month_file": "customer_id::varchar | contact_count::integer",
            "snapshot": snapshot,
        },
        {
            "before_on": when.before_on, "after_on": when.after_on, "followed_until": when.last_day,
            "is_over": True, "is_seen_after": True, "kept_share": 0.7,
        },
    )  # fmt: skip
    thousandths = {
        row["customer_id"]: tuple(None if row[name] is None else round(1000 * row[name]) for name in FIGURES_OF_BOTH)
        for row in as_dicts(own)
    }
    assert {row["customer_id"]: tuple(row[name] for name in FIGURES_OF_BOTH) for row in as_dicts(season)} == thousandths
    assert thousandths["leaves"] == (10_000, 0, 1000)
    assert thousandths["stays"] == (10_000, 12_000, 0)
    assert thousandths["absent after"] == (10_000, None, None)
