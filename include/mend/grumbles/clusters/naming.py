"""Names for clusters: last month's where a centre is near it, else those that the profile rules give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mend.grumbles.clusters.fitting import Fitted, Floats, Scale
from mend.grumbles.clusters.rules import Name


@dataclass(frozen=True)
class Before:
    """Last month's centre of a cluster: standardised means by feature, and how they were standardised."""

    name: str
    centre: Mapping[str, float]
    scales: Mapping[str, Scale]


@dataclass(frozen=True)
class Named:
    """A cluster's name, and how far it is from last month's centre of that name (None: it is new)."""

    name: str
    drift: float | None


def name_clusters(
    fitted: Fitted, names: Mapping[str, Name], before: Sequence[Before], largest_drift: float
) -> list[Named]:
    """A name for each centre, in their order; no name twice."""
    matched = _matched(fitted, before, largest_drift)
    free = [name for name in names if name not in {each.name for each in matched.values()}]
    rest = [place for place in range(fitted.number) if place not in matched]
    affinity = np.array([[_affinity(fitted, place, names[name]) for name in free] for place in rest]).reshape(
        len(rest), len(free)
    )
    new = {rest[row]: Named(free[column], None) for row, column in _hungarian(-affinity)}
    return [matched.get(place) or new[place] for place in range(fitted.number)]


def _matched(fitted: Fitted, before: Sequence[Before], largest_drift: float) -> dict[int, Named]:
    """Clusters near a centre of last month, each with the one that makes the sum of distances least."""
    if not before:
        return {}
    drift = np.array([[_drift(fitted, place, old) for old in before] for place in range(fitted.number)])
    pairs = _hungarian(np.minimum(drift, 1e6))
    return {
        row: Named(before[column].name, round(float(drift[row, column]), 6))
        for row, column in pairs
        if drift[row, column] <= largest_drift
    }


def _drift(fitted: Fitted, place: int, old: Before) -> float:
    """Root mean square distance of the centres in last month's standard deviations, over the features that both months
    have.
    """
    shared = [name for name in fitted.features if name in old.scales and name in old.centre]
    if not shared:
        return float("inf")
    offs = []
    for name in shared:
        scale, then = fitted.scales[name], old.scales[name]
        now = scale.mean + scale.spread * fitted.centres[place, fitted.features.index(name)]
        offs.append((now - then.mean) / then.spread - old.centre[name])
    return float(np.sqrt(np.mean(np.square(offs))))


def _affinity(fitted: Fitted, place: int, name: Name) -> float:
    """How much a centre is what the name says; features that are absent say nothing."""
    centre = dict(zip(fitted.features, fitted.centres[place].tolist(), strict=True))
    return float(sum(weight * centre.get(feature, 0.0) for feature, weight in name.weights.items()))


def _hungarian(cost: Floats) -> list[tuple[int, int]]:
    """The pairs of rows and columns with the least sum."""
    from scipy.optimize import linear_sum_assignment

    if not cost.size:
        return []
    rows, columns = linear_sum_assignment(cost)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]
