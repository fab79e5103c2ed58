"""What goes wrong in the touchpoint room."""

from __future__ import annotations

from mend.errors import BadConfigurationError, CommandError


class AnswerError(CommandError):
    """An answer that does not fit an action; the message says why and what would."""


class InventoryError(BadConfigurationError, ValueError):
    """A file of touchpoints that cannot be used; the message names file, touchpoint, reason and what to write."""
