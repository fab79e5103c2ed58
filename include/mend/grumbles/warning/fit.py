"""Fitting a complaint model: bins, terms, ridge logistic regression, calibration on later nights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mend.grumbles.warning.complaint_model import (
    Codes,
    ComplaintModel,
    Floats,
    Numbers,
    Term,
    cells,
    sigmoid,
    with_near,
)

Labels = npt.NDArray[np.bool_]
EDGES: Final[Mapping[str, tuple[float, ...]]] = {
    "age_days": (1, 2, 4, 6, 8, 10, 12, 14, 21),
    "latest_days": (1, 3, 7, 14),
    "recent_7": (2, 3, 4),
    "recent_count": (2, 3, 4, 6),
    "open_count": (2, 3, 4),
    "complaint_count": (1, 2, 3),
    "complaint_30": (1, 2),
    "complaint_days": (8, 31, 91),
    "contact_30": (1, 3, 6, 12),
    "tenure_months": (3, 12, 36, 84),
    "arpu_amount": (30, 60, 100, 200),
    "coefficient": (-0.5, 0.01, 0.5, 1.0, 1.5, 2.0),
}
NEAR_EDGES: Final = tuple(-7 + 0.25 * step for step in range(29))  # log odds
OPEN_EDGES: Final = (1, 3, 5, 7, 9, 11, 13, 14, 21)
CODED: Final = (
    "area_code",
    "solved_state_code",
    "mood_code",
    "value_code",
    "behaviour_code",
    "source_kind_code",
    "fault_code",
)
PAIRS: Final = (
    ("behaviour_code", "area_code"),
    ("area_code", "age_days"),
    ("area_code", "solved_state_code"),
    ("behaviour_code", "age_days"),
    ("value_code", "area_code"),
)
RECENCY_AND_FREQUENCY: Final = ("latest_days", "age_days", "recent_7", "recent_count", "contact_30")
DIGITS: Final = 6  # of a stored weight: sums in another order must not give another model


def describe(rows: pa.Table, areas: Sequence[str]) -> dict[str, Numbers | Codes]:
    """The features with their bins; codes are those met in training, in order."""
    features: dict[str, Numbers | Codes] = {name: Numbers(edges=edges) for name, edges in EDGES.items()}
    if "near" in rows.column_names:
        features["near"] = Numbers(edges=NEAR_EDGES)
    features |= {f"open_{place}": Numbers(edges=OPEN_EDGES) for place in range(len(areas))}
    for name in CODED:
        features[name] = Codes(codes=tuple(sorted(pc.unique(rows[name].drop_null()).to_pylist())))
    return features


def terms_of(features: Mapping[str, Numbers | Codes], areas: Sequence[str]) -> list[tuple[str, ...]]:
    """Every feature alone, the stated pairs, and each area's open grumbles by behaviour cluster."""
    by_cluster = [("behaviour_code", f"open_{place}") for place in range(len(areas))]
    return [*((name,) for name in features), *PAIRS, *by_cluster]


def fit(
    horizon_days: int,
    areas: Sequence[str],
    rows: pa.Table,
    happened: Labels,
    is_later: Labels,
    penalty: float,
    only: Sequence[str] | None = None,
    near: ComplaintModel | None = None,
) -> ComplaintModel:
    """A model of these rows: fitted on the earlier ones, calibrated on the later ones, then fitted again on all with
    that calibration.

    Args:
        rows: a column for each feature. happened: a complaint within the horizon. is_later: which to calibrate on.
        only: these features alone (a baseline).
        near: a model of a shorter horizon, whose outcomes are known sooner: its log odds become a feature.
    """
    rows = rows if near is None else with_near(rows, near)
    described = describe(rows, areas)
    features = {name: feature for name, feature in described.items() if only is None or name in only}
    names = terms_of(features, areas) if only is None else [(name,) for name in features]
    bins = {name: feature.bins(rows[name]) for name, feature in features.items()}
    places = {term: cells(features, bins, term) for term in names}
    intercept, weights = _ridge(features, places, happened, ~is_later, penalty)
    log_odds = intercept + sum(weights[term][place] for term, place in places.items())
    slope, shift = calibrate(np.asarray(log_odds)[is_later], happened[is_later])
    # The later rows showed how far to trust such weights; now they teach, too.
    intercept, weights = _ridge(features, places, happened, np.ones_like(is_later), penalty)
    return ComplaintModel(
        horizon_days=horizon_days,
        areas=tuple(areas) if only is None else (),
        features=features,
        intercept=intercept,
        terms=tuple(Term(features=term, weights=tuple(weights[term].tolist())) for term in names),
        slope=slope,
        shift=shift,
        near=near,
    )


def _ridge(
    features: Mapping[str, Numbers | Codes],
    places: Mapping[tuple[str, ...], Any],
    happened: Labels,
    rows: Labels,
    penalty: float,
) -> tuple[float, dict[tuple[str, ...], Floats]]:
    """Intercept and weights of each term's cells, from a penalised logistic regression on a sparse matrix."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    codings = {term: coding(features, term) for term in places}
    matrix = hstack([csr_matrix(codings[term])[place[rows]] for term, place in places.items()]).tocsr()
    regression = LogisticRegression(C=1 / penalty, solver="lbfgs", max_iter=300, tol=1e-4)
    with threadpool_limits(limits=1):  # sums of several threads come out differently in the last digit
        regression.fit(matrix, happened[rows].astype(np.int8))
    ends = np.cumsum([each.shape[1] for each in codings.values()])
    parts = np.split(regression.coef_[0], ends[:-1])
    weights = {
        term: np.round(each @ part, DIGITS) + 0.0 for (term, each), part in zip(codings.items(), parts, strict=True)
    }
    return round(float(regression.intercept_[0]), DIGITS), weights


def coding(features: Mapping[str, Numbers | Codes], term: Sequence[str]) -> Floats:
    """Cells of a term x columns of the regression. A code has a column of its own; a number has one for being there at
    all and one for each edge it has passed: so the penalty is on steps between neighbours, and neighbours without a
    difference share one weight."""
    parts = [_steps(features[name]) for name in term]
    return parts[0] if len(parts) == 1 else np.asarray(np.kron(parts[0], parts[1]))


def _steps(feature: Numbers | Codes) -> Floats:
    if isinstance(feature, Codes):
        return np.eye(feature.size)
    return np.tril(np.ones((feature.size, feature.size)))[:, 1:]


def calibrate(log_odds: Floats, happened: Labels) -> tuple[float, float]:
    """Slope and shift of Platt's calibration; as it is (1, 0) where the later rows say nothing or the slope would turn
    the order.
    """
    if not happened.any() or happened.all():
        return 1.0, 0.0
    slope, shift = 1.0, 0.0
    for _ in range(50):
        probability = sigmoid(slope * log_odds + shift)
        weight = probability * (1 - probability)
        gradient = np.array([((probability - happened) * log_odds).sum(), (probability - happened).sum()])
        cross = (weight * log_odds).sum()
        curve = np.array([[(weight * log_odds**2).sum() + 1e-6, cross], [cross, weight.sum() + 1e-6]])
        step = np.linalg.solve(curve, gradient)
        slope, shift = slope - float(step[0]), shift - float(step[1])
        if np.abs(step).max() < 1e-9:
            break
    return (round(slope, DIGITS), round(shift, DIGITS)) if 0 < slope < 20 else (1.0, 0.0)
