"""What goes wrong in the review of plans."""

from __future__ import annotations

from mend.errors import BadConfigurationError, CommandError


class PlanError(BadConfigurationError, ValueError):
    """A plan or a file of rules that cannot be used; the message names file, key, reason and what to write."""


class ReviewError(CommandError):
    """A step of a review that cannot be taken; the message says why and what would."""
