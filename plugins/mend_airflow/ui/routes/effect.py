"""Effect: did a month's campaign work? Treated against held out, with intervals; what may not be compared, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from mend.foundation.source_words import SourceWords
from mend.query.pages.rule_history import strategy_names
from mend_airflow.ui.answers import page
from mend_airflow.ui.codes import words_of
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.months import of_tongue, shown_of
from mend_airflow.ui.scales import Interval, draw_interval, scale_of
from mend_airflow.ui.words import say, say_code

WHOLE: Final = "all"
ESTIMANDS: Final = ("itt", "listed", "cumulative")
DASH: Final = "—"
Row = Mapping[str, Any]
Rows = Sequence[Row]
Names = Mapping[str, Sequence[str]]
routes = router(Right.SEE)


@dataclass(frozen=True)
class Compared:
    """One outcome of a comparison, in words, with its interval drawn."""

    outcome: str
    unit: str
    drawn: Interval
    difference: str
    interval: str
    treated: str
    control: str
    row: Row


@routes.get("/effect")
def effect(request: Request, month: str | None = None, strategy: str = "") -> Response:
    """One campaign of a month: every comparison, beside it what a report without a control would say."""
    language = language_of(request)
    with database_of(request).read() as connection:
        found = shown_of(connection, "effect", month)
    results: Rows = found.content.get("results", [])
    refusals: Rows = found.content.get("refusals", [])
    groups: Rows = found.content.get("groups", [])
    names: Names = strategy_names(request.app.state.home.root) | found.content.get("names", {})
    codes = strategies_of([*results, *refusals])
    chosen = strategy if strategy in codes else next(iter(codes), "")
    own = [each for each in results if each["strategy_code"] == chosen]
    return page(
        request,
        "effect.html",
        found.status,
        shown=found,
        look=found.content.get("look", 1),
        version=found.content.get("version"),
        strategies=[(code, name_of(code, names, language)) for code in codes],
        strategy=chosen,
        counts=verdicts(results, refusals),
        refusals=[{**each, "name": name_of(each["strategy_code"], names, language)} for each in refusals],
        comparisons=comparisons(own, language),
        naive=naive([each for each in own if each["estimand_code"] == "itt"], language),
        groups=picked_groups(
            [each for each in groups if each["strategy_code"] == chosen], words_of(request.app.state.home), language
        ),
        group_count=found.content.get("group_count", 0),
    )


def strategies_of(rows: Rows) -> list[str]:
    """The whole programme first."""
    return sorted({each["strategy_code"] for each in rows}, key=lambda code: (code != WHOLE, code))


def name_of(code: str, names: Names, language: Language) -> str:
    """A strategy in words."""
    if code == WHOLE:
        return say(language, "effect.whole")
    found = names.get(code)
    return str(found[language == "zh"]) if found else code.replace("_", " ")


def verdicts(results: Rows, refusals: Rows) -> dict[str, int]:
    """Comparisons by what they say."""
    said = [each["verdict_code"] for each in results]
    names = ("helps", "no_proof", "may_harm", "harms")
    return {name: said.count(name) for name in names} | {"refused": len(refusals)}


def comparisons(rows: Rows, language: Language) -> list[tuple[str, list[Compared]]]:
    """What is compared, each with its outcomes. Shares have one scale, each mean its own."""
    found = []
    for estimand in ESTIMANDS:
        of = [each for each in rows if each["estimand_code"] == estimand]
        if of:
            ends = [end for each in of if each["is_share"] for end in (each["low"], each["high"])]
            found.append((estimand, [_compared(each, scale_of(ends), language) for each in of]))
    return found


def _compared(row: Row, of_shares: tuple[float, float], language: Language) -> Compared:
    scale = of_shares if row["is_share"] else scale_of([row["low"], row["high"]])
    return Compared(
        outcome=say_code(language, "effect_outcome", row["outcome_code"]),
        unit=of_tongue(row, "unit", language),
        drawn=draw_interval(row["low"], row["difference"], row["high"], scale),
        difference=signed(row["difference"], row["is_share"]),
        interval=f"{signed(row['low'], row['is_share'])} … {signed(row['high'], row['is_share'])}",
        treated=level(row["treated_mean"], row["is_share"]),
        control=level(row["control_mean"], row["is_share"]),
        row=row,
    )


def signed(value: float | None, is_share: bool) -> str:
    """A difference: of shares in percentage points.

    >>> signed(-0.0123, True), signed(1.5, False), signed(None, True)
    ('-1.23', '+1.500', '—')
    """
    if value is None:
        return DASH
    return f"{100 * value:+,.2f}" if is_share else f"{value:+,.3f}"


def level(value: float | None, is_share: bool) -> str:
    """A share or a mean.

    >>> level(0.5, True), level(2, False)
    ('50.00 %', '2.000')
    """
    if value is None:
        return DASH
    return f"{100 * value:,.2f} %" if is_share else f"{value:,.3f}"


def naive(rows: Rows, language: Language) -> list[dict[str, str]]:
    """Before and after, the change without any care, and what is left: the effect."""
    return [
        {
            "outcome": say_code(language, "effect_outcome", each["outcome_code"]),
            "before": level(each["naive_before"], each["is_share"]),
            "after": level(each["naive_after"], each["is_share"]),
            "change": signed(each["naive_after"] - each["naive_before"], each["is_share"]),
            "regression": signed(each["regression_to_mean"], each["is_share"]),
            "effect": signed(each["difference"], each["is_share"]),
        }
        for each in rows
        if each["naive_before"] is not None and each["naive_after"] is not None
    ]


def picked_groups(rows: Rows, words: SourceWords, language: Language) -> list[dict[str, Any]]:
    """Groups that one half of the customers picked for harm, as the other half measures them."""
    scale = scale_of([end for each in rows for end in (each["low"], each["high"])])
    return [
        {
            **each,
            "group": group_name(each["grouping_code"], each["group_code"], words, language),
            "half": say(language, f"effect.half_{each['half_number']}"),
            "outcome": say_code(language, "effect_outcome", each["outcome_code"]),
            "drawn": draw_interval(each["low"], each["difference"], each["high"], scale),
            "measured": signed(each["difference"], True),
            "interval": f"{signed(each['low'], True)} … {signed(each['high'], True)}",
        }
        for each in rows
    ]


def group_name(grouping: str, group: str, words: SourceWords, language: Language) -> str:
    """A group in words: by what, and which."""
    lists = {"level": "level", "segment": "segment", "value": "value_cluster", "age": "age_band", "gender": "gender"}
    word = say_code(language, lists[grouping], group) if grouping in lists else words.name(grouping, group, language)
    return f"{say_code(language, 'effect_grouping', grouping)}{say(language, 'common.colon')}{word}"
