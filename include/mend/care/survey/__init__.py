"""Surveys by SMS: who is asked what, what the answer means, and what a month of it came to."""

from mend.care.survey.answers import Exported, export_answers
from mend.care.survey.dispatch import Dispatched, dispatch, settle
from mend.care.survey.errors import SurveyError
from mend.care.survey.manual_queue import WaitingReply, manual_queue, read_waiting, settle_reply, settle_stopped
from mend.care.survey.replies import RepliesRead, read_replies
from mend.care.survey.report import MonthReport, month_report

__all__ = [
    "Dispatched",
    "Exported",
    "MonthReport",
    "RepliesRead",
    "SurveyError",
    "WaitingReply",
    "dispatch",
    "export_answers",
    "manual_queue",
    "month_report",
    "read_replies",
    "read_waiting",
    "settle",
    "settle_reply",
    "settle_stopped",
]
