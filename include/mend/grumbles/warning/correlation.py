"""Correlation of grumble index and satisfaction: interval and p-value by clusters, or the reason why there is none.

A city's months resemble one another, and so do a city's items: pairs are no independent sample. So whole cities (and
for all items together whole items, too) are left out in order, and the interval follows from how the correlation moves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from mend.foundation.lake.filters import equal, one_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.warning.judging import Judging
from mend.grumbles.warning.nights import ROOM
from mend.grumbles.warning.rules import Rules

DIGITS: Final = 9


@dataclass(frozen=True)
class Pair:
    """Index and satisfaction of an item in a city and month."""

    item: str
    city: str
    index: float
    satisfaction: float


@dataclass(frozen=True)
class Correlation:
    """Pearson's r of pairs; its interval and p-value by clusters; what is missing has a reason."""

    pair_count: int
    cluster_count: int = 0
    correlation: float | None = None
    correlation_low: float | None = None
    correlation_high: float | None = None
    p_value: float | None = None
    corrected_p_value: float | None = None
    reason_en: str | None = None
    reason_zh: str | None = None


def correlate(pairs: Sequence[Pair], least_pairs: int, least_clusters: int, confidence: float = 0.95) -> Correlation:
    """The correlation of pairs; none under `least_pairs`, or when a side never varies. Interval and p-value need so
    many cities; where there are several items, so many items, too.

    >>> pairs = [Pair("a", f"city{n}", 10 * n, y) for n, y in enumerate([90, 85, 88, 70, 72, 74, 60, 66])]
    >>> found = correlate(pairs, 4, 8)
    >>> round(found.correlation, 3), found.cluster_count, found.p_value < 0.05
    (-0.913, 8, True)
    >>> correlate(pairs[:5], 4, 8).reason_en
    '5 cities, 8 are needed for an interval'
    """
    count = len(pairs)
    if count < least_pairs:
        return Correlation(
            count,
            reason_en=f"{count} pairs, {least_pairs} are needed",
            reason_zh=f"仅{count}对样本，至少需要{least_pairs}对",
        )
    sides = np.array([[each.index, each.satisfaction] for each in pairs])
    if (np.ptp(sides, axis=0) == 0).any():
        return Correlation(count, reason_en="one of the two never varies", reason_zh="其中一项没有变化")
    r = float(np.clip(np.corrcoef(sides.T)[0, 1], -1, 1))
    ways = _ways(pairs)
    fewest, en, zh = min((len(set(names)), en, zh) for names, en, zh in ways)
    known = Correlation(count, fewest, round(r, DIGITS))
    if fewest < least_clusters:
        return replace(
            known,
            reason_en=f"{fewest} {en}, {least_clusters} are needed for an interval",
            reason_zh=f"仅{fewest}个{zh}，至少需要{least_clusters}个才能给出区间",
        )
    low, high, p_value = _interval(r, max(_error(sides, names) for names, _, _ in ways), fewest, confidence)
    return replace(
        known,
        correlation_low=round(low, DIGITS),
        correlation_high=round(high, DIGITS),
        p_value=round(p_value, DIGITS),
    )


def _ways(pairs: Sequence[Pair]) -> list[tuple[list[str], str, str]]:
    """The ways in which pairs are clustered: by city, and by item where there are several."""
    ways = [([each.city for each in pairs], "cities", "地市")]
    items = [each.item for each in pairs]
    return [*ways, (items, "items", "指标")] if len(set(items)) > 1 else ways


def _error(sides: Any, names: list[str]) -> float:
    """Standard error of Fisher's z: each cluster is left out once (jackknife)."""
    clusters = np.asarray(names)
    left = [_fisher(sides[clusters != name]) for name in sorted(set(names))]
    return math.sqrt((len(left) - 1) * float(np.var(left)))


def _fisher(sides: Any) -> float:
    """Fisher's z of the correlation; a side that no longer varies shows none."""
    if (np.ptp(sides, axis=0) == 0).any():
        return 0.0
    return math.atanh(float(np.clip(np.corrcoef(sides.T)[0, 1], -0.999999, 0.999999)))


def _interval(r: float, error: float, clusters: int, confidence: float) -> tuple[float, float, float]:
    """Bounds of r and the p-value of none, from z with its error and Student's t."""
    from scipy import stats

    if abs(r) >= 1 - 1e-12 or error == 0:
        return r, r, 0.0
    z = math.atanh(r)
    reach = float(stats.t.ppf(0.5 + confidence / 2, clusters - 1)) * error
    p_value = 2 * float(stats.t.sf(abs(z) / error, clusters - 1))
    return math.tanh(z - reach), math.tanh(z + reach), p_value


def corrected(found: dict[str, Correlation]) -> dict[str, Correlation]:
    """The correlations with p-values corrected over the items (Holm): among many items one is small by luck."""
    tested = sorted((each.p_value, name) for name, each in found.items() if each.p_value is not None)
    most, done = 0.0, dict(found)
    for place, (p_value, name) in enumerate(tested):
        most = max(most, min(1.0, (len(tested) - place) * p_value))
        done[name] = replace(found[name], corrected_p_value=round(most, DIGITS))
    return done


def write_correlations(step: Step, rules: Rules, judging: Judging, month: str, window: Sequence[str]) -> int:
    """Write mart_grumble_correlation of a month from the pairs (city, month) of the window; gives the items that have a
    correlation.
    """
    step.view("mart_grumble_index", "index_month", where=one_of("month", window))
    pairs = [Pair(*row) for row in step.rows(read_model(ROOM, "index_pair"))]
    items = [item for (item,) in step.rows(read_model(ROOM, "matched_item"))]

    def found(chosen: Sequence[Pair]) -> Correlation:
        limits = rules.index.least_pairs, judging.correlation.least_clusters
        return correlate(chosen, *limits, judging.confidence)

    by_item = corrected({item: found([pair for pair in pairs if pair.item == item]) for item in items})
    rows: list[dict[str, Any]] = [
        {"month": month, "survey_item_code": item, **asdict(each)}
        for item, each in {"all": found(pairs), **by_item}.items()
    ]
    names = step.bench.described("mart_grumble_correlation").column_names
    shape = pa.schema([(name, _SHAPE.get(name, pa.float64())) for name in names])
    step.put_arrow("correlation", pa.Table.from_pylist(rows, schema=shape))
    files = step.write("mart_grumble_correlation", "correlation")
    step.bench.lake.replace("mart_grumble_correlation", equal("month", month), files)
    return sum(row["correlation"] is not None for row in rows)


_SHAPE: Final = {
    **dict.fromkeys(("month", "survey_item_code", "reason_en", "reason_zh"), pa.string()),
    **dict.fromkeys(("pair_count", "cluster_count"), pa.int64()),
}
