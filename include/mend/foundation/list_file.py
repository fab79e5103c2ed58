"""CSV files that people open in a spreadsheet: every list of Mend is written here.

UTF-8 with a byte order mark, else Excel shows Chinese as garbage. A text that a spreadsheet would run as a formula has
an apostrophe before it, which keeps it a text: '=1+1, '+8613812345678. So has a text that begins with an apostrophe
itself: a program that reads a list takes one away where a cell begins with one. Numbers are numbers, those below zero
too. Moments are local times of the business zone, to the minute.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from unicodedata import category
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ENCODING: Final = "utf-8-sig"
# The first sign of a formula, of half and full width, and what a spreadsheet passes over to find one. The apostrophe
# keeps a cell readable.
FORMULA_SIGNS: Final = frozenset("=+-@＝＋－＠'\t\r\n\v\f\0")
UNSEEN: Final = frozenset({"Cc", "Cf"})  # control characters; marks such as the zero-width space
BLOCK: Final = 20_000


def write_list(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], zone: str) -> None:
    """Write a list's file."""
    info = ZoneInfo(zone)
    with path.open("w", encoding=ENCODING, newline="") as file:
        _write(file, ([cell(value, info) for value in row] for row in chain([columns], rows)))


def read_cells(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """Columns and rows of a list's file, each cell as it stands there: `plain` gives what it means."""
    reader = csv.DictReader(io.StringIO(content.decode(ENCODING), newline=""))
    rows = list(reader)
    return list(reader.fieldnames or ()), rows


def file_of_cells(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A list's file of cells that `read_cells` or `cell` gave."""
    file = io.StringIO(newline="")
    _write(file, chain([columns], ([row[column] for column in columns] for row in rows)))
    return file.getvalue().encode(ENCODING)


def plain(value: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it.

    >>> plain("'+86"), plain("K1")
    ('+86', 'K1')
    """
    return value.removeprefix("'")


def _write(file: IO[str], rows: Iterable[Sequence[Any]]) -> None:
    # By this end of a line, a line break of either kind within a cell is put in quotes.
    csv.writer(file, lineterminator="\r\n").writerows(rows)


def write_result(path: Path, result: DuckDBPyConnection, zone: str) -> None:
    """Write a query's result as a list's file, a block of rows at a time."""
    write_list(path, [column[0] for column in result.description or ()], _rows(result), zone)


def cell(value: Any, zone: ZoneInfo) -> Any:
    """A value as a list has it; null is an empty cell.

    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> [cell(value, shanghai) for value in ("=1+1", "+86138****5678", -5, True, None, "a=b")]
    ["'=1+1", "'+86138****5678", -5, 'true', None, 'a=b']
    >>> cell(dt.datetime(2026, 3, 5, 16, 0, 59, tzinfo=dt.UTC), shanghai)
    '2026-03-06 00:00'
    """
    if isinstance(value, str):
        return f"'{value}" if _is_formula(value) else value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(zone) if value.tzinfo else value:%Y-%m-%d %H:%M}"
    return value


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula, blanks and what nobody sees before it or not. A text that
    begins with a control character counts as one.

    >>> [_is_formula(text) for text in (" =1", "\\x07a", "\\u200b@a", "a=1", "")]
    [True, True, True, False, False]
    """
    if text[:1] and (text[0] in FORMULA_SIGNS or category(text[0]) == "Cc"):
        return True
    seen = next((sign for sign in text if not sign.isspace() and category(sign) not in UNSEEN), "")
    return seen != "" and seen in FORMULA_SIGNS


def hours_and_minutes(seconds: int) -> str:
    """A span of time for people, whole minutes of it.

    >>> hours_and_minutes(5_459), hours_and_minutes(100 * 3600)
    ('1:30', '100:00')
    """
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}"


def _rows(result: DuckDBPyConnection) -> Iterator[Sequence[Any]]:
    while block := result.fetchmany(BLOCK):
        yield from block
