"""A sheet of an Excel workbook (xlsx), cell by cell as its XML holds it. The size that the sheet states is not looked
at: it is often wrong."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from mend.intake.extract.marks import hard, soft
from mend.intake.extract.sheets.serials import Shape, shown_number
from mend.intake.extract.sheets.sheet import LAST_COLUMN, LAST_ROW, Extent, Facts, SheetError, chosen, column_number
from mend.intake.extract.sheets.workbook import Part, Workbook, local, unescaped
from mend.intake.extract.typed import boolean

CHUNK: Final = 1 << 18
TOKENS: Final = re.compile(r"<(?:[\w.-]+:)?(?:(row)(?=[\s/>])([^>]*)|v(?:\s[^>]*)?>(?=[^<])|is(?=[\s/>]))")
ROW_NUMBER: Final = re.compile(r"""(?:^|\s)r\s*=\s*["'](\d+)["']""")


class XlsxSheet:
    """One sheet.

    Raises LookupError when there is no such sheet, naming those there are.
    """

    def __init__(self, archive: zipfile.ZipFile, wanted: str | int) -> None:
        self._archive = archive
        self._workbook = Workbook(archive)
        parts = self._workbook.parts
        place = chosen([part.name for part in parts], [part.is_hidden for part in parts], wanted)
        if place is None:
            raise LookupError(", ".join(part.name for part in parts))
        self._part = parts[place]
        others = [part.name for part in parts if part is not self._part and self._has_cells(part)]
        self.facts = Facts(self._part.name, self._part.is_hidden, others)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number and fields of each row."""
        gathered = _Rows(self._workbook, self.facts)
        with self._archive.open(self._part.path) as stream:
            while chunk := stream.read(CHUNK):
                gathered.parser.Parse(chunk, False)
                while gathered.done:
                    yield gathered.done.popleft()
            gathered.parser.Parse(b"", True)
        yield from gathered.done

    def extent(self) -> Extent:
        """The rows and filled cells, counted in the XML's text; in its tree where comments or CDATA could be taken for
        cells.
        """
        if self._has_markup():
            return self._extent_of_tree()
        last = filled = 0
        for token in self._tokens(self._part):
            if token[1] is None:
                filled += 1
                continue
            stated = ROW_NUMBER.search(token[2])
            last = max(int(stated[1]), last + 1) if stated else last + 1
        return Extent(last, filled)

    def _has_markup(self) -> bool:
        rest = b""
        with self._archive.open(self._part.path) as stream:
            while chunk := stream.read(CHUNK):
                if b"<!-" in (text := rest + chunk) or b"<![" in text:
                    return True
                rest = chunk[-2:]
        return False

    def _extent_of_tree(self) -> Extent:
        last = filled = 0
        with self._archive.open(self._part.path) as stream:
            for _, element in ElementTree.iterparse(stream):  # noqa: S314 (as in workbook.py)
                name = local(element.tag)
                if name == "row":
                    last = max(int(element.get("r", 0)), last + 1)
                    element.clear()
                filled += name == "is" or (name == "v" and bool(element.text))
        return Extent(last, filled)

    def _has_cells(self, part: Part) -> bool:
        return any(token[1] is None for token in self._tokens(part))

    def _tokens(self, part: Part) -> Iterator[re.Match[str]]:
        """The beginnings of rows, values and texts."""
        with self._archive.open(part.path) as stream:
            head = stream.read(2)
            wide = head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
            decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")("replace")
            rest, chunk = decoder.decode(head), stream.read(CHUNK)
            while chunk:
                text = rest + decoder.decode(chunk)
                chunk = stream.read(CHUNK)
                cut = text.rfind("<") if chunk else len(text)
                yield from TOKENS.finditer(text[:cut])
                rest = text[cut:]


class _Rows:
    """Gathers the rows of a sheet from its XML."""

    def __init__(self, workbook: Workbook, facts: Facts) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.done: deque[tuple[int, list[str]]] = deque()
        self._facts = facts
        self._strings = workbook.strings
        self._shapes = workbook.shapes
        self._is_1904 = workbook.is_1904
        self._row = self._column = 0
        self._fields: list[str] = []
        self._cell: dict[str, str] = {}
        self._value: list[str] = []
        self._has_formula = self._has_text = self._is_data = self._is_read = self._is_aid = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "sheetData":
            self._is_data = True
        elif name == "mergeCell":
            self._facts.merged.append(attributes.get("ref", ""))
        elif self._is_data:
            self._start_in_data(name, attributes)

    def _start_in_data(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cell, self._value = attributes, []
            self._has_formula = self._has_text = False
            reference = attributes.get("r")
            self._column = column_number(reference) if reference else self._column + 1
        elif name == "row":
            self._row = max(int(attributes.get("r", 0)), self._row + 1)
            self._column, self._fields = 0, []
            self._facts.hidden_rows += attributes.get("hidden") in ("1", "true")
        elif name == "f":
            self._has_formula = True
        elif name == "is":
            self._has_text = True
        elif name == "rPh":
            self._is_aid = True
        elif name == "v" or (name == "t" and self._has_text):
            self._is_read = not self._is_aid

    def _text(self, text: str) -> None:
        if self._is_read:
            self._value.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self._is_read = False
        elif name == "rPh":
            self._is_aid = False
        elif name == "c" and self._is_data:
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "sheetData":
            self._is_data = False

    def _end_cell(self) -> None:
        if not 0 < self._column <= LAST_COLUMN:
            raise SheetError(f"row {self._row} has a cell in column {self._column}")
        value = "".join(self._value)
        self._facts.filled += bool(value or self._has_text)
        if text := self._shown(value):
            self._fields += [""] * (self._column - len(self._fields))
            self._fields[self._column - 1] = text

    def _end_row(self) -> None:
        if self._row > LAST_ROW:
            raise SheetError(f"there is a row {self._row}")
        self.done.append((self._row, self._fields))

    def _shown(self, value: str) -> str:
        kind = self._cell.get("t", "n")
        if kind == "e":
            return hard("error_value", value)
        if kind in ("str", "inlineStr"):
            return unescaped(value)
        if not value:
            return hard("formula_without_value", "") if self._has_formula else ""
        if kind == "s":
            return self._strings[int(value)]
        if kind == "b":
            return boolean(value in ("1", "true"))
        if kind == "d":
            return soft("date_value", value.replace("T", " "))
        return shown_number(value, self._shape(), self._is_1904)

    def _shape(self) -> Shape:
        place = int(self._cell.get("s", 0))
        return self._shapes[place] if place < len(self._shapes) else Shape()
