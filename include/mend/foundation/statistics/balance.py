"""Are two groups made of the same customers, and are they as large as planned?

A strict p-value alone lets gross differences pass among few customers. So there are two bounds, and either refuses: a
difference that luck hardly gives (p under 0.001), and one that is too large to compare across (a quarter of a standard
deviation; Stuart 2010) as soon as luck is in doubt (p under 0.05). Without the latter, half of all honest trials of 70
customers an arm would be refused.

Not refused is not alike. Two groups are alike where the whole interval of the difference is within a tenth of a
standard deviation (Austin 2009); between the two there is doubt (`judge_balance`). Of groups drawn by lot the draw
itself vouches for them, and doubt is shown by the interval; groups that were not drawn are then not judged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mend.foundation.statistics.intervals import StatisticsError, critical_z, two_sided_p

LEAST_P: Final = 0.001
DOUBT_P: Final = 0.05
NOTABLE_IMBALANCE: Final = 0.1
LARGE_IMBALANCE: Final = 0.25
CONFIDENCE: Final = 0.95
Balance = Literal["alike", "in_doubt", "unbalanced"]


@dataclass(frozen=True)
class StandardisedDifference:
    """How far two groups differ in a figure, in standard deviations (first minus second) with the 95 % interval, and
    how unlikely that is in groups drawn alike: z in standard errors, and its p-value.
    """

    name: str
    first: float
    second: float
    difference: float
    p_value: float
    z: float
    low: float
    high: float


@dataclass(frozen=True)
class SampleRatio:
    """Sizes of the groups against the planned shares. `distance` is Cohen's w: how far the shares are from the plan in
    standard deviations of one customer's draw, whatever the number of customers.
    """

    counts: tuple[int, ...]
    expected: tuple[float, ...]
    chi_square: float
    p_value: float
    distance: float


def of_shares(name: str, first: int, first_count: int, second: int, second_count: int) -> StandardisedDifference:
    """Standardised difference of two shares.

    >>> found = of_shares("complained", 38, 100, 55, 100)
    >>> round(found.difference, 3), round(found.p_value, 3)
    (-0.346, 0.016)
    >>> round(found.low, 2), round(found.high, 2)
    (-0.63, -0.07)
    """
    if not (0 <= first <= first_count and 0 <= second <= second_count and first_count and second_count):
        raise StatisticsError(f"{name}: {first} of {first_count} and {second} of {second_count} are no shares")
    shares = first / first_count, second / second_count
    within = (shares[0] * (1 - shares[0]) + shares[1] * (1 - shares[1])) / 2
    pooled = (first + second) / (first_count + second_count)
    error = math.sqrt(pooled * (1 - pooled) * (1 / first_count + 1 / second_count))
    return _difference(name, shares, within, error, (first_count, second_count))


def of_means(
    name: str, means: tuple[float, float], variances: tuple[float, float], counts: tuple[int, int]
) -> StandardisedDifference:
    """Standardised difference of two means.

    >>> round(of_means("score", (10.5, 10.0), (4.0, 4.0), (200, 200)).difference, 2)
    0.25
    """
    if min(counts) <= 0:
        raise StatisticsError(f"{name}: groups of {counts[0]} and {counts[1]} customers have no means")
    error = math.sqrt(variances[0] / counts[0] + variances[1] / counts[1])
    return _difference(name, means, (variances[0] + variances[1]) / 2, error, counts)


def of_categories(
    name: str, first: Mapping[str, int], second: Mapping[str, int], least: int = 1
) -> list[StandardisedDifference]:
    """One standardised difference a category; those that hold fewer than `least` customers in both groups together are
    taken as one, "other": a village tells nothing.

    >>> [each.name for each in of_categories("level", {"1": 40, "2": 2}, {"1": 50, "3": 1}, least=5)]
    ['level 1', 'level other']
    """
    totals = sum(first.values()), sum(second.values())
    both = {each: first.get(each, 0) + second.get(each, 0) for each in sorted({*first, *second})}
    large = [each for each, customers in both.items() if customers >= least]
    pairs = [(each, first.get(each, 0), second.get(each, 0)) for each in large]
    rest = totals[0] - sum(pair[1] for pair in pairs), totals[1] - sum(pair[2] for pair in pairs)
    if any(rest):
        pairs.append(("other", *rest))
    return [of_shares(f"{name} {each}", one, totals[0], two, totals[1]) for each, one, two in pairs]


def is_unbalanced(found: StandardisedDifference, tests: int = 1, is_random: bool = True) -> bool:
    """Whether two groups differ too much to be compared.

    Args:
        tests: so many figures are looked at together.
        is_random: the groups were drawn by lot: then a difference that luck hardly gives says that the draw went wrong,
            however small it is. Groups that were not drawn differ a little, always; a tenth of a standard deviation is
            allowed.
    """
    p_value = found.p_value * tests
    if abs(found.difference) >= LARGE_IMBALANCE and p_value < DOUBT_P:
        return True
    is_notable = is_random or abs(found.difference) >= NOTABLE_IMBALANCE
    return is_notable and p_value < LEAST_P


def judge_balance(found: StandardisedDifference, tests: int = 1, is_random: bool = True) -> Balance:
    """Whether two groups are alike in a figure, too different, or too few to tell.

    >>> judge_balance(of_shares("complained", 38, 100, 55, 100))
    'unbalanced'
    >>> judge_balance(of_shares("complained", 38, 100, 42, 100))
    'in_doubt'
    >>> judge_balance(of_shares("complained", 3800, 10_000, 3810, 10_000))
    'alike'
    """
    if is_unbalanced(found, tests, is_random):
        return "unbalanced"
    return "alike" if max(abs(found.low), abs(found.high)) <= NOTABLE_IMBALANCE else "in_doubt"


def sample_ratio(counts: Sequence[int], shares: Sequence[float]) -> SampleRatio:
    """Chi-square test of the groups' sizes against the planned shares (any weights).

    >>> found = sample_ratio([600, 400], [1, 1])
    >>> round(found.chi_square, 1), found.p_value < 1e-9, round(found.distance, 2)
    (40.0, True, 0.2)
    """
    if len(counts) != len(shares) or len(counts) < 2 or min(counts) < 0 or not all(share > 0 for share in shares):
        raise StatisticsError(f"sizes {list(counts)} and planned shares {list(shares)} do not fit together")
    customers, whole = sum(counts), math.fsum(shares)
    if customers == 0:
        raise StatisticsError("no customers: nothing to hold against the planned shares")
    expected = tuple(customers * share / whole for share in shares)
    chi_square = math.fsum((count - each) ** 2 / each for count, each in zip(counts, expected, strict=True))
    return SampleRatio(
        tuple(counts),
        expected,
        chi_square,
        _chi_square_p(chi_square, len(counts) - 1),
        math.sqrt(chi_square / customers),
    )


def is_ratio_broken(found: SampleRatio) -> bool:
    """Whether the groups are not as large as planned: luck hardly gives it, or it is doubtful and far off."""
    return found.p_value < LEAST_P or (found.distance >= LARGE_IMBALANCE and found.p_value < DOUBT_P)


def _difference(
    name: str, means: tuple[float, float], within: float, error: float, counts: tuple[int, int]
) -> StandardisedDifference:
    apart = means[0] - means[1]
    if apart != 0 and (within <= 0 or error <= 0):  # all of one group have it, none of the other
        far = math.copysign(math.inf, apart)
        return StandardisedDifference(name, *means, far, 0.0, far, far, far)
    difference = apart / math.sqrt(within) if apart else 0.0
    z = apart / error if apart else 0.0
    # Of the difference in standard deviations (Hedges and Olkin 1985): wide among few customers.
    spread = math.sqrt(1 / counts[0] + 1 / counts[1] + difference**2 / (2 * (counts[0] + counts[1])))
    half = critical_z(CONFIDENCE) * spread
    return StandardisedDifference(name, *means, difference, two_sided_p(z), z, difference - half, difference + half)


def _chi_square_p(value: float, freedom: int) -> float:
    if freedom == 1:
        return two_sided_p(math.sqrt(value))
    from scipy.special import chdtrc

    return float(chdtrc(freedom, value))
