"""What all steps of the chain have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.sdk import BaseOperator, Context

from mend.chain import Step, run_step
from mend.foundation.counts import Counts, in_words
from mend.foundation.periods import Period
from mend_airflow.business_date import Run, days_of, month_of
from mend_airflow.failures import failing_at_once
from mend_airflow.hooks import MendHook


class StepOperator(BaseOperator):
    """A step of mend.chain over the business days of its run.

    A subclass names the step; its template fields are the step's parameters. The result, a few counts, is recorded in
    the run history, logged, left as XCom, and attached to an event of each outlet asset for each of the run's days. A
    step may be cleared and run again at any time: it replaces what it wrote.
    """

    step: ClassVar[Step]
    ui_color: str = "#e8f1ee"

    def execute(self, context: Context) -> Counts:
        """The step, for Airflow."""
        home = MendHook().home()
        with failing_at_once():
            period = self.period_of(Run.of(context), home.zone)
            counts = run_step(self.step, home, period, self.parameters())
        self.log.info("%s for %s: %s", self.task_id, period, in_words(counts))
        self.announce(context, period, counts)
        return counts

    def period_of(self, run: Run, zone: str) -> Period:
        """The business days of a run."""
        return days_of(run, zone)

    def parameters(self) -> dict[str, Any]:
        """What the step is given by name."""
        return {name: getattr(self, name) for name in self.template_fields}

    def announce(self, context: Context, period: Period, counts: Counts) -> None:
        """Give every outlet asset an event per partition, with the counts."""
        self.emit(context, period.partition_keys, counts)

    def emit(self, context: Context, partition_keys: list[str], counts: Counts) -> None:
        """One event of each outlet asset per partition key."""
        for asset in self.outlets:
            event = context["outlet_events"][asset]
            event.extra.update(counts)  # type: ignore[arg-type] # a list of words is JSON too
            event.add_partitions(partition_keys)


class MonthStepOperator(StepOperator):
    """A step over the month of its run."""

    def period_of(self, run: Run, zone: str) -> Period:
        """The month of a run."""
        return month_of(run, zone)

    def announce(self, context: Context, period: Period, counts: Counts) -> None:
        """Give every outlet asset an event for the month."""
        self.emit(context, [period.month], counts)
