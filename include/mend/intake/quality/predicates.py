"""Rules as DuckDB conditions: true for a row that breaks the rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mend.foundation.engine.duckdb_engine import quoted
from mend.intake.quality.rules import Rule


def bad(rule: Rule) -> str:
    """The condition of a bad row; never null. An empty value breaks nothing but `required`.

    >>> from mend.intake.quality.rules import suite
    >>> bad({rule.id: rule for rule in suite("ticket").rules}["tier_range"])
    'coalesce("tier" < 1 or "tier" > 3, false)'
    """
    return PREDICATES[rule.kind](rule)


def _required(rule: Rule) -> str:
    return f"{quoted(rule.columns[0])} is null"


def _range(rule: Rule) -> str:
    name = quoted(rule.columns[0])
    sides = [f"{name} < {rule.low:g}"] if rule.low is not None else []
    sides += [f"{name} > {rule.high:g}"] if rule.high is not None else []
    return f"coalesce({' or '.join(sides)}, false)"


def _codes(rule: Rule) -> str:
    return f"coalesce({quoted(rule.columns[0])} not in ({', '.join(map(literal, rule.codes))}), false)"


def _pattern(rule: Rule) -> str:
    return f"coalesce(not regexp_full_match({quoted(rule.columns[0])}, {literal(rule.pattern)}), false)"


def _holds(rule: Rule) -> str:
    return f"coalesce(not ({rule.holds}), false)"


def _not_before(rule: Rule) -> str:
    later, earlier = map(quoted, rule.columns)
    return f"coalesce({later} < {earlier}, false)"


PREDICATES: Final[dict[str, Callable[[Rule], str]]] = {
    "required": _required,
    "range": _range,
    "codes": _codes,
    "pattern": _pattern,
    "holds": _holds,
    "not_before": _not_before,
}


def literal(value: str) -> str:
    """An SQL string.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"
