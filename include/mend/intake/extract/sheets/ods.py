"""A sheet of an OpenDocument spreadsheet (ods): repeated rows and cells are written out, errors are told from texts."""

from __future__ import annotations

import re
import zipfile
from collections import deque
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from mend.intake.extract.marks import hard, soft
from mend.intake.extract.sheets.sheet import LAST_COLUMN, LAST_ROW, Extent, Facts, SheetError, chosen, letters
from mend.intake.extract.sheets.workbook import local
from mend.intake.extract.typed import boolean, duration, number

CHUNK: Final = 1 << 18
CONTENT: Final = "content.xml"
CELLS: Final = ("table-cell", "covered-table-cell")
BLANKS: Final = {"s": " ", "tab": "\t", "line-break": "\n"}
DURATION: Final = re.compile(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
# What older programs show for an error, with 0 as its value.
ERROR: Final = re.compile(r"#[^\sa-z]+[!?]|#(N/A|NV|N/D|Н/Д|N/B|YOK)|Err:\d{3}|###+")


class OdsSheet:
    """One sheet. Raises LookupError when there is no such sheet, naming those there are."""

    def __init__(self, archive: zipfile.ZipFile, wanted: str | int) -> None:
        self._archive = archive
        tables = _tables(archive)
        place = chosen([name for name, _, _ in tables], [is_hidden for _, is_hidden, _ in tables], wanted)
        if place is None:
            raise LookupError(", ".join(name for name, _, _ in tables))
        self._place = place
        name, is_hidden, self._extent = tables[place]
        others = [other for number, (other, _, extent) in enumerate(tables) if number != place and extent.filled]
        self.facts = Facts(name, is_hidden, others)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number and fields of each row that holds anything."""
        gathered = _Rows(self._place, self.facts)
        with self._archive.open(CONTENT) as stream:
            while chunk := stream.read(CHUNK):
                gathered.parser.Parse(chunk, False)
                while gathered.done:
                    first, count, fields = gathered.done.popleft()
                    for number in range(first, first + count):
                        yield number, fields
            gathered.parser.Parse(b"", True)

    def extent(self) -> Extent:
        """What the sheet holds, counted in the document's tree."""
        return self._extent


def _tables(archive: zipfile.ZipFile) -> list[tuple[str, bool, Extent]]:
    """Name of each sheet, whether people do not see it, and what it holds."""
    hidden: set[str] = set()
    found = []
    depth = row = filled = last = 0
    with archive.open(CONTENT) as stream:
        for event, element in ElementTree.iterparse(stream, ("start", "end")):  # noqa: S314 (as in workbook.py)
            name = local(element.tag)
            if name == "table":
                depth += 1 if event == "start" else -1
            if event == "start" and name == "table" and depth == 1:
                row = filled = last = 0
            elif event == "end" and name == "style" and _is_invisible(element):
                hidden.add(_attribute(element, "name"))
            elif event == "end" and name == "table" and depth == 0:
                found.append(
                    (_attribute(element, "name"), _attribute(element, "style-name") in hidden, Extent(last, filled))
                )
                element.clear()
            elif event == "end" and name == "table-row" and depth == 1:
                times = int(_attribute(element, "number-rows-repeated") or 1)
                row += times
                if cells := _filled_cells(element):
                    filled, last = filled + cells * times, row
                element.clear()
    return found


def _is_invisible(style: ElementTree.Element) -> bool:
    return any(local(each.tag) == "table-properties" and _attribute(each, "display") == "false" for each in style)


def _filled_cells(row: ElementTree.Element) -> int:
    cells = [cell for cell in row if local(cell.tag) in CELLS and _is_filled(cell)]
    return sum(int(_attribute(cell, "number-columns-repeated") or 1) for cell in cells)


def _is_filled(cell: ElementTree.Element) -> bool:
    if _attribute(cell, "value-type") not in ("", "string") or _attribute(cell, "string-value"):
        return True
    paragraphs = [each for each in cell if local(each.tag) == "p"]
    if len(paragraphs) > 1:
        return True
    has_text = any(
        "".join(each.itertext()) or any(local(inner.tag) in BLANKS for inner in each.iter()) for each in paragraphs
    )
    return has_text or (bool(_attribute(cell, "formula")) and not _attribute(cell, "value-type"))


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


class _Rows:
    """Gathers the rows of one sheet from the document's XML: first number, how often, fields."""

    def __init__(self, place: int, facts: Facts) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.done: deque[tuple[int, int, list[str]]] = deque()
        self._wanted, self._facts = place, facts
        self._table, self._depth = -1, 0
        self._row, self._times = 0, 1
        self._fields: list[str] = []
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._inside = 0  # elements open below the cell
        self._paragraphs: list[list[str]] = []
        self._is_paragraph = False

    @property
    def _is_wanted(self) -> bool:
        return self._depth == 1 and self._table == self._wanted

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "table":
            self._table += self._depth == 0
            self._depth += 1
        elif self._cell is not None:
            self._start_in_cell(name, attributes)
        elif self._is_wanted and name == "table-row":
            self._times = int(_of(attributes, "number-rows-repeated") or 1)
            self._fields, self._column = [], 0
            if _of(attributes, "visibility") in ("collapse", "filter"):
                self._facts.hidden_rows += self._times
        elif self._is_wanted and name in CELLS:
            self._cell, self._inside, self._paragraphs = attributes, 0, []

    def _start_in_cell(self, name: str, attributes: dict[str, str]) -> None:
        if self._inside == 0 and name == "p":
            self._is_paragraph = True
            self._paragraphs.append([])
        elif self._is_paragraph and name in BLANKS:
            self._paragraphs[-1].append(BLANKS[name] * int(_of(attributes, "c") or 1))
        self._inside += 1

    def _text(self, text: str) -> None:
        if self._is_paragraph:
            self._paragraphs[-1].append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "table":
            self._depth -= 1
        elif self._cell is not None and self._inside:
            self._inside -= 1
            self._is_paragraph = self._is_paragraph and self._inside > 0
        elif self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif self._is_wanted and name == "table-row":
            self._end_row()

    def _end_cell(self, cell: dict[str, str]) -> None:
        times = int(_of(cell, "number-columns-repeated") or 1)
        columns, rows = (int(_of(cell, f"number-{each}-spanned") or 1) for each in ("columns", "rows"))
        if columns * rows > 1:
            first, last = (self._column + 1, self._row + 1), (self._column + columns, self._row + rows)
            self._facts.merged.append(f"{letters(first[0])}{first[1]}:{letters(last[0])}{last[1]}")
        if text := self._shown(cell, "\n".join("".join(parts) for parts in self._paragraphs)):
            if self._column + times > LAST_COLUMN:
                raise SheetError(f"row {self._row + 1} has a cell in column {self._column + times}")
            self._fields += [""] * (self._column - len(self._fields)) + [text] * times
            self._facts.filled += times * self._times
        self._column += times

    def _end_row(self) -> None:
        if self._fields:
            if self._row + self._times > LAST_ROW:
                raise SheetError(f"there is a row {self._row + self._times}")
            self.done.append((self._row + 1, self._times, self._fields))
        self._row += self._times

    def _shown(self, cell: dict[str, str], text: str) -> str:
        kind = _of(cell, "value-type", "office")
        has_formula = bool(_of(cell, "formula"))
        if _of(cell, "value-type", "calcext") == "error" or (has_formula and ERROR.fullmatch(text)):
            return hard("error_value", text)
        if kind in ("", "string"):
            text = text or _of(cell, "string-value")
            return hard("formula_without_value", "") if has_formula and not kind and not text else text
        return _typed(kind, cell, text)


def _typed(kind: str, cell: dict[str, str], text: str) -> str:
    if kind == "boolean":
        return boolean(_of(cell, "boolean-value") == "true")
    if kind == "date":
        return soft("date_value", _of(cell, "date-value").replace("T", " "))
    if kind == "time":
        found = DURATION.fullmatch(_of(cell, "time-value"))
        return _time(found, text) if found else hard("error_value", text)
    read = number(_of(cell, "value", "office"))
    # A whole number may be shown with leading zeros.
    return (
        text
        if text.isascii() and text.isdigit() and text.lstrip("0") == read.lstrip("0") and len(text) > len(read)
        else read
    )


def _time(found: re.Match[str], text: str) -> str:
    days, hours, minutes = (int(found[place] or 0) for place in (2, 3, 4))
    seconds = ((days * 24 + hours) * 60 + minutes) * 60 + float((found[5] or "0").replace(",", "."))
    if found[1] or seconds >= 86_400 or _is_minutes(text, seconds):
        return duration(-seconds if found[1] else seconds)
    return soft("date_value", duration(seconds).shown.rjust(8, "0"))  # type: ignore[attr-defined]


def _is_minutes(text: str, seconds: float) -> bool:
    """Whether a cell shows its time as minutes and seconds without an hour, as no time of day is shown."""
    minutes, _, rest = text.partition(":")
    return (
        bool(re.fullmatch("[0-9]+:[0-9]{2}([.,][0-9]+)?", text))
        and seconds > 0
        and int(minutes) * 60 + int(rest[:2]) == int(seconds)
    )


def _of(attributes: dict[str, str], name: str, prefix: str = "") -> str:
    """An attribute by its name, whatever its prefix, or of one prefix."""
    if prefix:
        return attributes.get(f"{prefix}:{name}", "")
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")
