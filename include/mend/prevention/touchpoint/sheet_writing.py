"""The sheet that owners fill in: what is known today, lists to choose from, and what is measured beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mend.foundation.excel_file import excel_text
from mend.foundation.schema import CODES
from mend.prevention.touchpoint.inventory import ASPECTS, Inventory
from mend.prevention.touchpoint.sheet_columns import (
    CODES_PAGE,
    EXPLAINED,
    FIRST_ROW,
    GUIDE,
    KINDS,
    OWNERS,
    PAGES,
    RATINGS,
    TOUCHPOINTS,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LAST_ROW: Final = 2000  # to which the lists to choose from reach
WIDTHS: Final = {"code": 22, "text": 34, "score": 14, "day": 14, "figure": 20}
Measured = Mapping[str, tuple[float | None, float | None]]


def write_sheet(path: Path, inventory: Inventory, measured: Measured | None = None) -> None:
    """Write the sheet as an Excel file.

    Args:
        measured: operating and experience score of a touchpoint, as far as they are measured.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    _guide(workbook.active, inventory)
    for name, rows in (
        (TOUCHPOINTS, _touchpoints(inventory, measured or {})),
        (RATINGS, _ratings(inventory)),
        (OWNERS, ([code, en, zh] for code, (en, zh) in inventory.owners.items())),
    ):
        _page(workbook, name, rows)
    lists = code_lists(inventory)
    _codes(workbook.create_sheet(CODES_PAGE), lists)
    _choices(workbook, lists)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)


def code_lists(inventory: Inventory) -> dict[str, dict[str, tuple[str, str]]]:
    """Each list of codes with its words; owners and touchpoints are the inventory's own."""
    return {
        "stage": dict(CODES["touchpoint_stage"]),
        "kind": dict(KINDS),
        "department": dict(CODES["department"]),
        "owner": dict(inventory.owners),
        "touchpoint": {each.code: (each.name_en, each.name_zh) for each in inventory.touchpoints},
    }


def _guide(sheet: Any, inventory: Inventory) -> None:
    sheet.title = GUIDE
    sheet.column_dimensions["A"].width = 110
    for en, zh in EXPLAINED:
        sheet.append([en])
        sheet.append([zh])
    sheet.append([f"In force from {inventory.valid_from}: {excel_text(inventory.source)}"])


def _page(workbook: Workbook, name: str, rows: Iterable[Sequence[Any]]) -> None:
    from openpyxl.styles import Font, PatternFill

    sheet = workbook.create_sheet(name)
    columns = PAGES[name]
    sheet.append([column.name for column in columns])
    sheet.append([f"{column.en} · {column.zh}" for column in columns])
    for number, row in enumerate(rows, FIRST_ROW):
        for place, value in enumerate(row, 1):
            _put(sheet, number, place, value)
    for place, column in enumerate(columns, 1):
        head = sheet.cell(1, place)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="DDE6F0" if column.is_read else "E6E6E6")
        sheet.column_dimensions[head.column_letter].width = WIDTHS[column.holds]
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 2)


def _put(sheet: Worksheet, row: int, place: int, value: Any) -> None:
    """A value in a cell; a text that looks like a formula stays a text."""
    cell = sheet.cell(row, place)
    if isinstance(value, str):
        cell.value = excel_text(value)
        cell.data_type = "s"
    elif isinstance(value, dt.date):
        cell.value, cell.number_format = value, "yyyy-mm-dd"
    else:
        cell.value = value


def _touchpoints(inventory: Inventory, measured: Measured) -> Iterable[Sequence[Any]]:
    names = [column.name for column in PAGES[TOUCHPOINTS] if column.is_read]
    for each in inventory.touchpoints:
        own = [each.code if name == "touchpoint_code" else getattr(each, name) for name in names]
        yield [*own, *(None if score is None else round(score, 1) for score in measured.get(each.code, (None, None)))]


def _ratings(inventory: Inventory) -> Iterable[Sequence[Any]]:
    for code, each in inventory.content.touchpoints.items():
        for rating in each.ratings:
            scores = [getattr(rating, aspect) for aspect in ASPECTS]
            yield [code, rating.rater_id, rating.kind_code, rating.rated_on, *scores]


def _codes(sheet: Worksheet, lists: Mapping[str, Mapping[str, tuple[str, str]]]) -> None:
    sheet.append([word for name in lists for word in (name, f"{name}_en", f"{name}_zh")])
    for place, words in enumerate(lists.values()):
        for number, (code, (en, zh)) in enumerate(words.items(), 2):
            for offset, value in enumerate((code, en, zh), 1):
                _put(sheet, number, place * 3 + offset, value)


def _choices(workbook: Workbook, lists: Mapping[str, Mapping[str, tuple[str, str]]]) -> None:
    """Lists to choose from, and scores that are whole numbers from 1 to 10: the sheet says so before it is read."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    of_list = {name: get_column_letter(place * 3 + 1) for place, name in enumerate(lists)}
    for page, columns in PAGES.items():
        for place, column in enumerate(columns, 1):
            letter = get_column_letter(place)
            if column.codes is not None:
                source = of_list[column.codes]
                last = max(2, len(lists[column.codes]) + 1)
                rule = DataValidation("list", formula1=f"'{CODES_PAGE}'!${source}$2:${source}${last}", allow_blank=True)
            elif column.holds == "score":
                rule = DataValidation("whole", operator="between", formula1="1", formula2="10", allow_blank=True)
            else:
                continue
            rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
            workbook[page].add_data_validation(rule)
