"""A world for campaigns: three strategies, each in cities of its own, half of whose customers are held out. One helps,
one changes nothing, one harms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.simulate.reactions import Reaction, Reactions, Without

REPOSITORY: Final = Path(__file__).resolve().parents[2]
SHIPPED: Final = REPOSITORY / "include" / "mend" / "repair" / "strategies" / "rules" / "1990-01-01.yaml"
HELPS, NOTHING, HARMS = "phone_callback", "goodwill_call", "apology"
CITIES: Final = {
    HELPS: "'nanjing', 'suzhou', 'wuxi'",
    NOTHING: "'nantong', 'yangzhou', 'taizhou', 'xuzhou'",
    HARMS: "'changzhou', 'zhenjiang', 'huaian', 'yancheng', 'lianyungang', 'suqian'",
}
# The small world has no room for three.
TWO: Final = {HELPS: f"{CITIES[HELPS]}, 'nantong'", HARMS: f"{CITIES[HARMS]}, 'yangzhou', 'taizhou', 'xuzhou'"}
STRATEGY: Final = """
  {code}:
    name_en: {code}
    name_zh: 回访{code}
    audience: city_code in ({cities}) and level >= 1
    action_code: follow_up_call
    channel_code: call
    consent_code: none
    capacity_per_day: unlimited
    capacity_per_month: unlimited
    cost: 8
    hold_out_share: 0.5
    valid_days: 28
    label_en: 'On the callback list: {{happened}}.'
    label_zh: 电话回访客户：{{happened}}。
    playbook_en: 'Speak of what happened ({{happened}}).'
    playbook_zh: 就其遭遇（{{happened}}）致歉。
    prior: {{lift_points: 5, probability: 0.45, uncertainty: 2}}
"""
USUAL: Final = Without(complaint=0.15, repeat_contact=0.2, churn=0.1, answers=0.8, dissatisfied=0.44)
STRONG: Final = Without(complaint=0.5, repeat_contact=0.3, churn=0.4, answers=0.9, dissatisfied=0.44)
OUTCOMES: Final = {
    "complaint": ("would_complain", "does_complain"),
    "churn": ("would_leave", "does_leave"),
    "repeat_contact": ("would_repeat", "does_repeat"),
    "rating": ("would_rate", "does_rate"),
}


def reactions(without: Without) -> Reactions:
    """A help, nothing and a harm upon what customers do without a campaign."""
    helps = Reaction(0.9, complaint=0.3, repeat_contact=0.4, churn=0.3, dissatisfied=0.4)
    harms = Reaction(0.9, complaint=1.9, repeat_contact=1.5, churn=2.2, dissatisfied=1.5)
    return Reactions(without, {HELPS: helps, NOTHING: Reaction(0.9), HARMS: harms})


def write_strategies(home: Home, cities: Mapping[str, str] = CITIES) -> None:
    """The home's own strategies, with the words and settings of those that are shipped."""
    head, _, _ = SHIPPED.read_text("utf-8").partition("\nstrategies:\n")
    head = head.replace("valid_from: 1990-01-01", "valid_from: 2000-01-01", 1)
    body = "".join(STRATEGY.format(code=code, cities=of) for code, of in cities.items())
    path = home.root / "strategies" / "2000-01-01.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{head}\nstrategies:{body}", "utf-8")


@dataclass(frozen=True)
class Found:
    """What the evaluation says of the listed, and the truth for the same customers."""

    low: float
    high: float
    difference: float
    verdict: str
    truth: float

    @property
    def is_near(self) -> bool:
        """The truth is within an interval of 99.9 %: these worlds are few, and none may fail by chance."""
        wider = 3.29 / 1.96
        return (
            self.difference - wider * (self.difference - self.low)
            <= self.truth
            <= (self.difference + wider * (self.high - self.difference))
        )


def found_and_true(bench: Workbench, inbox: Path, month: str) -> dict[tuple[str, str], Found]:
    """By strategy and outcome: listed against held-out customers at the same prices, beside the world's own truth."""
    bench.view("mart_effect")
    rows = bench.sql(
        "select strategy_code, outcome_code, low, high, difference, verdict_code from mart_effect "
        "where month = $month and estimand_code = 'listed'",
        {"month": month},
    )
    truth = true_effects(inbox)
    return {(row[0], row[1]): Found(*row[2:], truth[row[0], row[1]]) for row in rows if (row[0], row[1]) in truth}


def true_effects(inbox: Path) -> dict[tuple[str, str], float]:
    """What each strategy did to those whom it was given, counted: what happened less what would have."""
    with duckdb.connect() as connection:
        connection.execute(f"create table told as from '{inbox}/truth/reaction.parquet'")
        return {
            (strategy, outcome): float(effect)
            for outcome, (would, does) in OUTCOMES.items()
            for strategy, effect in connection.sql(
                f"select strategies, avg({does}::integer) - avg({would}::integer) from told "
                "where strategies is not null group by 1"
            ).fetchall()
        }


def naive(bench: Workbench, month: str, strategy: str, outcome: str) -> tuple[Any, Any]:
    """The figure before and after among the listed, which looks splendid whatever was done."""
    bench.view("mart_effect")
    rows = bench.sql(
        "select naive_before, naive_after from mart_effect where month = $month and estimand_code = 'listed' "
        "and strategy_code = $strategy and outcome_code = $outcome",
        {"month": month, "strategy": strategy, "outcome": outcome},
    )
    return rows[0]


def refused(bench: Workbench, month: str) -> list[tuple[Any, ...]]:
    """Strategies of which a comparison is refused, and why."""
    bench.view("mart_effect_refusal")
    query = "select strategy_code, estimand_code, words_en from mart_effect_refusal where month = $month order by all"
    return bench.sql(query, {"month": month})
