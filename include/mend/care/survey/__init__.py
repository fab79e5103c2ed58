"""Surveys by SMS: who is asked what, and what the answer means. What a month of it came to is in `report`: it reads the
lake, and pages that decide on replies must not load it."""

from mend.care.survey.answers import Exported, export_answers
from mend.care.survey.dispatch import Dispatched, dispatch, settle
from mend.care.survey.errors import SurveyError
from mend.care.survey.manual_queue import WaitingReply, manual_queue, read_waiting, settle_reply, settle_stopped
from mend.care.survey.replies import RepliesRead, read_replies

__all__ = [
    "Dispatched",
    "Exported",
    "RepliesRead",
    "SurveyError",
    "WaitingReply",
    "dispatch",
    "export_answers",
    "manual_queue",
    "read_replies",
    "read_waiting",
    "settle",
    "settle_reply",
    "settle_stopped",
]
