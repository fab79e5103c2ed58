"""A touchpoint's month judged: what a score rests on, low or high where that is sure, quadrant. Pure.

Low only when sure: of a measure, the upper end of its joint interval is under the limit, which holds for all measured
scores of the month at once; of ratings, their mean is, by two raters at least. High: of a measure, the lower end of its
own interval is not under the limit; of ratings, their mean is not. Between them is watch: nobody is sent to repair what
luck may have made, and nobody is told that all is well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from mend.prevention.touchpoint.scores import Estimate

Level = Literal["high", "low", "watch", "unknown"]
Basis = Literal["measured", "rated", "both", "too_little_data", "none"]
LEAST_RATERS: Final = 2
IMPORTANT_FROM, MEDIUM_FROM = 8.0, 6.0  # an importance of 7.9 is no 8; one of 5.5 is no 6


@dataclass(frozen=True)
class Ratings:
    """What raters said: mean with its interval (the mean itself by fewer than two), spread, raters, those of the panel.

    Args:
        mean: None when nobody rated.
    """

    mean: Estimate | None = None
    raters: int = 0
    panel: int = 0
    spread: float | None = None


@dataclass(frozen=True)
class Effectiveness:
    """One aspect of a touchpoint in a month.

    Args:
        score: by measures where there are any, else by ratings; None when neither knows.
        rows: that the measures rest on; `customers` of the measure that has fewest.
        has_interval: whether the ends mean anything: of a score that one rater gave they do not.
        formula: digest of the measures.
        joint: a measure's score with the interval by which it is low or not.
    """

    basis: Basis
    level: Level
    score: Estimate | None
    ratings: Ratings
    rows: int = 0
    customers: int = 0
    has_interval: bool = True
    formula: str = ""
    joint: Estimate | None = None


def judge(
    measured: Estimate | None,
    joint: Estimate | None,
    ratings: Ratings,
    low_below: float,
    rows: int = 0,
    customers: int = 0,
    formula: str = "",
    is_too_little: bool = False,
) -> Effectiveness:
    """The measure counts where there is one, the ratings stand beside it.

    Args:
        joint: the measure with the interval that holds for all scores of the month at once; by default its own.
        is_too_little: there are measures, and their rows are too few.
    """
    if measured is not None:
        basis: Basis = "both" if ratings.mean is not None else "measured"
        joint = joint or measured
        level = _level(measured, joint, low_below)
        return Effectiveness(basis, level, measured, ratings, rows, customers, True, formula, joint)
    if ratings.mean is not None:
        level = _rated_level(ratings.mean.value, ratings.raters, low_below)
        has_interval = ratings.raters >= LEAST_RATERS
        return Effectiveness("rated", level, ratings.mean, ratings, rows, customers, has_interval, formula)
    basis = "too_little_data" if is_too_little else "none"
    return Effectiveness(basis, "unknown", None, ratings, rows, customers, False, formula)


def _level(score: Estimate, joint: Estimate, low_below: float) -> Level:
    """By the intervals, the joint one and its own.

    >>> ends = ((5, 5.8, 5.9), (5, 5.8, 6.0), (6.0, 7, 8))
    >>> [_level(Estimate(5.5, low, high), Estimate(5.5, 4, joint), 6) for low, high, joint in ends]
    ['low', 'watch', 'high']
    """
    if joint.high < low_below:
        return "low"
    return "high" if score.low >= low_below else "watch"


def _rated_level(mean: float, raters: int, low_below: float) -> Level:
    """
    >>> _rated_level(5.9, 2, 6), _rated_level(6.0, 2, 6), _rated_level(1, 1, 6)
    ('low', 'high', 'watch')
    """
    if raters < LEAST_RATERS:
        return "watch"
    return "low" if mean < low_below else "high"


def quadrant(operating: Level, experience: Level) -> str:
    """
    >>> quadrant("high", "low"), quadrant("watch", "low")
    ('high_low', 'unknown')
    """
    sure = {"high", "low"}
    return f"{operating}_{experience}" if {operating, experience} <= sure else "unknown"


def band(importance: float | None) -> str | None:
    """
    >>> [band(value) for value in (8, 7.9, 6, 5.9, None)]
    ['high', 'medium', 'medium', 'low', None]
    """
    if importance is None:
        return None
    return "high" if importance >= IMPORTANT_FROM else "medium" if importance >= MEDIUM_FROM else "low"


def is_action_due(importance: float | None, operating: Level, experience: Level) -> bool:
    """Important, and surely low on either.

    >>> is_action_due(8, "low", "unknown"), is_action_due(7.9, "low", "low"), is_action_due(8, "watch", "high")
    (True, False, False)
    """
    return band(importance) == "high" and "low" in (operating, experience)
