"""Surveys and follow-up: what runs every few minutes, what is taken in by night, and the month's report."""

from __future__ import annotations

from mend import chain
from mend_airflow.operators.moment import MomentOperator
from mend_airflow.operators.step import MonthStepOperator, StepOperator


class SurveyDispatchOperator(MomentOperator):
    """Takes in the events dropped into `<home>/events` and queues the messages that they ask for, under the contact
    rules. The relay sends them.
    """

    step = chain.step("dispatch")


class ReplyOperator(MomentOperator):
    """Reads the customers' messages that arrived: answers, opt-outs, and what a person must read."""

    step = chain.step("replies")


class FollowUpOperator(MomentOperator):
    """Opens follow-up tickets, looks at every clock (wakes, escalates, tells), and writes the work lists."""

    step = chain.step("follow_up")


class SurveyAnswerOperator(StepOperator):
    """Hands the days' answers to our own surveys to the extract step (source sms_survey), before it reads. Days without
    answers leave no file.
    """

    step = chain.step("answers")


class SurveyNightOperator(StepOperator):
    """Refreshes addresses and consents from the month's snapshot, and takes in archived tickets and repairs as events
    to ask about.
    """

    step = chain.step("surveys")


class SurveyReportOperator(MonthStepOperator):
    """Writes the month's report of surveys and follow-up: funnels, solved as a range, promises kept, refusals by
    reason.
    """

    step = chain.step("survey_report")
