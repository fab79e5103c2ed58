"""Groups of a brand's customers by age, tenure and spend: k-means for each number of groups, and the largest number
whose groups are apart.

Two groups are apart when the density falls between them: on the line from one centre to the other, the customers of
both are counted, and somewhere between the two peaks there are at most so many as the rules' share of the lower peak
(Hartigan and Mohanty 1992; a pair of groups as in Kalogeratos and Likas 2012). Whatever has one peak, however
skewed, holds no groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from mend.grumbles.clusters.rules import VALUE_FEATURES, ClusterSettings, ValueRules

Floats = npt.NDArray[np.float64]
DECIMALS: Final = 6  # centres and scales are rounded, so that they are the same wherever they are summed
CRITERION: Final = "valley"
STEPS: Final = 256  # places of the line between two centres at which the density is looked at
SMOOTH: Final = 2_000  # customers at most, of each pair, whose density is smoothed


@dataclass(frozen=True)
class Groups:
    """A brand's groups: spend below and above which it counts as the bound; how each feature is standardised (median
    for what is missing, mean, spread over its weight); centres (group, feature); the deepest valley of the worst
    pair for every number tried.
    """

    bounds: tuple[float, float]
    scales: tuple[tuple[float, float, float], ...]
    centres: Floats
    criteria: Mapping[int, float]
    customers: int

    @property
    def number(self) -> int:
        """The number of groups."""
        return len(self.centres)


def fit_groups(
    columns: Mapping[str, Floats], rules: ValueRules, settings: ClusterSettings, last_number: int | None = None
) -> Groups | None:
    """Fit one brand's sample (NaN: not known). None: too few customers, or nobody's spend is known.

    A feature that no one has, or that is the same for all, tells nobody apart and weighs nothing.
    """
    customers = len(columns["spend"])
    known = columns["spend"][~np.isnan(columns["spend"])]
    if customers < settings.minimum_customers or len(known) < settings.minimum_customers:
        return None
    low, high = (round(float(end), DECIMALS) for end in np.quantile(known, rules.winsorised))
    clipped = {**columns, "spend": np.clip(columns["spend"], low, high)}
    scales = tuple(_scale(clipped[name], rules.weights[name]) for name in VALUE_FEATURES)
    points = standardised(clipped, scales)
    found: dict[int, tuple[float, Floats]] = {}
    for number in rules.numbers:
        if number <= len(np.unique(points, axis=0)):
            centres, labels = _k_means(points, number, settings)
            sizes = np.bincount(labels, minlength=number)
            is_large = sizes.min() >= max(settings.least_share * customers, 20)
            found[number] = (_valley(points, centres, labels) if is_large else 1.0, centres)
    criteria = {number: round(depth, DECIMALS) for number, (depth, _) in found.items()}
    chosen = _choose(criteria, last_number, rules.deepest_valley)
    centres = points.mean(axis=0, keepdims=True) if chosen == 1 else found[chosen][1]
    order = np.argsort(-centres[:, VALUE_FEATURES.index("spend")], kind="stable")  # group 1 spends most
    return Groups((low, high), scales, np.round(centres[order], DECIMALS) + 0.0, criteria, customers)


def standardised(columns: Mapping[str, Floats], scales: Sequence[tuple[float, float, float]]) -> Floats:
    """Points (customer, feature), what is missing at the median."""
    return np.column_stack(
        [
            (np.where(np.isnan(columns[name]), median, columns[name]) - mean) / spread
            for name, (median, mean, spread) in zip(VALUE_FEATURES, scales, strict=True)
        ]
    )


def _choose(criteria: Mapping[int, float], last_number: int | None, deepest: float) -> int:
    """The largest number whose groups are apart; last month's while its valley is not much shallower.

    >>> _choose({2: 0.1, 3: 0.2, 4: 0.9}, None, 0.5), _choose({2: 0.8, 3: 0.9}, None, 0.5), _choose({2: 0.55}, 2, 0.5)
    (3, 1, 2)
    """
    if last_number is not None and last_number in criteria and criteria[last_number] <= deepest + (1 - deepest) / 4:
        return max([last_number, *(number for number, depth in criteria.items() if depth <= deepest / 2)])
    return max([1, *(number for number, depth in criteria.items() if depth <= deepest)])


def _scale(values: Floats, weight: float) -> tuple[float, float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return 0.0, 0.0, 1.0
    median = float(np.median(known))
    filled = np.where(np.isnan(values), median, values)
    spread = float(filled.std()) / weight
    return round(median, DECIMALS), round(float(filled.mean()), DECIMALS), round(spread, DECIMALS) or 1.0


def _k_means(points: Floats, number: int, settings: ClusterSettings) -> tuple[Floats, Any]:
    """Centres and labels. On one thread: sums of several come out differently in the last digit."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1):
        model = KMeans(n_clusters=number, n_init=settings.starts, random_state=settings.seed).fit(points)
    return np.asarray(model.cluster_centers_), model.labels_


def _valley(points: Floats, centres: Floats, labels: Any) -> float:
    """Of the pair of groups that are least apart: the density in the valley over that of the lower peak. 1: no
    valley."""
    depths = []
    for one, other in combinations(range(len(centres)), 2):
        along = centres[other] - centres[one]
        of_both = points[(labels == one) | (labels == other)] - centres[one]
        depths.append(depth_between(of_both @ along / (along @ along)))
    return max(depths)


def depth_between(places: Floats) -> float:
    """Density in the valley over the lower peak, for places on a line where one centre is at 0 and the other at 1.

    >>> rng = np.random.default_rng(1)
    >>> depth_between(rng.normal(0.5, 0.4, 5_000)) > 0.9
    True
    >>> depth_between(np.concatenate([rng.normal(0, 0.1, 500), rng.normal(1, 0.1, 5_000)])) < 0.1
    True
    """
    left, right = places[places < 0.5], places[places >= 0.5]
    if min(len(left), len(right)) < 2:
        return 1.0
    width = 1.06 * min(left.std(), right.std()) * min(len(left), len(right), SMOOTH) ** -0.2
    line = np.linspace(-0.25, 1.25, STEPS)
    step = line[1] - line[0]
    edges = np.append(line - step / 2, line[-1] + step / 2)
    counted = np.histogram(places, edges)[0].astype(float)
    offs = np.arange(-STEPS, STEPS + 1) * step
    kernel = np.exp(-0.5 * np.square(offs / max(width, step)))
    density = _smoothed(counted, kernel)
    middle = int(np.searchsorted(line, 0.5))
    peaks = int(np.argmax(density[:middle])), middle + int(np.argmax(density[middle:]))
    lower = min(density[peaks[0]], density[peaks[1]])
    return float(density[peaks[0] : peaks[1] + 1].min() / lower)


def _smoothed(counted: Floats, kernel: Floats) -> Floats:
    whole = np.convolve(counted, kernel)
    begins = len(kernel) // 2
    return np.asarray(whole[begins : begins + len(counted)])
