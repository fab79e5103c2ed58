"""Rule conditions: parsed, held to an allow-list, and split by what they need. Nothing of a rule file is ever pasted
into SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import sqlglot
from sqlglot import exp

from mend.errors import BadConfigurationError

ALLOWED: Final[tuple[type[exp.Expr], ...]] = (
    exp.And, exp.Or, exp.Not, exp.Paren,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is,
    exp.Add, exp.Sub, exp.Mul, exp.Neg,
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null,
)  # fmt: skip
LONGEST: Final = 4000  # characters of a condition
DEEPEST: Final = 40  # brackets, `not` and the like within one another
TOO_DEEP: Final = f"nested deeper than {DEEPEST}; make it simpler"


class ConditionError(BadConfigurationError, ValueError):
    """A condition that cannot be used; the message says which part."""


@dataclass(frozen=True)
class Condition:
    """A parsed condition. `text` is as the rule file has it; `columns` are all names it uses."""

    text: str
    columns: frozenset[str]
    tree: exp.Expr

    def parts(self) -> list[exp.Expr]:
        """The operands of the outermost `and`, each with its brackets, or the whole condition."""
        tree = _unwrapped(self.tree)
        return list(tree.flatten(unnest=False)) if isinstance(tree, exp.And) else [tree]

    def part_using(self, late: Iterable[str], even_later: Iterable[str] = ()) -> str | None:
        """SQL of the operands whose latest column is among `late` (and none among `even_later`); None when there are
        none.
        """
        late, even_later = set(late), set(even_later)
        chosen = [part for part in self.parts() if _names(part) & late and not _names(part) & even_later]
        return sql_of(chosen) if chosen else None

    def part_without(self, late: Iterable[str]) -> str | None:
        """SQL of the operands that use none of the `late` columns; None when there are none."""
        chosen = [part for part in self.parts() if not _names(part) & set(late)]
        return sql_of(chosen) if chosen else None

    def sql(self) -> str:
        """The whole condition as SQL, its identifiers quoted."""
        return sql_of([self.tree])


def parse(text: str, allowed_columns: Iterable[str]) -> Condition:
    """Parse one boolean expression over the allowed columns.

    Raises:
        ConditionError: for a syntax error, a construct that is not allowed (functions, subqueries, casts ...) or an
        unknown column.

    >>> parse("ivr_depth >= 5 and ivr_result_code = 'none'", {"ivr_depth", "ivr_result_code"}).sql()
    '("ivr_depth" >= 5 AND "ivr_result_code" = \\'none\\')'
    """
    tree, columns = _tree(text)
    unknown = sorted(columns - set(allowed_columns))
    if unknown:
        raise ConditionError(f"unknown column {', '.join(unknown)}")
    if not isinstance(_unwrapped(tree), (exp.Predicate, exp.Connector, exp.Not, exp.Column)):
        raise ConditionError("not a yes-or-no expression")
    return Condition(text, columns, tree)


@lru_cache(maxsize=1024)  # a rule file is read by step after step
def _tree(text: str) -> tuple[exp.Expr, frozenset[str]]:
    tree = _only_expression(_statements(text))
    _refuse_what_is_too_deep(tree)
    _refuse_what_is_not_allowed(tree)
    return tree, _names(tree)


def sql_of(parts: list[exp.Expr]) -> str:
    """The parts joined by `and`, each in brackets, as DuckDB SQL."""
    return " and ".join(f"({part.sql(dialect='duckdb', identify=True, comments=False)})" for part in parts)


def _statements(text: str) -> list[exp.Expr | None]:
    if len(text) > LONGEST:
        raise ConditionError(f"longer than {LONGEST} characters; make it shorter")
    try:
        return sqlglot.parse(f"select {text}", read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise ConditionError(f"not an expression: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise ConditionError(TOO_DEEP) from None


def _only_expression(statements: list[exp.Expr | None]) -> exp.Expr:
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise ConditionError("more than one expression")
    select = statements[0]
    used = {name for name, value in select.args.items() if value}
    if used - {"expressions", "kind"} or len(select.expressions) != 1:
        raise ConditionError("more than one expression")
    expression: exp.Expr = select.expressions[0]
    return expression


def _refuse_what_is_too_deep(tree: exp.Expr) -> None:
    """By our own count: how deep Python can go depends on who calls, and what was taken once must be taken again."""
    left = [(tree, 1)]
    while left:
        node, depth = left.pop()
        if depth > DEEPEST:
            raise ConditionError(TOO_DEEP)
        left += [(part, depth + 1) for part in operands(node)]


def operands(node: exp.Expr) -> list[exp.Expr]:
    """What an expression is made of; of a row of `and` or of `or` all parts, as one step."""
    parts = node.flatten(unnest=False) if isinstance(node, exp.Connector) else node.iter_expressions()
    return list(parts)


def _refuse_what_is_not_allowed(tree: exp.Expr) -> None:
    for node in tree.walk():
        if type(node) not in ALLOWED:
            raise ConditionError(f"{node.key} is not allowed in a condition: {node.sql(dialect='duckdb')}")
        if isinstance(node, exp.Column) and node.table:
            raise ConditionError(f"a column stands alone, without a table: {node.sql(dialect='duckdb')}")
        if isinstance(node, exp.In) and not node.expressions:
            raise ConditionError(f"in takes a list of values: {node.sql(dialect='duckdb')}")


def _unwrapped(tree: exp.Expr) -> exp.Expr:
    return tree.unnest() if isinstance(tree, exp.Paren) else tree


def _names(tree: exp.Expr) -> frozenset[str]:
    return frozenset(column.name for column in tree.find_all(exp.Column))
