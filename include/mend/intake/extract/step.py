"""The steps before and after a night's others: which sources are read, what each delivers, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Final

from mend.errors import is_known
from mend.foundation import operations
from mend.foundation.files import inbox_folders
from mend.foundation.home import Home
from mend.foundation.operations import Batch, Stretch
from mend.foundation.periods import Period
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.extract.config import Source
from mend.intake.extract.connections import url_from_environment
from mend.intake.extract.errors import ExtractError, IncompleteDayError, SourceParameterError
from mend.intake.extract.extraction import adopt_business_zone, extract
from mend.intake.extract.registry import load_source
from mend.intake.extract.report import ExtractReport

COUNTED: Final = ("files", "known", "accepted", "rejected", "outside", "repaired")
SELDOM: Final = ("expanded", "folded", "unattributed", "ambiguous")  # said where there are any
SHOWN: Final = 6


def note_sources(
    home: Home,
    _: Workbench,
    days: Sequence[dt.date],
    *,
    sources: Sequence[str] | str,
    paths: Sequence[str] | str = (),
) -> dict[str, Any]:
    """Say which sources a run reads, and note that their deliveries are awaited.

    Args:
        paths: files to read instead of those that the source names; for one source only.
    """
    names = list(dict.fromkeys(listed(sources)))
    if listed(paths) and len(names) != 1:
        raise SourceParameterError(
            f"`paths` are of one source, but `sources` names {', '.join(names) or 'none'}: name the one"
        )
    _adopt_zone(home, names)
    operations.note_deliveries(home.database_url, names, days, "awaited")
    return {"sources": names}


def extract_source(
    home: Home,
    bench: Workbench,
    days: Sequence[dt.date],
    *,
    source: str,
    paths: Sequence[str] | str = (),
    url_of: Callable[[str], str] = url_from_environment,
) -> dict[str, Any]:
    """Read a source's deliveries: sums over all files, the rows accepted of each record, why rows were rejected, and
    what wants a look. What failed is noted day by day.

    Args:
        url_of: gives the URL of a database by the name of its connection.
    """
    url = home.database_url
    try:
        report = _extracted(home, bench, days, source, paths, url_of)
    except Exception as error:
        failed = _failed_days(error, days)
        operations.note_deliveries(url, [source], set(days) - set(failed), "done")
        for day, words in failed.items():
            operations.note_deliveries(url, [source], [day], "failed", words)
        raise
    operations.note_deliveries(url, [source], days, "done")
    return {"source": source, **_counts(report)}


def require_deliveries(home: Home, _: Workbench, period: Period, *, sources: Sequence[str] | str) -> dict[str, Any]:
    """How many deliveries are there; IncompleteDayError for those that are not: what could not be read, and batches
    that the quality gate stopped. The days that the run has made are settled."""
    url, names = home.database_url, listed(sources)
    operations.settle_due_days(url, period.first, period.last, period.days)
    missing = operations.missing_deliveries(url, names, [*period.days, *period.own_days])
    stopped = [batch for batch in operations.batches(url, period.days) if batch.is_stopped]
    if missing or stopped:
        lines = [*map(_missing, operations.stretches(missing)), *map(_stopped, stopped)]
        lacking = "a delivery is missing" if len(lines) == 1 else f"{len(lines)} deliveries are missing"
        raise IncompleteDayError("\n".join([f"{period}: everything else is done, but {lacking}", *lines]))
    return {"days": len(period.days), "sources": len(names)}


def listed(value: Sequence[str] | str) -> list[str]:
    """A list that may have been given as one text.

    >>> listed("bank, tickets"), listed(["bank"]), listed("")
    (['bank', 'tickets'], ['bank'], [])
    """
    parts = value.split(",") if isinstance(value, str) else value
    return [part.strip() for part in parts if part.strip()]


def _adopt_zone(home: Home, names: Sequence[str]) -> None:
    """A home without a business zone takes that of the first source that can be read, before several tasks do at
    once.
    """
    for name in names:
        try:
            adopt_business_zone(home, load_source(home, name))
        except ExtractError:
            continue  # its own task says so
        return


def _extracted(
    home: Home,
    bench: Workbench,
    days: Sequence[dt.date],
    name: str,
    paths: Sequence[str] | str,
    url_of: Callable[[str], str],
) -> ExtractReport:
    source = load_source(home, name)
    files = [Path(path) for path in listed(paths)] or None
    return extract(home, bench, source, days, files, _urls(source, url_of), inbox_folders(home))


def _urls(source: Source, url_of: Callable[[str], str]) -> dict[str, str]:
    """The databases of the connections that a source's records name."""
    names = {record.reader.connection for record in source.records.values()} - {None}
    return {str(name): url_of(str(name)) for name in names}


def _counts(report: ExtractReport) -> dict[str, Any]:
    counted = report.counts()
    sums = {name: sum(counts[name] for counts in counted.values()) for name in COUNTED}
    sums |= {name: total for name in SELDOM if (total := sum(counts.get(name, 0) for counts in counted.values()))}
    accepted = {name: each["accepted"] for name, each in counted.items()}
    reasons = {"rejected_for": report.reasons()[:SHOWN]} if report.reasons() else {}
    return {**sums, **accepted, **reasons, "warnings": report.warnings}


def _failed_days(error: Exception, days: Collection[dt.date]) -> dict[dt.date, str]:
    """The days that are not complete for the error, each with why; the source's others are loaded by then."""
    if isinstance(error, ExtractError):
        return error.by_day(days)
    # The message of an error that is not known may hold a customer's data.
    return dict.fromkeys(days, str(error) if is_known(error) else type(error).__name__)


def _missing(delivery: Stretch) -> str:
    why = delivery.message or "its task did not come to its end"
    return f"{delivery.source_code} of {delivery.days} was not read: {why}. When it is mended, run its `extract` again"


def _stopped(batch: Batch) -> str:
    number = batch.batch_number
    return (
        f"{batch.record_code} of {batch.arrived_on} in {batch.place} (batch {number}) was stopped by the quality "
        f"gate: put a mended file in its place, or remove it, and run its `extract` again; or mend accept {number} "
        "--why ..., and run `quality` again"
    )
