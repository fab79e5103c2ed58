"""What a month is assessed by, made of the inventory in force on its last day: facts, formulas, ratings, limits."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from mend.foundation.home import Home
from mend.foundation.periods import days_of
from mend.foundation.statistics import from_standard_error
from mend.prevention.touchpoint.formulas import Formula, formulas_of
from mend.prevention.touchpoint.inventory import Inventory, Touchpoint, average_ratings, inventory_on, load_inventories
from mend.prevention.touchpoint.judging import LEAST_RATERS, Ratings
from mend.prevention.touchpoint.rows import Facts
from mend.prevention.touchpoint.scores import HIGHEST, LOWEST, Estimate


@dataclass(frozen=True)
class Plan:
    """What a month is assessed by.

    Args:
        version: first day of the inventory.
        ratings: by touchpoint and aspect, those of raters up to the month's last day.
    """

    version: dt.date
    facts: tuple[Facts, ...]
    formulas: tuple[Formula, ...]
    ratings: Mapping[tuple[str, str], Ratings] = field(default_factory=dict)
    low_below: float = 6.0
    confidence: float = 0.95
    due_days: int = 30
    joint_confidence: float = 0.95


def plan_of(home: Home, month: str) -> Plan:
    """By the inventory in force on the month's last day."""
    day = days_of(month)[-1]
    inventory = inventory_on(day, load_inventories(home.root / "touchpoints"))
    settings = inventory.settings
    return Plan(
        inventory.valid_from,
        tuple(_facts(each, inventory, day) for each in inventory.touchpoints),
        tuple(formulas_of(inventory)),
        _ratings(inventory, day),
        settings.low_below,
        settings.confidence,
        settings.due_days,
        settings.joint_confidence,
    )


def rated(mean: float | None, spread: float | None, raters: int, panel: int, confidence: float) -> Ratings:
    """Ratings with the interval of their mean: Student's, within 1 to 10. Of fewer than two raters nothing tells it.

    >>> found = rated(5.0, 1.0, 4, 1, 0.95).mean
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (5.0, 3.409, 6.591)
    """
    if mean is None or raters == 0:
        return Ratings()
    if raters < LEAST_RATERS or spread is None:
        return Ratings(Estimate(mean, mean, mean), raters, panel, spread)
    found = from_standard_error(mean, spread / math.sqrt(raters), confidence, freedom=raters - 1)
    return Ratings(Estimate(mean, max(LOWEST, found.low), min(HIGHEST, found.high)), raters, panel, spread)


def _ratings(inventory: Inventory, day: dt.date) -> dict[tuple[str, str], Ratings]:
    found = {}
    for touchpoint in inventory.touchpoints:
        for aspect in ("operating", "experience"):
            averaged = average_ratings(touchpoint, aspect, day)
            if averaged.rater_count:
                found[touchpoint.code, aspect] = rated(
                    averaged.mean, averaged.spread, averaged.rater_count, averaged.panel_count,
                    inventory.settings.confidence,
                )  # fmt: skip
    return found


def _facts(touchpoint: Touchpoint, inventory: Inventory, day: dt.date) -> Facts:
    return Facts(
        touchpoint.code,
        touchpoint.name_en,
        touchpoint.name_zh,
        touchpoint.stage_code,
        touchpoint.owner_id,
        *inventory.owners[touchpoint.owner_id],
        touchpoint.department_code,
        average_ratings(touchpoint, "impact", day).mean,
        average_ratings(touchpoint, "importance", day).mean,
    )
