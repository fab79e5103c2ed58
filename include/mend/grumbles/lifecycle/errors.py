"""What goes wrong where grumbles are looked at by life-cycle stage."""

from __future__ import annotations

from mend.errors import BadConfigurationError, BadDataError


class LifecycleRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class LifecycleError(BadDataError):
    """A month that cannot be looked at; the message says which and what to do."""
