"""What can go wrong with surveys as a whole; a single message or line that is wrong is a recorded reason instead."""


class SurveyError(RuntimeError):
    """Surveys cannot be dispatched or reported; the message says why and what to do."""
