"""What goes wrong where trouble is looked for."""

from __future__ import annotations

from mend.errors import BadConfigurationError, BadDataError


class TroubleRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class TroubleError(BadDataError):
    """A month that cannot be looked at, or whose points do not add up; the message says which and what to do."""
