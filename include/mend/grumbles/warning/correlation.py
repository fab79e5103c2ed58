"""Correlation of grumble index and satisfaction, with interval and p-value, and a reason where there are too few
pairs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyarrow as pa

from mend.foundation.lake.filters import equal, one_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.warning.nights import ROOM
from mend.grumbles.warning.rules import Rules

CONFIDENCE: Final = 0.95
DIGITS: Final = 9
Pairs = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Correlation:
    """Pearson's r of pairs with its interval (Fisher's z) and p-value, or the reason why there is none."""

    pair_count: int
    correlation: float | None = None
    correlation_low: float | None = None
    correlation_high: float | None = None
    p_value: float | None = None
    reason_en: str | None = None
    reason_zh: str | None = None


def correlate(pairs: Pairs, least_pairs: int) -> Correlation:
    """The correlation of pairs; none under `least_pairs` (4 at least: the interval needs more than 3) or when a side
    never varies.

    >>> found = correlate([(10, 90), (20, 85), (30, 88), (40, 70), (50, 72)], 4)
    >>> round(found.correlation, 3), round(found.p_value, 3)
    (-0.865, 0.059)
    >>> correlate([(1, 2)], 4).reason_en
    '1 pairs, 4 are needed'
    """
    from scipy import stats

    count = len(pairs)
    if count < least_pairs:
        return Correlation(
            count,
            reason_en=f"{count} pairs, {least_pairs} are needed",
            reason_zh=f"仅{count}对样本，至少需要{least_pairs}对",
        )
    first, second = zip(*pairs, strict=True)
    if min(first) == max(first) or min(second) == max(second):
        return Correlation(count, reason_en="one of the two never varies", reason_zh="其中一项没有变化")
    found = stats.pearsonr(first, second)
    r = max(-1.0, min(1.0, float(found.statistic)))
    low, high = _interval(r, count)
    return Correlation(
        count, round(r, DIGITS), round(low, DIGITS), round(high, DIGITS), round(float(found.pvalue), DIGITS)
    )


def _interval(r: float, count: int) -> tuple[float, float]:
    """Fisher's z: atanh(r) is about normal with variance 1 / (n - 3)."""
    from scipy import stats

    if abs(r) >= 1:
        return r, r
    reach = float(stats.norm.ppf(0.5 + CONFIDENCE / 2)) / math.sqrt(count - 3)
    return math.tanh(math.atanh(r) - reach), math.tanh(math.atanh(r) + reach)


def write_correlations(step: Step, rules: Rules, month: str, window: Sequence[str]) -> int:
    """Write mart_grumble_correlation of a month from the pairs (city, month) of the window; gives the items that have a
    correlation.
    """
    step.view("mart_grumble_index", "index_month", where=one_of("month", window))
    rows = [
        {"month": month, "survey_item_code": item, **asdict(correlate(pairs, rules.index.least_pairs))}
        for item, pairs in _pairs(step).items()
    ]
    names = step.bench.described("mart_grumble_correlation").column_names
    step.put_arrow(
        "correlation", pa.Table.from_pylist([{name: row[name] for name in names} for row in rows], schema=_SHAPE)
    )
    files = step.write("mart_grumble_correlation", "correlation")
    step.bench.lake.replace("mart_grumble_correlation", equal("month", month), files)
    return sum(row["correlation"] is not None for row in rows)


def _pairs(step: Step) -> Mapping[str, Pairs]:
    """Index and satisfaction of each matched item by city and month; 'all' holds every pair."""
    items = [item for (item,) in step.rows(read_model(ROOM, "matched_item"))]
    pairs: dict[str, list[tuple[float, float]]] = {"all": [], **{item: [] for item in items}}
    for item, index, satisfaction in step.rows(read_model(ROOM, "index_pair")):
        pairs[item].append((index, satisfaction))
        pairs["all"].append((index, satisfaction))
    return pairs


_SHAPE: Any = pa.schema(
    [
        ("month", pa.string()),
        ("survey_item_code", pa.string()),
        ("pair_count", pa.int64()),
        *((name, pa.float64()) for name in ("correlation", "correlation_low", "correlation_high", "p_value")),
        ("reason_en", pa.string()),
        ("reason_zh", pa.string()),
    ]
)
