"""The sheet read back: every cell is looked at, and either all of it is taken or nothing is."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mend.prevention.touchpoint.errors import SheetError
from mend.prevention.touchpoint.inventory import Inventory
from mend.prevention.touchpoint.sheet_columns import FIRST_ROW, OWNERS, PAGES, RATINGS, TOUCHPOINTS, SheetColumn
from mend.prevention.touchpoint.sheet_writing import code_lists

CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
LONGEST: Final = {"name_en": 60, "name_zh": 60, "rater_id": 60, "en": 60, "zh": 60}
LONGEST_TEXT: Final = 500
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
MOST_BYTES: Final = 200 * 2**20  # of what is packed in the file
OLD_OR_LOCKED: Final = bytes.fromhex("d0cf11e0")
SHOWN: Final = 40  # characters of a wrong value


@dataclass
class Reading:
    """What is found in a sheet: rows by page, each with its number, and every mistake."""

    rows: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)

    def add(self, page: str, cell: str, words: str) -> None:
        self.mistakes.append(f"page {page}, {cell}: {words}")


def read_pages(path: Path, inventory: Inventory) -> dict[str, list[dict[str, Any]]]:
    """The rows of the sheet, page by page, each value of its kind and each code of its list.

    Args:
        inventory: in force; its departments, stages and kinds are the lists. Owners and touchpoints are the sheet's.

    Raises:
        SheetError: with every mistake that there is, each with page, cell, value and what to write.
    """
    reading = Reading()
    workbook = _opened(path)
    try:
        for page, columns in PAGES.items():
            _read_page(workbook, page, columns, reading)
    finally:
        workbook.close()
    _check_codes(reading, inventory)
    _check_once(reading)
    if reading.mistakes:
        raise SheetError(f"{path}: nothing is loaded; {len(reading.mistakes)} mistakes", reading.mistakes)
    return {page: [row for _, row in rows] for page, rows in reading.rows.items()}


def _opened(path: Path) -> Any:
    """The workbook, formulas as they are written: a cached result may be of another day."""
    from openpyxl import load_workbook

    try:
        with path.open("rb") as file:
            first = file.read(4)
    except OSError as error:
        raise SheetError(f"{path}: cannot be read: {error.strerror}") from None
    if first == OLD_OR_LOCKED:
        raise SheetError(f"{path}: an old .xls file, or one with a password; save it as .xlsx without one")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise SheetError(f"{path}: more than {MOST_BYTES >> 20} MiB when unpacked; this is no sheet of ours")
        return load_workbook(path)
    except SheetError:
        raise
    except Exception:  # openpyxl raises what its parsers raise: none of them is told apart
        raise SheetError(f"{path}: not an Excel file (.xlsx); save it as one") from None


def _read_page(workbook: Any, page: str, columns: Sequence[SheetColumn], reading: Reading) -> None:
    reading.rows[page] = []
    if page not in workbook.sheetnames:
        reading.mistakes.append(f"page {page} is missing; its name must stay as it was")
        return
    sheet = workbook[page]
    for merged in sheet.merged_cells.ranges:
        reading.add(page, str(merged), "merged cells; split them, and fill in each")
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        size = f"{sheet.max_row} rows and {sheet.max_column} columns"
        reading.mistakes.append(f"page {page}: {size}; at most {MOST_ROWS} and {MOST_COLUMNS} are read")
        return
    places = reading.places[page] = _header(sheet, page, columns, reading)
    if len(places) < sum(column.is_read for column in columns):
        return  # named already; without its column every row would be wrong
    for number in range(FIRST_ROW, sheet.max_row + 1):
        cells = {column: sheet.cell(number, places[column.name]) for column in columns if column.is_read}
        if any(_plain(cell.value) != "" for cell in cells.values()):
            row = {column.name: _value(page, cell, column, reading) for column, cell in cells.items()}
            reading.rows[page].append((number, row))


def _header(sheet: Any, page: str, columns: Sequence[SheetColumn], reading: Reading) -> dict[str, int]:
    """The place of each column that is read, by its name in the first row."""
    known = {column.name: column for column in columns}
    places: dict[str, int] = {}
    for place in range(1, sheet.max_column + 1):
        cell = sheet.cell(1, place)
        name = _plain(cell.value).lower()
        if not name:
            if any(_plain(sheet.cell(row, place).value) for row in range(FIRST_ROW, sheet.max_row + 1)):
                reading.add(page, cell.coordinate, "values stand below, and the column has no name in row 1")
        elif name not in known:
            reading.add(page, cell.coordinate, f"no column {_shown(name)} here; there are {', '.join(known)}")
        elif name in places:
            reading.add(page, cell.coordinate, f"the column {name} stands twice")
        else:
            places[name] = place
    for column in columns:
        if column.is_read and column.name not in places:
            reading.mistakes.append(f"page {page}: the column {column.name} ({column.en} · {column.zh}) is missing")
    return {name: place for name, place in places.items() if known[name].is_read}


def _value(page: str, cell: Any, column: SheetColumn, reading: Reading) -> Any:
    """The cell's value; None when it is empty or wrong."""
    if cell.data_type == "f":
        reading.add(page, cell.coordinate, "a formula; write the value itself")
        return None
    if cell.data_type == "e":
        reading.add(page, cell.coordinate, f"an error ({_shown(cell.value)}); write the value itself")
        return None
    if _plain(cell.value) == "":
        if column.is_required:
            reading.add(page, cell.coordinate, f"{column.name} is missing: {column.en} · {column.zh}")
        return None
    value, wrong = KINDS_OF_VALUE[column.holds](cell.value, column)
    if wrong:
        reading.add(page, cell.coordinate, wrong)
    return value


def _score(value: Any, column: SheetColumn) -> tuple[int | None, str]:
    """A whole number from 1 to 10, also as a text or in full-width digits.

    >>> column = SheetColumn("impact", "impact", "影响度", "score")
    >>> _score("８", column), _score(8.0, column)
    ((8, ''), (8, ''))
    >>> _score(11, column)[1]
    'impact is 11; write a whole number from 1 to 10'
    """
    text = _plain(value).removesuffix(".0")
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= 10):
        return None, f"{column.name} is {_shown(value)}; write a whole number from 1 to 10"
    return int(text), ""


def _day(value: Any, column: SheetColumn) -> tuple[dt.date | None, str]:
    """
    >>> column = SheetColumn("rated_on", "day", "日期", "day")
    >>> _day("2026/1/31", column)[0], _day(dt.datetime(2026, 1, 31), column)[0]
    (datetime.date(2026, 1, 31), datetime.date(2026, 1, 31))
    >>> _day("31.1.26", column)[1]
    'rated_on is 31.1.26; write a day such as 2026-01-31'
    """
    if isinstance(value, dt.datetime):
        return value.date(), ""
    if isinstance(value, dt.date):
        return value, ""
    try:
        if found := DAY.fullmatch(_plain(value)):
            return dt.date(*map(int, found.groups())), ""
    except ValueError:
        pass
    return None, f"{column.name} is {_shown(value)}; write a day such as 2026-01-31"


def _code(value: Any, column: SheetColumn) -> tuple[str | None, str]:
    text = _plain(value)
    if not CODE.fullmatch(text):
        wrong = f"{column.name} is {_shown(value)}; a code is of small letters, digits and _, such as menu_bill"
        return None, wrong
    return text, ""


def _text(value: Any, column: SheetColumn) -> tuple[str | None, str]:
    text = str(value).strip()
    longest = LONGEST.get(column.name, LONGEST_TEXT)
    if not isinstance(value, str):
        return None, f"{column.name} is {_shown(value)}; write a text"
    if len(text) > longest:
        return None, f"{column.name} has {len(text)} characters; at most {longest}"
    if column.name.endswith("zh") and text.isascii():
        return None, f"{column.name} is {_shown(value)}; write it in Chinese"
    return text, ""


KINDS_OF_VALUE: Final[Mapping[str, Any]] = {"score": _score, "day": _day, "code": _code, "text": _text}


def _check_codes(reading: Reading, inventory: Inventory) -> None:
    """Codes of a list are on it. One that is on another list tells of columns that changed places."""
    lists: dict[str, set[str]] = {name: set(words) for name, words in code_lists(inventory).items()}
    lists["owner"] = set(_own(reading, OWNERS, "owner_id"))
    lists["touchpoint"] = set(_own(reading, TOUCHPOINTS, "touchpoint_code"))
    for page, columns in PAGES.items():
        for column in columns:
            if column.codes is None:
                continue
            for number, row in reading.rows[page]:
                value = row[column.name]
                if value is None or value in lists[column.codes]:
                    continue
                other = next((name for name, codes in lists.items() if value in codes), None)
                hint = f"it is a code of {other}: have columns changed places?" if other else _choose(column, lists)
                reading.add(
                    page,
                    _coordinate(reading, page, column, number),
                    f"{column.name}: no {column.codes} {_shown(value)}; {hint}",
                )


def _choose(column: SheetColumn, lists: Mapping[str, set[str]]) -> str:
    if column.codes in ("owner", "touchpoint"):
        return f"put it on the page {column.codes}s first, or choose one that is there"
    return f"write one of {', '.join(sorted(lists[str(column.codes)]))}"


def _check_once(reading: Reading) -> None:
    """One row for a touchpoint, for an owner, for a person's rating on a day."""
    keys = {
        TOUCHPOINTS: ("touchpoint_code",),
        OWNERS: ("owner_id",),
        RATINGS: ("touchpoint_code", "rater_id", "kind_code", "rated_on"),
    }
    for page, names in keys.items():
        seen: dict[tuple[Any, ...], int] = {}
        for number, row in reading.rows[page]:
            key = tuple(row[name] for name in names)
            if None in key:
                continue
            if key in seen:
                reading.add(page, f"row {number}", f"the same as row {seen[key]} ({', '.join(names)}); keep one")
            seen.setdefault(key, number)
    for number, row in reading.rows[RATINGS]:
        if all(row[column.name] is None for column in PAGES[RATINGS] if column.holds == "score"):
            reading.add(RATINGS, f"row {number}", "no score at all; write one, or empty the row")


def _own(reading: Reading, page: str, name: str) -> Iterator[str]:
    return (row[name] for _, row in reading.rows[page] if row[name] is not None)


def _coordinate(reading: Reading, page: str, column: SheetColumn, row: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(reading.places[page][column.name])}{row}"


def _plain(value: Any) -> str:
    """A value as a text of half-width signs, without blanks around it."""
    return "" if value is None else unicodedata.normalize("NFKC", str(value)).strip()


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
