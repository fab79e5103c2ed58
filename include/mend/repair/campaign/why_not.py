"""Why a customer is on a month's list, or is not: in words, strategy by strategy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, Literal

from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.periods import days_of
from mend.foundation.persons import persons_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import CODES
from mend.foundation.source_words import source_words
from mend.repair.campaign.facts import GATES
from mend.repair.campaign.in_force import version_in_force
from mend.repair.campaign.versions import Version, find_version

ROOM: Final = "repair/campaign"
Language = Literal["en", "zh"]
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "person": "Customer {customer} goes by {person}.",
        "title": "Customer {customer}, {month}, version {version} of the list: {outcome}; level {level}, "
        "score {score}, place {place} of {candidates}.",
        "no_candidate": "Customer {customer} is no candidate of {month}: they were not damaged, not in consolidation "
        "and not warned of in that month, as far as is known.",
        "owed": "{name}: they are owed it; on the list of {city}, rank {rank}, planned on {day}.",
        "overload": "{name}: they are owed it; on the list of {city}, rank {rank}, over the month's capacity.",
        "listed": "{name}: on the list of {city}, rank {rank}, planned on {day}, valid until {until}. {reasons}.",
        "drawn": "{name}: on the list of {city} by lot (probability {share:.1%}), rank {rank}, planned on {day}.",
        "gated": "{name}: no, because {gates}.",
        "season": "{name}: no, it is given in the months {first} to {last} alone.",
        "universal": "{name}: no, they are among the persons who are kept aside from all discretionary care this "
        "season, to measure its effect.",
        "held_out": "{name}: no, they are among the persons who are kept aside from it this season, to measure its "
        "effect.",
        "other": "{name}: possible; they get {chosen}, and nobody gets more than one discretionary strategy a month.",
        "deferred": "{name}: possible, not chosen: others gain more from what is scarce, or no benefit is expected.",
        "and": "; ",
    },
    "zh": {
        "person": "客户 {customer} 现客户编号为 {person}。",
        "title": "客户 {customer}，{month}，名单第 {version} 版：{outcome}；等级 {level}，得分 {score}，排序第 {place} "
        "（共 {candidates}）。",
        "no_candidate": "客户 {customer} 不是 {month} 的候选：据现有数据，当月未受损、不在巩固期、也无预警。",
        "owed": "{name}：应得权益；{city}名单第 {rank} 位，计划 {day} 实施。",
        "overload": "{name}：应得权益；{city}名单第 {rank} 位，超出当月产能。",
        "listed": "{name}：{city}名单第 {rank} 位，计划 {day} 实施，{until} 前有效。{reasons}。",
        "drawn": "{name}：抽样入选（概率 {share:.1%}），{city}名单第 {rank} 位，计划 {day} 实施。",
        "gated": "{name}：未入选，原因：{gates}。",
        "season": "{name}：未入选，该主题仅在{first}月至{last}月实施。",
        "universal": "{name}：未入选，本周期列入全局对照组，用于评估效果。",
        "held_out": "{name}：未入选，本周期列入该策略对照组，用于评估效果。",
        "other": "{name}：符合条件；已安排{chosen}，每人每月至多一项自主关怀。",
        "deferred": "{name}：符合条件但未选中：稀缺名额优先安排更需要的客户，或预计无收益。",
        "and": "；",
    },
}


def why_not(
    home: Home, bench: Workbench, customer_id: str, month: str, language: Language = "en", version: int | None = None
) -> list[str]:
    """The lines: what came of them, then each strategy, on the list or every gate that kept them back.

    Args:
        version: of the month's list; by default the one that stands, else the newest.

    Raises:
        CampaignError: the month has no list.
    """
    kept = None if version is not None else version_in_force(home, bench, month)
    kept = kept or find_version(bench, month, version)
    person = persons_of(bench, days_of(month)[-1]).get(customer_id)
    person_id = person.person_id if person else customer_id
    words = WORDS[language]
    lines = [words["person"].format(customer=customer_id, person=person_id)] if person_id != customer_id else []
    with open_step(bench, "why_not") as step:
        where = all_of(equal("month", month), equal("version", kept.version))
        step.view("mart_campaign_gate", "gate_file", where=all_of(where, equal("customer_id", person_id)))
        step.view("mart_campaign_list", "row_file", where=all_of(where, equal("customer_id", person_id)))
        step.view("mart_campaign_gate_pattern", "pattern_file", where=where)
        found = _rows(step, "why_gate", kept, person_id)
        if not found:
            return [*lines, words["no_candidate"].format(customer=person_id, month=month)]
        lines.append(_title(kept, found[0], words, language))
        said = partial(source_words(home).say, "city", language=language)
        return lines + _strategies(step, kept, found[0], words, said, language)


def _rows(step: Step, model: str, kept: Version, person_id: str) -> list[dict[str, Any]]:
    values = {"month": kept.month, "version": kept.version, "customer_id": person_id}
    return [dict(row) for row in step.arrow(read_model(ROOM, model), values).to_pylist()]


def _title(kept: Version, gate: Mapping[str, Any], words: Mapping[str, str], language: Language) -> str:
    outcome = CODES["campaign_outcome"][gate["outcome_code"]][0 if language == "en" else 1]
    return words["title"].format(
        customer=gate["customer_id"], month=kept.month, version=kept.version, outcome=outcome, level=gate["level"],
        score=f"{gate['score']:f}".rstrip("0").rstrip("."), place=gate["place"], candidates=kept.candidate_count,
    )  # fmt: skip


def _strategies(
    step: Step,
    kept: Version,
    gate: Mapping[str, Any],
    words: Mapping[str, str],
    city: Callable[[str], str],
    language: Language,
) -> list[str]:
    rules = kept.plan.rules
    names = {each.code: each.name(language) for each in rules.strategies}
    listed = {row["strategy_code"]: row for row in _rows(step, "why_row", kept, gate["customer_id"])}
    chosen = next((names[code] for code, row in listed.items() if not row["is_entitlement"]), None)
    lines = []
    for pattern in _rows(step, "why_pattern", kept, gate["customer_id"]):
        code = pattern["strategy_code"]
        name = names[code]
        if row := listed.get(code):
            lines.append(_listed(row, name, words, city(row["city_code"]), language))
        elif (season := rules.strategy(code).season) is not None and not season.is_on(kept.plan.days[0]):
            lines.append(words["season"].format(name=name, first=season.from_month, last=season.until_month))
        elif pattern["gate_mask"]:
            gates = _gates(pattern["gate_mask"], language)
            lines.append(words["gated"].format(name=name, gates=words["and"].join(gates)))
        elif pattern["arm_code"] == "held_out":
            key = "universal" if gate["is_universal_hold_out"] else "held_out"
            lines.append(words[key].format(name=name))
        else:
            lines.append(words["other" if chosen else "deferred"].format(name=name, chosen=chosen))
    return lines


def _listed(row: Mapping[str, Any], name: str, words: Mapping[str, str], city: str, language: Language) -> str:
    key = "listed" if row["sample_probability"] is None else "drawn"
    if row["is_entitlement"]:
        key = "overload" if row["is_overload"] else "owed"
    return words[key].format(
        name=name, city=city, rank=row["rank"], day=row["planned_on"], until=row["valid_until"],
        reasons=row[f"reasons_{language}"], share=row["sample_probability"],
    )  # fmt: skip


def _gates(mask: int, language: Language) -> list[str]:
    """The gates of a mask in words, in their order.

    >>> _gates(0b10010, "en")
    ['they are not among those whom the strategy is for', 'they want no messages']
    """
    return [
        CODES["campaign_gate"][code][0 if language == "en" else 1] for bit, code in enumerate(GATES) if mask >> bit & 1
    ]
