"""Groups of customers by what they did: a mixture of classes, each with its own chances for every kind of outcome.

Counts of one block (angry, annoyed) are a multinomial given their sum, so who calls often is no group by that alone.
The number of classes is the one with the largest integrated completed likelihood (Biernacki, Celeux and Govaert
2000): BIC less twice the entropy of the memberships, which grows only by classes that are apart. One class: the data
holds no groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
DECIMALS: Final = 6
CRITERION: Final = "icl"
SHORT: Final = 12  # steps of each start
LONG: Final = 200  # steps of the best one at most


@dataclass(frozen=True)
class MixtureSettings:
    """How a mixture is fitted: see the rules."""

    numbers: tuple[int, ...]
    starts: int
    seed: int
    minimum_customers: int
    least_share: float
    least_gain: float


@dataclass(frozen=True)
class Mixture:
    """Classes: their shares, and each one's log chance of every outcome; the chances of everybody; the criterion (in
    nats a customer, against one class) of every number tried."""

    outcomes: tuple[str, ...]
    weights: Floats
    log_chances: Floats  # class, outcome
    overall: Floats  # log chance of each outcome for everybody
    criteria: Mapping[int, float]
    customers: int

    @property
    def number(self) -> int:
        """The number of classes."""
        return len(self.weights)


def fit_mixture(
    counts: Mapping[str, Floats], blocks: Sequence[Sequence[str]], settings: MixtureSettings, last_number: int | None
) -> Mixture | None:
    """Fit classes to the sample's counts (outcome → count a customer). None: too few customers, or nothing to tell
    them by.

    Args:
        blocks: outcomes that exclude one another, such as (angry, annoyed). A block whose outcomes are not all there
        is left
            out by the caller.
        last_number: last month's number of classes, which stays unless another's criterion is better by `least_gain`.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    outcomes = tuple(name for block in blocks for name in block)
    customers = len(next(iter(counts.values()))) if outcomes else 0
    if customers < settings.minimum_customers:
        return None
    table = np.column_stack([counts[name] for name in outcomes])
    patterns, times = np.unique(table, axis=0, return_counts=True)
    with threadpool_limits(limits=1):  # sums of several threads come out differently in the last digit
        return _fitted(outcomes, patterns, times, _places(blocks), settings, last_number)


def _fitted(
    outcomes: tuple[str, ...],
    patterns: Floats,
    times: Any,
    places: list[slice],
    settings: MixtureSettings,
    last_number: int | None,
) -> Mixture:
    customers = int(times.sum())
    overall = np.log(_chances(times[None, :] @ patterns, places, np.full(len(outcomes), np.nan))[0])
    found: dict[int, tuple[float, Floats, Floats]] = {1: (_one(patterns, times, overall), np.ones(1), overall[None, :])}
    for number in settings.numbers:
        best = _best_of(patterns, times, places, overall, number, settings)
        if best is not None:
            found[number] = best
    criteria = {number: round((each[0] - found[1][0]) / customers, DECIMALS) for number, each in found.items()}
    chosen = _choose(criteria, last_number, settings.least_gain)
    _, weights, log_chances = found[chosen]
    return Mixture(
        outcomes,
        np.round(weights, DECIMALS),
        np.round(log_chances, DECIMALS),
        np.round(overall, DECIMALS),
        criteria,
        customers,
    )


def _choose(criteria: Mapping[int, float], last_number: int | None, least_gain: float) -> int:
    """The best number: more than one only by the gain, last month's unless another is better by it.

    >>> _choose({1: 0.0, 2: 0.004, 3: 0.2}, None, 0.01), _choose({1: 0.0, 2: 0.004}, None, 0.01)
    (3, 1)
    >>> _choose({1: 0.0, 2: 0.104, 3: 0.11}, 2, 0.01), _choose({1: 0.0, 2: -0.001}, 2, 0.01)
    (2, 2)
    """
    best = max(criteria, key=lambda number: (criteria[number], -number))
    stays = 1 if last_number is None or last_number not in criteria else last_number
    return best if criteria[best] > criteria[stays] + least_gain else stays


def _places(blocks: Sequence[Sequence[str]]) -> list[slice]:
    places, begins = [], 0
    for block in blocks:
        places.append(slice(begins, begins + len(block)))
        begins += len(block)
    return places


def _chances(sums: Floats, places: list[slice], prior: Floats) -> Floats:
    """Chances within each block, of sums (class, outcome); with one customer's worth of everybody's chances added,
    so that none is nought."""
    added = np.where(np.isnan(prior), 0.5, prior)
    found = sums + added
    for place in places:
        found[:, place] /= found[:, place].sum(axis=1, keepdims=True)
    return np.asarray(found)


def _one(patterns: Floats, times: Any, overall: Floats) -> float:
    """The criterion of one class."""
    return float(times @ (patterns @ overall))


def _best_of(
    patterns: Floats, times: Any, places: list[slice], overall: Floats, number: int, settings: MixtureSettings
) -> tuple[float, Floats, Floats] | None:
    """The likeliest of several starts with classes that are large enough: criterion, weights, log chances.

    All starts climb a little, the best of them to the top (Biernacki, Celeux and Govaert 2003).
    """
    generator = np.random.default_rng([settings.seed, number])
    prior = np.exp(overall)
    begun = []
    for _ in range(settings.starts):
        members = generator.dirichlet(np.full(number, 0.3), size=len(patterns))
        begun.append(_climb(patterns, times, places, prior, members, SHORT))
    likeliest = max(begun, key=lambda climbed: climbed[0])
    likelihood, weights, log_chances, members = _climb(patterns, times, places, prior, likeliest[3], LONG)
    if weights.min() < settings.least_share:
        return None  # a class of a handful, such as those with one rare count
    entropy = -float(times @ (members * np.log(np.maximum(members, 1e-300))).sum(axis=1))
    more = (number - 1) * (1 + sum(place.stop - place.start - 1 for place in places))
    order = np.lexsort((*np.round(log_chances, DECIMALS).T, -np.round(weights, DECIMALS)))
    criterion = float(likelihood - 0.5 * more * np.log(times.sum()) - entropy)
    return criterion, weights[order], log_chances[order]


def _climb(
    patterns: Floats, times: Any, places: list[slice], prior: Floats, members: Floats, most: int
) -> tuple[float, Floats, Floats, Floats]:
    """Expectation and maximisation: likelihood, weights, log chances, memberships."""
    before = -np.inf
    for _ in range(most):
        held = members * times[:, None]
        weights = held.sum(axis=0) / times.sum()
        log_chances = np.log(_chances(held.T @ patterns, places, prior))
        joint = patterns @ log_chances.T + np.log(np.maximum(weights, 1e-300))
        top = joint.max(axis=1, keepdims=True)
        sums = np.exp(joint - top)
        members = sums / sums.sum(axis=1, keepdims=True)
        likelihood = float(times @ (top[:, 0] + np.log(sums.sum(axis=1))))
        if likelihood < before + 1e-6 * times.sum():
            break
        before = likelihood
    return likelihood, weights, log_chances, members
