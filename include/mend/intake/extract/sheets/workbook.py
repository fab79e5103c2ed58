"""The parts of an Excel workbook (xlsx): its sheets, its shared texts, how its cells show numbers. Prefixes and
versions of the XML's names are looked past: workbooks come from many programs."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from xml.etree import ElementTree

from mend.intake.extract.sheets.serials import Shape, shape

ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Part:
    """A sheet: its name, its place in the archive."""

    name: str
    path: str
    is_hidden: bool


class Workbook:
    """The parts beside the cells. KeyError, ElementTree.ParseError or ValueError where one is missing or broken."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        root = self._related("", "officeDocument")
        self._root = root[0] if root else "xl/workbook.xml"

    @cached_property
    def parts(self) -> list[Part]:
        """Its sheets in order, charts left out."""
        places = {key: place for key, place, kind in self._relations(self._root) if kind.endswith("/worksheet")}
        found = []
        for element in self._elements(self._root, "sheet"):
            key = next((value for name, value in element.attrib.items() if local(name) == "id"), "")
            if key in places:
                found.append(Part(element.get("name", ""), places[key], element.get("state", "visible") != "visible"))
        return found

    @cached_property
    def is_1904(self) -> bool:
        """Whether days are counted from 1904, as old Macs did."""
        return any(element.get("date1904") in ("1", "true") for element in self._elements(self._root, "workbookPr"))

    @cached_property
    def strings(self) -> list[str]:
        """The texts that cells share."""
        texts = []
        for path in self._related(self._root, "sharedStrings"):
            texts += [_text_of(element) for element in self._elements(path, "si")]
        return texts

    @cached_property
    def shapes(self) -> list[Shape]:
        """How the cells of each style show numbers."""
        formats: dict[int, str] = {}
        shapes: list[Shape] = []
        for path in self._related(self._root, "styles"):
            for element in self._elements(path, "numFmt"):
                formats[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
            for styles in self._elements(path, "cellXfs"):
                codes = [int(each.get("numFmtId", "0")) for each in styles if local(each.tag) == "xf"]
                shapes = [shape(code, formats.get(code)) for code in codes]
        return shapes

    def _related(self, path: str, kind: str) -> list[str]:
        return [place for _, place, its in self._relations(path) if its.endswith(f"/{kind}")]

    def _relations(self, path: str) -> list[tuple[str, str, str]]:
        """Key, place and kind of what a part refers to."""
        folder, name = posixpath.split(path)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        return [
            (
                each.get("Id", ""),
                posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
                each.get("Type", ""),
            )
            for each in self._elements(relations, "Relationship")
        ]

    def _elements(self, path: str, name: str) -> Iterator[ElementTree.Element]:
        with self._archive.open(path) as stream:
            for _, element in ElementTree.iterparse(stream):  # noqa: S314 (expat takes no bombs; sizes are checked before)
                if local(element.tag) == name:
                    yield element
                    element.clear()


def local(name: str) -> str:
    """An element's name without its namespace."""
    return name.rpartition("}")[2]


def _text_of(element: ElementTree.Element) -> str:
    """The text of all runs, without the reading aids that stand beside Chinese and Japanese ones."""
    aids = {id(text) for aid in element.iter() if local(aid.tag) == "rPh" for text in aid.iter()}
    return unescaped(
        "".join(each.text or "" for each in element.iter() if local(each.tag) == "t" and id(each) not in aids)
    )


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold.

    >>> unescaped("a_x000D_b_x005F_x000D_")
    'a\\rb_x000D_'
    """
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
