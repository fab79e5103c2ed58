"""One SELECT over the lake, and nothing else: which tables a query names, and the locked engine it runs in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from mend.cli.errors import CommandError
from mend.engine.duckdb_engine import local, quoted
from mend.home import Home
from mend.schema import TABLES, Column
from mend.workbench import Workbench

# Table functions that make rows out of nothing. All others may read files, other databases or the engine's own
# catalogue.
TABLE_FUNCTIONS: Final = frozenset({"unnest", "range", "generate_series"})
HIDDEN: Final = "_unmasked_"


class QueryError(CommandError):
    """A query is not one that may be run; the message says why."""


@dataclass(frozen=True)
class Query:
    """A query that was looked at: one SELECT over tables of the lake."""

    text: str
    tables: frozenset[str]


def read(text: str) -> Query:
    """Look at a query. Raises QueryError unless it is one SELECT that reads nothing but tables of the lake.

    >>> sorted(read("with c as (select * from core_contact) select * from c, core_ticket").tables)
    ['core_contact', 'core_ticket']
    """
    tree = _parsed(text)
    known = {name for node in tree for name in _cte_names(node)}
    tables = set()
    for node in tree:
        match node.get("type"):
            case "TABLE_FUNCTION":
                _require_harmless(str(node["function"]["function_name"]))
            case "BASE_TABLE":
                tables.add(_table_name(node, known))
    return Query(text, frozenset(tables & set(TABLES)))


def run(home: Home, bench: Workbench, query: Query, is_masked: bool = True) -> duckdb.DuckDBPyConnection:
    """The query's result. Afterwards the engine reads no file outside the lake, and its settings are fixed."""
    for name in sorted(query.tables):
        _view(home, bench, name, is_masked)
    folder = f"{local(bench.lake.warehouse)}/"
    for setting in (
        f"set allowed_directories = ['{folder.replace(chr(39), chr(39) * 2)}']",
        "set enable_external_access = false",
        "set lock_configuration = true",
    ):
        bench.execute(setting)
    try:
        return bench.engine.run(query.text)
    except duckdb.Error as error:
        raise QueryError(str(error)) from None


def _parsed(text: str) -> list[dict[str, Any]]:
    """Every node of the query's syntax tree, by the parser that will run it."""
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
    if tree.get("error"):
        raise QueryError(str(tree.get("error_message")))
    return list(_nodes(tree))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(part)


def _cte_names(node: dict[str, Any]) -> list[str]:
    return [str(entry["key"]).lower() for entry in (node.get("cte_map") or {}).get("map", [])]


def _require_harmless(function: str) -> None:
    if function.lower() not in TABLE_FUNCTIONS:
        raise QueryError(f"{function}(...) is not allowed: `mend sql` reads the lake's tables, no files and no settings")


def _table_name(node: dict[str, Any], known: set[str]) -> str:
    name, path = str(node["table_name"]).lower(), [node.get("catalog_name"), node.get("schema_name")]
    if any(path) or (name not in TABLES and name not in known):
        full = ".".join([*(part for part in path if part), str(node["table_name"])])
        raise QueryError(f"there is no table {full}; the tables are:\n  " + "\n  ".join(sorted(TABLES)))
    return name


def _view(home: Home, bench: Workbench, name: str, is_masked: bool) -> None:
    """The table under its own name, personal columns masked; of the months also those that are not closed yet."""
    if name == "mart_damage_month":
        from mend.scoring import month_to_date_view  # imports what most queries do not need

        month_to_date_view(home, bench)
        return
    table = TABLES[name]
    masks = [f"{_mask(column)} as {quoted(column.name)}" for column in table.columns if column.personal and is_masked]
    if not masks:
        bench.view(name)
        return
    bench.view(name, as_name=f"{HIDDEN}{name}")
    columns = f"* replace ({', '.join(masks)})"
    bench.execute(f"create or replace temp view {quoted(name)} as select {columns} from {quoted(HIDDEN + name)}")


def _mask(column: Column) -> str:
    """An expression that hides a personal value; of a phone number the ends stay, to tell two apart."""
    name = quoted(column.name)
    if column.pattern and column.pattern.startswith("\\+"):
        return f"left({name}, 6) || '****' || right({name}, 2)"
    return f"case when {name} is not null then '***' end"
