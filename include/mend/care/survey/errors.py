"""What can go wrong with surveys as a whole; a single message or line that is wrong is a recorded reason instead."""

from mend.errors import BadDataError


class SurveyError(BadDataError):
    """Surveys cannot be dispatched or reported; the message says why and what to do."""


class TakenError(SurveyError):
    """Somebody else has the reply, or took it since it was looked at."""
