"""How well probabilities rank customers, and whether two differ: a customer counts once, and so does their complaint.

A customer's nights share one weight, and a night counts by the customer's most probable grumble: so a complaint that
five grumbles of four nights foresaw is one complaint. Intervals of differences leave groups of customers out in order
(delete-a-group jackknife), the same rows for both sides.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mend.grumbles.warning.calibration import Range
from mend.grumbles.warning.complaint_model import Floats, Ints

DIGITS: Final = 6


@dataclass(frozen=True)
class Nights:
    """Customers' nights: which row is of which night, what happened, weights, and the group of each customer."""

    place: Ints
    happened: npt.NDArray[np.bool_]
    weight: Floats
    group: Ints
    customers: int

    def most_probable(self, probability: Floats) -> Floats:
        """The probability of each night: that of its most probable grumble."""
        most = np.zeros(len(self.weight))
        np.maximum.at(most, self.place, probability)
        return most


def nights_of(rows: pa.Table, happened: npt.NDArray[np.bool_], groups: int) -> Nights:
    """The customers' nights of rows with day_on and customer_id."""
    customer, names = numbered(rows)
    day = rows["day_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    span = int(day.max(initial=0) - day.min(initial=0)) + 1
    keys, place = np.unique(customer * span + (day - day.min(initial=0)), return_inverse=True)
    of_customer = keys // span
    truth = np.zeros(len(keys), dtype=bool)
    truth[place] = happened
    count = np.bincount(of_customer, minlength=len(names))
    drawn = np.array([group_of(name, groups) for name in names], dtype=np.int64)
    return Nights(place, truth, 1 / count[of_customer], drawn[of_customer], len(names))


def numbered(rows: pa.Table) -> tuple[Ints, list[str]]:
    """The number of each row's customer, and the customers' ids by number."""
    coded: Any = rows["customer_id"].combine_chunks().dictionary_encode()
    return np.asarray(coded.indices.to_numpy(), dtype=np.int64), coded.dictionary.to_pylist()


def group_of(customer: str, groups: int) -> int:
    """A customer's group, from a digest of the id.

    >>> group_of("C1", 50) == group_of("C1", 50) < 50
    True
    """
    return int.from_bytes(hashlib.sha256(customer.encode()).digest()[:4]) % groups


def average_precision(probability: Floats, happened: npt.NDArray[np.bool_], weight: Floats) -> float:
    """Average precision with weights; ties are one step, so the order of rows does not matter.

    >>> average_precision(np.array([0.8, 0.6, 0.4]), np.array([True, False, True]), np.ones(3))  # (1 + 2/3) / 2
    0.8333333333333333
    """
    return _precision(*_ordered(probability, happened), weight[np.argsort(-probability, kind="stable")])


def differences(
    nights: Nights, probability: Floats, others: Mapping[str, Floats], groups: int, confidence: float
) -> dict[str, Range]:
    """Average precision of a probability less that of each other one, with intervals."""
    from scipy import stats

    own = _left_out(nights, probability, groups)
    reach = float(stats.t.ppf(0.5 + confidence / 2, groups - 1))
    found = {}
    for name, other in others.items():
        whole, *without = (own - _left_out(nights, other, groups)).tolist()
        error = math.sqrt((groups - 1) * float(np.var(without)))
        found[name] = Range(
            round(whole, DIGITS), round(whole - reach * error, DIGITS), round(whole + reach * error, DIGITS)
        )
    return found


def _left_out(nights: Nights, probability: Floats, groups: int) -> Floats:
    """Average precision of all customers, then without each group."""
    most = nights.most_probable(probability)
    order = np.argsort(-most, kind="stable")
    steps, happened = _ordered(most, nights.happened)
    weight, group = nights.weight[order], nights.group[order]
    found = [_precision(steps, happened, weight)]
    found += [_precision(steps, happened, np.where(group == number, 0.0, weight)) for number in range(groups)]
    return np.asarray(found)


def _ordered(probability: Floats, happened: npt.NDArray[np.bool_]) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """The last place of each step of equal probabilities in descending order, and what happened in that order."""
    order = np.argsort(-probability, kind="stable")
    ordered = probability[order]
    return np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1), happened[order]


def _precision(steps: Ints, happened: npt.NDArray[np.bool_], weight: Floats) -> float:
    hits = np.cumsum(weight * happened)[steps]
    taken = np.cumsum(weight)[steps]
    if not len(hits) or hits[-1] <= 0:
        return 0.0
    gained = np.diff(hits, prepend=0.0)
    return float((gained * hits / np.maximum(taken, 1e-12)).sum() / hits[-1])
