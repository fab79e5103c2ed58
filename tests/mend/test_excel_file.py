"""Excel files of lists: what is opened is what was written, and nothing in them runs."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from mend.foundation import excel_file
from mend.foundation.excel_file import excel_text, write_excel

ZONE = "Asia/Shanghai"


def opened(path: Path) -> list[list[Any]]:
    return [list(line) for sheet in load_workbook(path) for line in sheet.iter_rows(values_only=True)]


def test_numbers_are_numbers_and_all_else_is_text(tmp_path: Path) -> None:
    moment = dt.datetime(2026, 3, 5, 16, 0, tzinfo=dt.UTC)
    row = ["+8613812345678", 7, Decimal("12.5"), True, dt.date(2026, 3, 5), moment, None, "客户", "#N/A", "0571"]
    write_excel(tmp_path / "a.xlsx", [f"c{place}" for place in range(10)], [row], ZONE)
    assert opened(tmp_path / "a.xlsx")[1] == [
        "'+8613812345678", 7, 12.5, "true", "2026-03-05", "2026-03-06 00:00", None, "客户", "#N/A", "0571",
    ]  # fmt: skip
    (sheet,) = load_workbook(tmp_path / "a.xlsx")
    assert {cell.data_type for cell in sheet[2]} == {"s", "n"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_any_text_can_be_opened_and_is_no_formula(tmp_path: Path, words: list[str]) -> None:
    write_excel(tmp_path / "a.xlsx", ["word"], [[word] for word in words], ZONE)
    (sheet,) = load_workbook(tmp_path / "a.xlsx")
    for (cell,) in sheet.iter_rows(min_row=2):
        assert cell.data_type in ("s", "n")
        assert cell.value is None or str(cell.value)[:1] not in set("=+-@\t\r\n")


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_excel(tmp_path / f"{name}.xlsx", ["x", "y"], [["=1", 2], ["三", None]], ZONE)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_file, "MOST_ROWS", 3)
    write_excel(tmp_path / "a.xlsx", ["x"], [[number] for number in range(7)], ZONE)
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == ["list", "list 2", "list 3"]
    assert [value for (value,) in opened(tmp_path / "a.xlsx") if value != "x"] == list(range(7))


def test_a_text_longer_than_a_cell_is_cut_and_an_own_code_of_excel_is_none(tmp_path: Path) -> None:
    assert len(excel_text("x" * 40_000)) == 32_767
    write_excel(tmp_path / "a.xlsx", ["x"], [["_x0041_"]], ZONE)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b"_x005F_x0041_" in archive.read("xl/worksheets/sheet1.xml")


def test_an_empty_list_has_its_head(tmp_path: Path) -> None:
    write_excel(tmp_path / "a.xlsx", ["x", "=y"], [], ZONE)
    assert opened(tmp_path / "a.xlsx") == [["x", "'=y"]]
