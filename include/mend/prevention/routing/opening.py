"""A month's problems: what the figures open, each with its departments, factors and figures. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.periods import day_begins, days_of, next_month_begins
from mend.prevention.routing.errors import RoutingRuleError
from mend.prevention.routing.judging import Figure, Key
from mend.prevention.routing.problem import key_of
from mend.prevention.routing.reading import Factor, Taxonomy
from mend.prevention.routing.rules import EVERYWHERE, LEVELS, RoutingRules

MOST_FACTORS: Final = 5
DIGITS: Final = 4
Details = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A problem that the month's figures find."""

    problem_id: str
    details: Details


def found_in(
    month: str,
    figures: Iterable[Figure],
    factors: Mapping[Key, Mapping[str, tuple[int, int]]],
    sources: Sequence[Mapping[str, Any]],
    taxonomy: Taxonomy,
    rules: RoutingRules,
) -> list[Found]:
    """What is routed: grumbles first, then sources of trouble; one of a kind (department, item, city, source)."""
    top = sorted((each for each in figures if each.is_top), key=lambda each: each.rank or 0)
    made = [_of_grumbles(each, factors.get(each.key, {}), taxonomy) for each in top]
    made += [_of_source(each, taxonomy, rules) for each in sources[: rules.judging.source_problems]]
    return [Found(problem_id(month, each), each) for each in {key_of(each): each for each in made}.values()]


def problem_id(month: str, details: Details) -> str:
    """
    >>> problem_id("2026-03", {"department": "network", "item": "network_quality", "city": "nanjing", "source": ""})
    '2026-03-network-network_quality-nanjing'
    """
    department, item, city, source = key_of(details)
    return "-".join([month, department, item, *([city] if city != EVERYWHERE else []), *([source] if source else [])])


def clock_begins(month: str, rules: RoutingRules, zone: str) -> dt.datetime:
    """When the problems of a month begin to run: on a day of the month after, by which it is closed."""
    first = next_month_begins(days_of(month)[-1])
    return day_begins(first.replace(day=rules.clock.begins_on_day), zone)


def _of_grumbles(figure: Figure, counts: Mapping[str, tuple[int, int]], taxonomy: Taxonomy) -> dict[str, Any]:
    """Behind it are the factors with more than their share before; their departments support the one in charge."""
    share = figure.exposure.now / figure.exposure.before
    beyond = {code: now - before * share for code, (now, before) in counts.items()}
    codes = sorted((code for code in beyond if beyond[code] > 0), key=lambda code: (-beyond[code], code))
    factors = [taxonomy.factors[code] for code in codes if code in taxonomy.factors][:MOST_FACTORS]
    named = [{"code": each.code, "en": each.en, "zh": each.zh, "now": counts[each.code][0],
              "beyond": round(beyond[each.code], 1)} for each in factors]  # fmt: skip
    ratio = figure.ratio
    assert ratio is not None
    return {
        **_common(figure.key.department, figure.key.item, figure.key.city, "", factors, taxonomy),
        "measure": "grumbles", "factors": named, "now": int(figure.tally.now),
        "customers": figure.exposure.now, "expected": round(figure.expected or 0.0, 1),
        "ratio": round(ratio.estimate, DIGITS), "low": round(ratio.low, DIGITS), "high": round(ratio.high, DIGITS),
    }  # fmt: skip


def _of_source(row: Mapping[str, Any], taxonomy: Taxonomy, rules: RoutingRules) -> dict[str, Any]:
    kind, code = row["dimension_code"], row["source_code"]
    factor = factor_of_source(kind, code, taxonomy, rules)
    city = code if kind == "city" else EVERYWHERE
    figures = {name: None if row[name] is None else round(row[name], DIGITS)
               for name in ("points", "excess_points", "trend", "trend_low", "trend_high")}  # fmt: skip
    return {
        **_common(factor.departments[0], factor.item, city, f"{kind}:{code}", [factor], taxonomy),
        "measure": "damage", "factors": [{"code": factor.code, "en": factor.en, "zh": factor.zh}], **figures,
        "words_en": row["words_en"], "words_zh": row["words_zh"],
    }  # fmt: skip


def factor_of_source(kind: str, code: str, taxonomy: Taxonomy, rules: RoutingRules) -> Factor:
    """The factor that a source of trouble goes to; of a topic the one that has it. RoutingRuleError when the taxonomy
    has no such factor.
    """
    wanted = (taxonomy.of_topic(code) if kind == "topic" else None) or rules.sources[kind]  # type: ignore[index]
    factor = taxonomy.factors.get(wanted)
    if factor is None:
        raise RoutingRuleError(
            f"rules of routing of {rules.valid_from} (<home>/rules/routing/): sources: {kind}: the taxonomy of "
            f"grumbles has no {wanted}; write one of its points or areas, such as "
            f"{', '.join(sorted(taxonomy.factors)[:3])}"
        )
    return factor


def _common(
    department: str, item: str, city: str, source: str, factors: Sequence[Factor], taxonomy: Taxonomy
) -> dict[str, Any]:
    supporting = [code for each in factors for code in each.departments if code != department]
    en, zh = taxonomy.item_names(item)
    return {
        "department": department, "item": item, "item_en": en, "item_zh": zh, "city": city, "source": source,
        "level": LEVELS[0] if city == EVERYWHERE else LEVELS[1],
        "departments": [department, *dict.fromkeys(supporting)],
    }  # fmt: skip
