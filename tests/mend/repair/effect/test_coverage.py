"""On 2 000 seeds fixed beforehand, 0 to 1 999, the 95 % interval holds the truth in 94 to 96 % of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from mend.repair.effect.estimates import estimate
from mend.repair.effect.moments import Moments, moments_of_values

SEEDS = range(2_000)
CONTROL, TREATED = 1_500, 4_500
World = Callable[[np.random.Generator, float], tuple[Moments, Moments]]


def shares(luck: np.random.Generator, effect: float) -> tuple[Moments, Moments]:
    """Complaints: 12 of 100 without care."""
    return (
        moments_of_values(luck.binomial(1, 0.12 + effect, TREATED).astype(float)),
        moments_of_values(luck.binomial(1, 0.12, CONTROL).astype(float)),
    )


def spend(luck: np.random.Generator, effect: float) -> tuple[Moments, Moments]:
    """Skewed amounts that follow those of the month before."""
    return _adjusted(luck, effect, luck.normal)


def shares_by_score(luck: np.random.Generator, effect: float) -> tuple[Moments, Moments]:
    """Complaints that are likelier the higher the score."""

    def arm(customers: int, more: float) -> Moments:
        score = luck.gamma(2.0, 1.0, customers)
        chance = np.clip(0.05 + 0.08 * score, 0, 0.8) + more
        return moments_of_values((luck.random(customers) < chance).astype(float), score)

    return arm(TREATED, effect), arm(CONTROL, 0.0)


def _adjusted(
    luck: np.random.Generator, effect: float, noise: Callable[[float, float, int], np.ndarray]
) -> tuple[Moments, Moments]:
    def arm(customers: int, more: float) -> Moments:
        before = luck.lognormal(3.5, 0.6, customers)
        return moments_of_values(before * 0.9 + noise(4.0, 12.0, customers) + more, before)

    return arm(TREATED, effect), arm(CONTROL, 0.0)


@dataclass(frozen=True)
class Case:
    name: str
    world: World
    is_share: bool
    effect: float
    interval_code: str


CASES = [
    Case("shares, none", shares, True, 0.0, "agresti_caffo"),
    Case("shares, an effect", shares, True, -0.03, "agresti_caffo"),
    Case("shares, harm", shares, True, 0.04, "agresti_caffo"),
    Case("spend with CUPED, none", spend, False, 0.0, "cuped"),
    Case("spend with CUPED, an effect", spend, False, 2.5, "cuped"),
    Case("shares with CUPED, none", shares_by_score, True, 0.0, "cuped"),
    Case("shares with CUPED, an effect", shares_by_score, True, -0.04, "cuped"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_interval_covers_the_truth_as_often_as_it_says(case: Case) -> None:
    covered = zeros = 0
    for seed in SEEDS:
        found = estimate(*case.world(np.random.default_rng(seed), case.effect), is_share=case.is_share)
        assert found.interval_code == case.interval_code
        covered += found.interval.low <= case.effect <= found.interval.high
        zeros += not found.interval.excludes_zero
    assert 0.94 <= covered / len(SEEDS) <= 0.96
    if case.effect == 0:
        assert zeros == covered
    elif abs(case.effect) >= 0.04:
        assert zeros < 0.1 * len(SEEDS)  # the planted effect is found


def test_the_month_before_takes_variance_away() -> None:
    found = estimate(*spend(np.random.default_rng(1), 2.5), is_share=False)
    assert found.variance_reduction > 0.6
