"""A table has one writer: the room that its schema names as the owner. Others call the owner's function.

The test reads every write: in SQL files, in strings of Python, through SQLAlchemy, and through the lake.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mend.foundation.schema import TABLES
from mend.foundation.schema.model import described
from mend.grumbles.warning.publication import PUBLISHED as TABLES_OF_WARNINGS
from mend.query.pages.tables import TABLES as TABLES_OF_PAGES

REPOSITORY = Path(__file__).resolve().parents[1]
MEND = REPOSITORY / "include" / "mend"
OPERATIONS: dict[str, str] = {name: words.get("owner", "") for name, words in described("operations").items()}
OWNERS: dict[str, str] = {name: table.owner for name, table in TABLES.items()} | OPERATIONS
SQL_WRITE = re.compile(
    r"\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?|merge\s+into|copy)\s+(?:only\s+)?\"?(\w+)\"?"
    r"(?=\s*(?:\(|$|set\b|as\b|using\b|where\b|by\b|select\b|values\b|from\b|;|\w))",
    re.IGNORECASE,
)
SQLALCHEMY = {"insert", "update", "delete"}
LAKE = {"replace", "append"}
# Writes that are no room's work: another home's files are opened as they were then; a copy of the database's rows.
NO_ROOM = {"asof/reference.py", "foundation/pipeline/workbench.py", "foundation/pipeline/runner.py"}


def without_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*", "", sql)


def written_in_sql(sql: str, tables: Mapping[str, str]) -> set[str]:
    """
    >>> sorted(written_in_sql("with a as (delete from survey returning 1) insert into sms_outbox (x) select 1", OWNERS))
    ['sms_outbox', 'survey']
    >>> written_in_sql("select 1 from a for update; insert into b on conflict do update set x = 1", OWNERS)
    set()
    """
    return {name for name in SQL_WRITE.findall(without_comments(sql)) if name in tables}


def text_of(node: ast.AST) -> str | None:
    """A string of Python as far as it is written out; what is put in at run time is a question mark."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "?"
            for part in node.values
        )
    return None


def strings(tree: ast.AST) -> Iterator[str]:
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) not in prose | inside and (found := text_of(node)) is not None:
            yield found


def table_named(node: ast.AST, names: Mapping[str, str]) -> str | None:
    """The table that an expression stands for: METADATA.tables["x"], or a name that was given to it."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "tables":
        return text_of(node.slice) or "?"
    return names.get(node.id) if isinstance(node, ast.Name) else None


def names_of_tables(tree: ast.AST) -> dict[str, str]:
    """Names that stand for a table of the operations database, in this file or imported into it."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        name = table_named(node.value, {})
        if isinstance(target, ast.Name) and name is not None:
            found[target.id] = name
    return found


CONSTANTS = names_of_tables(ast.parse((MEND / "foundation" / "operations" / "tables.py").read_text("utf-8")))


def written_in_calls(tree: ast.AST) -> set[str]:
    """Tables written through SQLAlchemy and the lake; '?' stands for one that only the run knows."""
    names = CONSTANTS | names_of_tables(tree)
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in SQLALCHEMY and node.args:
            found |= {name for name in [table_named(node.args[0], names)] if name is not None}
        elif isinstance(node.func, ast.Attribute):
            if node.func.attr in SQLALCHEMY:
                found |= {name for name in [table_named(node.func.value, names)] if name is not None}
            elif node.func.attr in LAKE and node.args:
                first = text_of(node.args[0])
                found |= {first} if first in TABLES else of_records(first or "")
    return found


def of_records(pattern: str) -> set[str]:
    """The tables that a name made at run time may be: raw_ of any record."""
    return {name for name in TABLES if pattern == f"{name.split('_')[0]}_?"}


def python_files() -> Iterator[Path]:
    for folder in (MEND, REPOSITORY / "plugins", REPOSITORY / "dags"):
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


def writes() -> Iterator[tuple[str, str]]:
    """Table and file (below include/mend, where it is there) of every write."""
    for path in sorted(MEND.rglob("*.sql")):
        for table in written_in_sql(path.read_text("utf-8"), OPERATIONS):
            yield table, shown(path)
    for path in python_files():
        tree = ast.parse(path.read_text("utf-8"))
        found = written_in_calls(tree)
        for text in strings(tree):
            found |= written_in_sql(text, OPERATIONS)
        for table in found:
            yield table, shown(path)


def shown(path: Path) -> str:
    return str(path.relative_to(MEND if path.is_relative_to(MEND) else REPOSITORY))


WRITES = sorted({(table, file) for table, file in writes() if file not in NO_ROOM})


@pytest.mark.parametrize("table", OWNERS)
def test_every_table_names_a_room_that_is_there_as_its_owner(table: str) -> None:
    assert OWNERS[table], f"{table} has no owner"
    assert (MEND / OWNERS[table]).is_dir()


@pytest.mark.parametrize("table", sorted({table for table, _ in WRITES}))
def test_a_table_is_written_by_its_owner_alone(table: str) -> None:
    others = [file for name, file in WRITES if name == table and not file.startswith(f"{OWNERS.get(table)}/")]
    assert others == [], f"call a function of {OWNERS.get(table)} there"


def test_every_table_of_the_operations_database_is_written_somewhere() -> None:
    """What nothing writes is dead, or the test does not see how it is written."""
    by_hand = {"follow_up_handler"}
    by_the_database = {"customer_opt_out"}  # a trigger on sms_opt_out binds them (migration 0006)
    by_description = {table.name for table in TABLES_OF_PAGES}  # mend.query.pages.publishing writes what is declared
    by_description |= {each.name for each in TABLES_OF_WARNINGS}
    assert OPERATIONS.keys() - {table for table, _ in WRITES} <= by_hand | by_the_database | by_description


def test_a_table_that_is_declared_for_the_pages_is_theirs() -> None:
    assert {OWNERS[table.name] for table in TABLES_OF_PAGES} == {"query/pages"}


def test_what_is_declared_is_written_by_the_two_who_declare_it() -> None:
    """`put_staged` writes a table that the run names: whoever else calls it writes what this test does not see."""
    callers = {shown(path) for path in python_files() if "put_staged(" in path.read_text("utf-8")}
    assert callers == {
        "foundation/operations/staging.py",
        "grumbles/warning/publication.py",
        "query/pages/publishing.py",
    }


@pytest.mark.parametrize(
    ("code", "tables"),
    [
        ('connection.execute(text("insert into survey (a) values (1)"))', {"survey"}),
        ('connection.execute(text(f"update sms_outbox set {column} = 1"))', {"sms_outbox"}),
        ('cursor.copy("copy survey (a) from stdin")', {"survey"}),
        ('T = METADATA.tables["survey"]\nconnection.execute(T.delete())', {"survey"}),
        ('insert(METADATA.tables["service_event"])', {"service_event"}),
        ("connection.execute(delete(LOAD_BATCH))", {"load_batch"}),
        ('bench.replace("mart_survey_funnel", query, where)', {"mart_survey_funnel"}),
        ('bench.lake.replace("mart_survey_funnel", where, files)', {"mart_survey_funnel"}),
        ('"survey".replace("survey", "x")', set()),
        ('text("select 1 from survey where x")', set()),
    ],
)
def test_a_write_is_seen_however_it_is_said(code: str, tables: set[str]) -> None:
    tree = ast.parse(code)
    found = written_in_calls(tree)
    for text in strings(tree):
        found |= written_in_sql(text, OPERATIONS)
    assert found == tables
