"""Follow-up tickets: what was promised, to whom, by when, and who is to do it."""

from mend.care.followup.errors import FollowUpError, FollowUpRuleError
from mend.care.followup.step import FollowedUp, follow_up, record, tick
from mend.care.followup.ticket import Event, Ticket
from mend.care.followup.work import WorkLists

__all__ = [
    "Event",
    "FollowUpError",
    "FollowUpRuleError",
    "FollowedUp",
    "Ticket",
    "WorkLists",
    "follow_up",
    "record",
    "tick",
]
