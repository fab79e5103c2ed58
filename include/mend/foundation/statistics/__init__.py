"""Intervals, balance of two groups, correction over many tests: pure functions of frozen values."""

from mend.foundation.statistics.balance import (
    DOUBT_P,
    LARGE_IMBALANCE,
    LEAST_P,
    NOTABLE_IMBALANCE,
    Balance,
    SampleRatio,
    StandardisedDifference,
    is_ratio_broken,
    is_unbalanced,
    judge_balance,
    of_categories,
    of_means,
    of_shares,
    sample_ratio,
)
from mend.foundation.statistics.corrections import holm
from mend.foundation.statistics.intervals import (
    Interval,
    StatisticsError,
    agresti_caffo,
    critical_z,
    from_standard_error,
    two_sided_p,
    wilson,
)

__all__ = [
    "DOUBT_P",
    "LARGE_IMBALANCE",
    "LEAST_P",
    "NOTABLE_IMBALANCE",
    "Balance",
    "Interval",
    "SampleRatio",
    "StandardisedDifference",
    "StatisticsError",
    "agresti_caffo",
    "critical_z",
    "from_standard_error",
    "holm",
    "is_ratio_broken",
    "is_unbalanced",
    "judge_balance",
    "of_categories",
    "of_means",
    "of_shares",
    "sample_ratio",
    "two_sided_p",
    "wilson",
]
