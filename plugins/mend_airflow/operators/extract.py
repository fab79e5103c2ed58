"""Step 1: read what the sources deliver."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from airflow.sdk import BaseHook

from mend.home import Home
from mend_airflow.business_date import Period
from mend_airflow.hooks.database import database_url
from mend_airflow.operators.counts import SHOWN
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.extract import Source
    from mend.workbench import Workbench


COUNTED: Final = ("files", "known", "accepted", "rejected", "outside", "repaired")
SELDOM: Final = ("expanded", "folded", "unattributed", "ambiguous")  # said where there are any


class ExtractOperator(StepOperator):
    """Reads the deliveries of the run's days through the parse gate into the raw tables; rejects go to quarantine.

    The same file twice is loaded once. A row that cannot be read is a counted reject; a file that is not what its
    source says fails the task at once.

    Args:
        sources: names of sources, as their YAML files are called.
        paths: files to read instead of those that the sources name; for one source only.
    """

    template_fields: Sequence[str] = ("sources", "paths")

    def __init__(self, *, sources: Sequence[str] | str, paths: Sequence[str] | str = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sources = sources
        self.paths = paths

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Sums over all files, the rows accepted of each source's records, and why rows were rejected."""
        from mend.extract import extract, load_source

        paths = [Path(path) for path in listed(self.paths)] or None
        sources = [load_source(home, name) for name in listed(self.sources)]
        reports = [extract(home, bench, source, period.days, paths, urls_of(source)) for source in sources]
        counted = [(report.source, record, counts) for report in reports for record, counts in report.counts().items()]
        sums = {name: sum(counts[name] for _, _, counts in counted) for name in COUNTED}
        sums |= {name: total for name in SELDOM if (total := sum(counts.get(name, 0) for _, _, counts in counted))}
        accepted = {f"{source}_{record}": counts["accepted"] for source, record, counts in counted}
        reasons = [words for report in reports for words in report.reasons()]
        return sums | accepted | ({"rejected_for": reasons[:SHOWN]} if reasons else {})


def urls_of(source: Source) -> dict[str, str]:
    """The databases of the Airflow connections that a source's records name."""
    names = {record.reader.connection for record in source.records.values()} - {None}
    return {str(name): database_url(BaseHook.get_connection(str(name))) for name in names}


def listed(value: Sequence[str] | str) -> list[str]:
    """A list that may have been given as one text.

    >>> listed("bank, tickets"), listed(["bank"]), listed("")
    (['bank', 'tickets'], ['bank'], [])
    """
    parts = value.split(",") if isinstance(value, str) else value
    return [part.strip() for part in parts if part.strip()]
