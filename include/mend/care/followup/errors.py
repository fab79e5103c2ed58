"""What can go wrong with follow-up as a whole; an event that does not fit a ticket is a recorded reason instead."""

from mend.errors import BadConfigurationError, BadDataError


class FollowUpError(BadDataError):
    """A follow-up ticket or event that cannot be; the message names it."""


class FollowUpRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""
