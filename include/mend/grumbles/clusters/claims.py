"""What labels claim, held against the month after: customers labelled a month ago, and what they did since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from mend.grumbles.clusters.rules import Claim

Z: Final = 1.959963984540054  # the normal distribution's 97.5 % point
Counts = Mapping[tuple[str, str], tuple[int, int]]  # label and question → customers, and of how many it is true


@dataclass(frozen=True)
class Judged:
    """A claim as it came out: confirmed, contradicted, open (the interval holds nought), too_few or not_measured;
    shares with the label and without it, and the 95 % interval of their difference."""

    state: str
    customers: int | None = None
    share: float | None = None
    other_customers: int | None = None
    other_share: float | None = None
    low: float | None = None
    high: float | None = None


NOT_MEASURED: Final = Judged("not_measured")


def judge(claim: Claim, label: str, counts: Counts, least_customers: int) -> Judged:
    """Hold a label's claim against all other customers who were asked the same.

    >>> claim = Claim(asks="angry", is_more=True, en="is angry", zh="怒")
    >>> judge(claim, "hot", {("hot", "angry"): (100, 60), ("cool", "angry"): (200, 20)}, 30).state
    'confirmed'
    >>> judge(claim, "hot", {("hot", "angry"): (100, 6), ("cool", "angry"): (200, 120)}, 30).state
    'contradicted'
    >>> judge(claim, "hot", {("hot", "angry"): (9, 9), ("cool", "angry"): (200, 120)}, 30).state
    'too_few'
    """
    own, hits = counts.get((label, claim.asks), (0, 0))
    others = [found for (code, asks), found in counts.items() if asks == claim.asks and code != label]
    other, other_hits = (sum(each[place] for each in others) for place in (0, 1))
    if not counts:
        return NOT_MEASURED
    if min(own, other) < least_customers:
        return Judged("too_few", own, _share(hits, own), other, _share(other_hits, other))
    low, high = difference(hits, own, other_hits, other)
    is_confirmed, is_contradicted = (low > 0, high < 0) if claim.is_more else (high < 0, low > 0)
    state = "confirmed" if is_confirmed else "contradicted" if is_contradicted else "open"
    return Judged(state, own, _share(hits, own), other, _share(other_hits, other), round(low, 6), round(high, 6))


def _share(hits: int, of: int) -> float | None:
    return round(hits / of, 6) if of else None


def difference(hits: int, of: int, other_hits: int, other_of: int) -> tuple[float, float]:
    """The 95 % interval of the difference of two shares (Newcombe 1998, method 10).

    >>> [round(end, 4) for end in difference(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    share, other = hits / of, other_hits / other_of
    (low, high), (other_low, other_high) = _wilson(hits, of), _wilson(other_hits, other_of)
    return (
        share - other - sqrt((share - low) ** 2 + (other_high - other) ** 2),
        share - other + sqrt((high - share) ** 2 + (other - other_low) ** 2),
    )


def _wilson(hits: int, of: int) -> tuple[float, float]:
    share, square = hits / of, Z * Z
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, centre - half), min(1.0, centre + half)
