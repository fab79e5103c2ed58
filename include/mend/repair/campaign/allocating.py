"""The optimum over all discretionary strategies, the prices of what is scarce, and what the held-out would have got."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.repair.allocation import Allocation, Price, Problem, allocate, replay, shadow
from mend.repair.campaign.errors import CampaignError
from mend.repair.campaign.plan import Plan
from mend.repair.campaign.room import Room

ROOM: Final = "repair/campaign"
PAIR: Final = {
    "place": np.int32, "strategy_number": np.int16, "city_number": np.int32, "benefit": np.int32, "cost": np.int32,
}  # fmt: skip


def allocate_rest(step: Step, plan: Plan, room: Room, flows: bytes | None) -> Allocation:
    """Allocate what entitlements and the drawn have left: campaign_allocated and campaign_price.

    Raises:
        CampaignError: more was given than there is.
    """
    places, problem = _problem(step, room, _floors(step, plan, room))
    allocation = allocate(problem) if flows is None else replay(problem, flows)
    _require_within(plan, problem, allocation.chosen)
    _put_chosen(step, "campaign_allocated", places, allocation.chosen)
    _put_prices(step, plan, room, allocation.prices)
    return allocation


def put_shadow(step: Step, room: Room, allocation: Allocation) -> None:
    """campaign_shadow: of those who are withheld from something, what they would have got: by lot, or at the same
    prices."""
    places, problem = _problem(step, room, {}, is_shadow=True)
    chosen = shadow(problem, allocation.prices) if len(places) else np.zeros(0, np.int16)
    _put_chosen(step, "campaign_shadow_price", places, chosen)
    step.run(read_model(ROOM, "campaign_shadow"))


def _problem(step: Step, room: Room, floors: Mapping[int, int], is_shadow: bool = False) -> tuple[np.ndarray, Problem]:
    """The places of the customers with anything to be given, worst first, and the problem over them."""
    pairs = _pairs(step, is_shadow)
    place = pairs["place"]
    is_first = np.concatenate([[True], place[1:] != place[:-1]]) if len(place) else np.zeros(0, bool)
    limits: dict[str, Any] = {"seats": room.seats, "budgets": room.budgets, "totals": room.totals, "floors": floors}
    problem = Problem(
        customer=(np.cumsum(is_first) - 1).astype(np.int32),
        strategy=pairs["strategy_number"],
        benefit=pairs["benefit"],
        cost=pairs["cost"],
        city=pairs["city_number"][is_first],
        **limits,
    )
    return place[is_first], problem


def _pairs(step: Step, is_shadow: bool) -> dict[str, np.ndarray]:
    found: pa.Table = step.arrow(read_model(ROOM, "campaign_pair"), {"is_shadow": is_shadow})
    return {name: found[name].to_numpy().astype(kind, copy=False) for name, kind in PAIR.items()}


def _floors(step: Step, plan: Plan, room: Room) -> dict[int, int]:
    """Of each city the customers to be listed beyond those who are listed already and can get nothing else."""
    if not plan.rules.settings.floors:
        return {}
    counted = step.rows(read_model(ROOM, "campaign_floor"))
    return {
        place: max(0, plan.rules.settings.floor_in(room.cities[place], candidates) - listed)
        for place, candidates, listed in counted
    }


def _put_chosen(step: Step, name: str, places: np.ndarray, chosen: np.ndarray) -> None:
    is_given = chosen >= 0
    step.put_arrow(
        name,
        pa.table({
            "place": pa.array(places[is_given].astype(np.int32)),
            "strategy_number": pa.array(chosen[is_given].astype(np.int16)),
        }),
    )  # fmt: skip


def _put_prices(step: Step, plan: Plan, room: Room, prices: list[Price]) -> None:
    codes = [each.code for each in plan.strategies]
    rows = [
        (
            each.resource,
            None if each.strategy is None else codes[each.strategy],
            None if each.city is None else room.cities[each.city],
            each.capacity,
            each.used,
            float(each.price if each.value_of_one_more is None else each.value_of_one_more),
            float(each.price if each.value_of_one_less is None else each.value_of_one_less),
        )
        for each in prices
    ]
    columns = {
        "resource_code": "varchar", "strategy_code": "varchar", "city_code": "varchar", "capacity": "bigint",
        "used": "bigint", "value_of_one_more": "double", "value_of_one_less": "double",
    }  # fmt: skip
    step.put("campaign_price_value", columns, rows)


def _require_within(plan: Plan, problem: Problem, chosen: np.ndarray) -> None:
    """Nothing is given beyond a limit. The solver promises it; here it is counted."""
    given = chosen[problem.customer] == problem.strategy
    customer, strategy, cost = problem.customer[given], problem.strategy[given], problem.cost[given]
    city = problem.city[customer]
    width = int(problem.city.max(initial=0)) + 1
    cell = strategy.astype(np.int64) * width + city
    size = (len(plan.strategies) + 1) * width
    used = {"seats": np.bincount(cell, minlength=size), "budgets": np.bincount(cell, cost, minlength=size)}
    for name, limits in (("seats", problem.seats), ("budgets", problem.budgets)):
        for (number, place), limit in limits.items():
            if place < width and used[name][number * width + place] > limit:
                raise CampaignError(_over(plan, number, name, limit))
    totals = np.bincount(strategy, minlength=len(plan.strategies))
    for number, limit in problem.totals.items():
        if totals[number] > limit:
            raise CampaignError(_over(plan, number, "places", limit))


def _over(plan: Plan, number: int, what: str, limit: int) -> str:
    code = plan.strategies[number].code
    return f"{plan.month}: {code}: more than its {limit} {what} were given; nothing is written, report it as a fault"
