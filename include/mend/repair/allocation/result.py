"""What an allocation gives: who got what, what it is worth, the most that it could be worth, and prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

Resource = Literal["seat", "budget", "total", "floor"]


@dataclass(frozen=True)
class Price:
    """One limit. `price` is what a unit of it costs in points, by which every customer's choice was judged; a floor's
    is what one customer more brings. `value_of_one_more` is the gain in benefit from one unit more (of a floor: from
    one customer fewer to be listed), `value_of_one_less` the loss from one unit less. None where not asked for.
    """

    resource: Resource
    strategy: int | None
    city: int | None
    capacity: int
    used: int
    price: Fraction
    value_of_one_more: float | None = None
    value_of_one_less: float | None = None


@dataclass(frozen=True, eq=False)
class Allocation:
    """`chosen` is each customer's strategy, -1 for none. No allocation that leaves floors short by no more has more
    benefit than `bound`; `gap` is the share of the bound that is missing. `flows` rebuild it without a solver."""

    chosen: np.ndarray
    benefit: int
    cost: int
    shortage: Mapping[int, int]
    bound: int
    gap: float
    is_exact: bool
    prices: list[Price]
    flows: bytes


def gap_of(benefit: int, bound: int) -> float:
    """
    >>> gap_of(99, 100), gap_of(0, 0)
    (0.01, 0.0)
    """
    return (bound - benefit) / bound if bound > 0 else 0.0
