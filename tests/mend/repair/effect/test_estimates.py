"""Moments are exact, CUPED is a regression's slope, and what may be said follows from the figures alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mend.foundation.statistics import Interval
from mend.repair.effect.estimates import adjusted_p_values, estimate, spent_alpha, verdict
from mend.repair.effect.moments import Moments, Sums, moments_of, moments_of_values, total

ROWS = st.lists(
    st.tuples(st.none() | st.integers(-5_000, 5_000), st.none() | st.integers(-5_000, 5_000)), min_size=4, max_size=40
)


def sums_of(rows: list[tuple[int | None, int | None]]) -> Sums:
    known = [(y, x) for y, x in rows if y is not None]
    both = [(y, x) for y, x in known if x is not None]
    return Sums(
        len(known),
        len(rows) - len(known),
        sum(y for y, _ in known),
        sum(y * y for y, _ in known),
        len(both),
        sum(x for _, x in both),
        sum(x * x for _, x in both),
        sum(x * y for y, x in both),
        sum(y for y, _ in both),
    )


@given(ROWS, ROWS)
def test_moments_of_sums_are_those_of_the_rows(
    one: list[tuple[int | None, int | None]], two: list[tuple[int | None, int | None]]
) -> None:
    known = [[(y, x) for y, x in rows if y is not None] for rows in (one, two)]
    baselines = [x for rows in known for _, x in rows if x is not None]
    centre = float(np.mean(baselines)) if baselines else 0.0
    for found, rows in zip(moments_of(sums_of(one), sums_of(two)), known, strict=True):
        if len(rows) < 2:
            continue
        y = np.array([row[0] for row in rows]) / 1000
        x = np.array([centre if row[1] is None else row[1] for row in rows]) / 1000
        expected = moments_of_values(y, x)
        assert found.count == expected.count
        assert found.mean == pytest.approx(expected.mean, abs=1e-9)
        assert found.variance == pytest.approx(expected.variance, abs=1e-9)
        assert found.baseline_mean == pytest.approx(expected.baseline_mean, abs=1e-9)
        assert found.baseline_variance == pytest.approx(expected.baseline_variance, abs=1e-9)
        assert found.covariance == pytest.approx(expected.covariance, abs=1e-9)


@given(ROWS, ROWS)
def test_sums_of_parts_add_up(
    one: list[tuple[int | None, int | None]], two: list[tuple[int | None, int | None]]
) -> None:
    assert total([sums_of(one), sums_of(two)]) == sums_of(one + two)


def test_large_amounts_lose_nothing() -> None:
    """A million customers around 10 million, one apart: sums of squares as floats would have lost the variance."""
    y = [10_000_000_000 + place % 2 * 1000 for place in range(1_000_000)]
    sums = Sums(len(y), 0, sum(y), sum(value * value for value in y))
    assert moments_of(sums, sums)[0].variance == pytest.approx(0.25, rel=1e-5)


def test_cuped_is_the_slope_of_a_regression() -> None:
    import statsmodels.api as sm

    luck = np.random.default_rng(2)
    before = luck.gamma(2, 20, 3_000)
    is_treated = luck.random(3_000) < 0.8
    spend = before * 0.8 + luck.normal(0, 9, 3_000) + 2.0 * is_treated
    found = estimate(
        moments_of_values(spend[is_treated], before[is_treated]),
        moments_of_values(spend[~is_treated], before[~is_treated]),
        is_share=False,
    )
    fitted = sm.OLS(spend, np.column_stack([np.ones(3_000), is_treated, before])).fit()
    assert found.is_cuped
    assert found.interval.estimate == pytest.approx(fitted.params[1], abs=1e-6)
    assert found.interval.high - found.interval.low == pytest.approx(2 * 1.96 * fitted.bse[1], rel=0.03)
    assert found.variance_reduction > 0.8


def test_rare_events_are_left_to_the_interval_of_shares() -> None:
    rare = Moments(500, 0, 0.02, 0.02, 10.0, 4.0, 0.05)  # 10 events
    common = Moments(500, 0, 0.2, 0.16, 10.0, 4.0, 0.05)
    assert estimate(rare, common, is_share=True).interval_code == "agresti_caffo"
    assert estimate(common, common, is_share=True).interval_code == "cuped"


@given(st.integers(1, 12))
def test_the_looks_of_a_season_spend_5_percent_together_and_most_at_the_end(looks: int) -> None:
    spent = [spent_alpha(look, looks) for look in range(1, looks + 1)]
    assert sum(spent) == pytest.approx(0.05)
    assert spent == sorted(spent)


def test_a_season_without_an_effect_rarely_shows_one_at_any_look() -> None:
    """Customers come month by month, and the programme is looked at each time; plain intervals would be fooled."""
    fooled = plain = 0
    for seed in range(1_000):
        luck = np.random.default_rng(seed)
        treated, control = luck.normal(0, 1, 6 * 900), luck.normal(0, 1, 6 * 100)
        looks = [
            (moments_of_values(treated[: 900 * look]), moments_of_values(control[: 100 * look])) for look in range(1, 7)
        ]
        fooled += any(
            estimate(*arms, is_share=False, confidence=1 - spent_alpha(look, 6)).interval.excludes_zero
            for look, arms in enumerate(looks, 1)
        )
        plain += any(estimate(*arms, is_share=False).interval.excludes_zero for arms in looks)
    assert fooled / 1_000 <= 0.05
    assert plain / 1_000 > 0.10


@pytest.mark.parametrize(
    ("low", "high", "p_value", "is_good_high", "expected"),
    [
        (0.01, 0.03, 0.001, True, "helps"),
        (0.01, 0.03, 0.001, False, "harms"),
        (-0.03, -0.01, 0.001, False, "helps"),
        (0.01, 0.03, 0.20, False, "may_harm"),  # proof needs the corrected value, a warning does not
        (0.01, 0.03, 0.20, True, "no_proof"),
        (-0.01, 0.03, 0.20, False, "no_proof"),
    ],
)
def test_what_may_be_said(low: float, high: float, p_value: float, is_good_high: bool, expected: str) -> None:
    assert verdict(Interval((low + high) / 2, low, high, p_value), p_value, is_good_high) == expected


def test_a_look_that_may_spend_less_needs_a_smaller_p_value() -> None:
    assert adjusted_p_values([0.004, 0.5]) == pytest.approx([0.008, 0.5])
    assert adjusted_p_values([0.004, 0.5], alpha=0.005) == pytest.approx([0.08, 1.0])
