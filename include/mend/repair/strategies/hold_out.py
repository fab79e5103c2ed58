"""Hold-out by a hash of the person, the season and what is withheld: the same in every run, month after month."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

UNIVERSAL: Final = "universal"
NUMBERS: Final = 2**64


def in_hold_out(person_id: str, season: str, what: str, share: float, seed: str) -> bool:
    """Whether a person is kept aside from `what` (a strategy's code, or `universal`) in a season.

    >>> in_hold_out("K1", "2026H1", "rebate", 1.0, "mend"), in_hold_out("K1", "2026H1", "rebate", 0.0, "mend")
    (True, False)
    """
    return number_of(salt(season, what, seed) + person_id) < limit(share)


def is_withheld(ids: Iterable[str], season: str, what: str, share: float, seed: str) -> bool:
    """The same for a person who goes by several ids: one that is held out is enough."""
    return any(in_hold_out(each, season, what, share, seed) for each in ids)


def salt(season: str, what: str, seed: str) -> str:
    """What comes before the id. The bars cannot be in a season or a code."""
    return f"{season}|{what}|{seed}|"


def number_of(text: str) -> int:
    """A whole number from 0 to 2^64 - 1: what the engine's md5_number_lower gives."""
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[8:], "little")


def limit(share: float) -> int:
    """The numbers under it are the share.

    >>> limit(0.5) == 2**63, limit(1.0) == 2**64
    (True, True)
    """
    return round(share * NUMBERS)
