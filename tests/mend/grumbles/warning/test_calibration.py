"""Calibration with intervals that count a customer once, the base rate of the latest nights, and a drift of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.conftest import Template, fresh_home
from tests.mend.grumbles.warning.fresh_nights import Fresh, train_and_look, world_until

from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.calibration import calibration, differ, recent_rows, shift_of
from mend.grumbles.warning.complaint_model import ComplaintModel, Numbers, sigmoid
from mend.grumbles.warning.fit import Fitted
from mend.grumbles.warning.judging import load_judging
from mend.grumbles.warning.lessons import Learned, shift_beside

MONTH = "2026-07"
JUDGING = load_judging()[-1]


def test_doubled_probabilities_are_seen_though_a_twentieth_is_little() -> None:
    luck = np.random.default_rng(3)
    log_odds = luck.normal(-3.2, 1, 40_000)
    happened = luck.random(40_000) < sigmoid(log_odds)
    doubled = np.clip(2 * sigmoid(log_odds), 0, 0.99)
    found = calibration(doubled, happened, np.arange(40_000), 0.95)
    assert abs(float(doubled.mean() - happened.mean())) < 0.07
    assert found.ratio is not None and found.ratio.high < 0.6  # noqa: PT018


def test_the_interval_covers_one_at_its_nominal_rate_though_a_customer_has_many_rows_with_the_same_complaint() -> None:
    """400 customers of one to nine rows each, whose outcome is the same in all their rows."""
    luck, covered, slopes, by_rows = np.random.default_rng(5), 0, 0, 0
    for _ in range(300):
        own = luck.normal(-2, 1, 400)
        customer = np.repeat(np.arange(400), luck.integers(1, 10, 400))
        happened = (luck.random(400) < sigmoid(own))[customer]
        probability = sigmoid(own)[customer]
        found = calibration(probability, happened, customer, 0.95)
        naive = calibration(probability, happened, np.arange(len(customer)), 0.95)
        assert found.ratio is not None and found.slope is not None and naive.ratio is not None  # noqa: PT018
        covered += found.ratio.low <= 1 <= found.ratio.high
        slopes += found.slope.low <= 1 <= found.slope.high
        by_rows += naive.ratio.low <= 1 <= naive.ratio.high
    assert covered / 300 == pytest.approx(0.95, abs=0.035)
    assert slopes / 300 == pytest.approx(0.95, abs=0.035)
    assert by_rows / 300 < 0.8


def test_a_shift_makes_as_many_expected_as_happened() -> None:
    luck = np.random.default_rng(4)
    log_odds = luck.normal(-2, 1.5, 50_000)
    happened = luck.random(50_000) < sigmoid(log_odds + 0.8)
    shift = shift_of(log_odds, happened)
    assert shift == pytest.approx(0.8, abs=0.05)
    assert sigmoid(log_odds + shift).sum() == pytest.approx(happened.sum(), abs=0.1)
    assert shift_of(log_odds[:3], np.zeros(3, dtype=bool)) == 0


def test_a_row_that_counts_twice_is_two_rows() -> None:
    luck = np.random.default_rng(7)
    log_odds, weight = luck.normal(-2, 1, 4000), luck.integers(1, 4, 4000).astype(np.float64)
    happened = luck.random(4000) < sigmoid(log_odds + 0.3 * weight)
    again = np.repeat(np.arange(4000), weight.astype(np.int64))
    found = shift_of(log_odds, happened, weight)
    assert found == shift_of(log_odds[again], happened[again]) == shift_of(log_odds, happened, 2.0 * weight)
    assert found > shift_of(log_odds, happened) + 0.05


def _nights(shifts: list[float], rows: int, seed: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Log odds, what happened, customers and days: so many rows a night, whose base rate is moved by so much."""
    luck = np.random.default_rng(seed)
    day = np.repeat(np.arange(len(shifts)), rows)
    log_odds = luck.normal(-2.5, 1, len(day))
    return log_odds, luck.random(len(day)) < sigmoid(log_odds + np.array(shifts)[day]), np.arange(len(day)), day


@pytest.mark.parametrize(
    ("shifts", "rows", "nights"),
    [
        ([0, 0, 0, 0, 0], 2500, {3, 4}),  # as many as hold 400 customers with a complaint
        ([0, 0, 0, 0.8, 0.8], 800, {3, 4}),  # not back past a drift
        ([0, 0, 0, 0, 0], 200, {0, 1, 2, 3, 4}),  # all, where there are fewer
        ([0, 0, 0, 0, 0.8], 100, {0, 1, 2, 3, 4}),  # too few to tell a drift from luck
    ],
)
def test_the_latest_nights_are_enough_of_them_and_not_those_before_a_drift(
    shifts: list[float], rows: int, nights: set[int]
) -> None:
    log_odds, happened, customer, day = _nights(shifts, rows)
    chosen = recent_rows(log_odds, happened, customer, day, 400, 0.99)
    assert set(day[chosen].tolist()) == nights


def test_nights_before_a_drift_are_taken_along_where_that_is_asked_for() -> None:
    log_odds, happened, customer, day = _nights([0, 0, 0, 0.8, 0.8], 400)
    assert set(day[recent_rows(log_odds, happened, customer, day, 200, 0.99)].tolist()) == {3, 4}
    assert set(day[recent_rows(log_odds, happened, customer, day, 200, None)].tolist()) == {1, 2, 3, 4}


FLAT = {"features": {"age_days": Numbers(edges=(1,))}, "intercept": -3.0, "terms": (), "slope": 1.0, "areas": ()}
FIRST = np.datetime64("2026-06-01")


def _drifting(horizon: int, nights: int, drift: float, base: float) -> Learned:
    """A model of one horizon and its nights, seven days apart, 4 000 customers each; from the fifth on the base rate
    is moved. The shift is that of the last night."""
    luck, day = np.random.default_rng(horizon), np.repeat(FIRST + 7 * np.arange(nights), 4000)
    happened = luck.random(len(day)) < sigmoid(np.where(day >= FIRST + 28, base + drift, base))
    customer = [f"C{number}" for number in range(len(day))]
    rows = pa.table({"day_on": day, "customer_id": customer, "age_days": np.zeros(len(day))})
    shift = shift_of(np.full(4000, -3.0), happened[-4000:])
    return Learned(Fitted(ComplaintModel(horizon_days=horizon, shift=shift, **FLAT)), rows, happened)  # type: ignore[arg-type]


@pytest.mark.parametrize("drift", [0.8, 0.0, -0.8])
def test_the_longer_horizon_moves_with_the_shorter_one_though_its_own_nights_are_before_the_drift(drift: float) -> None:
    near, far = _drifting(7, 8, drift, -2.5), _drifting(14, 3, drift, -1.5)
    found = shift_beside(JUDGING, near, far.model, far.rows, far.happened, 9.0)
    assert found == pytest.approx(1.5 + drift, abs=0.15)
    assert far.model.shift == pytest.approx(1.5, abs=0.15)


def test_the_longer_horizon_keeps_its_own_base_rate_where_the_shorter_one_says_nothing() -> None:
    near, far = _drifting(7, 8, 0.0, -50.0), _drifting(14, 3, 0.0, -1.5)
    assert not near.happened.any()
    assert shift_beside(JUDGING, near, far.model, far.rows, far.happened, 9.0) == 9.0


def test_the_longer_horizon_keeps_its_own_base_rate_where_few_complaints_say_what_is_between() -> None:
    near, far = _drifting(7, 8, 0.0, -8.0), _drifting(14, 3, 0.0, -1.5)
    assert 0 < near.happened.sum() < 20
    assert shift_beside(JUDGING, near, far.model, far.rows, far.happened, 9.0) == 9.0


def test_base_rates_differ_only_where_the_interval_says_so() -> None:
    log_odds, happened, customer, day = _nights([0, 0.8], 3000)
    assert differ(log_odds, happened, customer, day == 0, day == 1, 0.95)
    assert not differ(log_odds, np.zeros_like(happened), customer, day == 0, day == 1, 0.95)
    false_alarms = 0
    for seed in range(200):
        log_odds, happened, customer, day = _nights([0, 0], 500, seed)
        false_alarms += differ(log_odds, happened, customer, day == 0, day == 1, 0.95)
    assert false_alarms / 200 == pytest.approx(0.05, abs=0.04)


def _check(template: Template, folder: Path, seed: int, customers: int, drift: float, drift_on: dt.date) -> None:
    world = world_until(MONTH, seed, customers, drift=drift, drift_on=drift_on)
    with fresh_home(template, folder) as home, Workbench.open(home) as bench:
        for fresh in train_and_look(home, bench, world, MONTH):
            ratio, slope = fresh.calibration.ratio, fresh.calibration.slope
            assert ratio is not None and slope is not None  # noqa: PT018
            assert ratio.low <= 1.1, (fresh.horizon, ratio)
            assert ratio.high >= 0.9, (fresh.horizon, ratio)
            assert slope.low <= 1.1, (fresh.horizon, slope)
            assert slope.high >= 0.9, (fresh.horizon, slope)
            assert 0.8 <= fresh.truth_over_expected <= 1.25, (fresh.horizon, fresh.truth_over_expected)
            assert fresh.is_promoted, fresh.decision


def test_the_first_refit_after_a_drift_is_calibrated_on_the_nights_that_follow(
    template: Template, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The base rate rises by 0.8 log odds on July 1st; the model of July's end is held against August."""
    _check(template, tmp_path_factory.mktemp("drift"), 3, 12_000, 0.8, dt.date(2026, 7, 1))


@pytest.mark.long
@pytest.mark.parametrize("drift_on", ["2026-06-10", "2026-07-01", "2026-07-16"])
@pytest.mark.parametrize(("seed", "drift"), [(11, 0.8), (12, -0.8), (13, 0.8)])
def test_the_first_refit_after_a_drift_of_any_day_and_sign_is_calibrated(
    template: Template, tmp_path_factory: pytest.TempPathFactory, seed: int, drift: float, drift_on: str
) -> None:
    folder = tmp_path_factory.mktemp("drifts")
    _check(template, folder, seed, 40_000, drift, dt.date.fromisoformat(drift_on))


@pytest.mark.long
@pytest.mark.parametrize("drift_on", ["2026-06-10", "2026-07-01", "2026-07-16"])
@pytest.mark.parametrize(("seeds", "drift"), [((11, 13, 15), 0.8), ((12, 21, 22, 23, 24, 25), -0.8)])
def test_in_the_mean_of_worlds_the_first_refit_after_a_drift_is_calibrated(
    template: Template, tmp_path_factory: pytest.TempPathFactory, seeds: tuple[int, ...], drift: float, drift_on: str
) -> None:
    """Bias, where the test of each world sees luck as well: what few complaints say of a base rate is some 6 % off."""
    found: dict[int, list[Fresh]] = {7: [], 30: []}
    for seed in seeds:
        world = world_until(MONTH, seed, 40_000, drift=drift, drift_on=dt.date.fromisoformat(drift_on))
        folder = tmp_path_factory.mktemp("drifts")
        with fresh_home(template, folder) as home, Workbench.open(home) as bench:
            for fresh in train_and_look(home, bench, world, MONTH):
                assert fresh.is_promoted, fresh.decision
                found[fresh.horizon].append(fresh)
    for horizon, worlds in found.items():
        expected = [each.truth_over_expected for each in worlds]
        slopes = [each.calibration.slope.value for each in worlds if each.calibration.slope]
        assert len(slopes) == len(seeds)
        assert 0.9 <= np.mean(expected) <= 1.1, (horizon, expected)
        assert 0.9 <= np.mean(slopes) <= 1.1, (horizon, slopes)
        assert all(0.8 <= each <= 1.25 for each in expected), (horizon, expected)
