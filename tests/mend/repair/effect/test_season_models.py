# ruff: noqa: E501 (rows of a table stay on one line)
"""The room's models of a whole season on text tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.mend.repair.effect.model_tables import GATE_FILE, ROOM

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Values
from mend.foundation.pipeline.testing import check, run_on_tables
from mend.repair.outcomes import followed


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
