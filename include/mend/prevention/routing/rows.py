"""Figures as rows of the lake's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mend.prevention.routing.judging import Figure


def figure_row(month: str, figure: Figure, factors: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """A row of mart_routing_figure."""
    own, at, ratio = figure.tally, figure.exposure, figure.ratio
    share = at.now / at.before if at.before else 0.0
    beyond = {code: now - before * share for code, (now, before) in factors.items()}
    top = max(sorted(beyond), key=lambda code: beyond[code], default=None)
    return {
        "month": month,
        "department_code": figure.key.department,
        "survey_item_code": figure.key.item,
        "city_code": figure.key.city,
        "customer_count": at.now,
        "grumbling_count": int(own.now),
        "rate_per_10000": 10_000 * own.now / at.now if at.now else None,
        "base_customer_count": at.before,
        "base_grumbling_count": int(own.before),
        "expected_count": figure.expected,
        "ratio": ratio.estimate if ratio else None,
        "ratio_low": ratio.low if ratio else None,
        "ratio_high": ratio.high if ratio else None,
        "rest_ratio": figure.rest_ratio,
        "p_value": figure.p_worse,
        "adjusted_p_value": figure.adjusted_p_value,
        "verdict_code": figure.verdict,
        "explained_by_city_code": figure.explained_by,
        "rank": figure.rank,
        "is_top": figure.is_top,
        "top_factor_code": top,
    }
