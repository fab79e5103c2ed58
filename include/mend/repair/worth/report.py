"""A closed month's worth of repairs: counted, put beside the published ranges, written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.worth.errors import WorthError
from mend.repair.worth.rules import Range, WorthRules, load_rules, rules_on
from mend.repair.worth.words import Language, in_words
from mend.repair.worth.worth import SpeedCount, Worth, worth_of

ROOM: Final = "repair/worth"
TABLE: Final = "mart_repair_worth_month"


@dataclass(frozen=True)
class WorthReport:
    """A month's problems and customers, and how many of the customers' problems were solved at once and later."""

    month: str
    problems: int
    customers: int
    at_once: int
    later: int


def value_month(home: Home, bench: Workbench, month: str) -> WorthReport:
    """Write mart_repair_worth_month of a closed month (YYYY-MM), in place of what stood there. The month's own ledger
    decides: what is solved after its end counts as not solved.

    Raises:
        WorthError: the month is not closed.
        WorthRuleError: a file of settings is broken.
    """
    days = days_of(month)
    rules = rules_on(days[-1], load_rules(home.root / "worth"))
    with open_step(bench, "repair_worth") as step:
        if not step.view("mart_closed_month", "closed_month", where=equal("month", month)):
            raise WorthError(f"{month} is not closed: close it first (mend month {month})")
        counts, keeping_cost = _counted(step, month, rules)
        found = worth_of(counts, rules, keeping_cost)
        step.put_rows("worth", TABLE, [_row(month, each, rules, keeping_cost) for each in found])
        bench.lake.replace(TABLE, equal("month", month), step.write(TABLE, "worth"))
    by_speed = {each.counted.speed_code: each.counted for each in found}
    return WorthReport(
        month,
        by_speed["all"].problem_count,
        by_speed["all"].customer_count,
        by_speed["at_once"].customer_count,
        by_speed["later"].customer_count,
    )


def said(bench: Workbench, month: str, language: Language) -> list[str]:
    """What the month's rows say, in words, all together last."""
    bench.view(TABLE, where=equal("month", month))
    rows = bench.sql(f"select speed_code, words_en, words_zh from {TABLE}")
    if not rows:
        raise WorthError(f"{month} has no row in {TABLE}: run the step first (mend worth --month {month})")
    words = {speed: (english, chinese)[language == "zh"] for speed, english, chinese in rows}
    return [words[speed] for speed in ("at_once", "later", "unsolved", "all")]


def _counted(step: Step, month: str, rules: WorthRules) -> tuple[list[SpeedCount], float | None]:
    days = days_of(month)
    put_persons(step, persons_of(step.bench, days[-1]))
    step.view("mart_damage_ledger", "posted", days=days)
    step.view("core_repair_action", "action_file", days=days)
    view_snapshots(step, days[0], days[-1])
    values = {"solving": list(rules.solving), "at_once_hours": rules.at_once_hours, "first_day": days[0]}
    step.run(read_model(ROOM, "worth_problem"), values)
    counts = [SpeedCount(*row) for row in step.rows(read_model(ROOM, "worth_count"), values)]
    [(keeping_cost,)] = step.rows(read_model(ROOM, "worth_cost"))
    return counts, keeping_cost


def _row(month: str, found: Worth, rules: WorthRules, keeping_cost: float | None) -> dict[str, Any]:
    counted = found.counted
    return {
        "month": month,
        "speed_code": counted.speed_code,
        "problem_count": counted.problem_count,
        "customer_count": counted.customer_count,
        **_ends("kept_share", found.kept_share),
        **_ends("kept", found.kept),
        **_ends("lost", found.lost),
        **_ends("told", found.told),
        "arpu_count": counted.arpu_count,
        "arpu_amount": found.arpu,
        **_ends("value", found.value),
        **_ends("gain", found.gain),
        "keeping_cost_amount": keeping_cost,
        **_ends("lost_cost", found.lost_cost),
        "rule_version": rules.valid_from,
        "words_en": in_words(found, "en"),
        "words_zh": in_words(found, "zh"),
        "customer_share": None if found.share is None else counted.customer_count / found.all_customers,
        **_ends("customer_share", found.share),
    }


def _ends(name: str, found: Range | None) -> dict[str, float | None]:
    return {f"{name}_low": None if found is None else found.low, f"{name}_high": None if found is None else found.high}
