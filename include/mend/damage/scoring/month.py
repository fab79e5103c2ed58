"""The month's close: the damaged-customer database, and which indicators could be measured. Month to date is the same,
not yet closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mend.damage.scoring.measured import Provided, provided_by_sources, why_not_measured
from mend.damage.scoring.rules import RuleSet, load_rules, rules_on
from mend.errors import BadDataError
from mend.foundation import operations
from mend.foundation.fact_days import fact_days
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal
from mend.foundation.periods import ONE_DAY, days_of, first_day_of, month_before, month_of
from mend.foundation.persons import by_person, view_persons
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench

SNAPSHOTS_BEFORE = 3
SCORE_RULE = "score_is_carry_over_plus_ledger"


class MonthError(BadDataError):
    """A month that cannot be closed; the message says why and what to do."""


class ScoreMismatchError(BadDataError):
    """Scores that are not the sum of their ledger rows and carry-over; the message names month, rule and count."""


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


def close_month(home: Home, bench: Workbench, month: str, provided: Provided | None = None) -> MonthReport:
    """Write mart_damage_month and mart_indicator_month of a month (YYYY-MM), and check every score against its ledger
    rows.

    Raises:
        MonthError: when the month before is loaded and not closed yet (its scores carry over), or nothing of the month
        is loaded.
        ScoreMismatchError: when a score is not carry-over plus ledger; the month is not written then.
    """
    rules = _rules_of(home, month)
    months = months_with_days(home, bench)
    _require_days(months, month)
    _require_month_before(bench, months, month)
    _open_month(bench, month)
    _compute(bench, rules, month, is_closed=True)
    mismatches = _check(home, bench, rules, month)
    bench.replace("mart_damage_month", "select * from damage_month", equal("month", month))
    _keep_persons(bench, month)
    unmeasured = _indicators(home, bench, rules, month, provided)
    customers, damaged, severe = bench.sql(
        "select count(*), count(case when level >= 1 then 1 end), count(case when level >= 3 then 1 end) from "
        "damage_month"
    )[0]
    return MonthReport(month, customers, damaged, severe, tuple(unmeasured), mismatches)


def month_to_date_view(home: Home, bench: Workbench, customer: str | None = None) -> list[str]:
    """The view `mart_damage_month` with the months that are not closed yet worked out from the ledger as it stands;
    gives those months.

    Args:
        customer: work out this customer's rows alone.
    """
    closed = closed_months(bench)
    bench.view("mart_damage_month", as_name="closed_month")
    bench.execute(
        "create or replace temp table only_customer as select $customer as customer_id", {"customer": customer}
    )
    bench.execute("create or replace temp table open_month as select * from closed_month where false")
    open_months = [month for month in months_with_days(home, bench) if month not in closed]
    for month in open_months:
        _open_month(bench, month, also="open_month")
        if customer is not None:
            _only(bench, "ledger", "exposure", "snapshot")
        _compute(bench, _rules_of(home, month), month, is_closed=False)
        bench.execute("insert into open_month by name select * from damage_month")
    bench.execute(
        "create or replace temp view mart_damage_month as select * from closed_month union all by name select * from "
        "open_month"
    )
    return open_months


def _only(bench: Workbench, *views: str) -> None:
    """Narrow the month's inputs to `only_customer`."""
    for name in views:
        bench.execute(
            f"create or replace temp table {name}_of_one as select * from {name} semi join only_customer using "
            f"(customer_id)"
        )
        bench.execute(f"create or replace temp view {name} as select * from {name}_of_one")


def _rules_of(home: Home, month: str) -> RuleSet:
    return rules_on(days_of(month)[-1], load_rules(home.root / "rules"))


def months_with_days(home: Home, bench: Workbench) -> list[str]:
    """From the first month in which anything happened to the last; months between count, scores carry over."""
    days = fact_days(home, bench)
    months, month = [], min(days).replace(day=1) if days else dt.date.max
    while days and month <= max(days):
        months.append(month_of(month))
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return months


def closed_months(bench: Workbench) -> set[str]:
    """The months that were closed. One in which nobody was damaged has no customers, and its indicators all the
    same.
    """
    bench.view("mart_indicator_month", as_name="closed_indicator")
    bench.view("mart_damage_month", as_name="closed_customer")
    query = "select month from closed_indicator union select month from closed_customer where is_closed"
    return {month for (month,) in bench.sql(query)}


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


def _open_month(bench: Workbench, month: str, also: str | None = None) -> None:
    """The inputs of the month: `ledger`, `exposure`, `month_before`, `snapshot`; and `person_of_customer`. Whoever had
    several ids stands in all of them under the one they go by at the month's end: what was posted on another id stays
    there, and counts here.
    """
    days = days_of(month)
    merged = view_persons(bench, days[-1]) > 0
    by_id = "_by_id" if merged else ""
    posted = all_of(at_least("posted_on", days[0]), at_most("posted_on", days[-1]))
    bench.view("mart_damage_ledger", where=posted, as_name=f"ledger{by_id}")
    bench.view("mart_exposure_day", days=[*days, days[-1] + ONE_DAY], as_name=f"exposure{by_id}")
    before = month_before(days[0])
    bench.view("mart_damage_month", where=equal("month", before), as_name="month_file")
    more = f" union all by name select * from {also}" if also else ""
    query = f"select * from (select * from month_file{more}) where month = '{before}'"
    bench.execute(f"create or replace temp view month_before{by_id} as {query}")
    bench.view("core_customer", days=_snapshot_days(days[0]), as_name=f"snapshot{by_id}")
    if merged:
        for name in ("ledger", "exposure", "month_before"):
            by_person(bench, name)
        by_person(bench, "snapshot", is_snapshot=True)


def _keep_persons(bench: Workbench, month: str) -> None:
    """Write down whom the month's close took for one person: whether it still holds is asked by the months."""
    of_month = equal("month", month)
    if bench.sql("select 1 from person_of_customer limit 1") or bench.lake.rows_matching("mart_person_month", of_month):
        bench.replace(
            "mart_person_month", "select $month as month, * from person_of_customer", of_month, {"month": month}
        )


def _snapshot_days(first: dt.date) -> list[dt.date]:
    days = [first]
    for _ in range(SNAPSHOTS_BEFORE):
        days.append((days[-1] - ONE_DAY).replace(day=1))
    return days


def _compute(bench: Workbench, rules: RuleSet, month: str, is_closed: bool) -> None:
    days, settings = days_of(month), rules.settings
    bench.execute(
        f"create or replace temp table damage_month as {models.load('damage/scoring', 'damage_month')}",
        {
            "month": month,
            "first_day": days[0],
            "last_day": days[-1],
            "is_closed": is_closed,
            "escalations": [rule.id for rule in rules.indicators.values() if rule.is_escalation],
            "moderate_from": settings.level_points[0],
            "severe_from": settings.level_points[1],
            "critical_from": settings.level_points[2],
            **{
                name: getattr(settings, name)
                for name in (
                    "carry_over",
                    "explicit_level",
                    "escalated_level",
                    "exploration_months",
                    "formation_months",
                    "decline_share",
                )
            },
        },
    )


def _check(home: Home, bench: Workbench, rules: RuleSet, month: str) -> int:
    """Sum of ledger rows and carry-over = score, for every customer: counted, kept with the quality results, and raised
    when broken.
    """
    days = days_of(month)
    values = {"first_day": days[0], "last_day": days[-1], "carry_over": rules.settings.carry_over}
    count = int(bench.sql(f"select count(*) from ({models.load('damage/scoring', 'score_mismatch')})", values)[0][0])
    total = int(bench.sql("select count(*) from damage_month")[0][0])
    _record_check(home, days[-1], count, total)
    if count:
        raise ScoreMismatchError(
            f"mart_damage_month {month}: rule {SCORE_RULE}: {count} of {total} scores are not carry-over plus ledger"
        )
    return count


def _record_check(home: Home, day: dt.date, count: int, total: int) -> None:
    result = {
        "record_code": "damage_month",
        "rule_id": SCORE_RULE,
        "severity_code": "critical",
        "business_date": day,
        "batch_number": None,
        "unexpected_count": count,
        "element_count": total,
        "is_passed": count == 0,
    }
    operations.replace_quality_results(home.database_url, "scoring", [day], [result])


def _without_month_before(
    bench: Workbench, rules: RuleSet, month: str, reasons: dict[str, str | None]
) -> dict[str, str]:
    """Indicators that compare with the month before cannot be measured in the first month."""
    before = month_before(first_day_of(month))
    bench.view("mart_topic_handling_month", where=equal("month", before), as_name="topic_before")
    if bench.sql("select 1 from topic_before where month = $month limit 1", {"month": before}):
        return {}
    comparing = [rule.id for rule in rules.indicators.values() if "topic_median_seconds" in rule.condition.columns]
    return {name: f"no handling times of {before} to compare with" for name in comparing if reasons[name] is None}


def _indicators(home: Home, bench: Workbench, rules: RuleSet, month: str, provided: Provided | None) -> list[str]:
    """Write mart_indicator_month; gives the indicators and credits that could not be measured."""
    given = provided_by_sources(home) if provided is None else provided
    every: Sequence[str] = [*rules.indicators, *rules.credits]
    reasons = {name: why_not_measured(rules.indicators.get(name) or rules.credits[name], given) for name in every}
    reasons |= _without_month_before(bench, rules, month, reasons)
    bench.execute(
        "create or replace temp table measured (indicator_id varchar, is_measured boolean, not_measured_reason varchar)"
    )
    rows = [(name, reason is None, reason) for name, reason in reasons.items()]
    bench.engine.connection.executemany("insert into measured values (?, ?, ?)", rows)
    days = days_of(month)
    values = {"month": month, "first_day": days[0], "last_day": days[-1]}
    bench.replace(
        "mart_indicator_month", models.load("damage/scoring", "indicator_month"), equal("month", month), values
    )
    return [name for name, reason in reasons.items() if reason]
