"""On 2 000 seeds fixed beforehand, 0 to 1 999, the 95 % interval holds the truth in 94 to 96 % of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from mend.repair.effect.estimates import estimate
from mend.repair.effect.judging import Judged, judge
from mend.repair.effect.moments import UNIT, Moments, Sums, moments_of_values
from mend.repair.effect.reading import ArmCount, Arms, Before, Key, Read

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


# The whole judgement, refusals and corrections included: customers come in at their worst and most get better by
# themselves; care adds `effect` to those who do.
TREATED_ALL, HELD_OUT, BY_THEMSELVES = 9_000, 1_000, 0.70


def judged(seed: int, effect: float) -> Judged:
    """One campaign, judged as a month's are: who had no new damage, and who complained."""
    luck = np.random.default_rng(seed)
    read, key = Read(), Key("callback", "itt")
    held_out = int(luck.binomial(TREATED_ALL + HELD_OUT, 0.1))
    sizes = {True: TREATED_ALL + HELD_OUT - held_out, False: held_out}
    read.arms[key] = [ArmCount("2026-03", 1, sizes[True], sizes[False])]
    damage = {side: luck.poisson(14, size) for side, size in sizes.items()}
    for code, base, more in (("recovered", BY_THEMSELVES, effect), ("complaint", 0.12, -effect / 2)):
        yes = {side: (luck.random(size) < base + more * side).astype(np.int64) * UNIT for side, size in sizes.items()}
        sums = {side: _sums(yes[side], damage[side] * UNIT) for side in sizes}
        before = {side: Before(size, 0, int(yes[side].sum())) for side, size in sizes.items()}
        read.outcomes[key][code] = Arms(sums[True], sums[False], before[True], before[False])
    figures = {side: _sums(damage[side] * UNIT, None) for side in sizes}
    read.figures[key]["baseline_damage"] = Arms(figures[True], figures[False], Before(0, 0, 0), Before(0, 0, 0))
    return judge(read, {("2026-03", "callback"): 0.1})


def _sums(y: np.ndarray, x: np.ndarray | None) -> Sums:
    if x is None:
        return Sums(len(y), 0, int(y.sum()), int((y * y).sum()))
    products = (int(each.sum()) for each in (x, x * x, x * y, y))
    return Sums(len(y), 0, int(y.sum()), int((y * y).sum()), len(y), *products)


@pytest.mark.parametrize("effect", [0.0, 0.05, -0.06], ids=["none", "help", "harm"])
def test_2000_campaigns_are_judged_rightly_while_the_naive_rate_looks_splendid(effect: float) -> None:
    covered = refused = 0
    verdicts: Counter[str] = Counter()
    naive = []
    for seed in SEEDS:
        found = judged(seed, effect)
        refused += bool(found.refused)
        for each in found.results:
            if each.outcome.code == "recovered":
                covered += each.found.interval.low <= effect <= each.found.interval.high
                verdicts[each.verdict] += 1
                assert each.before_after is not None
                naive.append(each.before_after.naive_change)
    made = sum(verdicts.values())
    assert refused <= 0.005 * len(SEEDS)
    assert 0.94 <= covered / made <= 0.96
    assert min(naive) > 0.60  # "more than 60 % repaired", also where care harms
    if effect == 0:
        assert verdicts["helps"] + verdicts["harms"] <= 0.05 * made
    else:
        right, wrong = ("helps", "harms") if effect > 0 else ("harms", "helps")
        assert verdicts[right] > 0.8 * made
        assert verdicts[wrong] == 0
