"""Rows as text: aligned columns for people, CSV for programs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo


def table(header: Sequence[str], rows: Iterable[Sequence[Any]], zone: str | None = None) -> str:
    """Aligned columns, numbers to the right.

    >>> print(table(["city", "count"], [["上海", 3], ["Xi'an", 120]]), end="")
    city   count
    -----  -----
    上海       3
    Xi'an    120
    """
    given = [list(row) for row in rows]
    cells = [[_printable(word(value, zone)) for value in row] for row in given]
    widths = [max(_width(text) for text in column) for column in zip(header, *cells, strict=True)]
    is_number = [_is_number_column(column) for column in zip(*given, strict=True)] if given else [False] * len(widths)
    lines = [list(header), ["-" * width for width in widths], *cells]
    return "".join(_line(line, widths, is_number) + "\n" for line in lines)


def csv_line(values: Sequence[Any], zone: str | None = None) -> str:
    """One line of CSV; null is an empty field.

    >>> csv_line(["a,b", None, True])
    '"a,b",,true\\n'
    """
    line = io.StringIO(newline="")
    # With this end of a line, a line break of either kind within a field is put in quotes.
    csv.writer(line, lineterminator="\r\n").writerow([word(value, zone) for value in values])
    return line.getvalue().removesuffix("\r\n") + "\n"


def word(value: Any, zone: str | None = None) -> str:
    """A value as text; an instant as local time of the zone, with its offset.

    >>> word(dt.datetime(2026, 3, 5, 16, tzinfo=dt.UTC), "Asia/Shanghai")
    '2026-03-06 00:00:00+08:00'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        moment = value.astimezone(ZoneInfo(zone)) if zone and value.tzinfo else value
        return moment.isoformat(sep=" ")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _is_number_column(column: Sequence[Any]) -> bool:
    kinds = {type(value).__name__ for value in column if value is not None}
    return bool(kinds) and kinds <= {"int", "float", "Decimal"}


def _line(cells: Sequence[str], widths: Sequence[int], is_number: Sequence[bool]) -> str:
    padded = []
    for cell, width, right in zip(cells, widths, is_number, strict=True):
        space = " " * (width - _width(cell))
        padded.append(space + cell if right else cell + space)
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns that a terminal gives the text: two for a Chinese character."""
    return sum(
        2 if unicodedata.east_asian_width(sign) in "WF" else 0 if unicodedata.combining(sign) else 1 for sign in text
    )


def _printable(text: str) -> str:
    """Line breaks and control characters, which raw rows may hold, as escapes: a row stays one line, and a terminal is
    not steered.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
