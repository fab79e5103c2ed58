"""Scoring: the damage ledger and the exposure of the days that a run's rows and the clock bear on, whole days at once.

`make_record_entries` gives the debits of tickets, bookings and survey replies, `make_credit_entries` the credits. They
are few beside the contacts, may name each other's customers (merged ids), and run in one share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mend.damage.scoring.contacts import ContactFiles, score_contacts
from mend.damage.scoring.credit_entries import first_account_day, make_credit_entries, write_misnamed
from mend.damage.scoring.days import Changes, days_to_score, look_beside, read_changes
from mend.damage.scoring.indicators import put_indicators, write_indicators
from mend.damage.scoring.measured import Provided, measured_only, provided_by_sources
from mend.damage.scoring.medians import refresh_medians, store_medians
from mend.damage.scoring.record_entries import make_record_entries, open_record_inputs
from mend.damage.scoring.rules import RuleSet, load_rules, rules_on
from mend.foundation import operations
from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import all_of, at_least, at_most, one_of
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES

ROOM: Final = "damage/scoring"
LEDGER: Final = "mart_damage_ledger"
EXPOSURE: Final = "mart_exposure_day"
ENTRY: Final = {column.name: DUCKDB_TYPES[column.type] for column in TABLES[LEDGER].columns}


@dataclass(frozen=True)
class ScoringReport:
    """What a scoring run did: days written as a whole, and rows on them; records that name what is not their
    customer's."""

    days: int
    written_days: int
    ledger_rows: int
    exposure_rows: int
    misnamed_records: int = 0


def score(
    home: Home,
    bench: Workbench,
    days: Sequence[dt.date],
    loaded: Sequence[dt.date] | None = None,
    provided: Provided | None = None,
    shares: int | None = None,
) -> ScoringReport:
    """Bring ledger and exposure up to what these business dates brought, each in one commit.

    Args:
        days: the run's business dates; their core must be loaded.
        loaded: every business date whose core is loaded; asked of the operations database when not given.
        provided: the columns that the sources map, by record; read from their mappings when not given.
        shares: in how many shares of customers; by default as many as memory asks for.
    """
    given = provided_by_sources(home) if provided is None else provided
    every = load_rules(home.root / "rules")
    versions = [measured_only(rules, given) for rules in every]
    known = list(operations.loaded_dates(home.database_url) if loaded is None else loaded)
    days = sorted(days)
    with open_step(bench, "scoring") as step:
        changes = look_beside(step, versions, read_changes(step, days), days, known)
        remeasured = _days_of(step, versions, put_indicators(step, every, versions), max([*days, *known]))
        moved = _medians(step, versions, changes, days, known)
        scored = sorted({*days_to_score(versions, changes, days, known, moved), *remeasured})
        for day in scored:
            rules_on(day, versions)  # a day before the first version is an error, not silence
        contacts = score_contacts(step, versions, scored, shares)
        span = _span(changes, scored, max([*days, *known]))
        _make_entries(step, versions, every, contacts, scored, span)
        report = _write(step, contacts, scored, span, len(days))
        store_medians(step, moved)
        write_indicators(step)
    return report


def _days_of(step: Step, versions: Sequence[RuleSet], changed: Sequence[dt.date], last: dt.date) -> set[dt.date]:
    """Every day that was scored by versions of which other indicators can be measured now."""
    if not changed:
        return set()
    first = min(step.bench.lake.days(LEDGER, "posted_on") | step.bench.lake.days(EXPOSURE, "subject_on"), default=last)
    of_changed = [rules for rules in versions if rules.valid_from in changed]
    days = (first + number * ONE_DAY for number in range((last - first).days + 1))
    return {day for day in days if any(rules.covers(day) for rules in of_changed)}


def _medians(
    step: Step, versions: Sequence[RuleSet], changes: Changes, days: Sequence[dt.date], known: Sequence[dt.date]
) -> list[str]:
    """The medians that the days are held against, as far back as a cap asks for."""
    asked = {day - number * ONE_DAY for day in days_to_score(versions, changes, days, known, []) for number in (0, 9)}
    return refresh_medians(step, asked, changes.contacts)


def _span(changes: Changes, scored: Sequence[dt.date], last: dt.date) -> list[dt.date]:
    """The days on which debits of other records, and credits, may differ: from the first row that changed."""
    first = min([*scored, *([changes.first] if changes.first else [])])
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def _make_entries(
    step: Step,
    versions: Sequence[RuleSet],
    every: Sequence[RuleSet],
    contacts: ContactFiles,
    scored: Sequence[dt.date],
    span: Sequence[dt.date],
) -> None:
    """`entry_of_records` and `entry_of_credits`: what is posted on the span's days beside the contacts' entries."""
    of_records = {rule.id for rules in every for rule in rules.indicators.values() if rule.record != "contact"}
    step.put("record_indicator", {"indicator_id": "varchar"}, [(name,) for name in sorted(of_records)])
    step.put("scored_contact_day", {"day": "date"}, [(day,) for day in scored])
    step.put("scored_record_day", {"day": "date"}, [(day,) for day in span])
    step.put("entry_of_records", ENTRY, [])
    open_record_inputs(step, versions, span)
    is_one = all(versions[0].covers(day) for day in span) and len(versions) == 1  # then both are found in one pass
    for rules in versions:
        if covered := [day for day in span if rules.covers(day)]:
            make_record_entries(step, rules, covered, is_open=True, with_credits=is_one)
            step.append("_record_entry", "entry_of_records")
    since = all_of(at_least("posted_on", first_account_day(versions, span[0])), at_most("posted_on", span[-1]))
    step.view(LEDGER, as_name="ledger_old", where=since)
    step.view_files(LEDGER, contacts.ledger, "ledger_new")
    for model in read_models(ROOM, "ledger_debit", "ledger_credit"):
        step.make(model, model.name, is_view=True)
    step.put("entry_of_credits", ENTRY, [])
    make_credit_entries(step, versions, span, is_open=True, is_found=is_one)
    step.append("_credit_entry", "entry_of_credits")


def _write(
    step: Step, contacts: ContactFiles, scored: Sequence[dt.date], span: Sequence[dt.date], run_days: int
) -> ScoringReport:
    """Replace the days that were scored, and those on which another entry differs, each table in one commit."""
    rest = set(span) - set(scored)
    differing = {day for (day,) in step.rows(read_model(ROOM, "differing_day"))} if rest else set()
    written = sorted({*scored, *differing})
    step.put("written_day", {"day": "date"}, [(day,) for day in written])
    step.run(read_models(ROOM, "ledger_kept", "ledger_other"))
    ledger = [*contacts.ledger, *step.write(LEDGER, "ledger_other")]
    step.bench.lake.replace(EXPOSURE, one_of("subject_on", scored), contacts.exposure)
    step.bench.lake.replace(LEDGER, one_of("posted_on", written), ledger)
    exposure_rows = _rows(step, EXPOSURE, contacts.exposure)
    misnamed = write_misnamed(step, span)
    return ScoringReport(run_days, len(written), _rows(step, LEDGER, ledger), exposure_rows, misnamed)


def _rows(step: Step, table: str, files: Sequence[StoredFile]) -> int:
    step.view_files(table, files, "_written")
    return len(files) and int(step.bench.sql("select count(*) from _written")[0][0])
