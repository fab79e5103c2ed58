"""What can be wrong with a question about an incoming grumble."""

from mend.errors import BadConfigurationError, UsageError


class QuestionError(UsageError):
    """A question that cannot be answered as it is put; the message says what to do."""


class NothingPublishedError(BadConfigurationError):
    """No night has published what the answer needs."""


class IncomingRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the place and the reason."""
