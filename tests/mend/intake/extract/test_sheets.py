"""Sheets as real programs write them: every row is read, and what a cell shows is what is loaded, or its row is
rejected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from odf import table as odf_table
from odf.opendocument import OpenDocumentSpreadsheet
from odf.text import P
from tests.mend.intake.extract.desk import HEADER, Desk, Loaded
from tests.mend.intake.extract.workbooks import SHEET, changed, inline_row, ods, text_cells, with_sheet_xml, workbook

from mend.intake.extract.errors import CorruptFileError, NotDataError, ReconciliationError, TooLargeError
from mend.intake.extract.sheets.sheet import Extent
from mend.intake.extract.sheets.xlsx import XlsxSheet

COLUMNS = HEADER.split(",")
AT = "2026-05-01 08:00:00"


def row(
    key: Any = "A1", customer: Any = "700", at: Any = AT, outcome: Any = "answered", talk: Any = "30", note: Any = ""
) -> list[Any]:
    return [key, customer, at, outcome, talk, note]


def load(desk: Desk, content: bytes, reader: dict[str, Any] | None = None, **columns: Any) -> Loaded:
    """Load a workbook; `columns` changes the mapping."""
    desk.write(content, "contact.xlsx")

    def change(made: dict[str, Any]) -> None:
        made["records"]["contact"].update(
            path="{business_date}/contact.xlsx", reader={"format": "excel", **(reader or {})}
        )
        made["records"]["contact"]["columns"].update(columns)

    return desk.load(desk.source(change))


def calls(count: int) -> list[list[Any]]:
    return [COLUMNS, *(row(f"A{number}") for number in range(count))]


@pytest.mark.parametrize(
    "dimension", ['<dimension ref="A1:F11"/>', '<dimension ref="A1:XFD1048576"/>', '<dimension ref="A1"/>', ""]
)
def test_the_size_that_a_sheet_states_cuts_no_row(desk: Desk, dimension: str) -> None:
    content = changed(workbook(calls(50)), {SHEET: lambda xml: xml.replace('<dimension ref="A1:F51"/>', dimension)})
    assert b"A1:F51" not in content
    loaded = load(desk, content)
    assert len(loaded.rows) == 50
    assert loaded.report.files[0].lines.physical == 51


def test_a_difference_to_the_second_count_stops_the_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(XlsxSheet, "extent", lambda _: Extent(51, 300))
    with pytest.raises(ReconciliationError, match=r"2026-05-01/contact\.xlsx: .* 51 rows and 300 filled cells, but 11"):
        load(desk, workbook(calls(10)))
    assert desk.rows() == []


def test_comments_and_cdata_in_the_xml_are_no_fault(desk: Desk) -> None:
    comment = '<!-- <row r="9"><c><v>9</v></c></row> -->'
    cells = "".join(f'<c t="str"><v><![CDATA[{value}]]></v></c>' for value in row("A2", note="a < b"))
    loaded = load(
        desk,
        with_sheet_xml(f"{inline_row(1, COLUMNS)}{comment}<row r='2'>{cells}</row><row r='3'><c><v></v></c></row>"),
    )
    assert [each[:3] for each in loaded.rows] == [(2, "A2", "700")]
    assert desk.rows("note_text") == [("a < b",)]


def test_gaps_empty_rows_missing_references_and_texts_of_both_kinds_keep_their_places(desk: Desk) -> None:
    rows = (
        inline_row(None, COLUMNS)
        + '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="inlineStr"><is><r><t>2026-05-01</t></r><r><t '
        'xml:space="preserve"> 08:00:00'
        '</t></r></is></c><c r="D3" t="str"><v>answered</v></c><c><v>30</v></c><c r="F3" t="s"><v>1</v></c></row>'
        + '<row r="4"/><row><c s="0"/></row>'
        + inline_row(None, row("A6"))
    )
    shared = [
        "<si><t>007</t></si>",
        '<si><r><t>网</t></r><r><t>络_x000D_\n慢</t></r><rPh sb="0" eb="1"><t>wang</t></rPh></si>',
    ]
    loaded = load(desk, with_sheet_xml(rows, shared=shared))
    assert loaded.rows == [(3, "007", None, "answered", 30), (6, "A6", "700", "answered", 30)]
    assert desk.rows("note_text") == [("网络\n慢",), (None,)]
    lines = loaded.report.files[0].lines
    assert (lines.physical, lines.header, lines.blank, lines.staged) == (6, 1, 3, 2)


def test_prefixes_in_the_xml_and_formulas_with_their_value_are_no_fault(desk: Desk) -> None:
    body = (
        '<x:row r="1">'
        + "".join(f'<x:c t="inlineStr"><x:is><x:t>{name}</x:t></x:is></x:c>' for name in COLUMNS)
        + '</x:row><x:row r="2"><x:c '
        't="str"><x:f>"A"&amp;1</x:f><x:v>A1</x:v></x:c><x:c><x:f>7*100</x:f><x:v>700</x:v></x:c>'
        f'<x:c t="str"><x:v>{AT}</x:v></x:c><x:c t="str"><x:v>answered</x:v></x:c><x:c '
        f't="str"><x:f>""</x:f><x:v></x:v></x:c></x:row>'
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<x:worksheet xmlns:x="{main}"><x:sheetData>{body}</x:sheetData></x:worksheet>'
    assert load(desk, changed(workbook([["x"]]), {SHEET: lambda _: xml})).rows == [(2, "A1", "700", "answered", None)]


CELLS = {
    "error": ('<c t="e"><v>#N/A</v></c>', "error_value", "#N/A"),
    "error of a formula": ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "error_value", "#DIV/0!"),
    "error as text": ('<c t="str"><f>x</f><v>#REF!</v></c>', "error_value", "#REF!"),
    "localised error as text": ('<c t="inlineStr"><is><t>#ЗНАЧ!</t></is></c>', "error_value", "#ЗНАЧ!"),
    "formula that nobody worked out": ("<c><f>700+1</f></c>", "formula_without_value", ""),
    "formula with an empty value": ("<c><f>700+1</f><v/></c>", "formula_without_value", ""),
    "truth value": ('<c t="b"><v>1</v></c>', "boolean_value", "1"),
    "fraction": ("<c><v>700.5</v></c>", "not_whole", "700.5"),
    "more digits than a number holds": ("<c><v>12345678901234567</v></c>", "inexact_number", "12345678901234568"),
    "large number": ("<c><v>1.2345678901234501E+18</v></c>", "inexact_number", "1234567890123450112"),
    "day": ('<c t="d"><v>2026-05-01</v></c>', "date_value", "2026-05-01"),
    "scientific text": ('<c t="str"><v>6.02E+11</v></c>', "scientific_notation", "6.02E+11"),
}


def test_a_cell_that_is_no_id_costs_its_row_with_reason_column_and_value(desk: Desk) -> None:
    sound = '<c t="str"><v>A{}</v></c>{}<c t="str"><v>' + AT + '</v></c><c t="str"><v>answered</v></c>'
    rows = [inline_row(1, COLUMNS)]
    for number, (cell, _, _) in enumerate(CELLS.values(), 2):
        rows.append(f'<row r="{number}">{sound.format(number, cell)}</row>')
    rows.append(f'<row r="{len(CELLS) + 2}">{sound.format("OK", "<c><v>120000000510.0</v></c>")}</row>')
    loaded = load(desk, with_sheet_xml("".join(rows)))
    found = desk.rejects("line_number, column_name, reason_code, bad_value")
    expected = [(number, "customer_id", reason, shown) for number, (_, reason, shown) in enumerate(CELLS.values(), 2)]
    assert found == expected
    assert [each[2] for each in loaded.rows] == ["120000000510"]
    assert "\x1c" not in str(desk.rejects("raw_row")) + str(desk.rejects("reasons"))


def test_errors_count_where_nothing_maps_them_as_little_as_any_other_value_there(desk: Desk) -> None:
    xml = inline_row(1, [*COLUMNS, "extra"]) + inline_row(2, row(note="x")).replace(
        "</row>", '<c t="e"><v>#N/A</v></c></row>'
    )
    assert len(load(desk, with_sheet_xml(xml)).rows) == 1


def test_an_error_can_be_a_stated_null_value_or_leave_its_cell_empty(desk: Desk) -> None:
    xml = inline_row(1, COLUMNS) + "".join(
        f'<row r="{number}"><c t="str"><v>A{number}</v></c><c t="e"><v>{error}</v></c><c t="str"><v>{AT}</v></c>'
        '<c t="str"><v>answered</v></c><c t="e"><v>#REF!</v></c></row>'
        for number, error in ((2, "#N/A"), (3, "#NAME?"))
    )
    loaded = load(
        desk,
        with_sheet_xml(xml),
        customer_id={"from": "customer_id", "null_values": ["#N/A"]},
        talk_seconds={"from": "talk_seconds", "on_bad": "null"},
    )
    assert loaded.rows == [(2, "A2", None, "answered", None)]
    assert loaded.rejects == [(3, "customer_id", "error_value")]
    assert loaded.report.files[0].repaired["talk_seconds"] == 1


def test_an_error_in_a_note_a_joined_key_or_a_condition_costs_its_row_too(desk: Desk) -> None:
    error, good = '<c t="e"><v>#N/A</v></c>', '<c t="str"><v>{}</v></c>'
    cells = [good.format(value) for value in row("A{}", note="fine")]
    faults = {5: "note_text", 1: "contact_id", 4: "is_answered"}
    xml = inline_row(1, COLUMNS)
    for number, place in enumerate([*faults, None], 2):
        its = [error if position == place else cell.format(number) for position, cell in enumerate(cells)]
        xml += f'<row r="{number}">{"".join(its)}</row>'
    loaded = load(
        desk,
        with_sheet_xml(xml),
        contact_id={"from": ["contact_id", "customer_id"], "separator": "-"},
        customer_id={"constant": "700"},
        talk_seconds={"constant": 1},
        is_answered={"when": [{"column": "talk_seconds", "above": 0}]},
    )
    assert loaded.rejects == [(number, name, "error_value") for number, name in enumerate(faults.values(), 2)]
    assert [each[1] for each in loaded.rows] == ["A5-700"]


def styled(cells: dict[str, tuple[Any, str]]) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for place, (value, number_format) in cells.items():
            sheet[place] = value
            sheet[place].number_format = number_format

    return change


SHOWN = {
    "day and time": (46143.354166666664, "yyyy-mm-dd hh:mm", "2026-05-01 08:30:00"),
    "day with a hidden time": (46143.354166666664, "d/m/yyyy", "2026-05-01 08:30:00"),
    "time with a hidden day": (46143.354166666664, "h:mm AM/PM", "2026-05-01 08:30:00"),
    "Chinese format": (46143.354166666664, 'yyyy"年"m"月"d"日" 上午/下午h"时"mm"分"', "2026-05-01 08:30:00"),
}


def test_a_time_is_read_from_its_cell_whatever_its_format_and_the_formats_of_texts(desk: Desk) -> None:
    cells = {f"C{number}": (value, shape) for number, (value, shape, _) in enumerate(SHOWN.values(), 2)}
    rows = [COLUMNS, *(row(f"A{number}") for number in range(2, len(SHOWN) + 3))]
    rows[-1][2] = "01/05/2026 08:30:00"
    content = workbook(rows, styled(cells))
    loaded = load(
        desk, content, started_at={"from": "started_at", "formats": ["%d/%m/%Y %H:%M:%S", "%Y-%d-%m %H:%M:%S"]}
    )
    assert loaded.rejects == []
    expected = [(f"{shown}+08",) for _, _, shown in SHOWN.values()]
    assert desk.rows("started_at::varchar") == [*expected, ("2026-05-01 08:30:00+08",)]


def test_a_day_and_a_time_in_two_cells_join_as_they_are_shown(desk: Desk) -> None:
    cells = {
        "C2": (46143.0, "yyyy/m/d"), "E2": (0.354166666666667, "h:mm:ss"),
        "C3": (46143.354166666664, "yyyy/m/d"), "E3": (46143.354166666664, "h:mm"),
        "C4": (46143.0, "yyyy/m/d"),
    }  # fmt: skip
    content = workbook([COLUMNS, row("A2"), row("A3"), row("A4", talk="08:30:00")], styled(cells))
    started = {"from": ["started_at", "talk_seconds"], "formats": ["%d.%m.%Y %H:%M"]}
    loaded = load(desk, content, started_at=started, talk_seconds={"constant": 1})
    assert loaded.rejects == []
    assert desk.rows("started_at::varchar") == [("2026-05-01 08:30:00+08",)] * 3


def test_the_days_of_old_macs_and_the_day_that_never_was(desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(COLUMNS)
    sheet.append(row("A2", at=dt.datetime(2026, 5, 1, 8, 30)))  # noqa: DTZ001 (a sheet has no zone)
    path = desk.write(b"", "contact.xlsx")
    book.save(path)
    load(desk, path.read_bytes())
    assert desk.rows("started_at::varchar") == [("2026-05-01 08:30:00+08",)]
    serials = {59: None, 60: "bad", 61: None, 0: "bad", -1: "bad", 3_000_000: "bad"}
    cells = {
        f"C{number}": (serial, "yyyy-mm-dd hh:mm" if serial > 0 else "yyyy-mm-dd")
        for number, serial in enumerate(serials, 2)
    }
    loaded = load(desk, workbook([COLUMNS, *(row(f"B{serial}") for serial in serials)], styled(cells)))
    assert [each[0] for each in loaded.rejects] == [number for number, fate in enumerate(serials.values(), 2) if fate]
    found = desk.bench.sql(
        "select contact_id, started_at::date::varchar from raw_contact where contact_id like 'B%' order by 1"
    )
    assert found == [("B59", "1900-02-28"), ("B61", "1900-03-01")]
    reasons = desk.rejects("reason_code, bad_value")
    assert reasons[:2] == [("nonexistent_date", "1900-02-29"), ("nonexistent_date", "1900-01-00")]


def test_a_duration_is_shown_in_full_hours_and_leading_zeros_stay(desk: Desk) -> None:
    cells = {
        "F2": (1.0857060185, "[h]:mm:ss"),
        "B2": (700, "000000"),
        "B3": (7000700, r"0000\-0000"),
        "B4": (7000700, "0000 0000"),
    }
    load(desk, workbook([COLUMNS, row("A2"), row("A3"), row("A4")], styled(cells)))
    assert desk.rows("customer_id, note_text")[0] == ("000700", "26:03:25")
    assert desk.rows("customer_id")[1:] == [("07000700",)] * 2


@pytest.mark.parametrize("number_format", ["mm:ss.0", "mm:ss"])
def test_a_day_that_excel_shows_as_minutes_and_seconds_is_a_time(desk: Desk, number_format: str) -> None:
    """So it shows the text 2026-05-01 08:30:00.500 of a CSV file that it opened; a cell under a day is a length
    still.
    """
    cells = {"C2": (46143.354172453706, number_format), "F2": (330 / 86_400, number_format)}
    load(desk, workbook([COLUMNS, row("A2")], styled(cells)))
    assert desk.rows("started_at::varchar, note_text") == [("2026-05-01 08:30:00.5+08", "0:05:30")]


def test_merged_cells_hidden_rows_and_other_sheets_are_said(desk: Desk) -> None:
    def change(sheet: Any) -> None:
        sheet.title = "calls"
        sheet.merge_cells("B2:B4")
        sheet.row_dimensions[3].hidden = True
        before = sheet.parent.create_sheet("meta", 0)
        before["A1"], before.sheet_state = "hidden things", "hidden"
        sheet.parent.create_sheet("empty")
        sheet.parent.create_sheet("notes")["A1"] = "see there"

    content = workbook(calls(3), change)
    loaded = load(desk, content)
    assert [each[2] for each in loaded.rows] == ["700", None, None]
    said = loaded.report.warnings
    words = "sheet 'calls' was read; not read: meta, notes. State the reader's sheet if another is meant"
    assert said[0] == f"{desk.folder}/inbox/2026-05-01/contact.xlsx: {words}"
    assert "merged cells B2:B4: the value counts for the first cell of each" in said[1]
    assert "1 hidden rows were read like the others" in said[2]
    with pytest.raises(NotDataError, match="no sheet 'others' that can be read; it has meta, calls, empty, notes"):
        load(desk, content, {"sheet": "others"})
    with pytest.raises(NotDataError, match="no sheet 9"):
        load(desk, content, {"sheet": 9})


def ods_row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def test_an_ods_sheet_repeats_rows_and_cells_and_tells_errors_from_texts(desk: Desk) -> None:
    formula = '<table:table-cell table:formula="of:=1/0" {}><text:p>{}</text:p></table:table-cell>'
    error = formula.format('office:value-type="string" office:string-value="" calcext:value-type="error"', "#NV")
    old_error = formula.format('office:value-type="float" office:value="0"', "Err:502")
    number = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    time = (
        '<table:table-cell office:value-type="date" '
        'office:date-value="2026-05-01T08:30:00"><text:p>01.05.26</text:p></table:table-cell>'
    )
    long = (
        '<table:table-cell office:value-type="time" '
        'office:time-value="PT26H03M05S"><text:p>26:03:05</text:p></table:table-cell>'
    )
    note = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>not this</text:p></office:annotation>'
        '<text:p>one<text:s text:c="2"/>two</text:p><text:p>three</text:p></table:table-cell>'
    )
    start = text_cells(["{}"])
    end = text_cells([AT, "answered"])
    rows = (
        ods_row(text_cells(COLUMNS))
        + ods_row("<table:table-cell table:number-columns-repeated='1024'/>", 2)
        + ods_row(
            start.format("A4")
            + number.format("700.0", "700")
            + time
            + text_cells(["answered"])
            + number.format(30, 30)
            + note
        )
        + ods_row(start.format("A5") + number.format("700", "000700") + end + "<table:table-cell/>" + long)
        + ods_row(text_cells(["A6"]) + text_cells(["700"]) + end, 3)
        + ods_row(start.format("A9") + error + end)
        + ods_row(start.format("B1") + old_error + end)
        + ods_row(start.format("B2") + number.format("0.5", "50%") + end)
        + ods_row("<table:table-cell table:number-columns-repeated='16384'/>", 1_048_564)
    )
    meta = f'<table:table table:name="meta" table:style-name="h">{ods_row(text_cells(["x"]))}</table:table>'
    style = (
        '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    content = ods(meta + f'<table:table table:name="calls">{rows}</table:table>', style)
    loaded = load(desk, content)  # the file says that it is an ods, whatever its source calls it
    assert [each[:3] for each in loaded.rows] == [
        (4, "A4", "700"),
        (5, "A5", "000700"),
        *((line, "A6", "700") for line in (6, 7, 8)),
    ]
    assert desk.rows("started_at::varchar, note_text")[:2] == [
        ("2026-05-01 08:30:00+08", "one  two\nthree"),
        ("2026-05-01 08:00:00+08", "26:03:05"),
    ]
    assert desk.rejects("line_number, reason_code, bad_value") == [
        (9, "error_value", "#NV"),
        (10, "error_value", "Err:502"),
        (11, "not_whole", "0.5"),
    ]
    lines = loaded.report.files[0].lines
    assert (lines.physical, lines.blank) == (11, 2)
    said = "contact.xlsx: sheet 'calls' was read; not read: meta. State the reader's sheet if another is meant"
    assert loaded.report.warnings == [f"{desk.folder}/inbox/2026-05-01/{said}"]


def test_an_ods_of_odfpy_with_merged_cells_is_read(desk: Desk) -> None:
    document = OpenDocumentSpreadsheet()
    table = odf_table.Table(name="calls")
    for number, values in enumerate(calls(3)):
        line = odf_table.TableRow()
        for place, value in enumerate(values):
            span = {"numberrowsspanned": 3, "numbercolumnsspanned": 1} if (number, place) == (1, 1) else {}
            is_covered = number in (2, 3) and place == 1
            cell = odf_table.CoveredTableCell() if is_covered else odf_table.TableCell(valuetype="string", **span)
            if not is_covered:
                cell.addElement(P(text=value))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    path = desk.write(b"", "contact.xlsx")
    document.write(str(path))
    loaded = load(desk, path.read_bytes(), {"format": "ods"})
    assert [each[2] for each in loaded.rows] == ["700", None, None]
    assert "merged cells B2:B4" in loaded.report.warnings[0]


def test_a_sheet_that_is_none_or_damaged_says_what_it_is_and_quotes_no_value(desk: Desk) -> None:
    bomb = ods_row(text_cells(COLUMNS)) + ods_row(text_cells(row(note="x" * 5000)), 100_000)
    broken = {
        "old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, NotDataError, "an old workbook"),
        "text": (HEADER.encode(), NotDataError, "a text, no workbook; say format: delimited"),
        "web page": (b"\xef\xbb\xbf\n<html><table>", NotDataError, "a web page or XML under the name of a workbook"),
        "bytes": (b"\x00\x01secret", CorruptFileError, "no workbook"),
        "cut XML": (with_sheet_xml("<row><c>"), CorruptFileError, "damaged"),
        "text that is not shared": (
            with_sheet_xml('<row><c t="s"><v>secret</v></c></row>', shared=[]),
            CorruptFileError,
            "damaged",
        ),
        "far row": (
            with_sheet_xml('<row r="99999999999"><c><v>1</v></c></row>'),
            CorruptFileError,
            "there is a row 99999999999",
        ),
        "bomb": (ods(f'<table:table table:name="x">{bomb}</table:table>'), TooLargeError, "limits"),
    }
    for content, error, words in broken.values():
        with pytest.raises(error, match=words) as caught:
            load(desk, content)
        assert "2026-05-01/contact.xlsx" in str(caught.value)
        assert "secret" not in str(caught.value)


def test_a_sheet_of_1500_columns_is_read_and_its_rejects_keep_the_row(desk: Desk) -> None:
    more = [f"more_{number}" for number in range(1500)]
    loaded = load(desk, workbook([[*COLUMNS, *more], [*row("A2"), *more], [*row("A3", talk="x"), *more]]))
    assert [each[1] for each in loaded.rows] == ["A2"]
    assert desk.rejects("line_number, raw_row like 'A3,700,%more_300%'") == [(3, True)]
