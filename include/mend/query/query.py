"""Looking at a query before it runs: it is one SELECT, and reads nothing but tables of the lake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from mend.errors import CommandError
from mend.foundation.schema import TABLES
from mend.query.views import VIEWS, model_of

# Table functions that make rows out of nothing. All others may read files, other databases or the engine's own
# catalogue.
TABLE_FUNCTIONS: Final = frozenset({"unnest", "range", "generate_series"})
# What may stand after "from", as the parser calls it. A kind that is not here (`show tables`, say) is refused.
SOURCES: Final = frozenset(
    {"BASE_TABLE", "TABLE_FUNCTION", "SUBQUERY", "JOIN", "PIVOT", "EXPRESSION_LIST", "EMPTY", "COLUMN_DATA", "SHOW_REF"}
)


class QueryError(CommandError):
    """A query is not one that may be run; the message says why."""


@dataclass(frozen=True)
class Query:
    """A query that was looked at: one SELECT over tables of the lake, and over views of them."""

    text: str
    tables: frozenset[str]
    views: frozenset[str] = frozenset()


def read(text: str) -> Query:
    """Look at a query. Raises QueryError unless it is one SELECT that reads nothing but tables of the lake.

    A name is a common table expression only where that one can be seen; everywhere else it must be a table of the lake.

    >>> sorted(read("with c as (select * from core_contact) select * from c, core_ticket").tables)
    ['core_contact', 'core_ticket']
    """
    names = frozenset(_tables(_parsed(text), frozenset()))
    views = names & VIEWS.keys()
    return Query(text, names - views | {table for view in views for table in model_of(view).inputs}, views)


def _parsed(text: str) -> Any:
    """The query's syntax tree, by the parser that will run it."""
    with duckdb.connect() as parser:
        try:
            statements = parser.extract_statements(text)
        except duckdb.Error as error:
            raise QueryError(str(error)) from None
        kinds = [statement.type.name for statement in statements]
        if kinds != ["SELECT"]:
            given = ", ".join(kinds).lower() or "nothing"
            raise QueryError(f"one select statement is needed, not {given}: `mend sql` only reads")
        answer = parser.execute("select json_serialize_sql($text)", {"text": text}).fetchone()
    tree = json.loads(answer[0] if answer else "{}")
    if tree.get("error", True):
        raise QueryError(str(tree.get("error_message") or "the query cannot be read"))
    return tree


def _tables(tree: Any, known: frozenset[str]) -> Iterator[str]:
    """The lake's tables below a part of the tree, where the names `known` are common table expressions."""
    if isinstance(tree, list):
        for part in tree:
            yield from _tables(part, known)
    if not isinstance(tree, dict):
        return
    yield from _source(tree, known)
    for entry in (tree.get("cte_map") or {}).get("map", []):
        yield from _tables(entry["value"], known)
        known |= {str(entry["key"]).lower()}
    for key, part in tree.items():
        if key != "cte_map":
            yield from _tables(part, known | _recursion(tree) if key == "right" else known)


def _recursion(node: dict[str, Any]) -> frozenset[str]:
    """The name by which the second half of a recursive expression reads what there is so far."""
    return frozenset({str(node["cte_name"]).lower()} if node.get("type") == "RECURSIVE_CTE_NODE" else ())


def _source(node: dict[str, Any], known: frozenset[str]) -> Iterator[str]:
    """The table's name when the node is one; QueryError when it reads what it may not."""
    kind = node.get("type")
    if kind == "TABLE_FUNCTION":
        _require_harmless(str(node["function"]["function_name"]))
    elif kind == "BASE_TABLE":
        yield from _table_name(node, known)
    elif kind == "SHOW_REF" and not node.get("query"):
        raise QueryError("`mend sql` shows no catalogue; `mend tables` lists the lake's tables")
    elif {"alias", "sample"} <= node.keys() and kind not in SOURCES:
        raise QueryError(f"{kind} is not allowed: `mend sql` reads the lake's tables alone")


def _require_harmless(function: str) -> None:
    if function.lower() not in TABLE_FUNCTIONS:
        raise QueryError(
            f"{function}(...) is not allowed: `mend sql` reads the lake's tables, no files and no settings"
        )


def _table_name(node: dict[str, Any], known: frozenset[str]) -> Iterator[str]:
    name, path = str(node["table_name"]).lower(), [node.get("catalog_name"), node.get("schema_name")]
    if not any(path) and name in known:
        return
    if any(path) or name not in TABLES.keys() | VIEWS.keys():
        full = ".".join([*(part for part in path if part), str(node["table_name"])])
        raise QueryError(f"there is no table {full}; the tables are:\n  " + "\n  ".join(sorted([*TABLES, *VIEWS])))
    yield name
