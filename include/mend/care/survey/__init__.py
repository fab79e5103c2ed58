"""Surveys by SMS: who is asked when and why, what the answer means, and what a month of it came to."""

from mend.care.survey.addresses import refresh_addresses
from mend.care.survey.answers import Exported, export_answers
from mend.care.survey.dispatch import Dispatched, dispatch, settle
from mend.care.survey.errors import SurveyError
from mend.care.survey.events import Taken, take_events
from mend.care.survey.night import Night, take_night
from mend.care.survey.people import manual_queue, settle_reply
from mend.care.survey.recheck import recheck
from mend.care.survey.replies import RepliesRead, read_replies
from mend.care.survey.report import MonthReport, month_report

__all__ = [
    "Dispatched",
    "Exported",
    "MonthReport",
    "Night",
    "RepliesRead",
    "SurveyError",
    "Taken",
    "dispatch",
    "export_answers",
    "manual_queue",
    "month_report",
    "read_replies",
    "recheck",
    "refresh_addresses",
    "settle",
    "settle_reply",
    "take_events",
    "take_night",
]
