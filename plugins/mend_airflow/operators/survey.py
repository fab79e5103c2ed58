"""Surveys and follow-up: what runs every few minutes, what is taken in by night, and the month's report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.moment import MomentOperator
from mend_airflow.operators.step import MonthStepOperator, StepOperator

if TYPE_CHECKING:
    import datetime as dt

    from mend.foundation.pipeline.workbench import Workbench


class SurveyDispatchOperator(MomentOperator):
    """Takes in the events dropped into `<home>/events` and queues the messages that they ask for, under the contact
    rules. The relay sends them.
    """

    def step(self, home: Home, at: dt.datetime) -> object:
        """Events taken in, messages queued, deferred, and refused by reason."""
        from mend.care.survey import dispatch

        return dispatch(home, at)


class ReplyOperator(MomentOperator):
    """Reads the customers' messages that arrived: answers, opt-outs, and what a person must read."""

    def step(self, home: Home, at: dt.datetime) -> object:
        """Messages read, by what they count for."""
        from mend.care.survey import read_replies

        return read_replies(home, at)


class FollowUpOperator(MomentOperator):
    """Opens follow-up tickets, looks at every clock (wakes, escalates, tells), and writes the work lists."""

    def step(self, home: Home, at: dt.datetime) -> object:
        """Answers and events dealt with, what happened to tickets, and the work lists."""
        from mend.care.followup import follow_up

        return follow_up(home, at)


class SurveyAnswerOperator(StepOperator):
    """Hands the days' answers to our own surveys to the extract step (source sms_survey), before it reads. Days without
    answers leave no file.
    """

    def work(self, home: Home, bench: Workbench, period: Period) -> object:  # noqa: ARG002 # the answers are not in the lake yet
        """Answers handed over."""
        from mend.care.survey import export_answers

        return {"answers": sum(export_answers(home, day).answers for day in period.days)}


class SurveyNightOperator(StepOperator):
    """Refreshes addresses and consents from the month's snapshot, and takes in archived tickets and repairs as events
    to ask about.
    """

    makes_due_days = True

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Customers refreshed, and events found."""
        from mend.care.service_events.night import take_night
        from mend.foundation.periods import day_ends

        own = Period(period.first, period.last).days
        again = set(period.days) - set(own)
        return take_night(home, bench, own, day_ends(period.last, bench.zone), again=again)


class SurveyReportOperator(MonthStepOperator):
    """Writes the month's report of surveys and follow-up: funnels, solved as a range, promises kept, refusals by
    reason.
    """

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Rows of each of the report's tables."""
        from mend.care.survey import month_report

        return month_report(home, bench, period.month)
