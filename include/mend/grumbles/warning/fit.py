"""Fitting a complaint model: bins, terms, ridge logistic regression, and its slope by customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mend.grumbles.warning.calibration import slope_of
from mend.grumbles.warning.complaint_model import (
    Codes,
    ComplaintModel,
    Floats,
    Ints,
    Numbers,
    Term,
    cells,
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


@dataclass(frozen=True)
class Lesson:
    """Rows to learn from: a column for each feature, whether a complaint came within the horizon, and the fold of each
    row's customer.
    """

    rows: pa.Table
    happened: Labels
    fold: Ints
    folds: int


@dataclass(frozen=True)
class Fitted:
    """A model, and those that never saw the customers of each fold."""

    model: ComplaintModel
    without: tuple[ComplaintModel, ...] = ()

    def unseen_log_odds(self, lesson: Lesson) -> Floats:
        """Log odds of each row by the model that has not seen its customer."""
        found = np.zeros(len(lesson.rows))
        for number, model in enumerate(self.without):
            chosen = lesson.fold == number
            found[chosen] = model.log_odds(lesson.rows.filter(pa.array(chosen)))
        return found


def fit(
    horizon_days: int,
    areas: Sequence[str],
    lesson: Lesson,
    penalty: float,
    only: Sequence[str] | None = None,
    near: Fitted | None = None,
) -> Fitted:
    """A model of these rows; its slope says how far to trust the weights for customers who taught none of them.

    Args:
        only: these features alone (a baseline), and no slope.
        near: models of a shorter horizon, whose outcomes are known sooner: their log odds become a feature, of each
            customer by the one that has not seen them. (One that has knows a part of the outcome.)
    """
    rows, happened = lesson.rows, lesson.happened
    if near is not None:
        rows = rows.append_column("near", pa.array(near.unseen_log_odds(lesson)))
    described = describe(rows, areas)
    features = {name: feature for name, feature in described.items() if only is None or name in only}
    names = terms_of(features, areas) if only is None else [(name,) for name in features]
    bins = {name: feature.bins(rows[name]) for name, feature in features.items()}
    places = {term: cells(features, bins, term) for term in names}
    matrix = _matrix(features, places)

    def learned(chosen: Labels) -> ComplaintModel:
        intercept, weights = _ridge(features, places, matrix, happened, chosen, penalty)
        terms = tuple(Term(features=term, weights=tuple(weights[term].tolist())) for term in names)
        return ComplaintModel(
            horizon_days=horizon_days, areas=tuple(areas) if only is None else (), features=features,
            intercept=intercept, terms=terms, slope=1.0, shift=0.0, near=near.model if near else None,
        )  # fmt: skip

    model = learned(np.ones_like(happened))
    if only is not None:
        return Fitted(model)
    if not is_enough_for_folds(lesson):
        return Fitted(model, (model,) * lesson.folds)
    without = tuple(learned(lesson.fold != number) for number in range(lesson.folds))
    unseen = np.zeros(len(rows))
    for number, each in enumerate(without):
        chosen = lesson.fold == number
        unseen[chosen] = each.evaluated({name: values[chosen] for name, values in bins.items()})
    slope, _ = slope_of(unseen, happened)
    return Fitted(model.model_copy(update={"slope": slope}), without)


def is_enough_for_folds(lesson: Lesson) -> bool:
    """Whether customers with and without a complaint are left when any fold is left out."""
    others = [lesson.happened[lesson.fold != number] for number in range(lesson.folds)]
    return all(bool(each.any() and not each.all()) for each in others)


def _matrix(features: Mapping[str, Numbers | Codes], places: Mapping[tuple[str, ...], Any]) -> Any:
    """Rows x columns of the regression, sparse."""
    from scipy.sparse import csr_matrix, hstack

    return hstack([csr_matrix(coding(features, term))[place] for term, place in places.items()]).tocsr()


def _ridge(
    features: Mapping[str, Numbers | Codes],
    places: Mapping[tuple[str, ...], Any],
    matrix: Any,
    happened: Labels,
    chosen: Labels,
    penalty: float,
) -> tuple[float, dict[tuple[str, ...], Floats]]:
    """Intercept and weights of each term's cells, from a penalised logistic regression on the chosen rows."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    codings = {term: coding(features, term) for term in places}
    regression = LogisticRegression(C=1 / penalty, solver="lbfgs", max_iter=300, tol=1e-4)
    with threadpool_limits(limits=1):  # sums of several threads come out differently in the last digit
        regression.fit(matrix if chosen.all() else matrix[chosen], happened[chosen].astype(np.int8))
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
