"""What goes wrong in this room."""

from __future__ import annotations

from mend.errors import CommandError


class TrialError(CommandError):
    """A question that cannot be asked or answered. `code` names the reason: nothing_changed, no_strategy, not_read,
    no_question."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
