"""Follow-up tickets: what was promised, to whom, by when, and who is to do it."""

from mend.followup.errors import FollowUpError, FollowUpRuleError
from mend.followup.step import FollowedUp, follow_up, record, tick
from mend.followup.ticket import Event, Ticket
from mend.followup.work import WorkLists

__all__ = ["Event", "FollowUpError", "FollowUpRuleError", "FollowedUp", "Ticket", "WorkLists", "follow_up", "record", "tick"]
