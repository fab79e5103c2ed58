# ruff: noqa: E501 (rows of a table stay on one line)
"""The room's inputs as text tables."""

from __future__ import annotations

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
