"""What can be wrong with the specialists of key points and with their work."""

from mend.errors import BadConfigurationError, UsageError


class SpecialistError(BadConfigurationError, ValueError):
    """A file of specialists that cannot be used; the message names the file, the place and the reason."""


class KeyPointWorkError(UsageError):
    """Work that cannot be put on record; the message says what would help."""
