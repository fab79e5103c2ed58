"""A month's rows by topic and of callbacks: shares with their intervals, and which topics deserve to be asked about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from mend.care.survey.rules import TopicRule
from mend.foundation.statistics import Interval, agresti_caffo, holm, wilson

Asking = Literal["deserves", "not_needed", "unclear", "too_little_data"]
SURE: Final = 0.05  # of all topics together, after Holm
RULE: Final = {
    "en": "rule: {least} contacts or more; resolved {points:g} points or more under all other topics, or called about "
    "again {points:g} points or more above, and not by luck (p under {sure:g} after Holm)",
    "zh": "规则：接触数不少于{least}；解决率低于其他主题{points:g}个百分点以上，"
    "或重复来电率高于其他主题{points:g}个百分点以上，且非偶然（Holm校正后p<{sure:g}）",
}


@dataclass(frozen=True)
class TopicCount:
    """What is counted of a topic in a month; the columns of the model topic_count."""

    topic_code: str
    contact_count: int
    resolved_count: int
    unresolved_count: int
    asked_count: int
    answered_count: int
    unsolved_count: int
    followed_count: int
    repeat_count: int

    @property
    def known_count(self) -> int:
        """Contacts of which the record knows whether they were resolved."""
        return self.resolved_count + self.unresolved_count


@dataclass(frozen=True)
class CallbackCount:
    """What is counted of a month's callbacks; the columns of the model callback_count."""

    call_count: int
    booked_count: int
    reached_count: int
    callback_asked_count: int
    callback_answered_count: int
    callback_satisfied_count: int
    ordinary_asked_count: int
    ordinary_answered_count: int
    ordinary_satisfied_count: int


def topic_rows(
    month: str, topics: Sequence[TopicCount], complex_topics: Collection[str], rule: TopicRule
) -> list[dict[str, Any]]:
    """A row of mart_topic_resolution_month for each topic."""
    resolved = [_apart(topics, each, "resolved_count", "known_count") for each in topics]
    repeated = [_apart(topics, each, "repeat_count", "followed_count") for each in topics]
    resolved_p, repeated_p = _adjusted(resolved), _adjusted(repeated)
    rows = []
    for place, each in enumerate(topics):
        asking = _asking(each, resolved[place], resolved_p[place], repeated[place], repeated_p[place], rule)
        rows.append(
            {
                "month": month,
                **{field.name: getattr(each, field.name) for field in fields(each)},
                "is_complex": each.topic_code in complex_topics,
                **_interval("resolved", each.resolved_count, each.known_count),
                **_solved(each),
                **_interval("repeat", each.repeat_count, each.followed_count),
                **_difference("", resolved[place]),
                "adjusted_p_value": resolved_p[place],
                **_difference("repeat_", repeated[place]),
                "repeat_adjusted_p_value": repeated_p[place],
                "asking_code": asking,
                "asking_en": _why("en", asking, resolved[place], repeated[place], rule),
                "asking_zh": _why("zh", asking, resolved[place], repeated[place], rule),
            }
        )
    return rows


def callback_row(month: str, counts: CallbackCount) -> dict[str, Any]:
    """The row of mart_callback_month."""
    callback = counts.callback_satisfied_count, counts.callback_answered_count
    ordinary = counts.ordinary_satisfied_count, counts.ordinary_answered_count
    apart = agresti_caffo(*callback, *ordinary) if callback[1] and ordinary[1] else None
    # More bookings than calls: the calls are not all there, and a share of them says nothing.
    is_share = counts.booked_count <= counts.call_count
    return {
        "month": month,
        **{field.name: getattr(counts, field.name) for field in fields(counts)},
        "booked_share": _share(counts.booked_count, counts.call_count) if is_share else None,
        "reached_share": _share(counts.reached_count, counts.booked_count),
        **_interval("callback_satisfied", *callback),
        **_interval("ordinary_satisfied", *ordinary),
        **_difference("", apart),
    }


def _apart(topics: Sequence[TopicCount], one: TopicCount, part: str, whole: str) -> Interval | None:
    """How far the topic's share is from that of all others together; None where one of the two has no contacts."""
    of_one, of_all = getattr(one, whole), sum(getattr(each, whole) for each in topics)
    others = sum(getattr(each, part) for each in topics) - getattr(one, part)
    return agresti_caffo(getattr(one, part), of_one, others, of_all - of_one) if of_one and of_all > of_one else None


def _adjusted(found: Sequence[Interval | None]) -> list[float | None]:
    adjusted = iter(holm([each.p_value for each in found if each is not None]))
    return [None if each is None else next(adjusted) for each in found]


def _asking(
    each: TopicCount,
    resolved: Interval | None,
    resolved_p: float | None,
    repeated: Interval | None,
    repeated_p: float | None,
    rule: TopicRule,
) -> Asking:
    """Worse in what enough is known of: worse by the stated points, and not by luck."""
    least = rule.lower_by_points / 100
    known = [
        (resolved is not None and -resolved.estimate >= least and (resolved_p or 0) < SURE)
        if each.known_count >= rule.least_contacts and resolved is not None
        else None,
        (repeated is not None and repeated.estimate >= least and (repeated_p or 0) < SURE)
        if each.followed_count >= rule.least_contacts and repeated is not None
        else None,
    ]
    if known[1] and not known[0] and resolved is not None and resolved.low > 0:
        return "unclear"  # such as balances that people look up every week: the record says better, repeats say worse
    if any(known):
        return "deserves"
    return "too_little_data" if known == [None, None] else "not_needed"


def _why(
    language: Literal["en", "zh"], asking: Asking, resolved: Interval | None, repeated: Interval | None, rule: TopicRule
) -> str:
    words = RULE[language].format(least=rule.least_contacts, points=rule.lower_by_points, sure=SURE)
    if asking == "too_little_data" or (resolved is None and repeated is None):
        return {"en": f"too little data; {words}", "zh": f"数据不足；{words}"}[language]
    said = {
        "en": (("resolved", resolved), ("repeats", repeated)),
        "zh": (("解决率", resolved), ("重复来电率", repeated)),
    }[language]
    shown = [f"{name} {_points(language, found)}" for name, found in said if found is not None]
    return {"en": "; ", "zh": "；"}[language].join([*shown, words])


def _points(language: str, found: Interval) -> str:
    low, middle, high = (100 * each for each in (found.low, found.estimate, found.high))
    if language == "zh":
        return f"{middle:+.1f}个百分点（95% {low:+.1f}至{high:+.1f}）"
    return f"{middle:+.1f} points (95 % {low:+.1f} to {high:+.1f})"


def _solved(each: TopicCount) -> dict[str, float | None]:
    solved = each.answered_count - each.unsolved_count
    return {
        "solved_floor_share": _share(solved, each.asked_count),
        "solved_worst_share": _share(solved, each.answered_count),
        "solved_best_share": _share(each.asked_count - each.unsolved_count, each.asked_count),
    }


def _interval(name: str, part: int, whole: int) -> dict[str, float | None]:
    low, high = wilson(part, whole) if whole else (None, None)
    return {f"{name}_share": _share(part, whole), f"{name}_low": low, f"{name}_high": high}


def _difference(name: str, found: Interval | None) -> dict[str, float | None]:
    ends = (None, None, None) if found is None else (found.estimate, found.low, found.high)
    return dict(zip((f"{name}difference_share", f"{name}difference_low", f"{name}difference_high"), ends, strict=True))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
