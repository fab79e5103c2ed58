"""Lists among a run's parameters."""

from __future__ import annotations

from collections.abc import Sequence


def listed(value: Sequence[str] | str) -> list[str]:
    """A list that may have been given as one text.

    >>> listed("bank, tickets"), listed(["bank"]), listed("")
    (['bank', 'tickets'], ['bank'], [])
    """
    parts = value.split(",") if isinstance(value, str) else value
    return [part.strip() for part in parts if part.strip()]
