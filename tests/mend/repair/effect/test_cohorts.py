"""Two cohorts may be compared only when they are made of the same customers."""

from __future__ import annotations

import numpy as np
import pytest

from mend.repair.effect import Cohort, CohortError, balance, reason_not_to_compare

# As published: 22 000 customers each, grumble only + with complaint.
FIRST = Cohort("cohort A", 13_615, 8_385)
SECOND = Cohort("cohort B", 12_487, 9_513)


def test_the_published_cohorts_are_not_balanced_and_their_comparison_is_refused() -> None:
    assert (FIRST.customers, SECOND.customers) == (22_000, 22_000)
    refusal = reason_not_to_compare(FIRST, SECOND)
    assert refusal is not None
    assert refusal.balance.z == pytest.approx(10.9, abs=0.05)
    assert refusal.balance.p_value < 1e-25
    assert refusal.en == (
        "not balanced: 38.1 % of 22000 in cohort A complained before, 43.2 % of 22000 in cohort B (z = 10.9). "
        "A difference in outcome would be one of the customers: the comparison is refused"
    )
    assert (
        refusal.zh
        == "两组不均衡：cohort A22000人中曾投诉占38.1%，cohort B22000人中占43.2%（z=10.9）。结果差异可能来自客户构成，拒绝比较"  # noqa: E501
    )


def test_the_test_is_that_of_statsmodels() -> None:
    from statsmodels.stats.proportion import proportions_ztest

    z, p_value = proportions_ztest([9_513, 8_385], [22_000, 22_000])
    found = balance(FIRST, SECOND)
    assert (found.z, found.p_value) == (pytest.approx(z), pytest.approx(p_value, rel=1e-6))


def test_balanced_cohorts_are_compared() -> None:
    assert reason_not_to_compare(FIRST, Cohort("its twin", 13_600, 8_400)) is None
    assert reason_not_to_compare(Cohort("calm", 9_000, 0), Cohort("calm too", 9_000, 0)) is None
    few = reason_not_to_compare(Cohort("calm", 10, 0), Cohort("calm too", 900, 0))
    assert few is not None
    assert few.state == "in_doubt"  # nobody of ten complained: that says nothing yet


def test_cohorts_drawn_alike_are_called_different_at_the_stated_rate() -> None:
    luck = np.random.default_rng(11)
    complainers = luck.binomial(22_000, 0.4, (4_000, 2))
    different = sum(
        balance(Cohort("a", 22_000 - int(a), int(a)), Cohort("b", 22_000 - int(b), int(b))).p_value < 0.05
        for a, b in complainers
    )
    assert different / 4_000 == pytest.approx(0.05, abs=0.012)


def test_no_customers_are_no_cohort() -> None:
    with pytest.raises(CohortError, match="nobody: 0 \\+ 0"):
        Cohort("nobody", 0, 0)
