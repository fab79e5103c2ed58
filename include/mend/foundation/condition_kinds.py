"""What a condition's columns hold: a comparison that could never be true is refused before anybody waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlglot import exp

from mend.foundation.conditions import Condition, ConditionError, operands

Name = Literal["boolean", "number", "text", "null"]
ORDERED: Final = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
NUMERIC: Final = (exp.Add, exp.Sub, exp.Mul, exp.Neg)


@dataclass(frozen=True)
class Kind:
    """What a column holds, and which values where these are known: codes of a text, bounds of a number."""

    name: Literal["boolean", "number", "text"]
    codes: frozenset[str] | None = None
    least: int | None = None
    most: int | None = None

    def mistake(self, value: str) -> str | None:
        """Why the column never has that value; None when it may have it.

        >>> Kind("number", least=0, most=4).mistake("7")
        'it is never 7; it is 0 to 4'
        """
        if self.codes is not None and value not in self.codes:
            return f"it is never {value}; it is one of {', '.join(sorted(self.codes))}"
        if self.least is not None and self.most is not None and not self.least <= float(value) <= self.most:
            return f"it is never {value}; it is {self.least} to {self.most}"
        return None


def check_kinds(condition: Condition, kinds: Mapping[str, Kind]) -> None:
    """Refuse a condition that compares what cannot be compared, or with a value that the column never has.

    Raises:
        ConditionError: naming the part and what its column holds.
    """
    if not condition.columns:
        raise ConditionError(f"names no column: {condition.text}")
    if (found := _kind(condition.tree, kinds)) != "boolean":
        raise ConditionError(f"not a yes-or-no expression: {_text(condition.tree)} is a {found}")


def _kind(node: exp.Expr, kinds: Mapping[str, Kind]) -> Name:
    """What an expression gives, its operands checked."""
    if isinstance(node, exp.Column):
        return kinds[node.name].name
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "number"
    if isinstance(node, exp.Boolean):
        return "boolean"
    if isinstance(node, exp.Null):
        return "null"
    parts = operands(node)
    found = [_kind(part, kinds) for part in parts]
    if isinstance(node, exp.Paren):
        return found[0]
    _check_operands(node, found)
    _check_values(node, parts, kinds)
    return "number" if isinstance(node, NUMERIC) else "boolean"


def _check_operands(node: exp.Expr, found: list[Name]) -> None:
    if isinstance(node, exp.Is):
        if "null" not in found[1:] and set(found) != {"boolean"}:
            raise ConditionError(f"compare with = here: {_text(node)}")
        return
    if "null" in found:
        raise ConditionError(f"nothing equals null; write `is null` or `is not null`: {_text(node)}")
    if isinstance(node, (exp.And, exp.Or, exp.Not)):
        _require(node, found, "boolean", "a yes or no")
    elif isinstance(node, (*ORDERED, *NUMERIC)):
        _require(node, found, "number", "a number")
    elif len(set(found)) > 1:
        raise ConditionError(f"compares {' and '.join(sorted(set(found)))}: {_text(node)}")


def _require(node: exp.Expr, found: list[Name], kind: Name, words: str) -> None:
    for operand, each in zip(operands(node), found, strict=True):
        if each != kind:
            raise ConditionError(f"{_text(operand)} is a {each}, not {words}: {_text(node)}")


def _check_values(node: exp.Expr, parts: list[exp.Expr], kinds: Mapping[str, Kind]) -> None:
    """Values written beside a column must be some that it has."""
    column = next((each for each in parts if isinstance(each, exp.Column)), None)
    if column is None or isinstance(node, NUMERIC):
        return
    for operand in parts:
        is_value = isinstance(operand.this if isinstance(operand, exp.Neg) else operand, exp.Literal)
        if is_value and (mistake := kinds[column.name].mistake(_value(operand))) is not None:
            raise ConditionError(f"{column.name}: {mistake}")


def _value(operand: exp.Expr) -> str:
    return f"-{_value(operand.this)}" if isinstance(operand, exp.Neg) else str(operand.this)


def _text(node: exp.Expr) -> str:
    return node.sql(dialect="duckdb", comments=False)
