"""Surveys and follow-up: what runs every few minutes, what is taken in by night, and the month's report."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import Context

from mend.home import Home
from mend_airflow.business_date import Period
from mend_airflow.failures import failing_at_once
from mend_airflow.hooks import MendHook
from mend_airflow.operators.counts import Counts, in_words, small
from mend_airflow.operators.step import MonthStepOperator, StepOperator

if TYPE_CHECKING:
    import datetime as dt

    from mend.workbench import Workbench


class MomentOperator(StepOperator):
    """A step that looks at one moment: the end of its run's data interval. A run of an earlier interval, cleared and run again, looks
    at its own moment.

    Args:
        at: the moment, as ISO text with its zone.
    """

    template_fields: Sequence[str] = ("at",)

    def __init__(self, *, at: str = "{{ (dag_run.data_interval_end or dag_run.run_after).isoformat() }}", **kwargs: Any) -> None:
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
        """The step, for any caller: no scheduler, no metadata database. Recorded in the run history under the moment's day."""
        from mend import server
        from mend.operations import recorded_step

        server.start(home)
        with recorded_step(home.database_url, self.task_id, at.date(), at.date()) as recorded:
            counts = small(self.step(home, at))
            recorded.update(counts)
        return counts

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The step at the end of the last of the period's days."""
        import datetime as dt
        from zoneinfo import ZoneInfo

        midnight = dt.datetime.combine(period.last + dt.timedelta(days=1), dt.time(), ZoneInfo(bench.zone))
        return self.step(home, midnight)

    @abstractmethod
    def step(self, home: Home, at: dt.datetime) -> object:
        """What is done as of the moment; returns the domain's report."""


class SurveyDispatchOperator(MomentOperator):
    """Takes in the events dropped into `<home>/events` and queues the messages that they ask for, under the contact rules. The relay sends
    them.
    """

    def step(self, home: Home, at: dt.datetime) -> object:
        """Events taken in, messages queued, deferred, and refused by reason."""
        from mend.survey import dispatch

        return dispatch(home, at)


class ReplyOperator(MomentOperator):
    """Reads the customers' messages that arrived: answers, opt-outs, and what a person must read."""

    def step(self, home: Home, at: dt.datetime) -> object:
        """Messages read, by what they count for."""
        from mend.survey import read_replies

        return read_replies(home, at)


class FollowUpOperator(MomentOperator):
    """Opens follow-up tickets, looks at every clock (wakes, escalates, tells), and writes the work lists."""

    def step(self, home: Home, at: dt.datetime) -> object:
        """Answers and events dealt with, what happened to tickets, and the work lists."""
        from mend.followup import follow_up

        return follow_up(home, at)


class SurveyNightOperator(StepOperator):
    """Refreshes addresses and consents from the month's snapshot, takes in archived tickets and repairs, and exports the days' answers
    for the extract step (source sms_survey).
    """

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Customers refreshed, events found, and answers exported."""
        import datetime as dt
        from zoneinfo import ZoneInfo

        from mend.survey import export_answers, take_night

        after = dt.datetime.combine(period.last + dt.timedelta(days=1), dt.time(), ZoneInfo(bench.zone))
        night = take_night(home, bench, period.days, after)
        return {"night": night, "answers": sum(export_answers(home, day).answers for day in period.days)}


class SurveyReportOperator(MonthStepOperator):
    """Writes the month's report of surveys and follow-up: funnels, solved as a range, promises kept, refusals by reason."""

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Rows of each of the report's tables."""
        from mend.survey import month_report

        return month_report(home, bench, period.month)
