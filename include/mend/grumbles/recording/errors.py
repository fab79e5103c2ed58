"""What can be wrong with the rules of recording."""

from mend.errors import BadConfigurationError


class RecordingRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the place and the reason."""
