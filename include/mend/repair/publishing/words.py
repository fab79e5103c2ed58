"""The approval summary in words: Markdown in English and Chinese, for the task's page in Airflow and the command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from mend.foundation.schema import CODES
from mend.repair.publishing.bias import VERDICTS, WHAT, GroupShare
from mend.repair.publishing.summary import Change, StrategyCount, Summary
from mend.repair.publishing.summary_words import CHECKS, HEADS, TEXT, TITLES, WHAT_IF

Language = Literal["en", "zh"]
CODES_OF: Final = {"age_band": "age_band", "gender": "gender", "value": "value_cluster"}
UNKNOWN: Final = ("unknown", "未知")


def markdown(summary: Summary, language: Language) -> str:
    """The summary for one reader. Markdown of the list's own words is taken apart: a name cannot draw a table."""
    parts = (
        _head(summary, language),
        _table("counts", language, _counts(summary, language)),
        _changes(summary, language),
        _bias(summary, language),
        _part("gated", language, _gated(summary.gated, language)),
        _what_if(summary.what_if, language),
        _checks(summary, language),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def both_languages(summary: Summary) -> str:
    """English, then Chinese."""
    return f"{markdown(summary, 'en')}\n---\n\n{markdown(summary, 'zh')}"


def _say(name: str, language: Language, **values: object) -> str:
    return TEXT[name][language == "zh"].format(**values)


def _head(summary: Summary, language: Language) -> str:
    version = summary.version
    counts = {name: summary.outcomes.get(name, 0) for name in ("listed", "held_out", "deferred", "gated")}
    lines = [
        f"## {_say('title', language, month=version.month, version=version.version)}",
        _say("counts", language, candidates=f"{version.candidate_count:,}", **{k: f"{v:,}" for k, v in counts.items()}),
        _say("money", language, cost=f"{version.cost:,}", benefit=f"{version.benefit:,}", gap=version.gap),
    ]
    if version.overload_count:
        lines.append(_say("overload", language, count=f"{version.overload_count:,}"))
    return "\n\n".join(lines)


def _counts(summary: Summary, language: Language) -> list[tuple[object, ...]]:
    by_strategy: dict[tuple[str, str], list[StrategyCount]] = {}
    for each in summary.counts:
        by_strategy.setdefault((each.strategy_code, each.channel_code), []).append(each)
    return [
        (
            _name(summary, strategy, language),
            _code("campaign_channel", channel, language),
            *(sum(getattr(each, name) for each in found) for name in ("rows", "owed", "overload", "cost")),
            len(found),
        )
        for (strategy, channel), found in by_strategy.items()
    ]


def _changes(summary: Summary, language: Language) -> str:
    if summary.earlier_id is None:
        return _say("first", language)
    rows = [_change(summary, each, language) for each in summary.changes]
    return _part("changes", language, rows, earlier=summary.earlier_id)


def _change(summary: Summary, each: Change, language: Language) -> tuple[object, ...]:
    name = _name(summary, each.strategy_code, language)
    return name, each.rows, each.earlier_rows, each.both, each.cost, each.earlier_cost


def _bias(summary: Summary, language: Language) -> str:
    """All groups by what they are; those that stop the approval, and those of which nobody can tell, in words first."""
    stops = ", ".join(group_words(each, language) for each in summary.outside)
    unsure = ", ".join(group_words(each, language) for each in summary.bias if each.verdict_code == "unknown")
    parts = [
        f"### {_say('bias', language, bound=summary.bias_bound)}",
        _say("stop", language, groups=stops) if stops else "",
        _say("unsure", language, groups=unsure) if unsure else "",
        _table("bias", language, [_share(each, language) for each in summary.bias]),
    ]
    return "\n\n".join(part for part in parts if part)


def _share(each: GroupShare, language: Language) -> tuple[object, ...]:
    return (
        group_words(each, language),
        each.candidates,
        each.listed,
        f"{each.share:.1%} ({each.low:.1%} – {each.high:.1%})",
        f"{each.difference:+.1%} ({each.difference_low:+.1%} – {each.difference_high:+.1%})",
        VERDICTS[each.verdict_code][language == "zh"],
    )


def group_words(each: GroupShare, language: Language) -> str:
    """The group as people say it."""
    is_zh = language == "zh"
    words = CODES.get(CODES_OF.get(each.what_code, ""), {}).get(each.group_code)
    word = words[is_zh] if words else UNKNOWN[is_zh] if each.group_code == UNKNOWN[0] else plain(each.group_code)
    return f"{WHAT[each.what_code][is_zh]} {word}"


def _gated(gated: Mapping[str, int], language: Language) -> list[tuple[object, ...]]:
    return [(_code("campaign_gate", code, language), count) for code, count in gated.items()]


def _what_if(numbers: Mapping[str, int], language: Language) -> str:
    rows = [(WHAT_IF[name][language == "zh"] if name in WHAT_IF else plain(name), numbers[name]) for name in numbers]
    return _part("what_if", language, rows) if rows else ""


def _checks(summary: Summary, language: Language) -> str:
    rows = [
        (CHECKS[each.code][language == "zh"], "✓" if not each.off_by else f"✗ {each.off_by:,}")
        for each in summary.checks
    ]
    failed = f"{_say('failed', language)}\n\n" if summary.failed else ""
    return failed + _part("checks", language, rows)


def _part(name: str, language: Language, rows: Iterable[Sequence[object]], **values: object) -> str:
    return f"### {TITLES[name][language == 'zh'].format(**values)}\n\n{_table(name, language, rows)}"


def _table(name: str, language: Language, rows: Iterable[Sequence[object]]) -> str:
    head = HEADS[name][language == "zh"]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _name(summary: Summary, code: str, language: Language) -> str:
    names = summary.names.get(code)
    return plain(names[language == "zh"] if names else code)


def _code(codes: str, code: str, language: Language) -> str:
    words = CODES[codes].get(code)
    return plain(words[language == "zh"] if words else code)


def plain(text: str) -> str:
    """A text that Markdown shows as it is.

    >>> plain("a|b <img> [x](y)")
    'a\\\\|b &lt;img&gt; \\\\[x\\\\](y)'
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{sign}" if sign in "\\|`*_[]#" else sign for sign in " ".join(safe.split()))
