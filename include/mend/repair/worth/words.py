"""A worth in words."""

from __future__ import annotations

from typing import Final, Literal

from mend.foundation.schema import CODES
from mend.repair.worth.rules import Range
from mend.repair.worth.worth import Worth

Language = Literal["en", "zh"]
WORDS: Final = {
    "en": {
        "head": "{speed}: {problems:,} problems of {customers:,} customers; expected to stay {kept}, to leave {lost}; "
        "{told} people told",
        "value": "; spend of those who stay {value} yuan",
        "gain": ", of it for solving it {gain} yuan",
        "no_value": "; value in yuan not known: no spend of these customers is known",
        "cost": "; those who leave cost {cost} yuan",
        "no_cost": "; what those who leave cost is not known: no repair of the month has a cost",
        "basis": ". Ranges from published figures (TARP), not measured here.",
        "range": "{low} to {high}",
    },
    "zh": {
        "head": "{speed}：问题{problems:,}个，客户{customers:,}人；预计留存{kept}人，流失{lost}人；传播{told}人",
        "value": "；留存价值{value}元",
        "gain": "，其中修复增值{gain}元",
        "no_value": "；价值未知：缺少客户消费数据",
        "cost": "；流失损失{cost}元",
        "no_cost": "；流失损失未知：当月修复动作无成本数据",
        "basis": "。以上为公开数据（TARP）推算的区间，并非本地实测。",
        "range": "{low}至{high}",
    },
}


def in_words(found: Worth, language: Language) -> str:
    """One sentence of a speed."""
    words = WORDS[language]
    speed = CODES["repair_speed"][found.counted.speed_code][0 if language == "en" else 1]
    ranges = {"kept": found.kept, "lost": found.lost, "told": found.told}
    said = words["head"].format(
        speed=speed,
        problems=found.counted.problem_count,
        customers=found.counted.customer_count,
        **{name: _range(each, language) for name, each in ranges.items()},
    )
    said += _yuan(found.value, "value", "no_value", language)
    if found.gain is not None and found.counted.speed_code != "unsolved":
        said += words["gain"].format(gain=_range(found.gain, language))
    said += _yuan(found.lost_cost, "cost", "no_cost", language)
    return said + words["basis"]


def _yuan(found: Range | None, name: str, missing: str, language: Language) -> str:
    words = WORDS[language]
    return words[missing] if found is None else words[name].format(**{name: _range(found, language)})


def _range(found: Range, language: Language) -> str:
    low, high = f"{found.low:,.0f}", f"{found.high:,.0f}"
    return low if low == high else WORDS[language]["range"].format(low=low, high=high)
