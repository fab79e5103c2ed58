"""`mend sql` and `mend tables`: reading the lake."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mend.cli.arguments import Subparsers, add_command, count
from mend.cli.house import require
from mend.cli.text import csv_line, table
from mend.errors import CommandError
from mend.foundation.home import Home

if TYPE_CHECKING:
    from mend.query.session import Session

SHOWN_ROWS: Final = 1_000
BATCH: Final = 10_000


def add(subparsers: Subparsers) -> None:
    """`mend sql`, `mend tables`."""
    does = "read the lake's tables with one SELECT (DuckDB's SQL); personal columns are masked"
    parser = add_command(subparsers, "sql", does, sql)
    parser.add_argument(
        "query", metavar="SELECT", help='such as "select outcome, count(*) from core_contact group by all"'
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="CSV for programs, all rows: values as they are")
    does = (
        "CSV for a spreadsheet, all rows: opens as UTF-8, no text is run as a formula, times of the business zone "
        "to the minute"
    )
    form.add_argument("--list", type=Path, metavar="FILE", help=does)
    parser.add_argument(
        "--limit", type=count, metavar="N", help=f"at most N rows (default {SHOWN_ROWS:,}, with --csv all)"
    )
    parser.add_argument("--unmasked", action="store_true", help="personal columns as they are")
    limit = "end the query when it has run for N seconds (default: MEND_SQL_LIMIT_SECONDS, else 60)"
    parser.add_argument("--limit-seconds", type=count, metavar="N", help=limit)
    parser = add_command(
        subparsers, "tables", "list the lake's tables with their numbers of rows, or one table's columns", tables
    )
    parser.add_argument("table", nargs="?", help="a table whose columns to list")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the descriptions")


def sql(arguments: argparse.Namespace, home: Home) -> None:
    from mend.query import query
    from mend.query import session as query_session

    asked = query.read(arguments.query)
    require(home)
    with query_session.opened(home, asked, not arguments.unmasked, arguments.limit_seconds) as session:
        result = session.run(asked)
        header = [column[0] for column in result.description or ()]
        if arguments.list:
            _write_list(arguments.list, header, _rows(session, result, arguments.limit), session.zone)
        elif arguments.csv:
            _write_csv(header, _rows(session, result, arguments.limit), session.zone)
        else:
            _write_text(header, session, result, arguments.limit or SHOWN_ROWS)


def _rows(session: Session, result: Any, limit: int | None) -> Iterator[tuple[Any, ...]]:
    left = limit
    while left is None or left > 0:
        batch = session.fetch(result) if left is None else session.fetch(result, min(BATCH, left))
        if not batch:
            return
        yield from batch
        left = None if left is None else left - len(batch)


def _write_csv(header: list[str], rows: Iterator[tuple[Any, ...]], zone: str) -> None:
    sys.stdout.write(csv_line(header))
    for row in rows:
        sys.stdout.write(csv_line(row, zone))


def _write_list(path: Path, header: list[str], rows: Iterator[tuple[Any, ...]], zone: str) -> None:
    from mend.foundation.list_file import write_list

    write_list(path, header, rows, zone)
    sys.stdout.write(f"{path.resolve()}\n")


def _write_text(header: list[str], session: Session, result: Any, limit: int) -> None:
    rows = list(_rows(session, result, limit + 1))
    sys.stdout.write(table(header, rows[:limit], session.zone))
    if len(rows) > limit:
        sys.stderr.write(f"the first {limit:,} rows; --limit shows more, --csv all\n")


def tables(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.schema import TABLES
    from mend.query.views import VIEWS

    if arguments.table is None:
        return _list_tables(arguments.lang, home)
    described = TABLES.get(arguments.table) or VIEWS.get(arguments.table)
    if described is None:
        raise CommandError(f"there is no table {arguments.table}; `mend tables` lists them")
    rows = [
        [column.name, column.type, "yes" if column.required else "", getattr(column, arguments.lang)]
        for column in described.columns
    ]
    sys.stdout.write(table(["column", "type", "required", "what it holds"], rows))
    return None


def _list_tables(language: str, home: Home) -> None:
    from mend.foundation.lake import Lake
    from mend.foundation.opening import open_home
    from mend.foundation.schema import TABLES
    from mend.query.views import VIEWS

    require(home)
    open_home(home)
    lake = Lake(home.catalog_url, home.warehouse, home.s3_options)
    lake.create_tables()
    rows = [[name, lake.row_count(name), getattr(described, language)] for name, described in sorted(TABLES.items())]
    rows += [[name, "", getattr(described, language)] for name, described in VIEWS.items()]
    sys.stdout.write(table(["table", "rows", "what it holds"], rows))
