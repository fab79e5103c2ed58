"""Intervals, balance, sizes and corrections, against textbooks' implementations and on cases that break others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mend.foundation.statistics import (
    LARGE_IMBALANCE,
    StatisticsError,
    agresti_caffo,
    critical_z,
    from_standard_error,
    holm,
    is_ratio_broken,
    is_unbalanced,
    judge_balance,
    of_categories,
    of_means,
    of_shares,
    sample_ratio,
    wilson,
)

COUNTS = st.integers(1, 10_000)


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    count = draw(COUNTS)
    return draw(st.integers(0, count)), count


@given(shares(), st.floats(0.5, 0.999))
def test_wilsons_interval_holds_the_share_and_stays_within_0_and_1(share: tuple[int, int], confidence: float) -> None:
    low, high = wilson(*share, confidence)
    assert 0 <= low <= share[0] / share[1] + 1e-12
    assert share[0] / share[1] - 1e-12 <= high <= 1


@given(shares(), shares())
def test_a_difference_turns_with_its_groups(first: tuple[int, int], second: tuple[int, int]) -> None:
    there, back = agresti_caffo(*first, *second), agresti_caffo(*second, *first)
    assert there.low == pytest.approx(-back.high)
    assert there.p_value == pytest.approx(back.p_value)
    assert -1 <= there.low <= there.high <= 1


@given(shares(), shares())
def test_an_interval_excludes_zero_when_its_p_value_is_small(first: tuple[int, int], second: tuple[int, int]) -> None:
    found = agresti_caffo(*first, *second)
    assert found.excludes_zero == (found.p_value < 0.05) or found.p_value == pytest.approx(0.05, abs=1e-9)


def test_the_intervals_are_those_of_statsmodels_and_scipy() -> None:
    from scipy import stats
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

    assert wilson(13, 210) == pytest.approx(proportion_confint(13, 210, method="wilson"))
    found = agresti_caffo(13, 210, 40, 333)
    assert (found.low, found.high) == pytest.approx(
        confint_proportions_2indep(13, 210, 40, 333, method="agresti-caffo")
    )
    luck = np.random.default_rng(3)
    one, two = luck.normal(1, 2, 12), luck.normal(0, 5, 7)
    welch = stats.ttest_ind(one, two, equal_var=False)
    error = math.sqrt(one.var(ddof=1) / 12 + two.var(ddof=1) / 7)
    ours = from_standard_error(one.mean() - two.mean(), error, freedom=float(welch.df))
    assert ours.p_value == pytest.approx(welch.pvalue)
    assert (ours.low, ours.high) == pytest.approx(tuple(welch.confidence_interval()))


def test_a_wide_confidence_keeps_its_digits() -> None:
    assert critical_z(1 - 1.6e-6) == pytest.approx(4.798, abs=0.001)
    with pytest.raises(StatisticsError, match=r"1\.0 is none"):
        critical_z(1.0)


def test_holm_is_that_of_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    for seed in range(20):
        p_values = np.random.default_rng(seed).random(1 + seed).round(2) ** 2  # ties, too
        assert holm(list(p_values)) == pytest.approx(list(multipletests(p_values, method="holm")[1]))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a_corrected_p_value_is_no_smaller_and_keeps_its_rank(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(value <= other <= 1 for value, other in zip(p_values, adjusted, strict=True))
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    assert [adjusted[place] for place in order] == sorted(adjusted)


def test_the_sample_ratio_is_that_of_scipy() -> None:
    from scipy.stats import chisquare

    found = sample_ratio([310, 290, 405], [3, 3, 4])
    expected = chisquare([310, 290, 405], [301.5, 301.5, 402])
    assert (found.chi_square, found.p_value) == pytest.approx((expected.statistic, expected.pvalue))


@pytest.mark.parametrize(
    ("counts", "weights", "is_broken"),
    [
        ([500, 500], [1, 1], False),
        ([95_000, 5_000], [0.95, 0.05], False),
        ([95_000, 4_500], [0.95, 0.05], True),  # many customers: half a point is too much
        ([66, 34], [1, 1], True),  # few customers: p is 0.0014 and would pass
        ([54, 46], [1, 1], False),
        ([6, 14], [1, 1], False),  # twenty customers: p is 0.07, and so uneven are many honest draws
        ([5, 15], [1, 1], True),
        ([100, 0], [1, 1], True),
    ],
)
def test_arms_of_other_sizes_than_planned_are_told(counts: list[int], weights: list[float], is_broken: bool) -> None:
    assert is_ratio_broken(sample_ratio(counts, weights)) == is_broken


def test_groups_drawn_alike_are_refused_as_seldom_as_stated() -> None:
    luck = np.random.default_rng(7)
    broken = sum(
        is_ratio_broken(sample_ratio([int(n), 20_000 - int(n)], [9, 1])) for n in luck.binomial(20_000, 0.9, 5_000)
    )
    assert broken / 5_000 <= 0.003
    pairs = luck.binomial(5_000, 0.3, (5_000, 2))
    unbalanced = sum(is_unbalanced(of_shares("x", int(a), 5_000, int(b), 5_000)) for a, b in pairs)
    assert unbalanced / 5_000 <= 0.003


def test_small_honest_trials_are_seldom_refused_however_many_figures_are_looked_at() -> None:
    luck = np.random.default_rng(8)
    refused = 0
    for _ in range(1_000):
        pairs = luck.binomial(70, 0.4, (6, 2))
        refused += any(is_unbalanced(of_shares("x", int(a), 70, int(b), 70), tests=6) for a, b in pairs)
    assert refused / 1_000 <= 0.06


def test_a_gross_difference_among_few_customers_is_told_although_its_p_value_would_pass() -> None:
    found = of_shares("complained", 38, 100, 55, 100)
    assert found.p_value > 0.01
    assert abs(found.difference) > LARGE_IMBALANCE
    assert is_unbalanced(found)
    assert is_unbalanced(found, tests=3)


def test_a_small_difference_among_millions_counts_only_where_arms_were_drawn_by_lot() -> None:
    found = of_shares("complained", 401_000, 1_000_000, 398_000, 1_000_000)
    assert found.p_value < 1e-4
    assert abs(found.difference) < 0.01
    assert is_unbalanced(found)
    assert not is_unbalanced(found, is_random=False)


def test_all_of_one_group_and_none_of_the_other_is_no_division_by_zero() -> None:
    assert is_unbalanced(of_shares("new", 60, 60, 0, 70))
    assert not is_unbalanced(of_shares("new", 0, 60, 0, 70))
    assert is_unbalanced(of_means("score", (3.0, 4.0), (0.0, 0.0), (80, 90)))


def test_small_categories_are_taken_together() -> None:
    found = of_categories("city", {"a": 500, "b": 3, "c": 2}, {"a": 480, "b": 9, "d": 1}, least=30)
    assert [each.name for each in found] == ["city a", "city other"]
    assert found[1].second == pytest.approx(10 / 490)


@pytest.mark.parametrize("figures", [(5, 3), (-1, 3), (0, 0)])
def test_figures_that_are_no_share_are_named(figures: tuple[int, int]) -> None:
    with pytest.raises(StatisticsError, match=f"{figures[0]} of {figures[1]}"):
        wilson(*figures)


def test_the_interval_of_a_standardised_difference_covers_the_truth_as_often_as_it_says() -> None:
    luck = np.random.default_rng(7)
    for apart, counts in ((0.0, (40, 60)), (0.3, (100, 100)), (0.5, (30, 400))):
        inside = 0
        for _ in range(2_000):
            one, two = luck.normal(apart, 1, counts[0]), luck.normal(0, 1, counts[1])
            found = of_means("figure", (one.mean(), two.mean()), (one.var(ddof=1), two.var(ddof=1)), counts)
            inside += found.low <= apart <= found.high
        assert inside / 2_000 == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ((38, 100), (55, 100), "unbalanced"),  # p is 0.016: a p-value alone would pass it
        ((38, 100), (42, 100), "in_doubt"),
        ((0, 10), (0, 900), "in_doubt"),
        ((380, 1_000), (381, 1_000), "alike"),
        ((3_800, 10_000), (4_000, 10_000), "alike"),  # drawn or not, less than a tenth apart
        ((4_000, 10_000), (4_400, 10_000), "in_doubt"),
    ],
)
def test_not_refused_is_not_yet_alike(first: tuple[int, int], second: tuple[int, int], state: str) -> None:
    assert judge_balance(of_shares("complained", *first, *second), is_random=False) == state
