"""From frozen candidates to gate ledger, list and prices. Nothing here reads anything but the step's own tables: with
the same candidates, plan and flows it makes the same rows, today and after rules and capacities have moved on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.repair.allocation import Allocation
from mend.repair.campaign import tables
from mend.repair.campaign.allocating import allocate_rest, put_shadow
from mend.repair.campaign.candidates import open_features
from mend.repair.campaign.errors import CampaignError
from mend.repair.campaign.facts import CARRIED, GATES, LEVEL_HARM, SAID
from mend.repair.campaign.hold_out import salt
from mend.repair.campaign.plan import Plan
from mend.repair.campaign.room import Room

ROOM: Final = "repair/campaign"
GATE_MODELS: Final = read_models(
    ROOM, "campaign_key", "campaign_pattern", "campaign_placed", "campaign_gate_pattern", "campaign_pattern_arm"
)


@dataclass(frozen=True)
class Built:
    """A list that was made: its allocation, and the sums of its rows."""

    allocation: Allocation
    candidates: int
    by_outcome: Mapping[str, int]
    by_reason: Mapping[str, int]
    rows: int
    overload: int
    cost: int
    benefit: int  # of all discretionary rows: allocated, and drawn

    @property
    def bound(self) -> int:
        """The most that the discretionary rows could be worth: the drawn as they are, the rest proven by the solver."""
        return self.allocation.bound + self.benefit - self.allocation.benefit


def build(step: Step, plan: Plan, flows: bytes | None = None) -> Built:
    """Make campaign_gate, campaign_gate_pattern, campaign_list and campaign_price from campaign_candidate.

    Args:
        flows: what the solver decided when the list was first made; None: it decides now.

    Raises:
        CampaignError: the sums do not add up.
    """
    find_gates(step, plan)
    room = Room.of(step, plan)
    step.run(read_model(ROOM, "campaign_entitled"))
    room.take(step, "campaign_served", with_budget=False)
    _draw(step, plan, room)
    room.take(step, "campaign_taken")
    allocation = allocate_rest(step, plan, room, flows)
    step.run(read_model(ROOM, "campaign_chosen"))
    put_shadow(step, room, allocation)
    put_rows(step, plan)
    return _built(step, plan, allocation)


def find_gates(step: Step, plan: Plan) -> None:
    """Patterns of gates, who has which, and what a repair is worth in each case."""
    tables.put_strategies(step, plan)
    open_features(step, plan, is_frozen=True)
    values = {
        "has_authority": any(each.authority_limit is not None for each in plan.strategies),
        "asked_mask": sum(1 << plan.number(each.code) for each in plan.rules.discretionary),
        "gates": list(GATES),
    }
    step.run(GATE_MODELS, values)
    step.drop("campaign_key")
    step.run(read_model(ROOM, "campaign_city"))
    step.run(read_model(ROOM, "campaign_worth"), {"level_harm": list(LEVEL_HARM)})
    case = read_model(ROOM, "campaign_case")
    step.make(case, case.name, is_view=True)


def _draw(step: Step, plan: Plan, room: Room) -> None:
    text, values = tables.sampled_mask(plan)
    step.run(read_model(ROOM, "campaign_sampled"), values, {"sampled_mask": text})
    room.put(step, "campaign_free")
    draw_salt = salt(plan.month, "queue of the drawn", plan.rules.settings.seed)
    step.run(read_model(ROOM, "campaign_drawn"), {"draw_salt": draw_salt})


def put_rows(step: Step, plan: Plan) -> None:
    """campaign_gate and campaign_list, with their words."""
    plain: dict[str, Any] = {
        "month": plan.month,
        "first_day": plan.days[0],
        "last_day": plan.days[-1],
        **{f"place_{name}": f"{{{name}}}" for name in ("happened", "amount", "month", "valid_until")},
        "carried_en": CARRIED[0], "carried_zh": CARRIED[1], "said_en": SAID[0], "said_zh": SAID[1],
    }  # fmt: skip
    step.run(read_model(ROOM, "campaign_gate"), plain)
    step.run(read_model(ROOM, "campaign_row"), plain)
    fills, values = tables.happened(plan)
    step.run(read_model(ROOM, "campaign_experience"), values, fills)
    words = [(name, english, chinese) for name, (english, chinese) in plan.indicators.items()]
    columns = {"indicator_id": "varchar", "name_en": "varchar", "name_zh": "varchar"}
    step.put("indicator_word", columns, words)
    step.run(read_models(ROOM, "campaign_reason", "campaign_list"), plain)


def _built(step: Step, plan: Plan, allocation: Allocation) -> Built:
    outcomes = dict(step.rows(read_model(ROOM, "campaign_outcome_count")))
    reasons = dict(step.rows(read_model(ROOM, "campaign_reason_count")))
    [(rows, overload, cost, benefit)] = step.rows(read_model(ROOM, "campaign_sum"))
    candidates = step.count("campaign_candidate")
    _require_sums(plan, candidates, outcomes, reasons)
    by_reason = {code: int(reasons[code]) for code in GATES if code in reasons}
    return Built(allocation, candidates, outcomes, by_reason, rows, overload, cost, benefit)


def _require_sums(plan: Plan, candidates: int, outcomes: Mapping[str, int], reasons: Mapping[str | None, int]) -> None:
    """Candidates = listed + held out + deferred + each first reason, and nobody is gated without one."""
    counted = {name: outcomes.get(name, 0) for name in ("listed", "held_out", "deferred")}
    gated = sum(count for code, count in reasons.items() if code is not None)
    if candidates != sum(counted.values()) + gated:
        raise CampaignError(
            f"{plan.month}: {candidates} candidates, but {counted} and {gated} gated: the gate ledger is not written; "
            "this is a fault of Mend, report it with the strategies' files"
        )
