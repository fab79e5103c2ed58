"""Reviews and their figures in words, English and Chinese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from mend.foundation.periods import local_day
from mend.foundation.schema import CODES
from mend.foundation.statistics import wilson
from mend.prevention.plans.plan import Plan
from mend.prevention.plans.rates import PER, least_reached
from mend.prevention.plans.review import Event, Review, missing_elements, unknown_elements

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "none": ("not under review", "未评审"),
    "in_review": ("under review", "评审中"),
    "returned": ("returned", "已退回"),
    "awaiting_approval": ("passed by all departments; waits for approval", "各部门已通过，待批准"),
    "approved": ("approved", "已批准"),
    "refused": ("refused", "未批准"),
}
EVENTS: Final[Mapping[str, tuple[str, str]]] = {
    "opened": ("begun", "发起"),
    "passed": ("passed", "通过"),
    "returned": ("returned", "退回"),
    "approved": ("approved", "批准"),
    "refused": ("refused", "未批准"),
}
NOT_A_TRIAL: Final = {
    "en": "Nobody drew lots: the two differ in more than the review. Read it as a lead, not as proof.",
    "zh": "两组并非随机分配，差异不只来自评审；仅供参考，不作为证明。",
}
# Published by the contact centres that ran the review: shares and rates, without the customers reached.
PUBLISHED_PLANS, PUBLISHED_SHARE, PUBLISHED_BEFORE, PUBLISHED_AFTER = 54, 0.95, 2.1, 1.3


LAUNCHED: Final = {
    "en": "Launched on {launch}, before the review was over: it counts as not reviewed before its launch.",
    "zh": "方案已于{launch}上线，评审未在上线前完成：按上线前未评审计。",
}
LATE: Final = {
    "en": "Approved on {day}, after its launch on {launch}: it counts as not reviewed before its launch.",
    "zh": "方案于{day}批准，晚于{launch}上线：按上线前未评审计。",
}


def question_of(plan: Plan, found: Review, department: str | None, today: dt.date) -> tuple[str, str]:
    """Subject and body of what a person is asked: a department, or the approver."""
    if department is None:
        subject = f"Approve plan {plan.plan_id}? · 批准方案{plan.plan_id}？"
    else:
        en, zh = CODES["department"][department][:2]
        subject = f"Plan {plan.plan_id}: does it pass {en}? · 方案{plan.plan_id}：{zh}是否通过？"
    hints = [hint for language in ("en", "zh") for hint in _hints(plan, found, language, None, today)]
    return subject, "\n".join([*_body(plan, found, department), *(line for hint in hints for line in ("", hint))])


def _body(plan: Plan, found: Review, department: str | None) -> list[str]:
    lines = [f"Round {found.round_number} · 第{found.round_number}轮", "", "| element · 要素 | |", "|---|---|"]
    for code, element in found.rules.elements.items():
        is_there = code in plan.elements
        mark = (
            "there · 已具备"
            if is_there
            else ("**missing · 缺少**" if element.required else "not there · 未具备（建议）")
        )
        lines.append(f"| {element.en} · {element.zh} | {mark} |")
    if department is None:
        lines += ["", "| department · 部门 | scores · 评分 | who · 评审人 |", "|---|---|---|"]
        for code, event in found.passed.items():
            scores = ", ".join(f"{name} {value}" for name, value in event.scores.items())
            lines.append(f"| {' · '.join(CODES['department'][code][:2])} | {scores} | {event.decided_by} |")
        return lines
    part = found.rules.department(department)
    lines += ["", "Score each, 1 to 10, in this order · 请按此顺序评分（1-10）:", ""]
    lines += [f"{number}. {each.en} · {each.zh}" for number, each in enumerate(part.criteria.values(), 1)]
    lines += ["", f"Pass mark: {part.pass_mark:g} on average · 通过线：平均{part.pass_mark:g}分"]
    if missing := missing_elements(found.rules, plan, department):
        lines += ["", f"It cannot pass: {', '.join(missing)} is missing. Return it. · 缺少必备要素，请退回。"]
    return lines


def told(plan: Plan, found: Review, language: str, zone: str, today: dt.date) -> list[str]:
    """Where a plan stands, in words; moments are of the business zone."""
    zh = language == "zh"
    state = STATES[found.state][zh]
    lines = [f"方案{plan.plan_id}：{state}" if zh else f"Plan {plan.plan_id}: {state}"]
    if found.department:
        words = CODES["department"][found.department][:2]
        lines.append(f"下一部门：{words[1]}" if zh else f"Next: {words[0]} (reviewers: {_names(found)})")
    if missing := missing_elements(found.rules, plan):
        named = ", ".join(
            found.rules.elements[code].zh if zh else f"{code} ({found.rules.elements[code].en})" for code in missing
        )
        lines.append(f"缺少必备要素：{named}" if zh else f"Required elements missing: {named}")
    lines += _hints(plan, found, language, zone, today)
    return [*lines, *(_event(each, found, zh, zone) for each in found.events)]


def _event(event: Event, found: Review, zh: bool, zone: str) -> str:
    """One thing that happened, in a line: moment, round, whose, what, who, scores in words, reason."""
    at = event.at.astimezone(ZoneInfo(zone))
    code = event.department_code
    department = CODES["department"].get(code, (code, code))[zh] if code else None
    words = _criteria(found, code, zh)
    scores = ", ".join(f"{words.get(name, name)} {value}" for name, value in event.scores.items())
    parts = (department, EVENTS[event.event_code][zh], event.decided_by, scores, event.reason)
    return f"  {at:%Y-%m-%d %H:%M} {event.round_number}: {', '.join(filter(None, parts))}"


def _criteria(found: Review, department: str | None, zh: bool) -> dict[str, str]:
    """What a department scores, in Chinese; in English the codes are words."""
    own = next((each.criteria for each in found.rules.departments if each.code == department), {})
    return {code: each.zh for code, each in own.items()} if zh else {}


def _hints(plan: Plan, found: Review, language: str, zone: str | None, today: dt.date) -> list[str]:
    """What somebody should know of the plan: it is launched already, or names what the rules do not know."""
    hints = []
    approved_on = local_day(found.approved_at, zone) if found.approved_at and zone else None
    if plan.launched_on and approved_on and plan.launched_on < approved_on:
        hints.append(LATE[language].format(day=approved_on, launch=plan.launched_on))
    if plan.launched_on and found.approved_at is None and plan.launched_on < today:
        hints.append(LAUNCHED[language].format(launch=plan.launched_on))
    if unknown := unknown_elements(found.rules, plan):
        names, known = ", ".join(unknown), ", ".join(sorted(found.rules.elements))
        zh = language == "zh"
        hints.append(
            f"规则中没有的要素（不计）：{names}；规则中有：{known}"
            if zh
            else f"Elements that the rules do not know, and that count for nothing: {names}; they know {known}"
        )
    return hints


def _names(found: Review) -> str:
    return ", ".join(found.rules.department(str(found.department)).reviewers)


def figures_in_words(rows: Sequence[Mapping[str, Any]], language: str) -> list[str]:
    """The month's figures, a line a group; then what is compared, and what that proves."""
    zh = language == "zh"
    lines = []
    for row in rows:
        name = CODES["plan_group"][row["group_code"]][zh]
        lines.append(f"{name}：{_count_zh(row)}" if zh else f"{name}: {_count_en(row)}")
    for row in rows:
        if row["against_group_code"] is None:
            continue
        names = [CODES["plan_group"][row[key]][zh] for key in ("group_code", "against_group_code")]
        lines.append(_change(row, names, zh))
    return [*lines, NOT_A_TRIAL[language]]


def _share(row: Mapping[str, Any], word: str) -> str:
    """The share reviewed with its interval; nothing without plans."""
    if not row["plan_count"]:
        return ""
    share = row["reviewed_count"] / row["plan_count"]
    return f"{share:.0%}, {row['reviewed_low']:.0%}{word}{row['reviewed_high']:.0%}"


def _count_en(row: Mapping[str, Any]) -> str:
    share = _share(row, " to ")
    words = f"{row['plan_count']} plans, {row['reviewed_count']} reviewed before their launch"
    words += f" ({share})" if share else ""
    if row["reviewed_late_count"]:
        words += f", {row['reviewed_late_count']} only after it, which counts as not reviewed"
    if row["complaints_per_10000"] is None:
        return f"{words}; complaints not known"
    return (
        f"{words}; {row['complaints_after_count']} complaints of {row['customers_reached_count']:,} customers reached: "
        f"{row['complaints_per_10000']:.2f} per 10 000 ({_span(row, ' to ') or 'one plan: no interval'})"
    )


def _count_zh(row: Mapping[str, Any]) -> str:
    share = _share(row, "至")
    words = f"方案{row['plan_count']}个，上线前已评审{row['reviewed_count']}个"
    words += f"（{share.replace(', ', '，')}）" if share else ""
    if row["reviewed_late_count"]:
        words += f"，上线后才评审{row['reviewed_late_count']}个（按未评审计）"
    if row["complaints_per_10000"] is None:
        return f"{words}；投诉数未知"
    return (
        f"{words}；触达{row['customers_reached_count']:,}户，投诉{row['complaints_after_count']}件，万客户投诉率"
        f"{row['complaints_per_10000']:.2f}（{_span(row, '至') or '仅一个方案，无区间'}）"
    )


def _span(row: Mapping[str, Any], word: str) -> str:
    return "" if row["low"] is None else f"{row['low']:.2f}{word}{row['high']:.2f}"


def _change(row: Mapping[str, Any], names: Sequence[str], zh: bool) -> str:
    if row["change"] is None:
        reason = row["reason_zh" if zh else "reason_en"]
        return f"{names[0]}对比{names[1]}：{reason}" if zh else f"{names[0]} against {names[1]}: {reason}"
    span = f"{row['change']:+.0%} ({row['change_low']:+.0%} to {row['change_high']:+.0%})"
    if zh:
        return f"{names[0]}对比{names[1]}：{span.replace(' to ', '至')}，P={row['p_value']:.3f}"
    return f"{names[0]} against {names[1]}: {span}, p = {row['p_value']:.3f}"


def published(language: str) -> list[str]:
    """What the published figures say, and what they cannot: 54 plans, 95 % reviewed, 2.1 to 1.3 per 10 000, -38 %."""
    zh = language == "zh"
    change = PUBLISHED_AFTER / PUBLISHED_BEFORE - 1
    counts = [number for number in range(PUBLISHED_PLANS + 1) if abs(number / PUBLISHED_PLANS - PUBLISHED_SHARE) < 0.02]
    shares = "; ".join(
        f"{number}/{PUBLISHED_PLANS} = {number / PUBLISHED_PLANS:.1%} ({low:.1%} to {high:.1%})"
        for number in counts
        for low, high in [wilson(number, PUBLISHED_PLANS)]
    )
    least = least_reached(PUBLISHED_BEFORE, PUBLISHED_AFTER)
    complaints = [round(least / PER * rate) for rate in (PUBLISHED_BEFORE, PUBLISHED_AFTER)]
    if zh:
        return [
            f"公布：{PUBLISHED_PLANS}个方案，评审率95%，万客户投诉率{PUBLISHED_BEFORE}降至{PUBLISHED_AFTER}（{change:+.0%}）。",
            f"评审率：没有整数个方案恰为95%，最接近：{shares.replace(' to ', '至')}。",
            "投诉率：未公布触达客户数，无法给出区间。",
            f"若仅有随机波动，前后各触达{least:,}户以上（投诉约{complaints[0]}件与{complaints[1]}件），{change:+.0%}才可证实；方案间差异越大，所需越多。",
            NOT_A_TRIAL["zh"],
        ]
    end = f"from {PUBLISHED_BEFORE} to {PUBLISHED_AFTER} ({change:+.0%})."
    half = f"half-year (some {complaints[0]} and {complaints[1]} complaints); the more plans differ, the more it takes."
    return [
        f"Published: {PUBLISHED_PLANS} plans, 95 % reviewed, complaints per 10 000 reached {end}",
        f"Share reviewed: no whole number of plans is 95 %; nearest: {shares}.",
        "Complaints: the customers reached are not published, so there is no interval.",
        f"If chance alone made plans differ, {change:+.0%} would be sure from {least:,} customers reached in each",
        half,
        NOT_A_TRIAL["en"],
    ]
