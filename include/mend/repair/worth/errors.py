"""What goes wrong in this room."""

from __future__ import annotations

from mend.errors import BadConfigurationError, BadDataError


class WorthError(BadDataError):
    """A month of which no worth can be told; the message says why and what to do."""


class WorthRuleError(BadConfigurationError, ValueError):
    """A file of settings that cannot be used; the message names file, key and reason."""
