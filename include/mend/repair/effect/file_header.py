"""The header of a CSV file, and the first row that does not fit it: with its line, without its content."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final, TextIO, cast

from mend.repair.effect.errors import EffectUsageError

SEPARATORS: Final = ",;\t|"
LONGEST_HEADER: Final = 1 << 20


def check_header(path: Path, chosen: Sequence[str], columns: int) -> None:
    """A name that stands twice names nothing."""
    line = _first_line(path)
    for separator in SEPARATORS:
        found = next(csv.reader([line], delimiter=separator), [])
        if len(found) == columns:
            if twice := [name for name in chosen if [each.strip() for each in found].count(name) > 1]:
                raise EffectUsageError(f"{path}: two columns are named {twice[0]}; give them different names")
            return


def separator_of(path: Path, wanted: Collection[str]) -> str | None:
    """What separates the columns, where the first line names what is wanted: a row that does not fit this header is a
    mistake then, and no reason to look for the header elsewhere.
    """
    line = _first_line(path)
    for separator in SEPARATORS:
        found = {name.strip() for name in next(csv.reader([line], delimiter=separator), [])}
        if set(wanted) <= found:
            return separator
    return None


def misfit(path: Path, separator: str) -> str | None:
    """The first row that does not fit the header."""
    try:
        with _opened(path) as file:
            rows = csv.reader(file, delimiter=separator, strict=True)
            columns = len(next(rows, []))
            for row in rows:
                if row and len(row) != columns:
                    return f"line {rows.line_num:,} has {len(row):,} columns, the header has {columns:,}; mend the file"
    except csv.Error:
        return f"line {rows.line_num:,} cannot be read: a quotation mark is not closed, or closed too early"
    except (OSError, EOFError, zlib.error, UnicodeError):
        return None
    return None


def _opened(path: Path) -> TextIO:
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    return cast("TextIO", opened(path, "rt", encoding="utf-8-sig", errors="replace", newline=""))


def _first_line(path: Path) -> str:
    """The first line, or nothing where the file is not what its name says: DuckDB says so then."""
    try:
        with _opened(path) as file:
            return file.readline(LONGEST_HEADER).replace("\0", "").partition("\r")[0]
    except (OSError, EOFError, zlib.error):
        return ""
