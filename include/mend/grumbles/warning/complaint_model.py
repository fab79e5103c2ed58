"""The complaint model: a logistic regression over binned features, as numbers in JSON. Loading it executes nothing.

Log odds = intercept + for each term the weight of the row's bin (or pair of bins); then calibrated: slope x log odds +
shift.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mend.errors import BadDataError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
OTHER: Final = 0  # the bin of what is missing, and of a code that the model has not met


class ComplaintModelError(BadDataError, ValueError):
    """A stored model that cannot be used; the message says why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Numbers(_Strict):
    """A number in bins: 0 is missing, 1 under the first edge, 2 from the first edge on ..."""

    kind: Literal["numbers"] = "numbers"
    edges: tuple[float, ...]

    @property
    def size(self) -> int:
        return len(self.edges) + 2

    def bins(self, values: pa.ChunkedArray) -> Ints:
        """The bin of each value."""
        numbers = values.cast(pa.float64()).to_numpy()
        places = np.digitize(numbers, np.asarray(self.edges)) + 1
        return np.where(np.isnan(numbers), OTHER, places).astype(np.int64)


class Codes(_Strict):
    """A code: 0 is missing or not met in training, 1 the first of the list ..."""

    kind: Literal["codes"] = "codes"
    codes: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.codes) + 1

    def bins(self, values: pa.ChunkedArray) -> Ints:
        """The bin of each value."""
        places = pc.index_in(values.cast(pa.string()), value_set=pa.array(self.codes, pa.string()), skip_nulls=True)
        return np.asarray(pc.fill_null(places, -1).to_numpy(), dtype=np.int64) + 1


class Term(_Strict):
    """One feature, or two together: a weight for each bin or pair of bins (row by row)."""

    features: tuple[str, ...] = Field(min_length=1, max_length=2)
    weights: tuple[float, ...]


class ComplaintModel(_Strict):
    """A model of one horizon. `areas` names the columns open_0, open_1, ... of the features."""

    horizon_days: int = Field(gt=0)
    areas: tuple[str, ...]
    features: dict[str, Numbers | Codes]
    intercept: float
    terms: tuple[Term, ...]
    slope: float = Field(gt=0)
    shift: float
    near: ComplaintModel | None = None  # of a shorter horizon: its log odds are this model's feature `near`

    @model_validator(mode="after")
    def _weights_fit(self) -> ComplaintModel:
        for term in self.terms:
            if len(term.weights) != term_size(self.features, term.features):
                raise ValueError(f"term {' x '.join(term.features)}: {len(term.weights)} weights do not fit its bins")
        return self

    @property
    def inputs(self) -> list[str]:
        """The columns that a row must have, its areas' aside."""
        own = {*self.features, *(self.near.inputs if self.near else ())} - {"near"}
        return sorted(name for name in own if not name.startswith("open_") or name == "open_count")

    def log_odds(self, rows: pa.Table) -> Floats:
        """Log odds of each row before calibration. `rows` has a column for each feature."""
        if self.near is not None:
            rows = with_near(rows, self.near)
        return self.evaluated({name: feature.bins(rows[name]) for name, feature in self.features.items()})

    def evaluated(self, bins: Mapping[str, Ints]) -> Floats:
        """Log odds before calibration of rows whose bins are known."""
        total = np.full(len(next(iter(bins.values()))), self.intercept)
        for term in self.terms:
            total += np.asarray(term.weights)[cells(self.features, bins, term.features)]
        return total

    def probability(self, rows: pa.Table) -> Floats:
        """Probability of a complaint within the horizon, for each row."""
        return sigmoid(self.slope * self.log_odds(rows) + self.shift)

    def to_json(self) -> str:
        """The model as JSON text, the same for the same model."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> ComplaintModel:
        """The model of a JSON text. ComplaintModelError for anything else."""
        try:
            return cls.model_validate(json.loads(text))
        except (json.JSONDecodeError, ValidationError) as error:
            raise ComplaintModelError(f"no complaint model: {str(error).splitlines()[0]}") from None


def with_near(rows: pa.Table, near: ComplaintModel) -> pa.Table:
    """The rows with the log odds of a model of a shorter horizon as the column `near`."""
    return rows.append_column("near", pa.array(near.log_odds(rows)))


def term_size(features: Mapping[str, Numbers | Codes], names: Sequence[str]) -> int:
    """Cells of a term. ValueError for a feature that is not described."""
    missing = [name for name in names if name not in features]
    if missing:
        raise ValueError(f"unknown feature {missing[0]}")
    return int(np.prod([features[name].size for name in names]))


def cells(features: Mapping[str, Numbers | Codes], bins: Mapping[str, Ints], names: Sequence[str]) -> Ints:
    """The cell of each row in a term."""
    first, *second = names
    return bins[first] * features[second[0]].size + bins[second[0]] if second else bins[first]


def sigmoid(log_odds: Floats) -> Floats:
    """Log odds as probability, without overflow."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -50, 50))))
