"""What the page of a list says of the summary that its approver is shown: strategies, groups, checks, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.source_words import SourceWords
from mend.repair.publishing.bias import VERDICTS, WHAT
from mend.repair.publishing.summary_words import CHECKS, WHAT_IF
from mend_airflow.ui.language import Language
from mend_airflow.ui.scales import Interval, draw_interval, scale_of
from mend_airflow.ui.words import say, say_code

CODES_OF: Final = {"age_band": "age_band", "gender": "gender", "value": "value_cluster"}
UNKNOWN: Final = "unknown"
Row = Mapping[str, Any]
Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Counted:
    """Candidates, by what came of them and, of those who were let through by no strategy, by first reason."""

    candidates: int
    outcomes: Mapping[str, int]
    gated: Mapping[str, int]


@dataclass(frozen=True)
class StrategyRow:
    """A strategy and channel of the list beside the list before."""

    name: str
    channel: str
    rows: int
    owed: int
    overload: int
    cost: int
    city_count: int
    earlier_rows: int | None
    both: int | None


@dataclass(frozen=True)
class BiasRow:
    """A group's share of candidates listed, and how far it is from all candidates' share."""

    group: str
    candidates: int
    listed: int
    share: float
    low: float
    high: float
    difference: str
    interval: str
    drawn: Interval
    verdict_code: str
    verdict: str


def name_of(code: str, names: Names, language: Language) -> str:
    """A strategy in words; one that nobody named with spaces."""
    found = names.get(code)
    return str(found[language == "zh"]) if found else code.replace("_", " ")


def by_strategy(summary: Row, known: Iterable[str], names: Names, language: Language) -> list[StrategyRow]:
    """Strategies in the order of the summary, their cities added up; then each strategy of this version (`known`) or
    of the list before that has no row now: nobody would see that it vanished.
    """
    found: dict[tuple[str, str], list[Row]] = {}
    for each in summary.get("counts", []):
        found.setdefault((each["strategy_code"], each["channel_code"]), []).append(each)
    changes = {each["strategy_code"]: each for each in summary.get("changes", [])}
    without = [code for code in dict.fromkeys([*known, *changes]) if code not in {strategy for strategy, _ in found}]
    return [
        *(_strategy(key, rows, changes.get(key[0]), names, language) for key, rows in found.items()),
        *(_strategy((code, ""), [], changes.get(code), names, language) for code in without),
    ]


def _strategy(
    key: tuple[str, str], rows: Sequence[Row], change: Row | None, names: Names, language: Language
) -> StrategyRow:
    strategy, channel = key
    count, owed, overload, cost = (
        sum(int(each[name]) for each in rows) for name in ("rows", "owed", "overload", "cost")
    )
    return StrategyRow(
        name_of(strategy, names, language),
        say_code(language, "campaign_channel", channel) if channel else "—",
        count,
        owed,
        overload,
        cost,
        len(rows),
        int(change["earlier_rows"]) if change else None,
        int(change["both"]) if change else None,
    )


def bias_rows(groups: Sequence[Row], words: SourceWords, language: Language) -> list[BiasRow]:
    """Each group; the interval is of the difference from all candidates."""
    scale = scale_of([end for each in groups for end in (each["difference_low"], each["difference_high"])])
    return [
        BiasRow(
            _group(each, words, language),
            each["candidates"],
            each["listed"],
            each["share"],
            each["low"],
            each["high"],
            _points(each["difference"]),
            f"{_points(each['difference_low'])} … {_points(each['difference_high'])}",
            draw_interval(each["difference_low"], each["difference"], each["difference_high"], scale),
            each["verdict_code"],
            VERDICTS[each["verdict_code"]][language == "zh"],
        )
        for each in groups
    ]


def _points(share: float) -> str:
    """A difference of shares in percentage points."""
    return f"{100 * share:+.1f}"


def _group(each: Row, words: SourceWords, language: Language) -> str:
    what, group = str(each["what_code"]), str(each["group_code"])
    if group == UNKNOWN:
        word = say(language, "common.unknown")
    else:
        word = say_code(language, CODES_OF[what], group) if what in CODES_OF else words.name(what, group, language)
    return f"{WHAT[what][language == 'zh']}{say(language, 'common.colon')}{word}"


def checks(summary: Row, language: Language) -> list[tuple[str, int]]:
    """Checks of the list in words, and by how much each fails."""
    return [
        (CHECKS[each["code"]][language == "zh"] if each["code"] in CHECKS else each["code"], int(each["off_by"]))
        for each in summary.get("checks", [])
    ]


def what_if(numbers: Mapping[str, int], language: Language) -> list[tuple[str, int]]:
    """A trial under other strategies, where the list was made with one."""
    names = [name for name in WHAT_IF if name in numbers] + sorted(numbers.keys() - WHAT_IF.keys())
    return [(WHAT_IF[name][language == "zh"] if name in WHAT_IF else name, numbers[name]) for name in names]
