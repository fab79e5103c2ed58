"""docs/operations-database.md: the tables that change row by row, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mend.docs import markdown
from mend.docs.pages import Page
from mend.foundation.schema.model import described

HEADER: Final = ("column", "type", "required", "domain", "English", "中文")
INTRODUCTION: Final = """\
The tables of the operations database (PostgreSQL): what changes row by row.
`include/mend/foundation/schema/operations/` describes them; the migrations in
`include/mend/foundation/operations/migrations/`
are written by hand, and a test compares the two. The lake's tables are in the [data dictionary](data-dictionary.md)."""


def operations_database() -> Page:
    """The page."""
    tables = [_table(name, words) for name, words in described("operations").items()]
    return Page("operations-database.md", markdown.page("Operations database", INTRODUCTION, *tables))


def _table(name: str, words: Mapping[str, Any]) -> str:
    facts = [f"{words['en']} · {words['zh']}.", f"Primary key: {_listed(words['key'])}."]
    facts += [f"Unique: {_listed(group)}." for group in words.get("unique", [])]
    facts += [f"Index: {_listed(group)}." for group in words.get("index", [])]
    facts += [f"Check `{check}`: `{condition}`." for check, condition in words.get("check", {}).items()]
    rows = [_column(column, its) for column, its in words["columns"].items()]
    return f"## {name}\n\n{' '.join(facts)}\n\n{markdown.table(HEADER, rows)}"


def _column(name: str, its: Mapping[str, Any]) -> list[str]:
    domain = ", ".join(markdown.code(value) for value in its.get("values", []))
    if its.get("identity"):
        domain = "numbered by the database"
    return [markdown.code(name), its["type"], "yes" if its.get("required") else "", domain, its["en"], its["zh"]]


def _listed(names: list[str]) -> str:
    return ", ".join(markdown.code(name) for name in names)
