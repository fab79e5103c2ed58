"""Step 3: the one valid version of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.days import require_days
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class NotJudgedError(Exception):
    """Batches that the quality gate has not seen; the message names them."""


class CoreLoadOperator(StepOperator):
    """Brings the core tables up to what arrived on the run's days, and accounts for every line.

    Rows in = accepted + quarantined + superseded, batch by batch; a difference fails the task at once. A batch that the
    quality gate stopped is left out, and one that it has not judged fails the task.
    """

    makes_due_days = True

    def days_to_make(self, home: Home, period: Period) -> Period:
        """A day of which nothing could be read must not count as an empty one."""
        return require_days(home, period)

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Rows of each record's core table on the days rebuilt, and where the lines that came are."""
        from mend.intake import core

        require_judged(home, period)
        loaded = core.load(home, bench, period.days)
        batches = core.reconcile(home, bench, period.days)
        return {
            **{f"core_{record.record}": record.rows for record in loaded.records},
            "batches": len(batches),
            "lines": sum(batch.lines for batch in batches),
            "accepted": sum(batch.accepted for batch in batches),
            "quarantined": sum(batch.quarantined for batch in batches),
            "superseded": sum(batch.superseded for batch in batches),
        }


def require_judged(home: Home, period: Period) -> None:
    """NotJudgedError when the quality gate did not come to its end: what it would have stopped must not slip in."""
    from mend.foundation import operations

    if home.as_of:
        return  # what it shows was in core tables
    unseen = [
        b
        for b in operations.batches(home.database_url, period.days)
        if b.status_code == "loaded" and b.gate_code is None
    ]
    if waiting := [batch for batch in unseen if not batch.is_withdrawn]:
        first = waiting[0]
        raise NotJudgedError(
            f"{len(waiting)} batches have not passed the quality gate, the first is {first.batch_number} "
            f"({first.place}): "
            "run `quality` again to its end, with what follows it"
        )
