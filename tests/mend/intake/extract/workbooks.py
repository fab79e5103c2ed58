"""Workbooks as other programs write them: the XML of a real one, changed by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def workbook(rows: Iterable[Sequence[Any]], change: Callable[[Any], object] = lambda _: None) -> bytes:
    """An xlsx of one sheet, `change` being given the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    change(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def changed(content: bytes, changes: Mapping[str, Callable[[str], str]]) -> bytes:
    """The archive with the texts of some members changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            text = old.read(member)
            new.writestr(member, changes[member](text.decode()) if member in changes else text)
    return buffer.getvalue()


def with_sheet_xml(rows: str, after: str = "", shared: Sequence[str] | None = None) -> bytes:
    """An xlsx whose sheet holds these rows of XML."""
    body = f"<sheetData>{rows}</sheetData>{after}"
    xml = (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension '
        f'ref="A1"/>{body}</worksheet>'
    )
    content = changed(workbook([["x"]]), {SHEET: lambda _: xml})
    return content if shared is None else _with_strings(content, shared)


def _with_strings(content: bytes, shared: Sequence[str]) -> bytes:
    """The workbook with a part of shared texts, as Excel writes it."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    content = changed(content, {"xl/_rels/workbook.xml.rels": lambda xml: xml.replace("</Relationships>", relation)})
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{"".join(shared)}</sst>')
    return buffer.getvalue()


def ods(tables: str, styles: str = "") -> bytes:
    """An ods with these tables of XML."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
    return buffer.getvalue()


def text_cells(values: Sequence[str]) -> str:
    """Cells of an ods row that hold texts."""
    return "".join(
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        if value
        else "<table:table-cell/>"
        for value in values
    )


def inline_row(number: int | None, values: Sequence[str]) -> str:
    """A row of an xlsx sheet without references, its texts inline; a number where a value looks like one."""
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' if value else "<c/>" for value in values)
    return f"<row{f' r={chr(34)}{number}{chr(34)}' if number else ''}>{cells}</row>"


def saved(content: bytes, path: Path) -> Path:
    """Write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
