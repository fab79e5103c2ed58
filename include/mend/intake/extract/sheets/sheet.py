"""What a sheet is made of, whatever the format of its workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from mend.errors import BadDataError

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
NAMED: Final = 20


class SheetError(BadDataError, ValueError):
    """A sheet that no program can have written as it is; the message names the row."""


@dataclass
class Facts:
    """What was found beside the values; complete when all rows were read.

    Args:
        name: of the sheet that was read; `is_hidden`: people do not see it.
        others: the other sheets that hold anything.
        filled: cells that hold something.
        merged: ranges of merged cells.
        hidden_rows: rows that people do not see.
    """

    name: str = ""
    is_hidden: bool = False
    others: list[str] = field(default_factory=list)
    filled: int = 0
    merged: list[str] = field(default_factory=list)
    hidden_rows: int = 0

    def remarks(self) -> tuple[str, ...]:
        """What people should know of how the sheet was read."""
        said = []
        if self.others or self.is_hidden:
            hidden = ", which is hidden," if self.is_hidden else ""
            left = f"; not read: {', '.join(self.others[:NAMED])}" if self.others else ""
            said.append(f"sheet {self.name!r}{hidden} was read{left}. State the reader's sheet if another is meant")
        if self.merged:
            more = f" and {len(self.merged) - NAMED} more" if len(self.merged) > NAMED else ""
            said.append(
                f"merged cells {', '.join(self.merged[:NAMED])}{more}: the value counts for the first cell of each, "
                f"the others are "
                "empty; split them and fill in the value if it is meant for every row"
            )
        if self.hidden_rows:
            said.append(f"{self.hidden_rows} hidden rows were read like the others; delete them if they are not meant")
        return tuple(said)


@dataclass(frozen=True)
class Extent:
    """The last row of a sheet, and its cells that hold something, counted by another way than the one its values are
    read by.
    """

    last_row: int
    filled: int


class Sheet(Protocol):
    """A sheet of a workbook. `facts` is complete after the last row."""

    facts: Facts

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number and fields of each row that is there, in order; a number that is left out is an empty row."""

    def extent(self) -> Extent:
        """What the sheet holds, counted apart from `rows`."""


def chosen(names: list[str], hidden: list[bool], wanted: str | int) -> int | None:
    """The place of the sheet that is meant: by its name, or by its number among those that people see.

    >>> chosen(["meta", "calls", "notes"], [True, False, False], 0), chosen(["meta", "calls"], [True, False], "meta")
    (1, 0)
    """
    if isinstance(wanted, str):
        return names.index(wanted) if wanted in names else None
    seen = [place for place, is_hidden in enumerate(hidden) if not is_hidden] or list(range(len(names)))
    return seen[wanted] if 0 <= wanted < len(seen) else None


def letters(column: int) -> str:
    """The name of a column by its number from 1.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_number(reference: str) -> int:
    """The number of the column that a cell's reference names.

    >>> column_number("AB7")
    28
    """
    total = 0
    for letter in reference.rstrip("0123456789"):
        total = total * 26 + ord(letter) - ord("A") + 1
    return total
