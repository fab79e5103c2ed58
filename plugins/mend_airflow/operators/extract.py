"""Step 1: read what the sources deliver, each source in a task of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from airflow.sdk import BaseHook

from mend.errors import is_known
from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.hooks.database import database_url
from mend_airflow.operators.counts import SHOWN
from mend_airflow.operators.lists import listed
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.intake.extract import ExtractReport, Source

COUNTED: Final = ("files", "known", "accepted", "rejected", "outside", "repaired")
SELDOM: Final = ("expanded", "folded", "unattributed", "ambiguous")  # said where there are any


class ExtractOperator(StepOperator):
    """Reads a source's deliveries of the run's days through the parse gate into the raw tables; rejects go to
    quarantine.

    The same file twice is loaded once. A row that cannot be read is a counted reject; a file that is not what its
    source says fails the source's task at once, after its other files are loaded. Other sources go on.

    Args:
        source: name of the source, as its YAML file is called.
        paths: files to read instead of those that the source names; in the inbox or a folder of MEND_INBOX_FOLDERS.
    """

    template_fields: Sequence[str] = ("source", "paths")

    def __init__(self, *, source: str, paths: Sequence[str] | str = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.paths = paths

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Sums over all files, the rows accepted of each record, why rows were rejected, and what wants a look."""
        from mend.foundation import operations

        try:
            report = self._extracted(home, bench, period)
        except Exception as error:
            failed = _failed_days(error, period)
            operations.note_deliveries(home.database_url, [self.source], set(period.days) - set(failed), "done")
            for day, words in failed.items():
                operations.note_deliveries(home.database_url, [self.source], [day], "failed", words)
            raise
        operations.note_deliveries(home.database_url, [self.source], period.days, "done")
        counted = report.counts()
        sums = {name: sum(counts[name] for counts in counted.values()) for name in COUNTED}
        sums |= {name: total for name in SELDOM if (total := sum(counts.get(name, 0) for counts in counted.values()))}
        accepted = {name: each["accepted"] for name, each in counted.items()}
        reasons = {"rejected_for": report.reasons()[:SHOWN]} if report.reasons() else {}
        return {"source": self.source, **sums, **accepted, **reasons, "warnings": report.warnings}

    def _extracted(self, home: Home, bench: Workbench, period: Period) -> ExtractReport:
        from mend.foundation.files import inbox_folders
        from mend.intake.extract import extract, load_source

        source = load_source(home, self.source)
        paths = [Path(path) for path in listed(self.paths)] or None
        return extract(home, bench, source, period.days, paths, urls_of(source), inbox_folders(home))


def _failed_days(error: Exception, period: Period) -> dict[dt.date, str]:
    """The days that are not complete for the error, each with why; the source's others are loaded by then."""
    from mend.intake.extract import ExtractError

    if isinstance(error, ExtractError):
        return error.by_day(period.days)
    # The message of an error that is not known may hold a customer's data.
    return dict.fromkeys(period.days, str(error) if is_known(error) else type(error).__name__)


def urls_of(source: Source) -> dict[str, str]:
    """The databases of the Airflow connections that a source's records name."""
    names = {record.reader.connection for record in source.records.values()} - {None}
    return {str(name): database_url(BaseHook.get_connection(str(name))) for name in names}
