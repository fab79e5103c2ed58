"""Rows of the month's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mend.foundation.statistics import Interval
from mend.grumbles.lifecycle.figures import Leaving, Point, Tendency
from mend.grumbles.lifecycle.rules import LifecycleRules


def point_row(month: str, point: Point, rules: LifecycleRules) -> dict[str, Any]:
    """A row of mart_lifecycle_grumble."""
    count, whole, found = point.count, point.whole, point.difference
    return {
        "month": month,
        "lifecycle_stage_code": count.stage,
        "grumble_type_code": count.point,
        "grumble_count": count.grumbles,
        "customer_count": count.customers,
        "share_of_grumbles": count.grumbles / whole.grumbles,
        "rank": point.rank,
        "grumbling_customer_count": whole.customers,
        "share_of_customers": point.share,
        "other_customer_count": point.others,
        "other_grumbling_customer_count": point.other_whole,
        "other_share_of_customers": point.other_share,
        **_ends(found),
        "p_value": None if found is None else found.p_value,
        "adjusted_p_value": point.adjusted_p_value,
        "verdict_code": point.verdict,
        "is_key": point.verdict == "key",
        "rule_version": rules.valid_from,
    }


def group_row(month: str, leaving: Leaving, rules: LifecycleRules, is_month_before_known: bool) -> dict[str, Any]:
    """A row of mart_lifecycle_month."""
    group = leaving.group
    return {
        "month": month,
        "lifecycle_stage_code": group.stage,
        "level": group.level,
        "customer_count": group.customers,
        "eased_count": group.eased if is_month_before_known else None,
        "before_count": group.before,
        "followed_count": group.followed,
        "unknown_count": group.before - group.followed,
        "left_count": group.left,
        "left_share": leaving.share,
        "left_share_low": leaving.low,
        "left_share_high": leaving.high,
        **_ends(leaving.difference),
        "verdict_code": leaving.verdict,
        "caller_count": group.callers,
        "stopped_count": group.stopped,
        "rule_version": rules.valid_from,
    }


def tendency_rows(tendencies: Sequence[Tendency]) -> list[tuple[Any, ...]]:
    """Rows of the small table `group_tendency`."""
    return [
        (
            each.stage,
            each.level,
            each.leaving.share,
            each.leaving.low,
            each.leaving.high,
            each.basis,
            each.leaving.group.followed,
            each.leaving.group.left,
        )
        for each in tendencies
    ]


def _ends(found: Interval | None) -> dict[str, float | None]:
    return {
        "difference": None if found is None else found.estimate,
        "difference_low": None if found is None else found.low,
        "difference_high": None if found is None else found.high,
    }
