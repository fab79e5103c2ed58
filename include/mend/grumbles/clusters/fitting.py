"""Clusters of a sample: features standardised, k-means for each number of clusters, the silhouette to choose among
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from mend.grumbles.clusters.rules import ClusterSettings, Feature

Floats = npt.NDArray[np.float64]
DECIMALS: Final = 6  # centres and scales are rounded, so that they are the same wherever they are summed
CRITERION: Final = "silhouette"


@dataclass(frozen=True)
class Scale:
    """How a feature is standardised: median for missing values, mean and spread (of the logarithm, where it is
    taken).
    """

    median: float
    mean: float
    spread: float


@dataclass(frozen=True)
class Fitted:
    """Centres (cluster, feature; standardised) over the features present, the scales, and the silhouette of every
    number tried.
    """

    features: tuple[str, ...]
    absent: tuple[str, ...]
    scales: Mapping[str, Scale]
    centres: Floats
    criteria: Mapping[int, float]

    @property
    def number(self) -> int:
        """The number of clusters."""
        return len(self.centres)


def fit_clusters_of(
    columns: Mapping[str, Floats],
    features: Mapping[str, Feature],
    numbers: Sequence[int],
    settings: ClusterSettings,
    last_number: int | None,
) -> Fitted | None:
    """Fit the sample's columns (NaN: missing).

    A feature that no row has, or that is the same in all of them, is left out. None when none is left or the rows are
    too few.
    """
    scales = {name: scale for name, words in features.items() if (scale := _scale(_transformed(columns[name], words)))}
    absent = tuple(name for name in features if name not in scales)
    rows = len(next(iter(columns.values())))
    if not scales or rows < settings.minimum_customers:
        return None
    points = np.column_stack(
        [_standardised(_transformed(columns[name], features[name]), scale) for name, scale in scales.items()]
    )
    possible = [number for number in numbers if number <= len(np.unique(points, axis=0))]
    if not possible:
        return None
    found = {number: _k_means(points, number, settings) for number in possible}
    criteria = {number: _silhouette(points, labels, settings) for number, (_, labels) in found.items()}
    chosen = _choose(criteria, last_number, settings.keep_margin)
    return Fitted(tuple(scales), absent, scales, found[chosen][0], criteria)


def _transformed(values: Floats, words: Feature) -> Floats:
    return np.log1p(np.maximum(values, 0)) if words.log else values


def _scale(values: Floats) -> Scale | None:
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    median = float(np.median(known))
    filled = np.where(np.isnan(values), median, values)
    spread = round(float(filled.std()), DECIMALS)
    return Scale(round(median, DECIMALS), round(float(filled.mean()), DECIMALS), spread) if spread > 0 else None


def _standardised(values: Floats, scale: Scale) -> Floats:
    return np.asarray((np.where(np.isnan(values), scale.median, values) - scale.mean) / scale.spread)


def _k_means(points: Floats, number: int, settings: ClusterSettings) -> tuple[Floats, Any]:
    """Centres and labels. On one thread: sums of several come out differently in the last digit."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1):
        model = KMeans(n_clusters=number, n_init=settings.starts, random_state=settings.seed).fit(points)
    return np.round(model.cluster_centers_, DECIMALS) + 0.0, model.labels_


def _silhouette(points: Floats, labels: Any, settings: ClusterSettings) -> float:
    from sklearn.metrics import silhouette_score
    from threadpoolctl import threadpool_limits

    first = slice(
        0, settings.criterion_customers
    )  # the sample is in the order of a digest: its first rows are a sample of it
    if len(np.unique(labels[first])) < 2:
        return -1.0
    with threadpool_limits(limits=1):
        return round(float(silhouette_score(points[first], labels[first])), DECIMALS)


def _choose(criteria: Mapping[int, float], last_number: int | None, margin: float) -> int:
    """The number with the best criterion, the smaller of equals; last month's where none is better by the margin.

    >>> _choose({3: 0.4, 4: 0.41}, None, 0.02), _choose({3: 0.4, 4: 0.41}, 3, 0.02), _choose({3: 0.4, 4: 0.5}, 3, 0.02)
    (4, 3, 4)
    """
    best = max(criteria, key=lambda number: (criteria[number], -number))
    if last_number is not None and last_number in criteria and criteria[best] < criteria[last_number] + margin:
        return last_number
    return best
