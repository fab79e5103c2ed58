"""A month's key points in words: who answers, what they have done, which duties are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from mend.foundation.schema import CODES
from mend.grumbles.key_points.points import KeyPoint
from mend.grumbles.key_points.rules import Specialist, Specialists
from mend.grumbles.key_points.work import Work

WORDS: Final = {
    "en": {
        "header": ("cluster", "point", "rank", "before", "influence", "interval", "specialist", "done", "left"),
        "all": "everybody",
        "placeholder": " (placeholder: name a person)",
        "duties": "Duties of a quality specialist",
        "days": "within {} days",
        "none": "{} has no key grumble points: no association is measured yet, or none is significant\n",
        "work": "{month} {point} ({cluster}): {work} -> {result} ({by}, {at})",
        "stop": "; ",
    },
    "zh": {
        "header": ("分群", "抱怨点", "排名", "上月", "影响系数", "区间", "品质专员", "已做", "待做"),
        "all": "全部客户",
        "placeholder": "（占位，请指定人员）",
        "duties": "品质专员职责",
        "days": "{}天内",
        "none": "{}没有关键抱怨点：尚无关联结果，或均不显著\n",
        "work": "{month} {point}（{cluster}）：{work} → {result}（{by}，{at}）",
        "stop": "；",
    },
}


def header(language: str) -> Sequence[str]:
    return WORDS[language]["header"]


def rows(
    points: Sequence[KeyPoint], specialists: Specialists, done: Sequence[Work], names: Mapping[str, str], language: str
) -> list[list[object]]:
    """A line for each key point. `names`: points and areas in words."""
    return [
        [
            cluster_words(each.cluster, language),
            names.get(each.point, each.point),
            each.rank,
            each.previous_rank,
            round(each.coefficient, 2),
            "" if each.low is None or each.high is None else f"{each.low:.2f} .. {each.high:.2f}",
            specialist_words(each.specialist, language),
            len(own := [work for work in done if (work.point, work.cluster) == (each.point, each.cluster)]),
            _left(specialists, own, language),
        ]
        for each in points
    ]


def _left(specialists: Specialists, done: Iterable[Work], language: str) -> str:
    """Duties that no work stands under."""
    said = {work.duty for work in done}
    left = (each.zh if language == "zh" else each.code for each in specialists.duties if each.code not in said)
    return str(WORDS[language]["stop"]).join(left)


def specialist_words(specialist: Specialist, language: str) -> str:
    """The name, and that it is a placeholder."""
    return specialist.name + (str(WORDS[language]["placeholder"]) if specialist.is_placeholder else "")


def cluster_words(cluster: str, language: str) -> str:
    """A value or behaviour cluster's name."""
    place = 1 if language == "zh" else 0
    found = CODES["behaviour_cluster"].get(cluster) or CODES["value_cluster"].get(cluster)
    return found[place] if found else str(WORDS[language]["all"]) if cluster == "all" else cluster


def duty_lines(specialists: Specialists, language: str) -> list[str]:
    """The duties with their days."""
    words = WORDS[language]
    said = [
        f"  {each.code}: {each.zh if language == 'zh' else each.en} ({str(words['days']).format(each.within_days)})"
        for each in specialists.duties
    ]
    return [str(words["duties"]), *said]


def work_lines(done: Sequence[Work], names: Mapping[str, str], language: str) -> list[str]:
    """What was done, and what came of it."""
    return [
        str(WORDS[language]["work"]).format(
            month=each.month,
            point=names.get(each.point, each.point),
            cluster=cluster_words(each.cluster, language),
            work=each.work,
            result=each.result,
            by=each.by,
            at=f"{each.at:%Y-%m-%d %H:%M}Z",
        )
        for each in done
    ]
