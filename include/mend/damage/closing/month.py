"""The month's close: the damaged-customer database, and which indicators could be measured. Month to date is the same,
not yet closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from mend.damage.closing.errors import MonthError, ScoreMismatchError
from mend.damage.closing.inputs import NOTHING_LEFT_UNDER, ROOM, digests, open_month, rules_of, stored_digests
from mend.damage.scoring.measured import Provided, provided_by_sources, why_not_measured
from mend.damage.scoring.rules import RuleSet
from mend.foundation import operations
from mend.foundation.fact_days import fact_days
from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of, first_day_of, month_before, month_of
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.shares import Sharing, in_shares, share_count
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES

SCORE_RULE: Final = "score_is_carry_over_plus_ledger"
VIEWS: Final = read_models(ROOM, "entry", "exposure", "score_before")
MODELS: Final = read_models(
    ROOM, "carried", "experience", "damage", "contacted", "latest", "scored", "place", "damage_month"
)
COUNTED: Final = "select count(*), count(*) filter (level >= 1), count(*) filter (level >= 3) from damage_month"
SHARED: Final = [Sharing(name) for name in ("entry", "exposure", "score_before", "snapshot", "explicit")]
BYTES_A_ROW: Final = 400  # of the ledger: what the close of a share keeps in memory for each


@dataclass(frozen=True)
class MonthReport:
    """A closed month: customers, those with damage at all (level 1 and up), those severe or worse (level 3 and up), and
    the check.
    """

    month: str
    customers: int
    damaged: int
    severe: int
    not_measured: tuple[str, ...]
    mismatches: int


@dataclass
class _Found:
    """What the shares of a month gave so far."""

    files: list[StoredFile] = field(default_factory=list)
    customers: int = 0
    damaged: int = 0
    severe: int = 0
    mismatches: int = 0
    indicators: dict[str, tuple[int, int, Decimal]] = field(default_factory=dict)


def close_month(
    home: Home, bench: Workbench, month: str, provided: Provided | None = None, shares: int | None = None
) -> MonthReport:
    """Write mart_damage_month and mart_indicator_month of a month (YYYY-MM), and check every score against its ledger
    rows. What was read is written down last: a close that dies before is one to be made again.

    Args:
        shares: in how many shares of customers; by default as memory asks for.

    Raises:
        MonthError: when the month before is loaded and not closed yet (its scores carry over), or nothing of the month
        is loaded.
        ScoreMismatchError: when a score is not carry-over plus ledger; the month is not written then.
    """
    months = months_with_days(home, bench)
    _require_days(months, month)
    _require_month_before(bench, months, month)
    of_month, rules = equal("month", month), rules_of(home, month)
    digest = dict(digests(bench, [month]))[month]
    with open_step(bench, "close_month") as step:
        step.view("mart_damage_month", "month_before", where=equal("month", month_before(first_day_of(month))))
        open_month(home, step, month)
        found = _compute(step, rules, month, shares=shares)
        _check(home, month, found)
        bench.lake.replace("mart_damage_month", of_month, found.files)
        step.make(read_model(ROOM, "person_month"), "person_month", {"month": month})
        bench.lake.replace("mart_person_month", of_month, step.write("mart_person_month", "person_month"))
        unmeasured = _write_indicators(home, step, rules, month, provided, found)
        step.put("closed_now", {"month": "varchar", "inputs_digest": "varchar"}, [(month, digest)])
        bench.lake.replace("mart_closed_month", of_month, step.write("mart_closed_month", "closed_now"))
    return MonthReport(month, found.customers, found.damaged, found.severe, tuple(unmeasured), found.mismatches)


def month_to_date(
    home: Home, bench: Workbench, customer: str | None = None, folder: str | None = None
) -> dict[str, list[StoredFile]]:
    """Files with the rows of each month that is not closed yet, worked out from the ledger as it is.

    Args:
        customer: work out this customer's rows alone.
        folder: where the files go; by default into the engine's scratch folder, which is gone with the bench.
    """
    folder = folder or bench.engine.new_folder("months")
    closed, found = closed_months(bench), dict[str, list[StoredFile]]()
    for month in [each for each in months_with_days(home, bench) if each not in closed]:
        before = month_before(first_day_of(month))
        with open_step(bench, "month_to_date") as step:
            files = found.get(before, [])
            if before in closed:
                files = bench.lake.files("mart_damage_month", equal("month", before))
            step.view_files("mart_damage_month", files, "month_before")
            open_month(home, step, month)
            if customer is not None:
                step.put("only_customer", {"customer_id": "varchar"}, [(customer,)])
            found[month] = _compute(step, rules_of(home, month), month, folder=folder).files
    return found


def month_to_date_view(home: Home, bench: Workbench, customer: str | None = None) -> list[str]:
    """The view `mart_damage_month` with the months that are not closed yet; gives those months."""
    open_months = month_to_date(home, bench, customer)
    bench.view_files(
        "mart_damage_month", [*closed_files(bench), *(file for files in open_months.values() for file in files)],
        "mart_damage_month",
    )  # fmt: skip
    return list(open_months)


def closed_files(bench: Workbench) -> list[StoredFile]:
    """The files of mart_damage_month of the closed months."""
    closed = sorted(closed_months(bench))
    return bench.lake.files_of("mart_damage_month", month=closed) if closed else []


def months_with_days(home: Home, bench: Workbench) -> list[str]:
    """From the first month in which anything happened to the last; months between count, scores carry over."""
    days = fact_days(home, bench)
    months, month = [], min(days).replace(day=1) if days else dt.date.max
    while days and month <= max(days):
        months.append(month_of(month))
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return months


def closed_months(bench: Workbench) -> set[str]:
    """The months that were closed, also those in which nobody was damaged."""
    return set(stored_digests(bench))


def _require_days(months: Sequence[str], month: str) -> None:
    if month not in months:
        raise MonthError(
            f"{month}: nothing of it is loaded; run the nightly chain for its days first (mend run ... --from "
            f"{month}-01)"
        )


def _require_month_before(bench: Workbench, months: Sequence[str], month: str) -> None:
    before = month_before(first_day_of(month))
    if before in months and before not in closed_months(bench):
        raise MonthError(
            f"{month}: {before} is not closed, and its scores carry over; close {before} first (mend month {before})"
        )


def _compute(step: Step, rules: RuleSet, month: str, folder: str | None = None, shares: int | None = None) -> _Found:
    """The month of each share of customers: files, counts, and what each indicator did.

    Args:
        folder: of a month that is not closed: its files go there, not into the lake.
    """
    for view in VIEWS:
        step.make(view, view.name, is_view=view.name != "entry")  # the entries are read six times
    if step.has("only_customer"):
        _narrow(step)
    values, found = _values(rules, month, is_closed=folder is None), _Found()
    for _ in in_shares(step, SHARED, shares or _share_count(step, month)):
        step.run(MODELS, values)
        found.mismatches += len(step.rows(read_model(ROOM, "score_mismatch")))
        _add_counts(step, found)
        found.files += _written(step, folder and f"{folder}/{month}/{len(found.files)}")
    return found


def _written(step: Step, folder: str | None) -> list[StoredFile]:
    if folder is None:
        return step.write("mart_damage_month", "damage_month")
    written = step.bench.engine.write_file(TABLES["mart_damage_month"], "select * from damage_month", folder)
    return [StoredFile(path) for path in written]


def _narrow(step: Step) -> None:
    """Leave the rows of `only_customer` alone in the inputs."""
    for name in (sharing.name for sharing in SHARED):
        step.put_table(f"{name}_of_one", f"select {name}.* from {name} semi join only_customer using (customer_id)")
        step.put_view(name, f"select * from {name}_of_one")


def _share_count(step: Step, month: str) -> int:
    posted = step.bench.lake.rows_by_day("mart_damage_ledger", "posted_on")
    return share_count(step.bench, sum(posted.get(day, 0) for day in days_of(month)), BYTES_A_ROW)


def _values(rules: RuleSet, month: str, is_closed: bool) -> dict[str, Any]:
    settings = rules.settings
    names = ("carry_over", "exploration_months", "formation_months", "decline_share")
    return {
        "month": month,
        "first_day": first_day_of(month),
        "is_closed": is_closed,
        "nothing_left_under": NOTHING_LEFT_UNDER,
        "moderate_from": settings.level_points[0],
        "severe_from": settings.level_points[1],
        "critical_from": settings.level_points[2],
        **{name: getattr(settings, name) for name in names},
    }


def _add_counts(step: Step, found: _Found) -> None:
    customers, damaged, severe = step.bench.sql(COUNTED)[0]
    found.customers += customers
    found.damaged += damaged
    found.severe += severe
    for indicator_id, hits, hit_customers, points in step.rows(read_model(ROOM, "indicator_count")):
        before = found.indicators.get(indicator_id, (0, 0, Decimal(0)))
        found.indicators[indicator_id] = (before[0] + hits, before[1] + hit_customers, before[2] + points)


def _check(home: Home, month: str, found: _Found) -> None:
    """Sum of ledger rows and carry-over = score, for every customer: counted, kept with the quality results, and raised
    when broken.
    """
    day = days_of(month)[-1]
    result = {
        "record_code": "damage_month",
        "rule_id": SCORE_RULE,
        "severity_code": "critical",
        "business_date": day,
        "batch_number": None,
        "unexpected_count": found.mismatches,
        "element_count": found.customers,
        "is_passed": found.mismatches == 0,
    }
    operations.replace_quality_results(home.database_url, "scoring", [day], [result])
    if found.mismatches:
        raise ScoreMismatchError(
            f"mart_damage_month {month}: rule {SCORE_RULE}: {found.mismatches} of {found.customers} scores are not "
            f"carry-over plus ledger"
        )


def _without_month_before(step: Step, rules: RuleSet, month: str, reasons: dict[str, str | None]) -> dict[str, str]:
    """Indicators that compare with the month before cannot be measured in the first month."""
    before = month_before(first_day_of(month))
    if step.bench.lake.files_of("mart_topic_handling_month", month=[before]):
        return {}
    comparing = [rule.id for rule in rules.indicators.values() if "topic_median_seconds" in rule.condition.columns]
    return {name: f"no handling times of {before} to compare with" for name in comparing if reasons[name] is None}


def _write_indicators(
    home: Home, step: Step, rules: RuleSet, month: str, provided: Provided | None, found: _Found
) -> list[str]:
    """Write mart_indicator_month; gives the indicators and credits that could not be measured."""
    given = provided_by_sources(home) if provided is None else provided
    every: Sequence[str] = [*rules.indicators, *rules.credits]
    reasons = {name: why_not_measured(rules.indicators.get(name) or rules.credits[name], given) for name in every}
    reasons |= _without_month_before(step, rules, month, reasons)
    measured = {"indicator_id": "varchar", "is_measured": "boolean", "not_measured_reason": "varchar"}
    step.put("measured", measured, [(name, reason is None, reason) for name, reason in reasons.items()])
    total = {"indicator_id": "varchar", "hit_count": "bigint", "customer_count": "bigint", "points": "decimal(18, 3)"}
    step.put("indicator_total", total, [(name, *figures) for name, figures in found.indicators.items()])
    step.make(read_model(ROOM, "indicator_month"), "indicator_month", {"month": month})
    files = step.write("mart_indicator_month", "indicator_month")
    step.bench.lake.replace("mart_indicator_month", equal("month", month), files)
    return [name for name, reason in reasons.items() if reason]
