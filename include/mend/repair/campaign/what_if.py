"""A month's list under other strategies beside the one under today's: who comes, who goes, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from mend.foundation.home import Home
from mend.foundation.periods import ONE_DAY, day_begins, days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import CODES
from mend.repair.campaign.building import build
from mend.repair.campaign.campaign import freeze_under, plan_of
from mend.repair.campaign.candidates import find_candidates, indicator_words
from mend.repair.campaign.plan import Plan

ROOM: Final = "repair/campaign"
Language = Literal["en", "zh"]
PRICE: Final = (
    "resource_code", "strategy_code", "city_code", "capacity", "used", "value_of_one_more", "value_of_one_less",
)  # fmt: skip
SHOWN: Final = 20  # so many of those who come or go are printed; the report holds all


@dataclass(frozen=True)
class Side:
    """A list under one set of strategies: rows and yuan by strategy, candidates by outcome and by first reason.

    `prices` is what is scarce, the most valuable first; columns as in mart_campaign_price.
    """

    rows: Mapping[str, int]
    cost: Mapping[str, int]
    outcomes: Mapping[str, int]
    reasons: Mapping[str, int]
    benefit: int
    bound: int
    gap: float
    prices: Sequence[Mapping[str, Any]] = ()

    @property
    def without_action(self) -> int:
        """Candidates for whom nothing is done."""
        return sum(count for outcome, count in self.outcomes.items() if outcome != "listed")


@dataclass(frozen=True)
class Change:
    """A customer who is on one of the lists alone, or on both with other strategies."""

    customer_id: str
    city_code: str
    level: int
    today: str
    other: str


@dataclass(frozen=True)
class WhatIfReport:
    """Both lists, and who comes, who goes and who gets something else, worst first."""

    month: str
    today: Side
    other: Side
    comes: tuple[Change, ...]
    goes: tuple[Change, ...]
    changes: tuple[Change, ...]

    def text(self, language: Language = "en") -> str:
        """The report for people: the same for the same input, byte for byte."""
        return "\n".join(_lines(self, WORDS[language], 0 if language == "en" else 1)) + "\n"


WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "List of {month}: under other strategies, beside today's (today -> other)",
        "strategy": "  {name}: {today:,} -> {other:,} customers, {cost:,} -> {other_cost:,} yuan",
        "sum": "Cost {today:,} -> {other:,} yuan. Expected benefit {benefit:,} -> {other_benefit:,} points.",
        "gap": "Proven bound {bound:,} -> {other_bound:,} points, gap {gap:.4%} -> {other_gap:.4%}.",
        "outcomes": "Candidates by outcome:",
        "gates": "Gated, by first reason:",
        "count": "  {name}: {today:,} -> {other:,}",
        "none": "Candidates without any action: {today:,} -> {other:,}",
        "comes": "Come: {count:,}", "goes": "Go: {count:,}", "changes": "Get something else: {count:,}",
        "row": "  {customer} ({city}, level {level}): {today} -> {other}", "more": "  and {count:,} more",
        "nothing": "nothing",
    },
    "zh": {
        "title": "{month} 名单：现行策略与其他策略对比（现行 -> 其他）",
        "strategy": "  {name}：{today:,} -> {other:,} 人，{cost:,} -> {other_cost:,} 元",
        "sum": "成本 {today:,} -> {other:,} 元。预期收益 {benefit:,} -> {other_benefit:,} 分。",
        "gap": "收益上界 {bound:,} -> {other_bound:,} 分，差距 {gap:.4%} -> {other_gap:.4%}。",
        "outcomes": "候选客户结果：",
        "gates": "未通过准入（首个原因）：",
        "count": "  {name}：{today:,} -> {other:,}",
        "none": "没有任何动作的候选客户：{today:,} -> {other:,}",
        "comes": "新进：{count:,}", "goes": "移出：{count:,}", "changes": "动作变化：{count:,}",
        "row": "  {customer}（{city}，等级{level}）：{today} -> {other}", "more": "  另有 {count:,} 人",
        "nothing": "无",
    },
}  # fmt: skip


def what_if(home: Home, bench: Workbench, month: str, strategies: Path) -> WhatIfReport:
    """Make a closed month's list twice over the same facts, by the home's strategies and by those of a folder. Nothing
    is written.

    Raises:
        CampaignError: the month is not closed.
        StrategyError: a file of strategies is broken.
    """
    with open_step(bench, "what_if") as step:
        last_day = days_of(month)[-1]
        words = indicator_words(step, last_day)
        find_candidates(step, month, words, day_begins(last_day + ONE_DAY, home.zone))
        plan, other = plan_of(step, home, month, words), plan_of(step, home, month, words, strategies)
        freeze_under(step, home, plan)
        before = _side(step, plan)
        step.make(read_model(ROOM, "what_if_listed"), "today_listed")
        step.make(read_model(ROOM, "campaign_kept"), "kept_candidate")
        step.make(read_model(ROOM, "what_if_base"), "campaign_base")
        freeze_under(step, home, other)
        after = _side(step, other)
        step.make(read_model(ROOM, "what_if_listed"), "other_listed")
        changes = [Change(*row[1:]) for row in step.rows(read_model(ROOM, "what_if_change"))]
    return WhatIfReport(
        month=month,
        today=before,
        other=after,
        comes=tuple(each for each in changes if not each.today),
        goes=tuple(each for each in changes if not each.other),
        changes=tuple(each for each in changes if each.today and each.other),
    )


def _side(step: Step, plan: Plan) -> Side:
    built = build(step, plan)
    rows = step.rows(read_model(ROOM, "what_if_strategy"))
    return Side(
        rows={code: count for code, count, _ in rows},
        cost={code: cost for code, _, cost in rows},
        outcomes=dict(built.by_outcome),
        reasons=dict(built.by_reason),
        benefit=built.benefit,
        bound=built.bound,
        gap=built.allocation.gap,
        prices=[dict(zip(PRICE, row, strict=True)) for row in step.rows(read_model(ROOM, "what_if_price"))],
    )


def _lines(report: WhatIfReport, words: Mapping[str, str], language: int) -> list[str]:
    today, other = report.today, report.other
    lines = [words["title"].format(month=report.month)]
    lines += [_strategy(words, code, today, other) for code in sorted({*today.rows, *other.rows})]
    sums = {"benefit": today.benefit, "other_benefit": other.benefit}
    lines.append(words["sum"].format(today=sum(today.cost.values()), other=sum(other.cost.values()), **sums))
    lines.append(words["gap"].format(bound=today.bound, other_bound=other.bound, gap=today.gap, other_gap=other.gap))
    lines += _counts(words, "outcomes", language, today.outcomes, other.outcomes)
    lines += _counts(words, "gates", language, today.reasons, other.reasons)
    lines.append(words["none"].format(today=today.without_action, other=other.without_action))
    for title, changes in (("comes", report.comes), ("goes", report.goes), ("changes", report.changes)):
        lines += _changes(words, title, changes)
    return lines


def _strategy(words: Mapping[str, str], code: str, today: Side, other: Side) -> str:
    counts = {"today": today.rows.get(code, 0), "other": other.rows.get(code, 0)}
    costs = {"cost": today.cost.get(code, 0), "other_cost": other.cost.get(code, 0)}
    return words["strategy"].format(name=code, **counts, **costs)


def _counts(
    words: Mapping[str, str], title: str, language: int, before: Mapping[str, int], after: Mapping[str, int]
) -> list[str]:
    names = CODES["campaign_outcome" if title == "outcomes" else "campaign_gate"]
    return [
        words[title],
        *(
            words["count"].format(name=names[code][language], today=before.get(code, 0), other=after.get(code, 0))
            for code in names
            if code in before or code in after
        ),
    ]


def _changes(words: Mapping[str, str], title: str, changes: tuple[Change, ...]) -> list[str]:
    lines = [words[title].format(count=len(changes)), *(_change(words, each) for each in changes[:SHOWN])]
    more = len(changes) - SHOWN
    return [*lines, words["more"].format(count=more)] if more > 0 else lines


def _change(words: Mapping[str, str], each: Change) -> str:
    gets = {"today": each.today or words["nothing"], "other": each.other or words["nothing"]}
    return words["row"].format(customer=each.customer_id, city=each.city_code, level=each.level, **gets)
