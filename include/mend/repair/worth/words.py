"""A worth in words."""

from __future__ import annotations

from typing import Final, Literal

from mend.foundation.schema import CODES
from mend.repair.worth.rules import Range
from mend.repair.worth.worth import ALL, Worth

Language = Literal["en", "zh"]
WORDS: Final = {
    "en": {
        "head": "{speed}: {problems:,} problems of {customers:,} customers{counted}; expected to stay "
        "{kept}{published}, to leave {lost}; {told} people told",
        "counted": ", {share} of the {all:,} damaged ({low} to {high})",
        "few": ", too little data for a share ({all:,} damaged)",
        "published": " ({share} by published figures)",
        "value": "; spend of those who stay {value} yuan",
        "gain": ", of it for solving it {gain} yuan",
        "no_value": "; value in yuan not known: no spend of these customers is known",
        "cost": "; those who leave cost {cost} yuan",
        "no_cost": "; what those who leave cost is not known: no repair of the month has a cost",
        "basis": ". Who stays and is told: ranges from published figures (TARP), not measured here.",
        "range": "{low} to {high}",
    },
    "zh": {
        "head": "{speed}：问题{problems:,}个，客户{customers:,}人{counted}；预计留存{kept}人{published}，流失{lost}人；"
        "传播{told}人",
        "counted": "，占受损客户{all:,}人的{share}（{low}至{high}）",
        "few": "，数据不足，不计占比（受损客户{all:,}人）",
        "published": "（按公开数据{share}）",
        "value": "；留存价值{value}元",
        "gain": "，其中修复增值{gain}元",
        "no_value": "；价值未知：缺少客户消费数据",
        "cost": "；流失损失{cost}元",
        "no_cost": "；流失损失未知：当月修复动作无成本数据",
        "basis": "。留存与传播为公开数据（TARP）推算的区间，并非本地实测。",
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
        counted=_counted(found, language),
        published=_published(found, language),
        **{name: _range(each, language) for name, each in ranges.items()},
    )
    said += _yuan(found.value, "value", "no_value", language)
    if found.gain is not None and found.counted.speed_code != "unsolved":
        said += words["gain"].format(gain=_range(found.gain, language))
    said += _yuan(found.lost_cost, "cost", "no_cost", language)
    return said + words["basis"]


def _counted(found: Worth, language: Language) -> str:
    """The share of the month's damaged customers, as it was counted here; of all together there is none to tell."""
    if found.counted.speed_code == ALL or not found.all_customers:
        return ""
    words = WORDS[language]
    if found.share is None:
        return words["few"].format(all=found.all_customers)
    share = found.counted.customer_count / found.all_customers
    ends = {"low": f"{found.share.low:.1%}", "high": f"{found.share.high:.1%}"}
    return words["counted"].format(share=f"{share:.1%}", all=found.all_customers, **ends)


def _published(found: Worth, language: Language) -> str:
    """The share that others published."""
    if found.kept_share is None:
        return ""
    low, high = f"{found.kept_share.low:.0%}", f"{found.kept_share.high:.0%}"
    share = low if low == high else WORDS[language]["range"].format(low=low, high=high)
    return WORDS[language]["published"].format(share=share)


def _yuan(found: Range | None, name: str, missing: str, language: Language) -> str:
    words = WORDS[language]
    return words[missing] if found is None else words[name].format(**{name: _range(found, language)})


def _range(found: Range, language: Language) -> str:
    low, high = f"{found.low:,.0f}", f"{found.high:,.0f}"
    return low if low == high else WORDS[language]["range"].format(low=low, high=high)
