"""Scoring of business dates: the damage ledger and the exposure of what the run's rows and the clock touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mend.damage.scoring.contacts import Written, score_contacts
from mend.damage.scoring.credits import ledger_filter, settle_credits
from mend.damage.scoring.indicators import write_indicators
from mend.damage.scoring.measured import Provided, measured_only, provided_by_sources
from mend.damage.scoring.medians import Medians, apply_medians, refresh_medians, store_medians
from mend.damage.scoring.other_records import record_debits
from mend.damage.scoring.plan import Plan, first_offer_day, make_plan, read_changes, scored_days
from mend.damage.scoring.rules import RuleSet, load_rules, rules_on
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import all_of, equal, no_row, one_of
from mend.foundation.periods import month_before
from mend.foundation.pipeline.workbench import Workbench

OTHER_RECORDS = ("ticket", "callback_booking", "survey_reply")


@dataclass(frozen=True)
class ScoringReport:
    """What a scoring run did: days scored as a whole, days scored for some customers, rows written (those beside them
    in a file, too).
    """

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
    written = _debits(bench, plan, versions)
    _credits(bench, plan, versions, written)
    report = _commit(bench, plan, written)
    write_indicators(bench, every)
    store_medians(bench, medians)
    return report


def _plan(
    home: Home, bench: Workbench, days: list[dt.date], versions: list[RuleSet], loaded: Sequence[dt.date] | None
) -> tuple[Plan, Medians]:
    known = list(operations.loaded_dates(home.database_url) if loaded is None else loaded)
    read_changes(bench, days)
    medians = refresh_medians(bench, days)
    apply_medians(bench)
    again = [day for day in scored_days(bench, days) if month_before(day) in medians.moved and day not in days]
    plan = make_plan(bench, versions, days, known, again)
    for day in plan.full_days:
        rules_on(day, versions)  # a day before the first version is an error, not silence
    return plan, medians


def _debits(bench: Workbench, plan: Plan, versions: list[RuleSet]) -> Written:
    written = Written()
    for rules in versions:
        score_contacts(bench, rules, plan, written)
        for record in OTHER_RECORDS:
            written.add_entries(bench, record_debits(bench, record, rules, plan))
    if any(day > min(plan.full_days) for day in set(plan.scored_days) - set(plan.full_days)):
        _touch_whole_days(bench, written)
    return written


def _touch_whole_days(bench: Workbench, written: Written) -> None:
    """What stood on the days that are written wholly, and what comes there: credits of later days may rest on it."""
    before = bench.lake.files_of("mart_damage_ledger", record_code=["contact"], subject_on=written.contact_days)
    bench.view_files("mart_damage_ledger", [*before, *written.ledger], "whole_days")
    written.touch(bench, "whole_days")


def _credits(bench: Workbench, plan: Plan, versions: list[RuleSet], written: Written) -> None:
    """Settle again, from the first day on which anything changed, the credits that rest on it."""
    first = max(min([*written.changed_from, first_offer_day(bench, plan)]), min(plan.scored_days))
    within = max(version.settings.repairs_within_days for version in versions)
    bench.view_files("mart_damage_ledger", _files_now(bench, written, first, within), "ledger_now")
    entries = settle_credits(bench, versions, plan, first, written.touched)
    written.ledger += entries.coming
    written.ledger_going += entries.going


def _files_now(bench: Workbench, written: Written, first: dt.date, within_days: int) -> list[StoredFile]:
    """The ledger's files as they will be, of the window that credits from `first` on look back at."""
    replaced = bench.lake.files_of("mart_damage_ledger", record_code=["contact"], subject_on=written.contact_days)
    gone = {*written.ledger_going, *replaced}
    return [
        *written.ledger,
        *(
            file
            for file in bench.lake.files("mart_damage_ledger", ledger_filter(first, within_days))
            if file not in gone
        ),
    ]


def _commit(bench: Workbench, plan: Plan, written: Written) -> ScoringReport:
    """The exposure first: a customer whose day is not in it has no entries of that day in the ledger either (the plan
    counts on it).
    """
    contact_days = one_of("subject_on", written.contact_days)
    if written.contact_days or written.exposure or written.exposure_going:
        bench.lake.replace("mart_exposure_day", contact_days, written.exposure, gone=written.exposure_going)
    replaced = all_of(equal("record_code", "contact"), contact_days) if written.contact_days else no_row()
    bench.lake.replace("mart_damage_ledger", replaced, written.ledger, gone=written.ledger_going)
    return ScoringReport(
        days=len(plan.days),
        full_days=len(plan.full_days),
        partial_days=len(plan.partial_days),
        ledger_rows=_rows(bench, "mart_damage_ledger", written.ledger),
        exposure_rows=_rows(bench, "mart_exposure_day", written.exposure),
    )


def _rows(bench: Workbench, table: str, files: list[StoredFile]) -> int:
    bench.view_files(table, [file for file in files if not file.deletes], "_written")
    return int(bench.sql("select count(*) from _written")[0][0])
