"""What a strategy's audience may ask of a customer in a month: the columns, in words, and what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mend.foundation.condition_kinds import Kind, check_kinds
from mend.foundation.conditions import Condition, ConditionError, parse
from mend.foundation.schema import CODES

HIT: Final = re.compile(r"\bhit_[a-z][a-z0-9_]*\b")
# The indicators shipped, by stage (a test holds them to the scoring room's); a home's own are given by who calls.
INDICATORS: Final = tuple(
    f"{stage}-{number:02}"
    for stage, count in {"IVR": 12, "CON": 7, "AGT": 9, "RES": 8}.items()
    for number in range(1, count + 1)
)


@dataclass(frozen=True)
class AudienceColumn:
    """A column of the customer and month: what it holds, and what it is in English and Chinese."""

    kind: Kind
    en: str
    zh: str


def _boolean(en: str, zh: str) -> AudienceColumn:
    return AudienceColumn(Kind("boolean"), en, zh)


def _number(en: str, zh: str, least: int | None = None, most: int | None = None) -> AudienceColumn:
    return AudienceColumn(Kind("number", least=least, most=most), en, zh)


def _code(codes: str, en: str, zh: str) -> AudienceColumn:
    return AudienceColumn(Kind("text", codes=frozenset(str(code) for code in CODES[codes])), en, zh)


_FACTS: Final[Mapping[str, AudienceColumn]] = {
    "level": _number("level of damage: 0 none, 1 slight, 2 moderate, 3 severe, 4 critical", "受损等级", 0, 4),
    "score": _number("score of the month", "受损得分"),
    "explicit_grade": _number("grade of what they said and is not wholly repaired; 0: nothing", "明确受损等级", 0, 4),
    "is_explicit": _boolean("explicitly damaged: they said so", "明确受损"),
    "is_potential": _boolean("potentially damaged: a need was not met, and they said nothing", "潜在受损"),
    "segment_code": _code("segment", "segment", "受损分群"),
    "is_escalated": _boolean("a complaint of theirs was escalated", "投诉升级"),
    "is_in_consolidation": _boolean("wholly repaired in the month", "修复巩固"),
    "lifecycle_stage_code": _code("lifecycle", "life-cycle stage", "生命周期阶段"),
    "city_code": AudienceColumn(Kind("text"), "city", "地市"),
    "brand_code": AudienceColumn(Kind("text"), "brand", "品牌"),
    "plan_code": AudienceColumn(Kind("text"), "tariff plan", "套餐"),
    "preferred_channel_code": AudienceColumn(
        Kind("text"), "touchpoint that they used most in the month", "当月最常用触点"
    ),
    "age_band_code": _code("age_band", "age band", "年龄段"),
    "value_code": _code("value_cluster", "value cluster", "价值分群"),
    "behaviour_code": _code("behaviour_cluster", "behaviour cluster", "行为分群"),
    "is_high_value": _boolean("in the value cluster high", "高价值客户"),
    "warning_level": _number("level of the open warning; 0: none", "预警等级", 0, 5),
    "peak_points": _number("damage of the worst incident", "最差事件积分"),
    "contact_count": _number("contacts of the month", "接触次数"),
    "incident_count": _number("incidents of the month", "事件次数"),
    "has_complaint_open": _boolean("a complaint of theirs is open", "投诉处理中"),
    "has_unsatisfied_closed_ticket": _boolean("a ticket was closed, and they said it is not solved", "归档不满意工单"),
    "has_suspended_ticket": _boolean("a ticket of theirs is suspended: its cause takes long", "挂起工单"),
    "has_network_grumble": _boolean(
        "an open grumble or complaint about network coverage and basic communication", "网络覆盖抱怨未解决"
    ),
    "is_dropped_without_reply": _boolean("cut off or silent line, and nobody called back", "断线未回复"),
    "is_dissatisfied_hangup": _boolean("a poor answer to a hang-up survey", "挂机调查不满意"),
    "is_failed_to_connect": _boolean("could not get through", "未接通"),
    "is_surveyed": _boolean("answered a survey in the month", "已接受调查"),
    "has_consent_service": _boolean("consents to surveys and care messages", "同意服务联系"),
    "has_consent_marketing": _boolean("consents to marketing", "同意营销联系"),
}


def hit_column(indicator: str) -> str:
    """The column that says whether an indicator hit in the month.

    >>> hit_column("AGT-01")
    'hit_agt_01'
    """
    return f"hit_{re.sub(r'[^a-z0-9]', '_', indicator.lower())}"


def audience_columns(indicators: Iterable[str] = INDICATORS) -> dict[str, AudienceColumn]:
    """All columns that a condition may use, with one for each indicator."""
    hits = {hit_column(each): _boolean(f"{each} hit in the month", f"当月命中{each}") for each in indicators}
    return {**_FACTS, **hits}


AUDIENCE_COLUMNS: Final[Mapping[str, AudienceColumn]] = audience_columns()


def parse_audience(text: str, columns: Mapping[str, AudienceColumn] = AUDIENCE_COLUMNS) -> Condition:
    """A condition over the columns, each compared with what it holds.

    Raises:
        ConditionError: naming the part that is wrong and what to write.

    >>> parse_audience("level >= 3 and not is_explicit").sql()
    '("level" >= 3 AND NOT "is_explicit")'
    """
    condition = parse(text, columns)
    check_kinds(condition, {name: column.kind for name, column in columns.items()})
    if "$" in text:
        raise ConditionError("a condition holds no $")
    return condition


def columns_named(text: str) -> dict[str, AudienceColumn]:
    """The columns, with every indicator that a text names: for strategies that were checked when they came in."""
    named = (found.removeprefix("hit_") for found in HIT.findall(text))
    return {**AUDIENCE_COLUMNS, **audience_columns(named)}
