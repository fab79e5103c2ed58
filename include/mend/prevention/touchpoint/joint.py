"""All measured scores of a month judged together: which of them are low, so that luck makes none of them low. Pure.

An interval of 95 % misses the truth once in twenty scores, and a month measures some thirty: judged each by itself, a
month in which all is well would send somebody to repair what luck made. So the intervals that decide `low` hold
jointly, step by step as Holm has it: each is as wide as Bonferroni asks for the scores that are left; those that are
low even so are taken out, and the others are asked for fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from mend.prevention.touchpoint.scores import Estimate

Name = TypeVar("Name")
AtConfidence = Callable[[float], Estimate]


def joint_intervals(
    scores: Mapping[Name, AtConfidence], low_below: float, joint_confidence: float
) -> dict[Name, Estimate]:
    """Each score with its joint interval: low where the whole of it is under the limit. The chance that any score which
    is not low is called so stays under 1 - joint_confidence, however the scores hang together.

    Args:
        scores: each as a function of the confidence that is asked of its interval.

    >>> def around(value):
    ...     return lambda confidence: Estimate(value, value - 0.05 / (1 - confidence), value + 0.05 / (1 - confidence))
    >>> found = joint_intervals({"a": around(2.5), "b": around(3.5), "c": around(7.0)}, 6.0, 0.95)
    >>> {name: (round(each.high, 2), each.high < 6) for name, each in found.items()}
    {'a': (5.5, True), 'b': (5.5, True), 'c': (8.0, False)}
    """
    found: dict[Name, Estimate] = {}
    left = list(scores)
    while left:
        confidence = 1 - (1 - joint_confidence) / len(left)
        intervals = {name: scores[name](confidence) for name in left}
        low = [name for name in left if intervals[name].high < low_below]
        found |= {name: intervals[name] for name in low or left}
        left = [name for name in left if name not in low] if low else []
    return {name: found[name] for name in scores}
