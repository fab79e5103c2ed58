"""What is wrong with a home."""

from mend.errors import BadConfigurationError


class HomeError(BadConfigurationError):
    """A home that cannot be used as it is; the message says which and why."""
