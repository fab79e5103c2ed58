"""What there is of each strategy in each city, and what is left of it once something was served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.repair.campaign.plan import Plan
from mend.repair.campaign.tables import put_room

Cell = tuple[int, int]  # strategy, city


@dataclass
class Room:
    """Seats and yuan by strategy and city, and places by strategy; what is absent has no limit."""

    strategies: int
    cities: Sequence[str]
    seats: dict[Cell, int]
    budgets: dict[Cell, int]
    totals: dict[int, int]

    @classmethod
    def of(cls, step: Step, plan: Plan) -> Room:
        """All that the strategies give, also as the table campaign_room."""
        cities = [code for code, _ in sorted(step.read("campaign_city"), key=lambda row: row[1])]
        seats: dict[Cell, int] = {}
        budgets: dict[Cell, int] = {}
        totals: dict[int, int] = {}
        for number, strategy in enumerate(plan.strategies):
            if (total := plan.total(strategy)) is not None:
                totals[number] = total
            for place, city in enumerate(cities):
                if (limit := strategy.capacity_in(city)) is not None:
                    seats[number, place] = limit
                if (limit := strategy.budget_in(city)) is not None:
                    budgets[number, place] = limit
        room = cls(len(plan.strategies), cities, seats, budgets, totals)
        room.put(step, "campaign_room")
        return room

    def put(self, step: Step, name: str) -> None:
        """A table of it: a row for each strategy and city."""
        rows = [
            (number, place, self.seats.get((number, place)), self.budgets.get((number, place)), self.totals.get(number))
            for number in range(self.strategies)
            for place in range(len(self.cities))
        ]
        put_room(step, name, rows)

    def take(self, step: Step, name: str, with_budget: bool = True) -> None:
        """Take off what the rows of a model use: strategy, city, seats and, if it counts, yuan."""
        for number, place, seats, *budget in step.rows(read_model("repair/campaign", name)):
            if (number, place) in self.seats:
                self.seats[number, place] = max(0, self.seats[number, place] - seats)
            if number in self.totals:
                self.totals[number] = max(0, self.totals[number] - seats)
            if with_budget and (number, place) in self.budgets:
                self.budgets[number, place] = max(0, self.budgets[number, place] - budget[0])
