"""Whether two cohorts may be compared at all: a difference in who they are made of is a reason to refuse, not to
correct by eye.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from mend.errors import BadDataError
from mend.foundation.statistics import DOUBT_P, LARGE_IMBALANCE, of_shares

LEAST_P: Final = 0.001  # a difference this unlikely by chance means that the cohorts were not drawn alike


class CohortError(BadDataError, ValueError):
    """Counts that are no cohort; the message names them."""


@dataclass(frozen=True)
class Cohort:
    """Customers of a cohort by what they were before: grumbles only, or with a complaint."""

    name: str
    grumble_only: int
    with_complaint: int

    def __post_init__(self) -> None:
        if self.grumble_only < 0 or self.with_complaint < 0 or self.customers == 0:
            raise CohortError(
                f"cohort {self.name}: {self.grumble_only} + {self.with_complaint} customers are no cohort"
            )

    @property
    def customers(self) -> int:
        return self.grumble_only + self.with_complaint

    @property
    def complainer_share(self) -> float:
        """Share of the customers with a complaint."""
        return self.with_complaint / self.customers


@dataclass(frozen=True)
class Balance:
    """Two-proportion test of two cohorts: z (second minus first, in standard errors), the two-sided p-value, and how
    far apart they are in standard deviations, which does not shrink with few customers.
    """

    first: Cohort
    second: Cohort
    z: float
    p_value: float
    standardised_difference: float = 0.0


@dataclass(frozen=True)
class CohortRefusal:
    """Why a comparison is refused, in words, and the test behind it."""

    balance: Balance
    en: str
    zh: str


def balance(first: Cohort, second: Cohort) -> Balance:
    """Test whether both cohorts hold the same share of complainers.

    >>> found = balance(Cohort("a", 50, 50), Cohort("b", 40, 60))
    >>> round(found.z, 3), round(found.p_value, 3)
    (1.421, 0.155)
    """
    customers = first.customers + second.customers
    pooled = (first.with_complaint + second.with_complaint) / customers
    variance = pooled * (1 - pooled) * (1 / first.customers + 1 / second.customers)
    if variance == 0:  # nobody complained, or everybody did: alike
        return Balance(first, second, 0.0, 1.0)
    z = (second.complainer_share - first.complainer_share) / math.sqrt(variance)
    apart = of_shares(
        "complained", second.with_complaint, second.customers, first.with_complaint, first.customers
    ).difference
    return Balance(first, second, z, math.erfc(abs(z) / math.sqrt(2)), apart)


def reason_not_to_compare(first: Cohort, second: Cohort, least_p: float = LEAST_P) -> CohortRefusal | None:
    """Why these cohorts must not be compared, or None when they are balanced.

    Args:
        least_p: a p-value under this refuses the comparison; so does a quarter of a standard deviation between them
            with a p-value under 0.05, which among few customers a strict one would let pass.
    """
    found = balance(first, second)
    is_large = abs(found.standardised_difference) >= LARGE_IMBALANCE and found.p_value < DOUBT_P
    if found.p_value >= least_p and not is_large:
        return None
    shares = f"{100 * first.complainer_share:.1f} %", f"{100 * second.complainer_share:.1f} %"
    by = f"z = {found.z:.1f}"
    if found.p_value >= least_p:
        by = f"standardised difference {found.standardised_difference:.2f}, allowed {LARGE_IMBALANCE}"
    en = (
        f"not balanced: {shares[0]} of {first.customers} in {first.name} complained before, {shares[1]} of "
        f"{second.customers} in "
        f"{second.name} ({by}). A difference in outcome would be one of the customers: the comparison is "
        f"refused"
    )
    by_zh = f"z={found.z:.1f}"
    if found.p_value >= least_p:
        by_zh = f"标准化差异{found.standardised_difference:.2f}，允许{LARGE_IMBALANCE}"
    zh = (
        f"两组不均衡：{first.name}{first.customers}人中曾投诉占{shares[0]}，{second.name}{second.customers}人中占{shares[1]}"
        f"（{by_zh}）。结果差异可能来自客户构成，拒绝比较"
    ).replace(" %", "%")
    return CohortRefusal(found, en, zh)
