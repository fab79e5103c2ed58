"""Before and after the chain: which sources a run reads, and what of its days is missing at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import Context

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.lists import listed
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.foundation.operations import Batch, Stretch
    from mend.foundation.pipeline.workbench import Workbench


class SourceParameterError(ValueError):
    """The run's parameters `sources` and `paths` do not fit together."""


class IncompleteDayError(Exception):
    """Deliveries of the run's days are missing; the message names each, why, and what to do."""


class SourcesOperator(StepOperator):
    """Says which sources the run reads, a task each, and notes that their deliveries are awaited.

    Args:
        sources: names of sources, as their YAML files are called.
        paths: files to read instead of those that the source names; for one source only.
    """

    template_fields: Sequence[str] = ("sources", "paths")

    def __init__(self, *, sources: Sequence[str] | str, paths: Sequence[str] | str = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sources = sources
        self.paths = paths

    def execute(self, context: Context) -> list[str]:  # type: ignore[override] # the tasks that follow are one for each
        """The sources, for Airflow to make a task of each."""
        return list(super().execute(context)["sources"])  # type: ignore[arg-type]

    def work(self, home: Home, bench: Workbench, period: Period) -> object:  # noqa: ARG002 # nothing of it is in the lake yet
        """The sources."""
        from mend.foundation import operations

        names = list(dict.fromkeys(listed(self.sources)))
        if listed(self.paths) and len(names) != 1:
            raise SourceParameterError(
                f"`paths` are of one source, but `sources` names {', '.join(names) or 'none'}: name the one"
            )
        adopt_zone(home, names)
        operations.note_deliveries(home.database_url, names, period.days, "awaited")
        return {"sources": names}


class DeliveriesOperator(StepOperator):
    """Says what the run's days lack: deliveries that could not be read, batches that the quality gate stopped. Fails
    when there are any, after all else is done.

    Args:
        sources: names of the sources that the run reads.
    """

    template_fields: Sequence[str] = ("sources",)
    makes_due_days = True

    def __init__(self, *, sources: Sequence[str] | str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sources = sources

    def work(self, home: Home, bench: Workbench, period: Period) -> object:  # noqa: ARG002 # it asks the register alone
        """How many deliveries are there; raises IncompleteDayError for those that are not."""
        from mend.foundation import operations

        url, names = home.database_url, listed(self.sources)
        operations.settle_due_days(url, period.first, period.last, period.days)
        own = [*period.days, *Period(period.first, period.last).days]
        missing = operations.missing_deliveries(url, names, own)
        stopped = [batch for batch in operations.batches(url, period.days) if batch.is_stopped]
        if missing or stopped:
            lines = [*map(_missing, operations.stretches(missing)), *map(_stopped, stopped)]
            lacking = "a delivery is missing" if len(lines) == 1 else f"{len(lines)} deliveries are missing"
            raise IncompleteDayError("\n".join([f"{period}: everything else is done, but {lacking}", *lines]))
        return {"days": len(period.days), "sources": len(names)}


def adopt_zone(home: Home, names: Sequence[str]) -> None:
    """A home without a business zone takes that of the first source that can be read, before several tasks do at
    once.
    """
    from mend.intake.extract import ExtractError, adopt_business_zone, load_source

    for name in names:
        try:
            adopt_business_zone(home, load_source(home, name))
        except ExtractError:
            continue  # its own task says so
        return


def _missing(delivery: Stretch) -> str:
    why = delivery.message or "its task did not come to its end"
    return f"{delivery.source_code} of {delivery.days} was not read: {why}. When it is mended, run its `extract` again"


def _stopped(batch: Batch) -> str:
    number = batch.batch_number
    return (
        f"{batch.record_code} of {batch.arrived_on} in {batch.place} (batch {number}) was stopped by the quality "
        f"gate: put a mended "
        f"file in its place, or remove it, and run its `extract` again; or mend accept {number} --why ..., and run "
        f"`quality` again"
    )
