"""What pages show of a month's campaign: the versions of its list, and whether it worked. No row names a customer."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages.published import Content
from mend.query.pages.reading import ROOM
from mend.repair.campaign.versions import Version, versions_of
from mend.repair.effect.outcomes import outcome
from mend.repair.strategies import StrategySet, parse_strategies

Rows = list[dict[str, Any]]
PRICES_SHOWN: Final = 40
SUMS: Final = (
    "version", "candidate_count", "listed_count", "held_out_count", "deferred_count", "overload_count", "benefit",
    "bound", "gap", "cost",
)  # fmt: skip
PRICE: Final = (
    "resource_code", "strategy_code", "city_code", "capacity", "used", "value_of_one_more", "value_of_one_less",
)  # fmt: skip
RESULT: Final = (
    "strategy_code", "estimand_code", "outcome_code", "treated_count", "treated_mean", "treated_missing_count",
    "control_count", "control_mean", "control_missing_count", "difference", "low", "high", "confidence",
    "interval_code", "p_value", "adjusted_p_value", "is_cuped", "variance_reduction", "naive_before", "naive_after",
    "regression_to_mean", "verdict_code", "is_good_high",
)  # fmt: skip
REFUSAL: Final = ("strategy_code", "estimand_code", "outcome_code", "reason_code", "words_en", "words_zh")
GROUP: Final = (
    "strategy_code", "outcome_code", "grouping_code", "group_code", "half_number", "treated_count", "control_count",
    "found_difference", "difference", "low", "high", "adjusted_p_value", "verdict_code",
)  # fmt: skip


def lists(home: Home, bench: Workbench, month: str) -> Content | None:
    """Each version of the month's list: sums, strategies in words, what one more of what is scarce is worth."""
    del home
    found = versions_of(bench, month)
    prices = _rows(bench, "mart_campaign_price", month) if found else []
    return {"versions": [_version(each, prices) for each in found]} if found else None


def effect(home: Home, bench: Workbench, month: str) -> Content | None:
    """Comparisons, those that are refused, and the groups that one half of the customers picked for harm."""
    del home
    results, refused = _rows(bench, "mart_effect", month), _rows(bench, "mart_effect_refusal", month)
    if not results and not refused:
        return None
    version = (results or refused)[0]["version"]
    texts = [each.strategies_text for each in versions_of(bench, month) if each.version == version]
    groups = _rows(bench, "mart_effect_group", month)
    return {
        "version": version,
        "look": max((each["look_number"] for each in results), default=1),
        "names": _names(parse_strategies(texts[0])) if texts else {},
        "results": [_result(each) for each in _sorted(results, "strategy_code", "estimand_code", "outcome_code")],
        "refusals": _picked(refused, REFUSAL, "strategy_code", "estimand_code", "outcome_code", "reason_code"),
        "groups": _picked(
            [each for each in groups if each["is_chosen"]],
            GROUP,
            *("adjusted_p_value", "strategy_code", "outcome_code", "grouping_code", "group_code", "half_number"),
        ),
        "group_count": len(groups),
    }


def _version(of: Version, prices: Rows) -> dict[str, Any]:
    rules = parse_strategies(of.strategies_text)
    scarce = [
        each
        for each in prices
        if each["version"] == of.version and (each["value_of_one_more"] > 0 or each["value_of_one_less"] > 0)
    ]
    shown = sorted(
        scarce, key=lambda each: (-each["value_of_one_more"], *(str(each[name]) for name in PRICE if name != "used"))
    )
    return {
        **{name: _plain(getattr(of, name)) for name in SUMS},
        "gated": json.loads(of.gated),
        "names": _names(rules),
        "out_of_season": _out_of_season(rules, of.month),
        "hold_out": _hold_out(rules, of.month),
        "prices": [{name: _plain(each[name]) for name in PRICE} for each in shown[:PRICES_SHOWN]],
        "price_count": len(scarce),
    }


def _names(rules: StrategySet) -> dict[str, list[str]]:
    return {each.code: [each.name_en, each.name_zh] for each in rules.strategies}


def _out_of_season(rules: StrategySet, month: str) -> dict[str, list[int]]:
    """Strategies that are not given in the campaign's month: from which month to which they are."""
    begins = days_of(month)[-1] + ONE_DAY
    return {
        each.code: [each.season.from_month, each.season.until_month]
        for each in rules.strategies
        if each.season is not None and not each.season.is_on(begins)
    }


def _hold_out(rules: StrategySet, month: str) -> dict[str, Any]:
    """By what the arms were drawn: whoever became one person since is looked at by it once more."""
    settings = rules.settings
    return {
        "season": settings.season_of_campaign(month),
        "seed": settings.seed,
        "universal_share": settings.universal_hold_out_share,
        "shares": {each.code: each.hold_out_share for each in rules.discretionary},
    }


def _result(row: Mapping[str, Any]) -> dict[str, Any]:
    what = outcome(row["outcome_code"], row["estimand_code"])
    words = {"is_share": what.is_share, "unit_en": what.unit("en"), "unit_zh": what.unit("zh")}
    return {name: _plain(row[name]) for name in RESULT} | words


def _rows(bench: Workbench, table: str, month: str) -> Rows:
    with open_step(bench, f"page of {table}") as step:
        step.view(table, "month_row", where=equal("month", month))
        found: Rows = step.arrow(read_model(ROOM, "month_content"), {"month": month}).to_pylist()
    return found


def _sorted(rows: Rows, *order: str) -> Rows:
    return sorted(rows, key=lambda each: tuple(("" if each[name] is None else each[name]) for name in order))


def _picked(rows: Rows, columns: Sequence[str], *order: str) -> Rows:
    return [{name: _plain(each[name]) for name in columns} for each in _sorted(rows, *order)]


def _plain(value: Any) -> Any:
    """A value for JSON, which has no infinity."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
