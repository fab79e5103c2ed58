"""What can go wrong with follow-up as a whole; an event that does not fit a ticket is a recorded reason instead."""

from mend.errors import BadConfigurationError, BadDataError, CommandError


class FollowUpError(BadDataError):
    """A follow-up ticket or event that cannot be; the message names it."""


class FollowUpRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class DeskError(CommandError):
    """An action at the desk that cannot be; the message says why. `code` names the reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
