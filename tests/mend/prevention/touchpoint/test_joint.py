"""Thirty scores judged together: luck makes none of them low, and what is low is still found."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from tests.mend.prevention.touchpoint.test_scores import sums_of

from mend.prevention.touchpoint.joint import joint_intervals
from mend.prevention.touchpoint.judging import Ratings, judge
from mend.prevention.touchpoint.scores import Estimate, Sums, rate_of, scored

LIMIT, WORST, BEST = 6.0, 0.5, 0.9
AT_THE_LIMIT = WORST + (LIMIT - 1) / 9 * (BEST - WORST)
MONTHS, SCORES, CUSTOMERS = 300, 30, 200


def customers_of(luck: np.random.Generator, rate: float) -> Sums:
    """Each calls once or more, with luck or bad luck of their own."""
    rows = luck.geometric(0.5, CUSTOMERS)
    return sums_of(rows, luck.binomial(rows, luck.beta(rate * 5, (1 - rate) * 5, CUSTOMERS)))


def score_at(sums: Sums, confidence: float) -> Estimate:
    return scored(rate_of(sums, confidence, is_share=True), WORST, BEST)


def month(seed: int, *rates: float) -> dict[int, Callable[[float], Estimate]]:
    luck = np.random.default_rng(seed)
    return {number: partial(score_at, customers_of(luck, rate)) for number, rate in enumerate(rates)}


def test_of_thirty_scores_at_the_limit_one_is_called_low_in_5_of_100_months_at_most() -> None:
    """The worst case: none is low, and each is as near to it as can be. By intervals of their own some are low in most
    months."""
    jointly, each_alone = 0, 0
    for seed in range(MONTHS):
        scores = month(seed, *[AT_THE_LIMIT] * SCORES)
        jointly += any(found.high < LIMIT for found in joint_intervals(scores, LIMIT, 0.95).values())
        each_alone += any(score(0.95).high < LIMIT for score in scores.values())
    assert jointly / MONTHS <= 0.05
    assert each_alone / MONTHS > 0.3


def test_one_that_is_low_among_thirty_is_found() -> None:
    found = 0
    for seed in range(50):
        scores = month(seed, 0.55, *[0.85] * (SCORES - 1))
        low = [name for name, each in joint_intervals(scores, LIMIT, 0.95).items() if each.high < LIMIT]
        found += low == [0]
    assert found >= 48


@pytest.mark.parametrize(
    ("widths", "low"),
    [
        # half the width of an interval, for so many scores that are left
        ({1: 0.5, 2: 0.9, 3: 1.2}, ["a"]),  # a is low at 1.2, b at neither 1.2 nor 0.9
        ({1: 0.5, 2: 0.7, 3: 1.2}, ["a", "b"]),  # a at 1.2, then b at 0.7, c not even at 0.5
        ({1: 0.5, 2: 0.7, 3: 1.6}, []),  # nobody at the first step: no further one
    ],
)
def test_those_that_are_low_make_room_for_the_others(widths: dict[int, float], low: list[str]) -> None:
    """Scores of 4.5, 5.2 and 5.6 under a limit of 6."""

    def around(value: float) -> Callable[[float], Estimate]:
        def at(confidence: float) -> Estimate:
            half = widths[round(0.05 / (1 - confidence))]
            return Estimate(value, value - half, value + half)

        return at

    scores = {"a": around(4.5), "b": around(5.2), "c": around(5.6)}
    found = joint_intervals(scores, LIMIT, 0.95)
    assert [name for name, each in found.items() if each.high < LIMIT] == low


def test_a_score_that_is_low_by_itself_alone_is_watch_and_shows_its_own_interval() -> None:
    own, joint = Estimate(5.0, 4.2, 5.8), Estimate(5.0, 3.8, 6.2)
    judged = judge(own, joint, Ratings(), LIMIT)
    assert (judged.level, judged.score, judged.joint) == ("watch", own, joint)


def test_no_score_at_all_is_no_joint_interval() -> None:
    assert joint_intervals({}, LIMIT, 0.95) == {}
