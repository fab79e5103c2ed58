"""The complaint model as data: a small evaluator, figures that can be checked by hand, and texts that are refused."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mend.grumbles.warning.calibration import slope_of
from mend.grumbles.warning.complaint_model import Codes, ComplaintModel, ComplaintModelError, Numbers, Term, sigmoid
from mend.grumbles.warning.fit import coding
from mend.grumbles.warning.metrics import calibration_bins, calibration_error, lift, measure

MODEL = ComplaintModel(
    horizon_days=7,
    areas=("tariff_billing",),
    features={"age_days": Numbers(edges=(1, 3)), "behaviour_code": Codes(codes=("patient", "tense"))},
    intercept=-3.0,
    terms=(
        Term(features=("age_days",), weights=(0.0, 0.1, 0.2, 0.3)),
        Term(features=("behaviour_code", "age_days"), weights=(0.0,) * 8 + (0.0, 1.0, 2.0, 3.0)),
    ),
    slope=2.0,
    shift=0.5,
)
ROWS = pa.table({"age_days": [0, 2, 9, None, 2], "behaviour_code": ["tense", "tense", "tense", "tense", None]})


def test_a_probability_is_the_sum_of_the_rows_weights_calibrated() -> None:
    log_odds = np.array([-3 + 0.1 + 1, -3 + 0.2 + 2, -3 + 0.3 + 3, -3.0, -3 + 0.2])
    assert MODEL.log_odds(ROWS) == pytest.approx(log_odds)
    assert MODEL.probability(ROWS) == pytest.approx(1 / (1 + np.exp(-(2 * log_odds + 0.5))))


def test_a_code_that_training_has_not_met_counts_as_missing() -> None:
    unknown = ROWS.set_column(1, "behaviour_code", pa.array(["new one"] * 5))
    assert MODEL.log_odds(unknown) == pytest.approx(np.array([-2.9, -2.8, -2.7, -3.0, -2.8]))


def test_a_stored_model_comes_back_the_same() -> None:
    text = MODEL.to_json()
    assert ComplaintModel.from_json(text) == MODEL
    assert ComplaintModel.from_json(text).to_json() == text


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        pickle.dumps(print).decode("latin-1"),
        json.dumps({"__reduce__": ["os.system", "true"]}),
        MODEL.to_json().replace("-3.0", "NaN"),
        MODEL.to_json().replace("[0.0,0.1,0.2,0.3]", "[0.0,0.1]"),
        MODEL.to_json().replace('["age_days"]', '["nothing"]'),
        MODEL.to_json().replace('"slope":2.0', '"slope":-1'),
    ],
)
def test_a_text_that_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ComplaintModelError, match="no complaint model"):
        ComplaintModel.from_json(text)


def test_a_number_has_a_step_for_each_edge_it_has_passed() -> None:
    found = coding({"age_days": Numbers(edges=(1, 3))}, ("age_days",))
    assert found.tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]


def test_calibration_finds_the_slope_and_shift_that_were_planted() -> None:
    luck = np.random.default_rng(3)
    log_odds = luck.normal(-2, 1.5, 200_000)
    happened = luck.random(200_000) < sigmoid(0.7 * log_odds + 0.4)
    assert slope_of(log_odds, happened) == pytest.approx((0.7, 0.4), abs=0.03)
    assert slope_of(log_odds[:5], np.zeros(5, dtype=bool)) == (1.0, 0.0)


@given(st.permutations(range(12)), st.sampled_from([0.01, 0.1, 0.25, 0.5]))
def test_lift_does_not_depend_on_the_order_of_rows(order: list[int], share: float) -> None:
    probability = np.array([0.9, 0.8, 0.8, 0.8, 0.5, 0.5, 0.3, 0.3, 0.3, 0.2, 0.1, 0.1])
    happened = np.array([1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], dtype=bool)
    assert lift(probability[order], happened[order], share) == pytest.approx(lift(probability, happened, share))


def test_figures_of_a_small_case_are_those_worked_out_by_hand() -> None:
    probability = np.array([0.8, 0.6, 0.4, 0.2])
    found = measure(probability, np.array([True, False, True, False]))
    assert (found.auc, found.average_precision, found.brier) == (0.75, pytest.approx((1 + 2 / 3) / 2, abs=1e-6), 0.2)
    with pytest.raises(ValueError, match="rows without a complaint"):
        measure(probability, np.ones(4, dtype=bool))


def test_calibration_error_is_the_gap_of_predicted_and_observed() -> None:
    probability = np.repeat([0.1, 0.3], 500)
    happened = np.concatenate([np.arange(500) < 100, np.arange(500) < 150])  # 20 % and 30 %
    assert [(each.rows, each.observed) for each in calibration_bins(probability, happened)] == [(500, 0.2), (500, 0.3)]
    assert calibration_error(probability, happened) == pytest.approx(0.05)
