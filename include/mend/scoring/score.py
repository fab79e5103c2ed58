"""Scoring of business dates: the damage ledger and the exposure of what the run's rows and the clock touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mend import operations
from mend.calendar import month_before
from mend.home import Home
from mend.lake.filters import Filter, all_of, any_of, equal, one_of
from mend.scoring.contacts import Written, score_contacts
from mend.scoring.credits import ledger_filter, settle_credits
from mend.scoring.indicators import write_indicators
from mend.scoring.measured import Provided, measured_only, provided_by_sources
from mend.scoring.medians import Medians, apply_medians, refresh_medians, store_medians
from mend.scoring.other_records import record_debits
from mend.scoring.plan import Plan, first_offer_day, make_plan
from mend.scoring.rules import RuleSet, load_rules, rules_on
from mend.workbench import Workbench

AWAITED = ("ticket_after_seconds", "booking_after_seconds")  # features that say whether a ticket or booking came
OTHER_RECORDS = ("ticket", "callback_booking", "survey_reply")


@dataclass(frozen=True)
class ScoringReport:
    """What a scoring run did: days scored as a whole, days scored for some customers, rows written (kept rows of those days included)."""

    days: int
    full_days: int
    partial_days: int
    ledger_rows: int
    exposure_rows: int


def score(
    home: Home,
    bench: Workbench,
    days: Sequence[dt.date],
    loaded: Sequence[dt.date] | None = None,
    provided: Provided | None = None,
) -> ScoringReport:
    """Bring ledger and exposure up to what these business dates brought, in two commits.

    Args:
        days: the run's business dates; their core must be loaded.
        loaded: every business date whose core is loaded; asked of the operations database when not given.
        provided: the columns that the sources give, by record; asked of the operations database when not given.
    """
    given = provided_by_sources(home) if provided is None else provided
    every = load_rules(home.root / "rules")
    versions = [measured_only(rules, given) for rules in every]
    days = sorted(days)
    plan, medians = _plan(home, bench, days, versions, loaded)
    written, replaced = _debits(bench, plan, versions)
    _credits(bench, plan, versions, written, replaced)
    report = _commit(bench, plan, written, replaced)
    write_indicators(bench, every)
    store_medians(bench, medians)
    return report


def _plan(
    home: Home, bench: Workbench, days: list[dt.date], versions: list[RuleSet], loaded: Sequence[dt.date] | None
) -> tuple[Plan, Medians]:
    known = list(operations.loaded_dates(home.database_url) if loaded is None else loaded)
    reach = max(version.settings.contact_reach_days for version in versions)
    rules = [rule for version in versions for rule in version.of_record("contact")]
    awaiting = {feature: sorted({rule.id for rule in rules if feature in rule.condition.columns}) for feature in AWAITED}
    plan = make_plan(bench, days, known, [], reach, awaiting)
    medians = refresh_medians(bench, days)
    again = [day for day in plan.scored_days if month_before(day) in medians.moved and day not in plan.full_days]
    if again:
        plan = make_plan(bench, days, known, again, reach, awaiting)
    apply_medians(bench)
    for day in plan.full_days:
        rules_on(day, versions)  # a day before the first version is an error, not silence
    return plan, medians


def _debits(bench: Workbench, plan: Plan, versions: list[RuleSet]) -> tuple[Written, dict[str, list[dt.date]]]:
    written = Written()
    replaced: dict[str, list[dt.date]] = {}
    for rules in versions:
        score_contacts(bench, rules, plan, written)
        for record in OTHER_RECORDS:
            files, record_days = record_debits(bench, record, rules, plan)
            written.ledger += files
            replaced.setdefault(record, []).extend(record_days)
    replaced["contact"] = sorted(written.contact_days)
    return written, replaced


def _credits(bench: Workbench, plan: Plan, versions: list[RuleSet], written: Written, replaced: dict[str, list[dt.date]]) -> None:
    """Settle again every credit from the first day on which anything that it rests on changed."""
    first = _first_change(bench, plan, written, replaced)
    within = max(version.settings.repairs_within_days for version in versions)
    bench.view("mart_damage_ledger", where=ledger_filter(first, within), as_name="ledger_file")
    bench.engine.view("ledger_written", bench.described("mart_damage_ledger"), written.ledger)
    bench.execute(
        """create or replace temp view ledger_now as
        select * from ledger_written
        union all
        select ledger_file.* from ledger_file
        anti join replaced_partition using (record_code, subject_on)"""
    )
    files, days = settle_credits(bench, versions, plan, first)
    written.ledger += files
    replaced["credit"] = days


def _first_change(bench: Workbench, plan: Plan, written: Written, replaced: dict[str, list[dt.date]]) -> dt.date:
    """The first day whose damage or offers of repair this run changes. Leaves the table `replaced_partition`."""
    bench.execute("create or replace temp table replaced_partition (record_code varchar, subject_on date)")
    for record, days in replaced.items():
        if days:
            bench.execute("insert into replaced_partition select $record, unnest(cast($days as date[]))", {"record": record, "days": days})
    others = [bench.lake.files_of("mart_damage_ledger", record_code=[record], subject_on=replaced[record]) for record in OTHER_RECORDS]
    bench.engine.view("others_before", bench.described("mart_damage_ledger"), [file for files in others for file in files])
    bench.engine.view("others_written", bench.described("mart_damage_ledger"), written.ledger)
    columns = "entry_id, customer_id, subject_id, points, felt_at, posted_on"
    before = (
        f"select {columns} from others_before semi join replaced_partition using (record_code, subject_on) where record_code <> 'contact'"
    )
    after = f"select {columns} from others_written where record_code <> 'contact'"
    changed = bench.sql(f"select min(posted_on) from (({before} except {after}) union all ({after} except {before}))")[0][0]
    contact_first = [min(replaced["contact"])] if replaced["contact"] else []
    first: dt.date = min([*contact_first, first_offer_day(bench, plan), *([changed] if changed else [])])
    return max(first, min(plan.scored_days))


def _commit(bench: Workbench, plan: Plan, written: Written, replaced: dict[str, list[dt.date]]) -> ScoringReport:
    contact_days = replaced["contact"]
    if contact_days:
        bench.lake.replace("mart_exposure_day", one_of("subject_on", contact_days), written.exposure)
    bench.lake.replace("mart_damage_ledger", _partitions(replaced), written.ledger)
    return ScoringReport(
        days=len(plan.days),
        full_days=len(plan.full_days),
        partial_days=len(plan.partial_days),
        ledger_rows=_rows(bench, "mart_damage_ledger", written.ledger),
        exposure_rows=_rows(bench, "mart_exposure_day", written.exposure),
    )


def _rows(bench: Workbench, table: str, files: list[str]) -> int:
    bench.engine.view("_written", bench.described(table), files)
    return int(bench.sql("select count(*) from _written")[0][0])


def _partitions(replaced: dict[str, list[dt.date]]) -> Filter:
    """The ledger's partitions of these records and days."""
    filters = [all_of(equal("record_code", record), one_of("subject_on", days)) for record, days in replaced.items() if days]
    if not filters:
        return equal("record_code", "")
    return filters[0] if len(filters) == 1 else any_of(*filters)
