"""An answer in words, for the terminal and for the agent's card."""

from __future__ import annotations

from typing import Any, Final

from mend.foundation.schema import CODES
from mend.grumbles.incoming.reading import Told

LABELS: Final = {
    "en": {
        "type": "customer type", "grumble": "grumble type", "chance": "probability of a complaint", "level": "level",
        "strategy": "strategy", "department": "department", "item": "survey item", "expects": "they expect",
        "does": "what is done", "specialist": "quality specialist of this key point", "reasons": "reasons",
        "basis": "rests on", "unknown": "unknown", "unclustered": "not clustered yet", "unclassified": "unclassified",
        "no_expectation": "nothing is on record for this cluster and point",
    },
    "zh": {
        "type": "客户类型", "grumble": "抱怨类型", "chance": "投诉概率", "level": "抱怨等级", "strategy": "应对策略",
        "department": "责任部门", "item": "对应满意度指标", "expects": "客户期望", "does": "应对措施",
        "specialist": "该关键抱怨点的品质专员", "reasons": "原因", "basis": "依据", "unknown": "未知",
        "unclustered": "尚未分群", "unclassified": "未分类", "no_expectation": "该分群与抱怨点尚无期望记录",
    },
}  # fmt: skip


def lines(told: Told, language: str) -> list[str]:
    """What the agent reads, a line each."""
    words, found, colon = LABELS[language], told.answer, "：" if language == "zh" else ": "
    expectation = found.expectation
    pairs = [
        ("type", customer_type(told, language)),
        ("grumble", grumble_type(told, language)),
        ("chance", chances(told, language)),
        ("level", level(told, language)),
        ("strategy", found.strategy.zh if language == "zh" else found.strategy.en),
        ("department", told.basis.rules.department_words(found.department)[1 if language == "zh" else 0]),
        ("item", item(told, language)),
        ("expects", getattr(expectation.expects, language) if expectation else words["no_expectation"]),
        ("does", getattr(expectation.does, language) if expectation else None),
        ("specialist", found.specialist),
        ("reasons", found.reasons_zh if language == "zh" else found.reasons_en),
        ("basis", basis(told, language)),
    ]
    return [f"{words[name]}{colon}{said}" for name, said in pairs if said]


def as_json(told: Told) -> dict[str, Any]:
    """The answer for a desktop: codes, and words in both languages."""
    found, place = told.answer, {"en": 0, "zh": 1}
    words = {
        language: {
            "customer_type": customer_type(told, language),
            "grumble_type": grumble_type(told, language),
            "level": _code("grumble_level", str(found.level), language),
            "strategy": getattr(found.strategy, language),
            "department": told.basis.rules.department_words(found.department)[place[language]],
            "survey_item": item(told, language),
            "expects": getattr(found.expectation.expects, language) if found.expectation else None,
            "does": getattr(found.expectation.does, language) if found.expectation else None,
            "reasons": getattr(found, f"reasons_{language}"),
            "rests_on": basis(told, language),
        }
        for language in place
    }
    return {
        "is_known": found.is_known,
        "city_code": told.city,
        "value_code": found.value,
        "behaviour_code": found.behaviour,
        "grumble_type_code": found.point,
        "area_code": found.area,
        "classified_by_code": told.classified_by,
        "confidence": told.confidence,
        "probability_7_days": found.probability_7,
        "probability_30_days": found.probability_30,
        "probability_source_code": found.probability_source,
        "model_version": found.model_version,
        "level": found.level,
        "points": found.points,
        "parts": {name: getattr(found, f"{name}_part") for name in ("duration", "solved", "association", "tolerance")},
        "cut_month": found.cut_month,
        "strategy_code": found.strategy.code,
        "department_code": found.department,
        "survey_item_code": found.survey_item,
        "specialist": found.specialist,
        "night_on": found.night.isoformat(),
        "days_since_night": (found.day - found.night).days,
        "words": words,
    }


def customer_type(told: Told, language: str) -> str:
    """Value and behaviour."""
    found, words = told.answer, LABELS[language]
    if found.value is None and found.behaviour is None:
        return words["unclustered"]
    value = _code("value_cluster", found.value, language) if found.value else words["unknown"]
    behaviour = _code("behaviour_cluster", found.behaviour, language) if found.behaviour else words["unclustered"]
    return f"{value}，{behaviour}" if language == "zh" else f"{value}, {behaviour}"


def grumble_type(told: Told, language: str) -> str:
    """The point in words, and how sure a text's reading is."""
    found, words = told.answer, LABELS[language]
    if found.point is None:
        return words["unclassified"]
    known = told.basis.points.get(found.point)
    name = getattr(known, language) if known else found.point
    if told.confidence is None:
        return name
    sure = f"{100 * told.confidence:.0f} %"
    return f"{name}（文本识别，把握{sure}）" if language == "zh" else f"{name} (read from the text, {sure} sure)"


def chances(told: Told, language: str) -> str:
    """Both horizons, and what they rest on."""
    found, words = told.answer, LABELS[language]
    if found.probability_7 is None:
        return words["unknown"]
    near, far = (
        words["unknown"] if chance is None else f"{100 * chance:.1f} %"
        for chance in (found.probability_7, found.probability_30)
    )
    source = _code("probability_source", found.probability_source, language)
    if language == "zh":
        return f"7天{near}，30天{far}（{source}）"
    return f"{near} within 7 days, {far} within 30 days ({source})"


def level(told: Told, language: str) -> str:
    """Number and word."""
    word = _code("grumble_level", str(told.answer.level), language)
    return f"{told.answer.level}（{word}）" if language == "zh" else f"{told.answer.level} ({word})"


def item(told: Told, language: str) -> str | None:
    """The survey item that the point matches."""
    known = told.basis.points.get(told.answer.point or "")
    return (known.item_zh if language == "zh" else known.item_en) if known else None


def basis(told: Told, language: str) -> str:
    """The night, how long ago it was, and what is not as it should be."""
    found = told.answer
    late = (found.day - found.night).days - 1
    if language == "zh":
        parts = [
            f"{found.night}夜间结果" + (f"（比应有的早{late}天）" if late > 0 else ""),
            None if found.is_known else "该客户无记录",
            f"模型{found.model_version}" if found.model_version else None,
            f"分级阈值{found.cut_month}" if found.cut_month else "分级阈值尚未按月拟合，取当晚占比",
        ]
        return "，".join(filter(None, parts))
    parts = [
        f"the night of {found.night}" + (f", {late} days older than it should be" if late > 0 else ""),
        None if found.is_known else "nothing is on record of this customer",
        f"model {found.model_version}" if found.model_version else None,
        f"cut points of {found.cut_month}"
        if found.cut_month
        else "no month's cut points yet: the shares of that night",
    ]
    return "; ".join(filter(None, parts))


def _code(name: str, code: str, language: str) -> str:
    found = CODES[name].get(code)
    return code if found is None else found[1 if language == "zh" else 0]
