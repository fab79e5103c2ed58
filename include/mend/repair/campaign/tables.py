"""A plan's values as small tables of a step, and its conditions as text for models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from mend.foundation.pipeline.runner import Step
from mend.repair.campaign.facts import KINDS, LEVEL_HARM, MESSAGES, MOST_BENEFIT, contact_gates
from mend.repair.campaign.hold_out import UNIVERSAL, limit, salt
from mend.repair.campaign.plan import Plan
from mend.repair.strategies import Strategy, happened_sql, hit_column

STRATEGY_COLUMNS: Final = {
    "strategy_number": "smallint",
    "strategy_code": "varchar",
    "channel_code": "varchar",
    "action_code": "varchar",
    "is_entitlement": "boolean",
    "contact_kind": "integer",
    "contact_gates": "bigint",
    "is_message": "boolean",
    "is_muted_by_complaint": "boolean",
    "over_authority_levels": "bigint",
    "pool_number": "smallint",
    "per_day": "bigint",
    "total": "bigint",
    "lift_points": "double",
    "probability": "double",
    "probability_low": "double",
    "probability_high": "double",
    "worst_first_weight": "double",
    "most_benefit": "integer",
    "sample_share": "double",
    "valid_days": "integer",
    "label_en": "varchar",
    "label_zh": "varchar",
}
LEVELS: Final = range(len(LEVEL_HARM))


def put_strategies(step: Step, plan: Plan) -> None:
    """The tables campaign_strategy, campaign_price_level and campaign_value."""
    step.put("campaign_strategy", STRATEGY_COLUMNS, [_row(plan, each) for each in plan.strategies])
    levels = [
        (number, level, each.cost_at(level), each.amount_on(plan.days[0], level))
        for number, each in enumerate(plan.strategies)
        for level in LEVELS
    ]
    columns = {"strategy_number": "smallint", "level": "integer", "cost": "integer", "amount": "integer"}
    step.put("campaign_price_level", columns, levels)
    weights = [(code, weight / 100) for code, weight in plan.rules.settings.value_weights.items()]
    step.put("campaign_value", {"value_code": "varchar", "weight": "double"}, weights)


def _row(plan: Plan, each: Strategy) -> Sequence[Any]:
    chance = plan.chances[each.code]
    first = plan.days[0]
    return (
        plan.number(each.code), each.code, each.channel_code, each.action_code, each.is_entitlement,
        kind_of(each), contact_gates(each.channel_code, each.consent_code), each.channel_code in MESSAGES,
        each.consent_code == "commercial",
        sum(1 << level for level in LEVELS if each.is_over_authority(first, level)),
        plan.pool(each), each.capacity_per_day, plan.total(each),
        each.prior.lift_points, chance.probability, chance.low, chance.high,
        plan.rules.settings.worst_first_weight, MOST_BENEFIT,
        each.sample.share if each.sample else None, each.valid_days, each.label_en, each.label_zh,
    )  # fmt: skip


def kind_of(strategy: Strategy) -> int:
    """The kind of contact that the contact rules are asked about for it."""
    return KINDS.index("commercial" if strategy.consent_code == "commercial" else "service")


def put_room(step: Step, name: str, room: Iterable[Sequence[int | None]]) -> None:
    """A table of what a strategy has in a city: seats, yuan, and places in the centre; null is unlimited."""
    columns = {"strategy_number": "smallint", "city_number": "integer", "seats": "bigint", "budget": "bigint"}
    step.put(name, columns | {"total": "bigint"}, room)


def hits(plan: Plan) -> str:
    """The columns of indicators for campaign_feature: one each, and none hit for those that only a rule names."""
    bits = {hit_column(name): bit for bit, name in enumerate(plan.indicators)}
    used = {column for condition in _conditions(plan) for column in condition.columns if column.startswith("hit_")}
    columns = [f'hit_mask >> {bit} & 1 = 1 as "{column}"' for column, bit in bits.items()]
    columns += [f'false as "{column}"' for column in sorted(used - bits.keys())]
    return ",\n    ".join(columns) or "false as no_indicator"


def _conditions(plan: Plan) -> list[Any]:
    found = [condition for each in plan.strategies for condition in each.conditions()]
    return found + [each.when for each in plan.rules.experiences]


def audience_mask(plan: Plan) -> str:
    """Text: the bits of the strategies in whose audience a row of campaign_feature is. What is null is no."""
    return _bits((number, each.audience_sql(plan.days[0])) for number, each in enumerate(plan.strategies))


def withheld_mask(plan: Plan) -> tuple[str, dict[str, Any]]:
    """Text and values: bit 0 the universal arm, bit k + 1 that of the k-th strategy."""
    settings = plan.rules.settings
    values: dict[str, Any] = {}
    parts = [(0, _lot("hashed_id", settings.universal_hold_out_share, "universal", values))]
    values["universal_salt"] = salt(plan.season, UNIVERSAL, settings.seed)
    for number, each in enumerate(plan.strategies):
        if not each.is_entitlement and each.hold_out_share > 0:
            lot = _lot("hashed_id", each.hold_out_share, f"arm_{number}", values)
            values[f"arm_{number}_salt"] = salt(plan.season, each.code, settings.seed)
            parts.append((number + 1, f"audience_mask >> {number} & 1 = 1 and {lot}"))
    return _bits(parts), values


def sampled_mask(plan: Plan) -> tuple[str, dict[str, Any]]:
    """Text and values: the bits of the strategies for which the lot of this month fell on a row."""
    values: dict[str, Any] = {}
    parts = []
    for number, each in enumerate(plan.strategies):
        if each.sample is not None and not each.is_entitlement:
            lot = _lot("customer_id", each.sample.share, f"lot_{number}", values)
            values[f"lot_{number}_salt"] = salt(plan.month, f"sample:{each.code}", plan.rules.settings.seed)
            parts.append((number, f"({each.sample.of.sql()}) and {lot}"))
    return _bits(parts), values


def happened(plan: Plan) -> tuple[dict[str, str], dict[str, Any]]:
    """Fills and values: what happened to a customer, in words."""
    english, values_en = happened_sql(plan.rules, "en")
    chinese, values_zh = happened_sql(plan.rules, "zh")
    return {"happened_en": english, "happened_zh": chinese}, {**values_en, **values_zh}


def _bits(parts: Iterable[tuple[int, str]]) -> str:
    """Text: a number with a bit for each condition that holds."""
    cases = [f"case when {condition} then {1 << bit} else 0 end" for bit, condition in parts]
    return " | ".join(cases) or "0"


def _lot(column: str, share: float, name: str, values: dict[str, Any]) -> str:
    """Text: whether a hash of the column falls under the share; its salt is bound as <name>_salt."""
    if share >= 1:
        values[f"{name}_most"] = 2**64 - 1
        return f"md5_number_lower(${name}_salt || {column}) <= cast(${name}_most as ubigint)"
    values[f"{name}_limit"] = limit(share)
    return f"md5_number_lower(${name}_salt || {column}) < cast(${name}_limit as ubigint)"
