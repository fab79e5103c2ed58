"""What goes wrong in the touchpoint room."""

from __future__ import annotations

from collections.abc import Sequence

from mend.errors import BadConfigurationError, CommandError


class AnswerError(CommandError):
    """An answer that does not fit an action; the message says why and what would."""


class InventoryError(BadConfigurationError, ValueError):
    """A file of touchpoints that cannot be used; the message names file, touchpoint, reason and what to write."""


class SheetError(BadConfigurationError, ValueError):
    """An owner's sheet that cannot be taken. `mistakes` has every one: page, cell, value, what to write."""

    def __init__(self, words: str, mistakes: Sequence[str] = ()) -> None:
        super().__init__("\n".join([words, *mistakes]))
        self.mistakes = tuple(mistakes)
