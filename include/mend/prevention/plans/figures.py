"""What came of plans: complaints per 10 000 customers reached, this half-year and the one before, reviewed and not.

Nobody draws lots over plans: before and after, reviewed and not, differ in more than the review. The words say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.operations.statements import statement
from mend.foundation.periods import days_of, first_day_of, local_day, month_before
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.foundation.statistics import wilson
from mend.prevention.plans.plan import ROOM
from mend.prevention.plans.rates import Rate, Reached, change_of, rate_of

TABLE: Final = "mart_plan_month"
HALF_YEAR: Final = 6
AGAINST: Final[Mapping[str, str]] = {"now": "before", "reviewed": "not_reviewed"}
NO_PLANS: Final = ("no plans with known reach on one side", "一方没有已知触达数的方案")
ONE_PLAN: Final = ("one plan on one side: it tells nothing of how plans differ", "一方仅一个方案，无从得知方案间差异")
NO_COMPLAINTS: Final = ("no complaints on one side: a ratio says nothing", "一方无投诉，比值无意义")


@dataclass(frozen=True)
class Launched:
    """One plan that was launched.

    Args:
        is_reviewed: before its launch.
        reached: None when its reach or its complaints are not known.
        is_reviewed_late: only after it, which is not reviewed before it.
    """

    plan_id: str
    began_on: dt.date
    is_reviewed: bool
    reached: Reached | None
    is_reviewed_late: bool = False


@dataclass(frozen=True)
class PlanFigures:
    """Counts of a month's run."""

    month: str
    plans: int
    reviewed: int
    rows: int


def make_figures(home: Home, bench: Workbench, month: str) -> PlanFigures:
    """Write the month's rows of mart_plan_month: of the half-year that ends with it, and of the one before."""
    months = half_years(month)
    plans = _launched(home, bench, months)
    rows = rows_of(month, months, plans)
    with open_step(bench, "plan figures") as step:
        step.put_rows("figure", TABLE, rows)
        bench.lake.replace(TABLE, equal("month", month), step.write(TABLE, "figure"))
    own = [each for each in plans if each.began_on >= first_day_of(months[HALF_YEAR])]
    return PlanFigures(month, len(own), sum(each.is_reviewed for each in own), len(rows))


def half_years(month: str) -> list[str]:
    """The twelve months that end with it.

    >>> half_years("2026-03")[0], half_years("2026-03")[6]
    ('2025-04', '2025-10')
    """
    months = [month]
    while len(months) < 2 * HALF_YEAR:
        months.insert(0, month_before(first_day_of(months[0])))
    return months


def rows_of(month: str, months: Sequence[str], plans: Sequence[Launched]) -> list[dict[str, Any]]:
    """The rows of the table."""
    middle = first_day_of(months[HALF_YEAR])
    now = [each for each in plans if each.began_on >= middle]
    groups = {
        "now": now,
        "before": [each for each in plans if each.began_on < middle],
        "reviewed": [each for each in now if each.is_reviewed],
        "not_reviewed": [each for each in now if not each.is_reviewed],
    }
    rates = {code: rate_of([each.reached for each in own if each.reached is not None]) for code, own in groups.items()}
    found = []
    for code, own in groups.items():
        ends = (months[0], months[HALF_YEAR - 1]) if code == "before" else (months[HALF_YEAR], months[-1])
        span = {"month": month, "group_code": code, "first_month": ends[0], "last_month": ends[1]}
        found.append(span | _counts(own) | _figures(own, rates[code]) | _change(code, rates))
    return found


def _counts(own: Sequence[Launched]) -> dict[str, Any]:
    reviewed = sum(each.is_reviewed for each in own)
    low, high = wilson(reviewed, len(own)) if own else (None, None)
    return {
        "plan_count": len(own), "reviewed_count": reviewed,
        "reviewed_late_count": sum(each.is_reviewed_late for each in own), "reviewed_low": low, "reviewed_high": high,
        "counted_plans": sum(each.reached is not None for each in own),
    }  # fmt: skip


def _figures(own: Sequence[Launched], rate: Rate | None) -> dict[str, Any]:
    known = [each.reached for each in own if each.reached is not None]
    return {
        "customers_reached_count": sum(each.customers for each in known),
        "complaints_after_count": sum(each.complaints for each in known),
        "complaints_per_10000": rate.rate if rate else None,
        "low": rate.low if rate else None,
        "high": rate.high if rate else None,
        "dispersion": rate.dispersion if rate else None,
    }


def _change(code: str, rates: Mapping[str, Rate | None]) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("against_group_code", "change", "change_low", "change_high", "p_value", "reason_en", "reason_zh")
    )
    if code not in AGAINST:
        return empty
    now, then = rates[code], rates[AGAINST[code]]
    row = empty | {"against_group_code": AGAINST[code]}
    if now is None or then is None:
        return row | {"reason_en": NO_PLANS[0], "reason_zh": NO_PLANS[1]}
    found = change_of(now, then)
    if found is None:
        words = NO_COMPLAINTS if not now.complaints or not then.complaints else ONE_PLAN
        return row | {"reason_en": words[0], "reason_zh": words[1]}
    return row | {
        "change": found.change, "change_low": found.low, "change_high": found.high, "p_value": found.p_value,
    }  # fmt: skip


def _launched(home: Home, bench: Workbench, months: Sequence[str]) -> list[Launched]:
    """Plans of these months; reviewed: approved by the day of the launch, and not changed again by then."""
    with operations.transaction(home.database_url) as connection:
        rows = connection.execute(statement(ROOM, "approvals")).all()
    approvals = [
        (row.plan_id, local_day(row.approved_at, home.zone), row.changed_at and local_day(row.changed_at, home.zone))
        for row in rows
    ]
    span = {"first_day": days_of(months[0])[0], "last_day": days_of(months[-1])[-1]}
    with open_step(bench, "launched plans") as step:
        step.view("core_marketing_plan", "plan_row")
        found = step.rows(read_model(ROOM, "launched_plan"), span)
    return [
        Launched(
            plan_id,
            began_on,
            is_reviewed(plan_id, began_on, approvals),
            Reached(reached, complaints) if reached is not None and complaints is not None else None,
            is_reviewed_late(plan_id, began_on, approvals, span["last_day"]),
        )
        for plan_id, began_on, reached, complaints in found
    ]


def is_reviewed(plan_id: str, began_on: dt.date, approvals: Sequence[tuple[str, dt.date, dt.date | None]]) -> bool:
    """Whether an approval spoke of the plan as it was launched.

    Args:
        approvals: plan, day of the approval, day on which the changed plan began its next round; None: it never did.

    >>> approved, changed = dt.date(2026, 3, 2), dt.date(2026, 3, 9)
    >>> [is_reviewed("P1", dt.date(2026, 3, day), [("P1", approved, changed)]) for day in (1, 2, 8, 9)]
    [False, True, True, False]
    """
    return any(
        plan == plan_id and approved <= began_on and (changed is None or began_on < changed)
        for plan, approved, changed in approvals
    )


def is_reviewed_late(
    plan_id: str, began_on: dt.date, approvals: Sequence[tuple[str, dt.date, dt.date | None]], until: dt.date
) -> bool:
    """Whether it was approved after its launch alone, up to a day.

    >>> approvals = [("P1", dt.date(2026, 3, 2), None)]
    >>> [is_reviewed_late("P1", dt.date(2026, 3, day), approvals, dt.date(2026, 3, 31)) for day in (1, 2)]
    [True, False]
    >>> is_reviewed_late("P1", dt.date(2026, 2, 20), approvals, dt.date(2026, 2, 28))
    False
    """
    later = any(plan == plan_id and began_on < approved <= until for plan, approved, _ in approvals)
    return later and not is_reviewed(plan_id, began_on, approvals)


def read_figures(bench: Workbench, month: str) -> list[dict[str, Any]]:
    """The month's rows, in the order in which they are told."""
    names = [column.name for column in TABLES[TABLE].columns]
    with open_step(bench, "plan figures") as step:
        step.view(TABLE, "figure_row", where=equal("month", month))
        rows = [dict(zip(names, row, strict=True)) for row in step.rows(read_model(ROOM, "figure_of_month"))]
    order = ("now", "before", "reviewed", "not_reviewed")
    return sorted(rows, key=lambda row: order.index(row["group_code"]))
