"""What all steps of the chain have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from airflow.sdk import BaseOperator, Context

from mend.foundation.home import Home
from mend_airflow.business_date import DEFAULT_ZONE, Period, Run, days_of, month_of
from mend_airflow.failures import failing_at_once
from mend_airflow.hooks import MendHook
from mend_airflow.memory import collect_seldom
from mend_airflow.operators.counts import Counts, in_words, small
from mend_airflow.operators.days import days_to_make

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class StepOperator(BaseOperator):
    """A step over the business days of its run.

    A subclass says in `work` what the step does. Its result, a few counts, is recorded in the run history, logged, left
    as XCom, and attached to an event of each outlet asset for each of the run's days. A step may be cleared and run
    again at any time: it replaces what it wrote.
    """

    ui_color: str = "#e8f1ee"
    makes_due_days: bool = False  # also the days that a decision about a batch has marked

    def execute(self, context: Context) -> Counts:
        """The step, for Airflow."""
        collect_seldom()
        home = MendHook().home()
        with failing_at_once():
            period = self.period_of(Run.of(context), home.business_zone or DEFAULT_ZONE)
            counts = self.run(home, period)
        self.log.info("%s for %s: %s", self.task_id, period, in_words(counts))
        self.announce(context, period, counts)
        return counts

    def run(self, home: Home, period: Period) -> Counts:
        """The step, for any caller: no scheduler, no metadata database."""
        from mend.foundation.operations import recorded_step
        from mend.foundation.pipeline.workbench import Workbench

        with (
            Workbench.open(home) as bench,
            recorded_step(home.database_url, self.task_id, period.first, period.last) as recorded,
        ):
            if self.makes_due_days:
                period = self.days_to_make(home, period)
            counts = small(self.work(home, bench, period))
            recorded.update(counts)
        return counts

    def period_of(self, run: Run, zone: str) -> Period:
        """The business days of a run."""
        return days_of(run, zone)

    def days_to_make(self, home: Home, period: Period) -> Period:
        """The run's days of which anything is known, and the marked days that it has taken."""
        return days_to_make(home, period)

    @abstractmethod
    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """What the step does; returns the domain's report."""

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
