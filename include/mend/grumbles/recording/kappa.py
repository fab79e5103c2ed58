"""Agreement beyond chance: Cohen's kappa and its interval, of single pairs or of pairs that hang together by agent."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mend.foundation.statistics import critical_z

Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True)
class Agreement:
    """Kappa with its interval; None where both said the same one thing of everything, and agreement says nothing."""

    pairs: int
    agreed_share: float
    kappa: float | None
    low: float | None
    high: float | None


def kappa(pairs: Mapping[Pair, int]) -> float | None:
    """Agreement over what chance would give; None where chance alone would agree on everything.

    >>> kappa({("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15})
    0.4
    """
    total = sum(pairs.values())
    if not total:
        return None
    first, second = Counter[Hashable](), Counter[Hashable]()
    for (one, other), count in pairs.items():
        first[one] += count
        second[other] += count
    agreed = sum(count for (one, other), count in pairs.items() if one == other) / total
    by_chance = sum(first[code] * second[code] for code in first) / total**2
    return None if by_chance >= 1 else round((agreed - by_chance) / (1 - by_chance), 12)


def of_pairs(pairs: Mapping[Pair, int], confidence: float) -> Agreement:
    """Of pairs that do not hang together: the large-sample variance of Fleiss, Cohen and Everitt (1969)."""
    total, value = sum(pairs.values()), kappa(pairs)
    share = _agreed(pairs, total)
    if value is None:
        return Agreement(total, share, None, None, None)
    first, second = defaultdict[Hashable, float](float), defaultdict[Hashable, float](float)
    for (one, other), count in pairs.items():
        first[one] += count / total
        second[other] += count / total
    by_chance = sum(first[code] * second[code] for code in list(first))
    spread = 0.0
    for (one, other), count in pairs.items():
        if one == other:
            spread += count / total * (1 - (first[one] + second[one]) * (1 - value)) ** 2
        else:
            spread += count / total * (1 - value) ** 2 * (first[other] + second[one]) ** 2
    variance = (spread - (value - by_chance * (1 - value)) ** 2) / (total * (1 - by_chance) ** 2)
    return _with_interval(total, share, value, math.sqrt(max(0.0, variance)), confidence)


def of_groups(groups: Sequence[Mapping[Pair, int]], confidence: float) -> Agreement:
    """Of pairs that hang together within a group (an agent's): the jackknife, a group left out at a time. With one
    group alone there is no interval."""
    every = added(groups)
    total, value = sum(every.values()), kappa(every)
    share = _agreed(every, total)
    if value is None or len(groups) < 2:
        return Agreement(total, share, value, None, None)
    without = [found for group in groups if (found := kappa(_taken(every, group))) is not None]
    if len(without) < len(groups):  # without one of them nothing but one type is left: no spread can be told
        return Agreement(total, share, value, None, None)
    mean = sum(without) / len(without)
    variance = (len(without) - 1) / len(without) * sum((each - mean) ** 2 for each in without)
    return _with_interval(total, share, value, math.sqrt(variance), confidence)


def added(groups: Iterable[Mapping[Pair, int]]) -> Counter[Pair]:
    """All groups together."""
    total = Counter[Pair]()
    for group in groups:
        total.update(group)
    return total


def _taken(every: Counter[Pair], group: Mapping[Pair, int]) -> Counter[Pair]:
    rest = Counter(every)
    rest.subtract(group)
    return +rest


def _agreed(pairs: Mapping[Pair, int], total: int) -> float:
    return sum(count for (one, other), count in pairs.items() if one == other) / total if total else 0.0


def _with_interval(total: int, share: float, value: float, error: float, confidence: float) -> Agreement:
    reach = critical_z(confidence) * error
    return Agreement(total, share, value, max(-1.0, value - reach), min(1.0, value + reach))
