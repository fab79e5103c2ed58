"""Step 2 of the chain: judge what arrived, put bad rows aside, stop what follows when the data is too bad."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations import Batch
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS
from mend.intake.quality import pages
from mend.intake.quality.errors import CrossCheckError, DataQualityError
from mend.intake.quality.measure import Measured, measure, open_rows
from mend.intake.quality.quarantine import put_aside
from mend.intake.quality.report import QualityReport, RecordQuality
from mend.intake.quality.results import store
from mend.intake.quality.rules import Suite, suite
from mend.intake.quality.verdicts import Verdict, verdicts

log = logging.getLogger(__name__)


def gate(home: Home, bench: Workbench, days: Collection[dt.date]) -> QualityReport:
    """Judge the batches that arrived on these business dates. Safe to repeat.

    Raises DataQualityError, after everything is stored, when a batch breaks a critical rule beyond its share and nobody
    has accepted
    it: that batch is marked stopped, and every other one as passed. CrossCheckError when Great Expectations and our SQL
    disagree.
    """
    chosen = tuple(sorted(set(days)))
    known = [
        batch
        for batch in operations.batches(home.database_url)
        if batch.status_code != "loading" and not batch.is_withdrawn
    ]
    arrived = [batch for batch in known if batch.arrived_on in set(chosen)]
    records = []
    for name in RECORDS:
        batches = [batch for batch in arrived if batch.record_code == name]
        if batches:
            records.append(_gate_record(home, bench, suite(name), batches, known))
            store(home, name, chosen, records[-1].verdicts)
            stopped = {verdict.batch.batch_number for verdict in records[-1].broken if verdict.stops}
            operations.mark_gated(home.database_url, batches, stopped)
    report = QualityReport(chosen, tuple(records))
    pages.write_index(home, report)
    _tell(report)
    return report


def _gate_record(home: Home, bench: Workbench, rules: Suite, batches: list[Batch], known: list[Batch]) -> RecordQuality:
    from mend.intake.quality.expectations import cross_check, judge

    with open_step(bench, f"quality of {rules.record.name}") as step:
        open_rows(step, rules, batches)
        measured = measure(step, rules, batches)
        _require_all_rows(rules, batches, measured)
        judged = judge(bench, rules)
        cross_check(rules, judged, measured)
        quarantined = put_aside(step, rules, batches)
    pages.write_record(home, rules.record.name, judged.page)
    rows = sum(each.rows for each in measured.values())
    found = tuple(verdicts(rules, batches, measured, known))
    log.info("quality %s: %d rows, %d put aside", rules.record.name, rows, quarantined)
    return RecordQuality(rules.record.name, len(batches), rows, quarantined, found)


def _require_all_rows(rules: Suite, batches: list[Batch], measured: dict[int, Measured]) -> None:
    for batch in batches:
        held = measured[batch.batch_number].rows
        if held != batch.counts.accepted:
            raise CrossCheckError(
                f"{rules.record.name} batch {batch.batch_number} ({batch.file_name}): the parse gate passed "
                f"{batch.counts.accepted} rows, the lake holds {held}"
            )


def warnings_in_words(report: QualityReport) -> list[str]:
    """A line for each rule that warns, the most rows first: record, rule, rows and batches, and which file has most of
    them.
    """
    found: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in report.warnings:
        found[verdict.batch.record_code, verdict.rule.id].append(verdict)
    ordered = sorted(found.items(), key=lambda each: (-sum(v.unexpected for v in each[1]), each[0]))
    return [_warning(record, rule, broken) for (record, rule), broken in ordered]


def _warning(record: str, rule: str, broken: list[Verdict]) -> str:
    bad, rows = (sum(getattr(verdict, name) for verdict in broken) for name in ("unexpected", "elements"))
    worst = max(broken, key=lambda verdict: (verdict.unexpected, -verdict.batch.batch_number)).batch
    batches = (
        f"batch {worst.batch_number}"
        if len(broken) == 1
        else f"{len(broken)} batches, most in batch {worst.batch_number}"
    )
    return f"{record}, rule {rule} ({broken[0].rule.en}): {bad} of {rows} rows in {batches} ({worst.place})"


def _tell(report: QualityReport) -> None:
    for words in warnings_in_words(report):
        log.warning("quality %s", words)
    for verdict in report.accepted:
        log.warning("quality %s A person accepted the batch.", described(verdict))
    if report.stopping:
        lines = [
            f"{described(verdict)} {verdict.rule.runbook} {_ways_on(verdict.batch)}" for verdict in report.stopping[:5]
        ]
        more = len(report.stopping) - len(lines)
        raise DataQualityError("\n".join([*([f"{more} more, and:"] if more else []), *lines]))


def _ways_on(batch: Batch) -> str:
    number = batch.batch_number
    return (
        f"If the rows are as they should be: mend accept {number} --why ...; if it should not count: mend withdraw "
        f"{number} --why ..."
    )


def described(verdict: Verdict) -> str:
    """The verdict in words, without values: record, rule, file, counts."""
    batch, rule = verdict.batch, verdict.rule
    return (
        f"{batch.record_code} of {batch.arrived_on}, rule {rule.id} ({rule.en}; {rule.zh}): {verdict.unexpected} of "
        f"{verdict.elements} rows in {batch.place} (batch {batch.batch_number})."
    )
