"""Extraction: what a source delivers for some business dates, through the parse gate, into raw_<record> and
core_quarantine."""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mend import operations
from mend.extract.config import Source
from mend.extract.database import stage_query
from mend.extract.landing import Landing
from mend.extract.locate import Delivery, deliveries
from mend.extract.parquet import stage_parquet
from mend.extract.report import ExtractReport, FileReport
from mend.extract.sheets import stage_sheet
from mend.extract.staging import StagedFile
from mend.extract.text_file import stage_text
from mend.home import Home
from mend.schema import RECORDS
from mend.workbench import Workbench

log = logging.getLogger(__name__)
ROWS_PER_WRITE = 5_000_000  # what is gathered before it is written: it bounds memory and scratch space, not the size of a file


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
) -> ExtractReport:
    """Load what the source delivers for the business dates. The same content of a day is loaded once, however often
    this runs.

    Args:
        days: business dates; of a file of many days the rows of these are taken.
        paths: folders or files to read instead of the source's own place.
        urls: connection name → database URL, for sources that name a connection.

    Raises the ExtractError that says which file is wrong and what to do; of that file, and of what was gathered with
    it, nothing is loaded.
    """
    wanted = tuple(sorted(set(days)))
    report = ExtractReport(source.source, wanted)
    _use_zone(bench, adopt_business_zone(home, source))
    home.scratch.mkdir(parents=True, exist_ok=True)
    with operations.locked(home.database_url, f"extract {source.source}"):
        found = deliveries(home, source, wanted, paths)
        for record in dict.fromkeys(delivery.record for delivery in found):
            landing = Landing(bench, home.database_url, source, RECORDS[record], wanted)
            of_record = [delivery for delivery in found if delivery.record == record]
            report.files += _land(home, landing, source, of_record, urls or {})
    for file in report.files:
        _log(file)
    return report


def _use_zone(bench: Workbench, zone: str) -> None:
    """A bench opened before its home had a zone works in the default one."""
    if bench.zone != zone:
        bench.execute("set TimeZone = $zone", {"zone": zone})
        bench.zone = zone


def _land(home: Home, landing: Landing, source: Source, found: Sequence[Delivery], urls: Mapping[str, str]) -> list[FileReport]:
    reports = []
    with tempfile.TemporaryDirectory(prefix="extract-", dir=home.scratch) as folder:
        for number, delivery in enumerate(found):
            staged = _staged(source, delivery, Path(folder), str(number), urls)
            reports.append(landing.take(staged, delivery.day))
            if landing.rows >= ROWS_PER_WRITE:
                landing.write()
        landing.write()
    return reports


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
        file.file_name,
        file.day or "many days",
        file.accepted,
        file.rejected,
        file.outside,
        sum(file.repaired.values()),
        ", known already" if file.is_known else "",
    )
    if file.extra_columns:
        log.warning("%s: columns that nothing maps were left out: %s", file.file_name, ", ".join(file.extra_columns))
    for remark in file.remarks:
        log.warning("%s: %s", file.file_name, remark)
    if file.reasons:
        log.warning("%s: rows rejected: %s", file.file_name, ", ".join(f"{words} {count}" for words, count in file.reasons.items()))
    if file.ambiguous_words:
        log.warning("%s: times that come twice were read as the later one: %s", file.file_name, file.ambiguous_words)
