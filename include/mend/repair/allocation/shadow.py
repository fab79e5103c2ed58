"""What customers who are held out would have been given: their own choice at the prices that the others paid.

Who is indifferent at these prices (of equal value are two strategies, or one and none) is given the first strategy, or
none. With benefits that are all different nobody is; with equal ones `margin` of `judge` tells who.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mend.repair.allocation.flows import choices_at
from mend.repair.allocation.judge import SCALE, no_prices
from mend.repair.allocation.layout import lay_out
from mend.repair.allocation.problem import Problem, require_sound
from mend.repair.allocation.report import FAMILIES, limits_of, to_chosen
from mend.repair.allocation.result import Price


def shadow(held_out: Problem, prices: Sequence[Price]) -> np.ndarray:
    """The strategy of each held-out customer (int16, -1 for none). Limits of `held_out` itself do not count.

    Raises:
        AllocationError: a problem that is not sound.
    """
    require_sound(held_out)
    own = _with_limits(held_out, prices)
    layout = lay_out(own)
    judged = no_prices(layout.limits)
    for (resource, _, _, at), price in zip(limits_of(layout, own), _in_order(prices), strict=True):
        getattr(judged, dict(FAMILIES)[resource])[at] = float(price.price * SCALE)
    return to_chosen(layout, choices_at(layout, judged))


def _with_limits(problem: Problem, prices: Sequence[Price]) -> Problem:
    """With the limits that were priced: what was too expensive for anybody there is so here."""
    found: dict[str, dict[Any, int]] = {name: {} for _, name in FAMILIES}
    for each in prices:
        cell = (each.strategy, each.city)
        key = each.strategy if each.resource == "total" else each.city if each.resource == "floor" else cell
        found[dict(FAMILIES)[each.resource]][key] = each.capacity
    return Problem(problem.customer, problem.strategy, problem.benefit, problem.cost, problem.city, **found)


def _in_order(prices: Sequence[Price]) -> list[Price]:
    rank = {resource: at for at, (resource, _) in enumerate(FAMILIES)}
    return sorted(
        prices,
        key=lambda price: (
            rank[price.resource],
            -1 if price.strategy is None else price.strategy,
            -1 if price.city is None else price.city,
        ),
    )
