"""Intervals of a share and of a difference of shares, 95 %."""

from __future__ import annotations

from math import sqrt
from typing import Final

Z: Final = 1.959963984540054  # the normal distribution's 97.5 % point
Interval = tuple[float, float]


def wilson(hits: int, of: int) -> Interval:
    """The interval of a share (Wilson 1927): it holds in small samples, too, and never leaves 0 to 1.

    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, Z * Z
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, centre - half), min(1.0, centre + half)


def newcombe(hits: int, of: int, other_hits: int, other_of: int) -> Interval:
    """The interval of the difference of two independent shares (Newcombe 1998, method 10).

    >>> [round(end, 4) for end in newcombe(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    if of == 0 or other_of == 0:
        return -1.0, 1.0
    share, other = hits / of, other_hits / other_of
    low, high = wilson(hits, of)
    other_low, other_high = wilson(other_hits, other_of)
    difference = share - other
    return (
        difference - sqrt((share - low) ** 2 + (other_high - other) ** 2),
        difference + sqrt((high - share) ** 2 + (other - other_low) ** 2),
    )
