"""What goes wrong in this room."""

from __future__ import annotations

from mend.errors import BadConfigurationError, BadDataError


class SeasonError(BadDataError):
    """A month that cannot be matched; the message says why and what to do."""


class SeasonRuleError(BadConfigurationError, ValueError):
    """A file of themes that cannot be used; the message names file, theme, key and what to do."""
