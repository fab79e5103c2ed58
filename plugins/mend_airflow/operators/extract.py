"""Before and after the chain: which sources a run reads, what each delivers, and what is missing at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Context

from mend import chain
from mend_airflow.hooks.database import url_of_connection
from mend_airflow.operators.step import StepOperator


class SourcesOperator(StepOperator):
    """Says which sources the run reads, a task each, and notes that their deliveries are awaited.

    Args:
        sources: names of sources, as their YAML files are called.
        paths: files to read instead of those that the source names; for one source only.
    """

    step = chain.step("sources")
    template_fields: Sequence[str] = ("sources", "paths")

    def __init__(self, *, sources: Sequence[str] | str, paths: Sequence[str] | str = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sources = sources
        self.paths = paths

    def execute(self, context: Context) -> list[str]:  # type: ignore[override] # the tasks that follow are one for each
        """The sources, for Airflow to make a task of each."""
        return list(super().execute(context)["sources"])  # type: ignore[arg-type]


class ExtractOperator(StepOperator):
    """Reads a source's deliveries of the run's days through the parse gate into the raw tables; rejects go to
    quarantine.

    The same file twice is loaded once. A row that cannot be read is a counted reject; a file that is not what its
    source says fails the source's task at once, after its other files are loaded. Other sources go on.

    Args:
        source: name of the source, as its YAML file is called.
        paths: files to read instead of those that the source names; in the inbox or a folder of MEND_INBOX_FOLDERS.
    """

    step = chain.step("extract")
    template_fields: Sequence[str] = ("source", "paths")

    def __init__(self, *, source: str, paths: Sequence[str] | str = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.paths = paths

    def parameters(self) -> dict[str, Any]:
        """Also where the connections that the source names come from: Airflow."""
        return {**super().parameters(), "url_of": url_of_connection}


class DeliveriesOperator(StepOperator):
    """Says what the run's days lack: deliveries that could not be read, batches that the quality gate stopped. Fails
    when there are any, after all else is done.

    Args:
        sources: names of the sources that the run reads.
    """

    step = chain.step("deliveries")
    template_fields: Sequence[str] = ("sources",)

    def __init__(self, *, sources: Sequence[str] | str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sources = sources
