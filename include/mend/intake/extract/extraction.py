"""Extraction: what a source delivers for some business dates, through the parse gate, into raw_<record> and
core_quarantine."""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mend.foundation import operations
from mend.foundation.files import confined_to, inbox_folders
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS
from mend.intake.extract.config import Source
from mend.intake.extract.content import called
from mend.intake.extract.database import stage_query
from mend.intake.extract.errors import DatabaseSourceError, ExtractError, SeveralFailures, SeveralOutages
from mend.intake.extract.landing import Landing
from mend.intake.extract.locate import Delivery, locate
from mend.intake.extract.parquet import stage_parquet
from mend.intake.extract.report import ExtractReport, FileReport
from mend.intake.extract.settling import settle
from mend.intake.extract.sheets import stage_sheet
from mend.intake.extract.staging import StagedFile
from mend.intake.extract.text_file import stage_text

log = logging.getLogger(__name__)
ROWS_PER_WRITE = (
    5_000_000  # what is gathered before it is written: it bounds memory and scratch space, not the size of a file
)


def adopt_business_zone(home: Home, source: Source) -> str:
    """The home's business zone; a home that has none yet takes the source's, for good. Call it before a bench is
    opened."""
    if home.business_zone is None:
        home.remember_business_zone(source.zone)
    return home.business_zone or source.zone


def extract(
    home: Home,
    bench: Workbench,
    source: Source,
    days: Sequence[dt.date],
    paths: Sequence[Path] | None = None,
    urls: Mapping[str, str] | None = None,
    folders: Sequence[Path] | None = None,
) -> ExtractReport:
    """Load what the source delivers for the business dates. The same content of a day is loaded once, however often
    this runs.

    Args:
        days: business dates; of a file of many days the rows of these are taken.
        paths: folders or files to read instead of the source's own place.
        urls: connection name → database URL, for sources that name a connection.
        folders: where `paths` must be (`mend.foundation.files.inbox_folders`); anywhere when None. The source's own
            place is confined always.

    Raises the ExtractError that says which delivery is wrong and what to do, after everything else of the source is
    loaded; of that delivery nothing is. Of several a SeveralFailures with a line for each.
    """
    wanted = tuple(sorted(set(days)))
    report = ExtractReport(source.source, wanted)
    _use_zone(bench, adopt_business_zone(home, source))
    home.scratch.mkdir(parents=True, exist_ok=True)
    with operations.locked(home.database_url, f"extract {source.source}"):
        found = locate(home, source, wanted, paths, folders)
        failures = [*found.failures]
        confined = inbox_folders(home) if paths is None else folders
        for record in dict.fromkeys(delivery.record for delivery in found.deliveries):
            landing = Landing(bench, home.database_url, source, RECORDS[record], wanted)
            of_record = [delivery for delivery in found.deliveries if delivery.record == record]
            with confined_to(confined):
                report.files += _land(home, landing, source, of_record, urls or {})
            failures += landing.failures
        report.notes += settle(home, source, report, has_failed=bool(failures), is_own_place=paths is None)
    _tell(report)
    _raise(source, failures)
    return report


def _tell(report: ExtractReport) -> None:
    for file in report.files:
        _log(file)
    for words in report.warnings:
        log.warning("%s", words)


def _raise(source: Source, failures: Sequence[ExtractError]) -> None:
    if len(failures) == 1:
        raise failures[0]
    if failures:
        kind = SeveralOutages if any(isinstance(error, DatabaseSourceError) for error in failures) else SeveralFailures
        lines = "\n".join(str(error) for error in failures)
        several = kind(
            f"{len(failures)} deliveries of {source.source} could not be loaded (whatever else it delivered "
            f"was):\n{lines}"
        )
        several.failures = tuple(failures)
        raise several


def _use_zone(bench: Workbench, zone: str) -> None:
    """A bench opened before its home had a zone works in the default one."""
    if bench.zone != zone:
        bench.execute("set TimeZone = $zone", {"zone": zone})
        bench.zone = zone


def _land(
    home: Home, landing: Landing, source: Source, found: Sequence[Delivery], urls: Mapping[str, str]
) -> list[FileReport]:
    """Load the deliveries of a record; what is wrong with one is added to the landing's failures, and the others are
    loaded.
    """
    reports = []
    with tempfile.TemporaryDirectory(prefix="extract-", dir=home.scratch) as folder:
        for number, delivery in enumerate(found):
            try:
                staged = _staged(source, delivery, Path(folder), str(number), urls)
            except ExtractError as error:
                landing.failures.append(_of_day(_placed(error, delivery), delivery.day))
                continue
            reports.append(landing.take(staged, delivery.day, str(delivery.path.parent) if delivery.path else None))
            if landing.rows >= ROWS_PER_WRITE:
                landing.write()
        landing.write()
    return [report for report in reports if not report.is_refused]


def _placed(error: ExtractError, delivery: Delivery) -> ExtractError:
    """The error with the file's folder: two sources may have a file of that name, and a source one each day."""
    words, path = str(error), delivery.path
    if path is None or str(path) in words:
        return error
    named = next((name for name in (called(path), path.name) if words.startswith(name)), None)
    return type(error)(f"{path}: {words}" if named is None else f"{path}{words.removeprefix(named)}")


def _of_day(error: ExtractError, day: dt.date | None) -> ExtractError:
    error.day = day
    return error


def _staged(source: Source, delivery: Delivery, folder: Path, stem: str, urls: Mapping[str, str]) -> StagedFile:
    record = source.records[delivery.record]
    if delivery.path is None:
        name = f"{source.source}.{delivery.record}"
        return stage_query(name, record, source.limits, delivery.day or dt.date.min, urls, folder, stem)
    if record.reader.format == "parquet":
        return stage_parquet(delivery.path, record, folder, stem)
    stage = stage_sheet if record.reader.format in ("excel", "ods") else stage_text
    return stage(delivery.path, record, source.limits, folder, stem)


def _log(file: FileReport) -> None:
    log.info(
        "%s: %s of %s: %d accepted, %d rejected, %d outside, %d cells repaired%s",
        file.record,
        file.place,
        file.day or "many days",
        file.accepted,
        file.rejected,
        file.outside,
        sum(file.repaired.values()),
        ", known already" if file.is_known else "",
    )
    if file.reasons:
        log.warning(
            "%s: rows rejected: %s", file.place, ", ".join(f"{words} {count}" for words, count in file.reasons.items())
        )
