"""What goes wrong in the touchpoint room."""

from __future__ import annotations

from mend.errors import CommandError


class AnswerError(CommandError):
    """An answer that does not fit an action; the message says why and what would."""
