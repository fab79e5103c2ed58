"""Whether a model is put in force: by intervals, on customers, one complaint counting once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from mend.grumbles.warning.by_customer import average_precision, differences, nights_of
from mend.grumbles.warning.calibration import Calibration, Range
from mend.grumbles.warning.judging import load_judging
from mend.grumbles.warning.verdict import Decision, Rival, decide

JUDGING = load_judging()[0]
GOOD = Calibration(Range(1.02, 0.9, 1.15), Range(0.98, 0.85, 1.1))
BETTER = Range(0.05, 0.02, 0.08)
BASELINES = {"rate_by_type": Rival(0.1, BETTER), "recency_and_frequency": Rival(0.12, BETTER)}


def _decided(calibration: Calibration = GOOD, **rivals: Rival) -> Decision:
    return decide(JUDGING, calibration, 0.2, {**BASELINES, **rivals})


def test_a_calibrated_model_better_than_the_baselines_is_promoted_with_its_figures() -> None:
    found = _decided()
    assert found.is_promoted
    assert found.en == (
        "promoted: average precision 0.2000 by customers, held against both baselines; "
        "observed over expected 1.02 (0.90 to 1.15), slope 0.98 (0.85 to 1.10)"
    )
    assert found.zh == (
        "启用：按客户平均精度0.2000，已与两个基线比较；实际与预期之比1.02（0.90至1.15），校准斜率0.98（0.85至1.10）"
    )


@pytest.mark.parametrize(
    ("ratio", "slope", "reason"),
    [
        (Range(0.5, 0.46, 0.55), GOOD.slope, "observed over expected 0.50 (0.46 to 0.55) is outside 0.8 to 1.25"),
        (Range(0.9, 0.3, 2.7), GOOD.slope, "too little data: observed over expected 0.90 (0.30 to 2.70) may be"),
        (None, GOOD.slope, "too little data for the observed over expected"),
        (GOOD.ratio, Range(0.6, 0.5, 0.7), "calibration slope 0.60 (0.50 to 0.70) is outside 0.8 to 1.25"),
        (GOOD.ratio, Range(0.6, -0.1, 1.3), "too little data: calibration slope 0.60 (-0.10 to 1.30) may be zero"),
    ],
)
def test_a_model_that_is_badly_calibrated_or_of_which_nobody_can_say_is_kept_back(
    ratio: Range | None, slope: Range | None, reason: str
) -> None:
    found = _decided(Calibration(ratio, slope))
    assert not found.is_promoted
    assert found.en.startswith(f"kept back: {reason}")


@pytest.mark.parametrize(
    ("name", "difference", "reason"),
    [
        ("rate_by_type", Range(0.01, -0.01, 0.03), "kept back: not shown to be better than last month's rate by type"),
        ("rate_by_type", None, "kept back: not shown to be better than last month's rate by type"),
        ("recency_and_frequency", Range(0.01, -0.01, 0.03), "promoted"),
        ("recency_and_frequency", Range(-0.03, -0.05, -0.01), "kept back: worse than recency and frequency alone"),
    ],
)
def test_the_rate_must_be_beaten_and_recency_and_frequency_not_be_better(
    name: str, difference: Range | None, reason: str
) -> None:
    assert _decided(**{name: Rival(0.1, difference)}).en.startswith(reason)


@pytest.mark.parametrize(
    ("difference", "promoted", "reason"),
    [
        (Range(0.001, -0.004, 0.006), True, "promoted"),  # may lose 0.004 of 0.2: less than a twentieth
        (Range(-0.001, -0.004, 0.002), True, "promoted"),
        (Range(-0.02, -0.03, -0.01), False, "kept back: worse than the version in force: average precision -0.0200"),
        (Range(0.001, -0.05, 0.05), False, "kept back: may be worse than the version in force by more than 0.0100"),
        (None, False, "kept back: no night that the version in force has not learned from"),
    ],
)
def test_against_the_version_in_force_the_interval_of_the_difference_decides(
    difference: Range | None, promoted: bool, reason: str
) -> None:
    found = _decided(in_force=Rival(0.2, difference, GOOD))
    assert found.is_promoted is promoted
    assert found.en.startswith(reason)


def test_a_version_in_force_that_is_out_of_calibration_gives_way_unless_it_ranks_better_for_certain() -> None:
    doubled = replace(GOOD, ratio=Range(0.5, 0.46, 0.55))
    assert _decided(in_force=Rival(0.2, Range(0.001, -0.05, 0.05), doubled)).is_promoted
    assert not _decided(in_force=Rival(0.2, Range(-0.02, -0.03, -0.01), doubled)).is_promoted


def _rows(customers: list[str], days: list[str]) -> pa.Table:
    return pa.table({"customer_id": customers, "day_on": pa.array(days, pa.string()).cast(pa.date32())})


def test_a_complaint_counts_once_however_many_grumbles_and_nights_foresaw_it() -> None:
    """A has five rows in two nights, and complained after both; B and C have one."""
    days = ["2026-05-03", "2026-05-03", "2026-05-03", "2026-05-10", "2026-05-10", "2026-05-03", "2026-05-03"]
    rows = _rows(["A"] * 5 + ["B", "C"], days)
    happened = np.array([True] * 5 + [False, True])
    nights = nights_of(rows, happened, 50)
    most = nights.most_probable(np.array([0.1, 0.9, 0.2, 0.3, 0.8, 0.5, 0.4]))
    assert (nights.customers, nights.weight.tolist()) == (3, [0.5, 0.5, 1, 1])
    assert most.tolist() == [0.9, 0.8, 0.5, 0.4]
    # One of A, then C as the third: (1 + 2/3) / 2. By rows it would be (5 + 6/7) / 6.
    assert average_precision(most, nights.happened, nights.weight) == pytest.approx((1 + 2 / 3) / 2)


def test_the_difference_of_two_models_alike_covers_none_at_its_nominal_rate() -> None:
    """600 customers of two nights; two models see the truth with noise of their own of the same size."""
    luck, covered = np.random.default_rng(7), 0
    names = [f"C{number}" for number in range(600)]
    rows = _rows(names * 2, ["2026-05-03"] * 600 + ["2026-05-10"] * 600)
    for _ in range(100):
        truth = np.tile(luck.normal(-2, 1, 600), 2)
        happened = luck.random(1200) < 1 / (1 + np.exp(-truth))
        nights = nights_of(rows, happened, 50)
        one, two = (truth + np.tile(luck.normal(0, 0.7, 600), 2) for _ in range(2))
        found = differences(nights, np.exp(one), {"other": np.exp(two)}, 50, 0.95)["other"]
        covered += found.low <= 0 <= found.high
    assert covered / 100 == pytest.approx(0.95, abs=0.06)


def test_a_model_without_noise_is_better_than_one_of_noise_alone() -> None:
    luck = np.random.default_rng(8)
    rows = _rows([f"C{number}" for number in range(2000)], ["2026-05-03"] * 2000)
    truth = luck.normal(-2, 1.5, 2000)
    nights = nights_of(rows, luck.random(2000) < 1 / (1 + np.exp(-truth)), 50)
    found = differences(nights, np.exp(truth), {"noise": luck.random(2000)}, 50, 0.95)["noise"]
    assert found.low > 0.1
