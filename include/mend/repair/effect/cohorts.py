"""Whether two cohorts may be compared at all: a difference in who they are made of is a reason to refuse, not to
correct by eye.
"""

from __future__ import annotations

from dataclasses import dataclass

from mend.errors import BadDataError
from mend.foundation import statistics
from mend.foundation.statistics import StandardisedDifference


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
    """Two cohorts and how far apart they are (second minus first): in standard deviations, which does not shrink with
    few customers, with its interval; in standard errors (z), and the two-sided p-value.
    """

    first: Cohort
    second: Cohort
    found: StandardisedDifference

    @property
    def z(self) -> float:
        return self.found.z

    @property
    def p_value(self) -> float:
        return self.found.p_value

    @property
    def standardised_difference(self) -> float:
        return self.found.difference


@dataclass(frozen=True)
class CohortRefusal:
    """Why a comparison is refused, in words, and the test behind it. `state`: they differ, or too few customers tell
    whether they do.
    """

    balance: Balance
    state: statistics.Balance
    en: str
    zh: str


def balance(first: Cohort, second: Cohort) -> Balance:
    """Test whether both cohorts hold the same share of complainers.

    >>> found = balance(Cohort("a", 50, 50), Cohort("b", 40, 60))
    >>> round(found.z, 3), round(found.p_value, 3)
    (1.421, 0.155)
    """
    apart = statistics.of_shares(
        "complained", second.with_complaint, second.customers, first.with_complaint, first.customers
    )
    return Balance(first, second, apart)


def reason_not_to_compare(first: Cohort, second: Cohort) -> CohortRefusal | None:
    """Why these cohorts must not be compared, or None when they are alike.

    Cohorts are not drawn by lot: nothing but their figures says that they are alike. So where few customers leave it in
    doubt whether they differ by a tenth of a standard deviation, the comparison is not judged.
    """
    found = balance(first, second)
    state = statistics.judge_balance(found.found, is_random=False)
    if state == "alike":
        return None
    said, said_zh = _in_doubt(found) if state == "in_doubt" else _unbalanced(found)
    return CohortRefusal(found, state, said, said_zh)


def _shares(found: Balance) -> tuple[str, str]:
    first, second = found.first, found.second
    one, two = (f"{100 * each.complainer_share:.1f}" for each in (first, second))
    en = (
        f"{one} % of {first.customers} in {first.name} complained before, {two} % of {second.customers} in "
        f"{second.name}"
    )
    return en, f"{first.name}{first.customers}人中曾投诉占{one}%，{second.name}{second.customers}人中占{two}%"


def _unbalanced(found: Balance) -> tuple[str, str]:
    said, said_zh = _shares(found)
    by = f"z = {found.z:.1f}"
    by_zh = f"z={found.z:.1f}"
    if found.p_value >= statistics.LEAST_P:
        allowed = statistics.LARGE_IMBALANCE
        by = f"standardised difference {found.standardised_difference:.2f}, allowed {allowed}"
        by_zh = f"标准化差异{found.standardised_difference:.2f}，允许{allowed}"
    en = (
        f"not balanced: {said} ({by}). A difference in outcome would be one of the customers: the comparison is refused"
    )
    return en, f"两组不均衡：{said_zh}（{by_zh}）。结果差异可能来自客户构成，拒绝比较"


def _in_doubt(found: Balance) -> tuple[str, str]:
    said, said_zh = _shares(found)
    apart, low, high = (f"{each:.2f}" for each in (found.standardised_difference, found.found.low, found.found.high))
    bound = statistics.NOTABLE_IMBALANCE
    en = (
        f"not judged: {said} (standardised difference {apart}, 95 % interval {low} to {high}; alike is within {bound} "
        f"either way). Too few customers to say that the cohorts are alike: the comparison is refused"
    )
    zh = (
        f"无法判断：{said_zh}（标准化差异{apart}，95%区间{low}至{high}；±{bound}以内才算均衡）"
        f"。人数不足以说明两组均衡，拒绝比较"
    )
    return en, zh
