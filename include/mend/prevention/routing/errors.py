"""What goes wrong where problems are routed."""

from __future__ import annotations

from mend.errors import BadConfigurationError, BadDataError, CommandError


class RoutingRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names file, key, value and what to write."""


class RoutingError(BadDataError):
    """A month that cannot be looked at; the message says which and what to do."""


class ProblemError(CommandError):
    """A step on a problem that cannot be taken; the message says why and what would."""
