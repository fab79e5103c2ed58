"""What can go wrong when a month is closed."""

from __future__ import annotations

from mend.errors import BadDataError


class MonthError(BadDataError):
    """A month that cannot be closed; the message says why and what to do."""


class ScoreMismatchError(BadDataError):
    """Scores that are not the sum of their ledger rows and carry-over; the message names month, rule and count."""
