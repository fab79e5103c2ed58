"""Steps that run every few minutes and look at one moment."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import Context

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.failures import failing_at_once
from mend_airflow.hooks import MendHook
from mend_airflow.operators.counts import Counts, in_words, small
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    import datetime as dt

    from mend.foundation.pipeline.workbench import Workbench


class MomentOperator(StepOperator):
    """A step that looks at one moment: the end of its run's data interval. A run of an earlier interval, cleared and
    run again, looks at its own moment.

    Args:
        at: the moment, as ISO text with its zone.
    """

    template_fields: Sequence[str] = ("at",)

    def __init__(
        self, *, at: str = "{{ (dag_run.data_interval_end or dag_run.run_after).isoformat() }}", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.at = at

    def execute(self, context: Context) -> Counts:  # noqa: ARG002 # the moment comes by the template
        """The step, for Airflow."""
        import datetime as dt

        home = MendHook().home()
        with failing_at_once():
            counts = self.look(home, dt.datetime.fromisoformat(self.at))
        self.log.info("%s at %s: %s", self.task_id, self.at, in_words(counts))
        return counts

    def look(self, home: Home, at: dt.datetime) -> Counts:
        """The step, for any caller: no scheduler, no metadata database. Recorded in the run history under the moment's
        day.
        """
        from mend.foundation.opening import open_home
        from mend.foundation.operations import recorded_step

        open_home(home)
        with recorded_step(home.database_url, self.task_id, at.date(), at.date()) as recorded:
            counts = small(self.step(home, at))
            recorded.update(counts)
        return counts

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The step at the end of the last of the period's days."""
        from mend.foundation.periods import day_ends

        return self.step(home, day_ends(period.last, bench.zone))

    @abstractmethod
    def step(self, home: Home, at: dt.datetime) -> object:
        """What is done as of the moment; returns the domain's report."""
