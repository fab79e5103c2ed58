"""Files that people really send: half a row, a header that is missing, a number that is none, names that run in a
terminal. Each is an error that names its place and shows no customer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mend.repair.effect import EffectError, EffectUsageError, FileColumns, effect_of_file

COLUMNS = FileColumns("id", "arm", ("visit",))


def _text(
    arm: Callable[[int], str] = lambda number: "control" if number % 2 else "care",
    visit: Callable[[int], object] = lambda number: number % 3 % 2,
    unit: Callable[[int], str] = lambda number: f"1380013{number:04}",
) -> str:
    rows = [f"{unit(number)},{arm(number)},{visit(number)}" for number in range(400)]
    return "\n".join(["id,arm,visit", *rows]) + "\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (_text() + "13800999999,care\n", "line 402 has 2 columns, the header has 3"),
        (_text() + "13800999999,care,1,2,3\n", "line 402 has 5 columns, the header has 3"),
        (_text() + '"13800999999,care,1\n', "line 402 cannot be read: a quotation mark is not closed"),
        (_text(unit=lambda number: f"138{number // 2:05}" + " " * (number % 2)), "rows 1 and 2 hold the same unit"),
        (_text(arm=lambda number: ("Care", "care", "control")[number % 3]), "'Care' and 'care' differ in upper and"),
        (_text(arm=lambda number: "control" if number % 2 else "\x1b[31mcare"), "holds a control character"),
        (_text(arm=lambda number: "control" if number % 2 else '"ca\nre"'), r"'ca\\nre' holds a control character"),
        (_text(visit=lambda number: "1_0" if number == 5 else 1), "row 6, column visit: '1_0' is no number"),
        (_text(visit=lambda number: "٣" if number == 5 else 1), "row 6, column visit: '٣' is no number"),
        (_text(visit=lambda number: "1e300" if number == 5 else 1), "row 6, column visit: the number is larger than"),
        (_text(visit=lambda number: -2e12 if number == 5 else 1), "row 6, column visit: the number is larger than"),
    ],
    ids=[
        "empty", "short row", "long row", "quote", "padded unit", "case", "escape", "line break", "underscore",
        "digits", "huge", "large",
    ],
)  # fmt: skip
def test_the_first_wrong_place_is_named_and_no_customer_is(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "trial.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EffectError, match=message) as error:
        effect_of_file(path, COLUMNS)
    assert str(path) in str(error.value)
    assert "13800" not in str(error.value)


def test_a_file_without_a_header_does_not_show_its_first_customer(tmp_path: Path) -> None:
    path = tmp_path / "trial.csv"
    path.write_text(_text().partition("\n")[2])
    with pytest.raises(EffectUsageError, match="no column id") as error:
        effect_of_file(path, COLUMNS)
    assert "13800" not in str(error.value)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_spreadsheets_write_gives_the_same_arms_and_effect(
    tmp_path: Path, separator: str, line_end: str, encoding: str
) -> None:
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_text(_text())
    other.write_bytes(_text().replace(",", separator).replace("\n", line_end).encode(encoding))
    expected, found = effect_of_file(plain, COLUMNS), effect_of_file(other, COLUMNS)
    assert (found.arms, found.effects) == (expected.arms, expected.effects)
