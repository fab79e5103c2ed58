"""A month of touchpoints: measured, judged, compared with the months before, acted on; written as tables and pages."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal, every_row
from mend.foundation.operations import last_loaded_day
from mend.foundation.periods import ONE_DAY, days_of, first_day_of, month_before
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.prevention.touchpoint.actions import ASPECTS, Action, Due, Key, follow
from mend.prevention.touchpoint.answers import answers_of
from mend.prevention.touchpoint.formulas import Formula, digest_of, why_not_measured
from mend.prevention.touchpoint.joint import joint_intervals
from mend.prevention.touchpoint.judging import Effectiveness, Ratings, judge
from mend.prevention.touchpoint.measuring import ROOM, Measured, measure, provided_in
from mend.prevention.touchpoint.plan import Plan, plan_of
from mend.prevention.touchpoint.report import Page, write_report
from mend.prevention.touchpoint.rows import (
    MeasureResult,
    Row,
    action_row,
    judged_of,
    measure_row,
    numbered,
    touchpoint_row,
    with_previous,
)  # fmt: skip
from mend.prevention.touchpoint.scores import Estimate, Sums, mean_of, rate_of, scored

Provided: TypeAlias = Mapping[str, frozenset[str]]
NOTHING: Final = Sums(0, 0, 0, 0, 0, 0)
MOST_DAMAGE: Final = 3  # indicators that are named


@dataclass(frozen=True)
class TouchpointReport:
    """A month's touchpoints: all, measured, rated alone, those of which nobody knows anything; surely low; actions
    opened, carried on, overdue, done and dropped; the folder.
    """

    month: str
    touchpoints: int
    measured: int
    rated: int
    unknown: int
    low: int
    opened: int
    carried_on: int
    overdue: int
    done: int
    dropped: int
    folder: str


def assess(
    home: Home, bench: Workbench, month: str, plan: Plan | None = None, provided: Provided | None = None
) -> TouchpointReport:
    """Write mart_touchpoint_month and mart_touchpoint_measure of a month (YYYY-MM), mart_touchpoint_action of it and of
    the assessed months after it, which follow from it, and the pages below `reports/touchpoints/<month>`.

    Args:
        plan: by default what the inventory in force on the month's last day says.
        provided: the contract columns that the month's sources map; by default as they said.
    """
    plan = plan or plan_of(home, month)
    with open_step(bench, "touchpoints") as step:
        mapped = provided_in(home, month) if provided is None else provided
        results, measured = _measured(step, month, plan, mapped)
        rows = _touchpoint_rows(month, plan, results, measured)
        months = _known_months(step) | {month: rows}
        known_on = last_loaded_day(home.database_url, days_of(month)[-1])
        due = Due(_told(step), known_on + plan.due_days * ONE_DAY)
        actions = follow({each: judged_of(found) for each, found in months.items()}, answers_of(home), due)
        _write(step, "mart_touchpoint_measure", month, [measure_row(month, each) for each in results])
        for each in sorted(months):
            if each >= month:
                _write_month(step, each, months, actions[each])
    page = Page(month, with_previous(months[month], months.get(_before(month), [])), tuple(results),
                _action_rows(month, months, actions[month]))  # fmt: skip
    folder = home.root / "reports" / "touchpoints" / month
    write_report(folder, page)
    return _report(month, rows, actions[month], str(folder))


def _measured(step: Step, month: str, plan: Plan, provided: Provided) -> tuple[list[MeasureResult], Measured]:
    missing = {each: why_not_measured(each, provided) for each in plan.formulas}
    usable = [each for each in plan.formulas if missing[each] is None]
    found = measure(step, month, [each.code for each in plan.facts], usable)
    return [_result(each, missing[each], found, plan.confidence) for each in plan.formulas], found


def _result(formula: Formula, missing: tuple[str, str] | None, found: Measured, confidence: float) -> MeasureResult:
    if missing is not None:
        return MeasureResult(formula, "not_mapped", missing, NOTHING)
    sums = found.sums.get((formula.touchpoint, formula.aspect, formula.number), NOTHING)
    if sums.customers < formula.least_count or sums.customers < 2:
        en = f"too little data: {sums.rows} rows of {sums.customers} customers, fewer than {formula.least_count}"
        zh = f"数据不足：{sums.customers}位客户{sums.rows}条，少于{formula.least_count}"
        return MeasureResult(formula, "too_little_data", (en, zh), sums)
    rate = rate_of(sums, confidence, formula.is_share)
    return MeasureResult(formula, "measured", None, sums, rate, scored(rate, formula.worst, formula.best))


def _score_at(results: Sequence[MeasureResult], confidence: float) -> Estimate:
    """The mean of the measures that have data."""
    formulas = [(each.formula, each.sums) for each in results if each.score is not None]
    return mean_of([scored(rate_of(sums, confidence, by.is_share), by.worst, by.best) for by, sums in formulas])


def _joint(plan: Plan, by_aspect: Mapping[Key, Sequence[MeasureResult]]) -> dict[Key, Estimate]:
    """The joint interval of each score that is measured."""
    measured = {key: found for key, found in by_aspect.items() if any(each.score is not None for each in found)}
    scores = {key: partial(_score_at, found) for key, found in measured.items()}
    return joint_intervals(scores, plan.low_below, plan.joint_confidence)


def _touchpoint_rows(month: str, plan: Plan, results: Sequence[MeasureResult], measured: Measured) -> list[Row]:
    by_aspect: dict[Key, list[MeasureResult]] = defaultdict(list)
    for each in results:
        by_aspect[each.formula.touchpoint, each.formula.aspect].append(each)
    joint = _joint(plan, by_aspect)
    due_on = days_of(month)[-1] + plan.due_days * ONE_DAY
    rows = []
    for number, facts in numbered(plan.facts):
        aspects = {
            name: _effectiveness(
                by_aspect[facts.code, name],
                joint.get((facts.code, name)),
                plan.ratings.get((facts.code, name), Ratings()),
                plan,
            )
            for name in ASPECTS
        }
        has_contacts = any(
            each.state != "not_mapped" and each.formula.record == "contact"
            for name in ASPECTS
            for each in by_aspect[facts.code, name]
        )
        damage = _damage(measured, facts.code) if has_contacts else (None, None, None)
        rows.append(touchpoint_row(month, number, facts, aspects, plan.low_below, due_on, plan.version, damage))
    return rows


def _effectiveness(
    results: Sequence[MeasureResult], joint: Estimate | None, ratings: Ratings, plan: Plan
) -> Effectiveness:
    """The mean of the measures that have data. Which these are is part of the formula: a mean of others is no movement
    of the touchpoint."""
    found = [each for each in results if each.score is not None]
    return judge(
        _score_at(results, plan.confidence) if found else None,
        joint,
        ratings,
        plan.low_below,
        sum(each.sums.rows for each in found),
        min((each.sums.customers for each in found), default=0),
        digest_of([each.formula for each in found]),
        any(each.state == "too_little_data" for each in results),
    )


def _damage(measured: Measured, code: str) -> tuple[int, str | None, str | None]:
    """Points, and what most of them are in words: English, Chinese."""
    found = measured.damage.get(code, {})
    total = sum(found.values())
    if total <= 0:
        return total, None, None
    most = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_DAMAGE]
    said = [
        [f"{measured.words.get(name, (name, name))[place]} {points / total:.0%}" for name, points in most]
        for place in (0, 1)
    ]
    return total, ", ".join(said[0]), "、".join(said[1])


def _known_months(step: Step) -> dict[str, list[Row]]:
    """The rows of every assessed month."""
    step.view("mart_touchpoint_month", "month_file", where=every_row())
    found: dict[str, list[Row]] = defaultdict(list)
    for row in step.arrow(read_model(ROOM, "assessed")).to_pylist():
        found[row["month"]].append(row)
    return dict(found)


def _told(step: Step) -> dict[str, dt.date]:
    """The day by which each action is due, as its owner was told first."""
    step.view("mart_touchpoint_action", "action_file", where=every_row())
    rows = step.arrow(read_model(ROOM, "listed_action")).to_pylist()
    return {row["action_id"]: row["due_on"] for row in reversed(rows)}


def _write_month(step: Step, month: str, months: Mapping[str, Sequence[Row]], actions: Sequence[Action]) -> None:
    _write(step, "mart_touchpoint_month", month, with_previous(months[month], months.get(_before(month), [])))
    _write(step, "mart_touchpoint_action", month, _action_rows(month, months, actions))


def _action_rows(month: str, months: Mapping[str, Sequence[Row]], actions: Sequence[Action]) -> list[Row]:
    latest: dict[str, Row] = {}
    for each in sorted(each for each in months if each <= month):
        latest |= {row["touchpoint_code"]: row for row in months[each]}
    return [action_row(month, each, latest[each.touchpoint]) for each in actions]


def _before(month: str) -> str:
    return month_before(first_day_of(month))


def _write(step: Step, table: str, month: str, rows: Sequence[Row]) -> None:
    """Put the rows in place of the month's."""
    import pyarrow as pa

    files: list[Any] = []
    if rows:
        names = TABLES[table].column_names
        step.put_arrow(f"{table}_row", pa.table({name: pa.array([row[name] for row in rows]) for name in names}))
        files = step.write(table, f"{table}_row")
    step.bench.lake.replace(table, equal("month", month), files)


def _report(month: str, rows: Sequence[Row], actions: Sequence[Action], folder: str) -> TouchpointReport:
    bases = [{row[f"{name}_basis_code"] for name in ASPECTS} for row in rows]
    levels = [{row[f"{name}_level_code"] for name in ASPECTS} for row in rows]
    states = [each.state for each in actions]
    return TouchpointReport(
        month,
        len(rows),
        sum(bool(each & {"measured", "both"}) for each in bases),
        sum("rated" in each and not each & {"measured", "both"} for each in bases),
        sum(each <= {"none", "too_little_data"} for each in bases),
        sum("low" in each for each in levels),
        sum(each.why == "new" for each in actions),
        sum(each.why != "new" and each.state in ("open", "overdue") for each in actions),
        states.count("overdue"),
        states.count("done"),
        states.count("dropped"),
        folder,
    )
