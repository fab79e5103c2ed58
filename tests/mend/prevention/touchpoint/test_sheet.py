"""The owner's sheet: written, filled in, read back; every mistake is named by its cell, and nothing is half loaded."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from mend.prevention.touchpoint.errors import InventoryError, SheetError
from mend.prevention.touchpoint.inventory import Inventory, average_ratings, load_inventories
from mend.prevention.touchpoint.sheet_columns import FIRST_ROW, PAGES
from mend.prevention.touchpoint.sheet_loading import load_sheet
from mend.prevention.touchpoint.sheet_writing import write_sheet

DAY = dt.date(2026, 3, 1)
Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    return load_inventories(tmp_path_factory.mktemp("none"))[0]


@pytest.fixture
def sheet(tmp_path: Path, base: Inventory) -> Path:
    path = tmp_path / "touchpoints.xlsx"
    write_sheet(path, base, {"queue": (7.25, None)})
    return path


def changed(path: Path, *changes: Change) -> Path:
    workbook = load_workbook(path)
    for change in changes:
        change(workbook)
    workbook.save(path)
    return path


def put(page: str, cell: str, value: Any) -> Change:
    def change(workbook: Any) -> None:
        workbook[page][cell] = value

    return change


def mistakes(path: Path, base: Inventory, folder: Path) -> list[str]:
    with pytest.raises(SheetError) as raised:
        load_sheet(path, folder, DAY, base)
    assert not list(folder.glob("*"))
    return list(raised.value.mistakes)


def test_an_untouched_sheet_gives_the_same_touchpoints_with_their_measures(
    sheet: Path, base: Inventory, tmp_path: Path
) -> None:
    loaded = load_sheet(sheet, tmp_path / "home", DAY, base)
    assert loaded.touchpoints == base.touchpoints
    assert loaded.owners == base.owners
    assert loaded.settings == base.settings
    assert (loaded.valid_from, loaded.source) == (DAY, "sheet touchpoints.xlsx")
    assert [each.valid_from for each in load_inventories(tmp_path / "home")] == [base.valid_from, DAY]


def test_the_measured_scores_stand_beside_and_are_not_read_back(sheet: Path, base: Inventory, tmp_path: Path) -> None:
    page = load_workbook(sheet)["touchpoints"]
    row = next(row for row in page.iter_rows(min_row=FIRST_ROW, values_only=True) if row[0] == "queue")
    assert row[-2:] == (7.2, None)
    changed(sheet, put("touchpoints", "K3", "whatever"), put("touchpoints", "L4", 99))
    assert load_sheet(sheet, tmp_path / "home", DAY, base).touchpoints == base.touchpoints


def test_ratings_that_people_write_are_read_as_they_mean_them(sheet: Path, base: Inventory, tmp_path: Path) -> None:
    """Full-width digits, numbers as texts, days as texts, blanks around codes, columns in another order."""
    last = load_workbook(sheet)["ratings"].max_row
    rows = [
        (" advertising ", "李敏", "owner", "2026/2/1", "８", "9", None, 7.0),
        ("advertising", "P-17", "panel", dt.date(2026, 2, 2), None, None, "３", 4),
        ("advertising", "P-17", "ｐａｎｅｌ", "2026-02-20", None, None, 5, None),
    ]

    def add(workbook: Any) -> None:
        for number, row in enumerate(rows, last + 1):
            for place, value in enumerate(row, 1):
                workbook["ratings"].cell(number, place, value)

    loaded = load_sheet(changed(sheet, add), tmp_path / "home", DAY, base)
    advertising = next(each for each in loaded.touchpoints if each.code == "advertising")
    operating = average_ratings(advertising, "operating", DAY)
    assert (operating.mean, operating.rater_count, operating.panel_count) == (5.0, 1, 1)
    experience = average_ratings(advertising, "experience", DAY)
    assert (experience.mean, experience.owner_mean, experience.panel_mean) == (5.5, 7.0, 4.0)
    assert experience.spread == pytest.approx(2.1213, abs=1e-4)
    assert average_ratings(advertising, "operating", dt.date(2026, 2, 10)).mean == 3.0
    assert average_ratings(advertising, "impact", dt.date(2026, 1, 31)).rater_count == 1


WRONG: dict[str, tuple[list[Change], list[str]]] = {
    "a wrong code": (
        [put("touchpoints", "D3", "using")],
        ["page touchpoints, D3: stage_code: no stage using; write one of attract, buy, buy_again, consider, "],
    ),
    "a score of 11": ([put("ratings", "F3", 11)], ["page ratings, F3: importance is 11; write a whole number from 1 "]),
    "a score of a half": ([put("ratings", "E4", 7.5)], ["page ratings, E4: impact is 7.5; write a whole number"]),
    "a score of none": ([put("ratings", "E4", 0)], ["page ratings, E4: impact is 0; write"]),
    "a score in words": ([put("ratings", "E4", "high")], ["page ratings, E4: impact is high; write"]),
    "yes for a score": ([put("ratings", "E4", True)], ["page ratings, E4: impact is True; write"]),
    "a missing owner": ([put("touchpoints", "I5", None)], ["page touchpoints, I5: owner_id is missing: owner"]),
    "an owner of nobody": (
        [put("touchpoints", "I5", "somebody")],
        ["page touchpoints, I5: owner_id: no owner somebody; put it on the page owners first"],
    ),
    "merged cells": ([lambda book: book["touchpoints"].merge_cells("B4:C5")], ["page touchpoints, B4:C5: merged"]),
    "a formula": ([put("ratings", "E3", "=4+4")], ["page ratings, E3: a formula; write the value itself"]),
    "an error value": ([put("ratings", "E3", "#REF!")], ["page ratings, E3: an error (#REF!)"]),
    "a column taken out": (
        [lambda book: book["touchpoints"].delete_cols(9)],
        ["page touchpoints: the column owner_id (owner · 责任人) is missing"],
    ),
    "a column put in": (
        [lambda book: book["ratings"].insert_cols(3), put("ratings", "C4", "new")],
        ["page ratings, C1: values stand below, and the column has no name"],
    ),
    "a column of another name": ([put("ratings", "E1", "weight")], ["page ratings, E1: no column weight", "impact"]),
    "a column twice": (
        [put("ratings", "E1", "operating")], ["page ratings, G1: the column operating stands twice", "impact"],
    ),
    "a page taken out": ([lambda book: book.remove(book["owners"])], ["page owners is missing; its name must stay"]),
    "a rating of no touchpoint": (
        [put("ratings", "A3", "lift")],
        ["page ratings, A3: touchpoint_code: no touchpoint lift; put it on the page touchpoints first"],
    ),
    "the same touchpoint twice": (
        [put("touchpoints", "A4", "advertising")], ["page touchpoints, row 4: the same as row 3 (touchpoint_code)"],
    ),
    "a rating twice": (
        [put("ratings", "A4", "advertising")], ["page ratings, row 4: the same as row 3 (touchpoint_code, rater_id, "],
    ),
    "no score at all": (
        [put("ratings", "E3", None), put("ratings", "F3", None)], ["page ratings, row 3: no score at all"],
    ),
    "30 February": ([put("ratings", "D3", "2026-02-30")], ["page ratings, D3: rated_on is 2026-02-30; write"]),
    "a day in letters": ([put("ratings", "D3", "1 Feb")], ["page ratings, D3: rated_on is 1 Feb; write a day"]),
    "English where Chinese stands": ([put("touchpoints", "C3", "advertising")], ["page touchpoints, C3: name_zh is"]),
    "a number for a name": ([put("touchpoints", "B3", 7)], ["page touchpoints, B3: name_en is 7; write a text"]),
    "a code with blanks": ([put("owners", "A3", "the owner")], ["page owners, A3: owner_id is the owner; a code"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_named_by_its_cell_and_nothing_is_loaded(
    sheet: Path, base: Inventory, tmp_path: Path, name: str
) -> None:
    changes, expected = WRONG[name]
    (tmp_path / "home").mkdir()
    found = mistakes(changed(sheet, *changes), base, tmp_path / "home")
    for words in expected:
        assert any(each.startswith(words) or (words == "impact" and "the column impact" in each) for each in found), (
            found
        )


def test_columns_that_changed_places_are_told_as_such(sheet: Path, base: Inventory, tmp_path: Path) -> None:
    """Owner and department swapped below their headers: each cell says of which list its code is."""

    def swap(workbook: Any) -> None:
        page = workbook["touchpoints"]
        for row in range(FIRST_ROW, page.max_row + 1):
            page.cell(row, 9).value, page.cell(row, 10).value = page.cell(row, 10).value, page.cell(row, 9).value

    (tmp_path / "home").mkdir()
    found = mistakes(changed(sheet, swap), base, tmp_path / "home")
    assert found[0] == (
        "page touchpoints, I3: owner_id: no owner market; it is a code of department: have columns changed places?"
    )
    assert len(found) == 2 * len(base.touchpoints)


def test_columns_in_another_order_with_their_names_are_no_mistake(sheet: Path, base: Inventory, tmp_path: Path) -> None:
    def turn(workbook: Any) -> None:
        page = workbook["ratings"]
        for row in page.iter_rows(min_row=1, max_row=page.max_row):
            turned = [(cell.value, cell.number_format) for cell in row][::-1]
            for cell, (value, number_format) in zip(row, turned, strict=True):
                cell.value, cell.number_format = value, number_format

    assert load_sheet(changed(sheet, turn), tmp_path / "home", DAY, base).touchpoints == base.touchpoints


def test_all_mistakes_are_in_one_list(sheet: Path, base: Inventory, tmp_path: Path) -> None:
    changes = [put("ratings", "E3", 11), put("ratings", "F9", "x"), put("touchpoints", "D3", "using")]
    (tmp_path / "home").mkdir()
    assert len(mistakes(changed(sheet, *changes), base, tmp_path / "home")) == 3


def test_any_single_cell_that_is_damaged_is_named_or_harmless(sheet: Path, base: Inventory, tmp_path: Path) -> None:
    """Harmless: a text of people's own, or what is not read."""
    chance = random.Random(5)
    pages = {page: load_workbook(sheet)[page].max_row for page in PAGES}
    for number in range(25):
        page = chance.choice(list(pages))
        place = chance.randrange(len(PAGES[page]))
        row = chance.randrange(FIRST_ROW, pages[page] + 1)
        value = chance.choice(["???", -3, 11, "=1+1", None, "２０", "market"])
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(sheet.read_bytes())

        def damage(workbook: Any, page: str = page, row: int = row, place: int = place, value: Any = value) -> None:
            workbook[page].cell(row, place + 1).value = value

        changed(path, damage)
        cell = load_workbook(path)[page].cell(row, place + 1).coordinate
        column = PAGES[page][place]
        named, loaded = outcome(path, tmp_path / f"home-{number}", base)
        if loaded is None:
            assert any(cell in each or f"row {row}" in each or "owners first" in each for each in named)
        else:
            is_free = column.holds in ("text", "figure") or not column.is_required
            assert is_free or loaded.touchpoints == base.touchpoints, (page, cell, value)


def outcome(path: Path, folder: Path, base: Inventory) -> tuple[tuple[str, ...], Inventory | None]:
    """The mistakes, or what was loaded."""
    try:
        return (), load_sheet(path, folder, DAY, base)
    except SheetError as error:
        return error.mistakes, None


def test_the_same_sheet_again_changes_nothing_and_another_of_that_day_is_refused(
    sheet: Path, base: Inventory, tmp_path: Path
) -> None:
    folder = tmp_path / "home"
    load_sheet(sheet, folder, DAY, base)
    text = (folder / "2026-03-01.yaml").read_text("utf-8")
    load_sheet(sheet, folder, DAY, base)
    changed(sheet, put("ratings", "E3", 2))
    with pytest.raises(InventoryError, match="another inventory begins on 2026-03-01; choose a later day"):
        load_sheet(sheet, folder, DAY, base)
    assert (folder / "2026-03-01.yaml").read_text("utf-8") == text
    assert [path.name for path in folder.iterdir()] == ["2026-03-01.yaml"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"touchpoint_code,name\nqueue,x\n", "not an Excel file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "an old .xls file, or one with a password"),
        (b"", "not an Excel file"),
        (b"PK\x03\x04broken", "not an Excel file"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(tmp_path: Path, base: Inventory, content: bytes, words: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(SheetError, match=words):
        load_sheet(path, tmp_path / "home", DAY, base)


def test_another_workbook_and_a_bomb_are_refused(tmp_path: Path, base: Inventory) -> None:
    other = tmp_path / "other.xlsx"
    Workbook().save(other)
    with pytest.raises(SheetError, match="page touchpoints is missing"):
        load_sheet(other, tmp_path / "home", DAY, base)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 2**20))
    with pytest.raises(SheetError, match="more than 200 MiB when unpacked"):
        load_sheet(bomb, tmp_path / "home", DAY, base)


def test_a_name_that_looks_like_a_formula_stays_a_text(tmp_path: Path, base: Inventory) -> None:
    first = dataclasses.replace(base.touchpoints[0], name_en="=cmd|'/c calc'!A1")
    path = tmp_path / "x.xlsx"
    write_sheet(path, dataclasses.replace(base, touchpoints=(first, *base.touchpoints[1:])))
    cell = load_workbook(path)["touchpoints"]["B3"]
    assert (cell.value, cell.data_type) == ("=cmd|'/c calc'!A1", "s") or cell.data_type != "f"
