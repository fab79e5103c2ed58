"""Files that people open in a spreadsheet: nothing in them is run, and nothing is changed but what a reader can
undo.
"""

from __future__ import annotations

import ast
import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mend.foundation.list_file import cell, hours_and_minutes, write_list, write_result
from mend.foundation.pipeline.workbench import Workbench

SHANGHAI = ZoneInfo("Asia/Shanghai")
INCLUDE = Path(__file__).resolve().parents[2] / "include"
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+86138****5678",
    "+8613812345678",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u3000=1+1",
    "\xa0@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\0=1+1",
    "\t",
    "'=1+1",
]


def written(path: Path, *rows: list[Any]) -> list[list[str]]:
    write_list(path, [f"c{number}" for number in range(len(rows[0]))], rows, "Asia/Shanghai")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_could_be_run_stays_a_text(text: str) -> None:
    assert cell(text, SHANGHAI) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "suzhou", "1=1", "a@b", "没解决", "3-4", "C-1", "0.5", "12", "(-1)", "“=”"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert cell(text, SHANGHAI) == text


def test_numbers_stay_numbers_those_below_zero_too(tmp_path: Path) -> None:
    values = [-5, -0.5, Decimal("-18.00"), 0, 7, True, False, None, dt.date(2026, 3, 5)]
    assert written(tmp_path / "list.csv", values) == [
        ["-5", "-0.5", "-18.00", "0", "7", "true", "false", "", "2026-03-05"]
    ]


def test_moments_are_those_of_the_business_zone_to_the_minute(tmp_path: Path) -> None:
    moments = [
        dt.datetime(2026, 3, 5, 16, 0, 59, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 5, 9, 30, tzinfo=ZoneInfo("Europe/London")),
    ]
    assert written(tmp_path / "list.csv", moments) == [["2026-03-06 00:00", "2026-03-05 17:30"]]


def test_a_file_says_that_it_is_utf_8(tmp_path: Path) -> None:
    written(tmp_path / "list.csv", ["苏州"])
    assert (tmp_path / "list.csv").read_bytes() == "\ufeffc0\r\n苏州\r\n".encode()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4))
def test_every_text_comes_back_and_none_begins_like_a_formula(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    (found,) = written(tmp_path_factory.mktemp("lists") / "list.csv", texts)
    assert [text.removeprefix("'") for text in found] == texts
    assert not [text for text in found if text.lstrip()[:1] in set("=+-@＝＋－＠") and text.strip()]


def test_a_result_of_many_rows_is_written_whole(bench: Workbench, tmp_path: Path) -> None:
    query = (
        "select range as number, '+' || range as text, timestamptz '2026-03-05 16:00+00' as at from range(50001) "
        "order by 1"
    )
    write_result(tmp_path / "list.csv", bench.engine.run(query), bench.zone)
    lines = (tmp_path / "list.csv").read_text("utf-8-sig").splitlines()
    assert (lines[0], lines[1], lines[-1], len(lines)) == (
        "number,text,at",
        "0,'+0,2026-03-06 00:00",
        "50000,'+50000,2026-03-06 00:00",
        50_002,
    )


def test_spans_of_time_are_whole_minutes() -> None:
    assert [hours_and_minutes(seconds) for seconds in (0, 59, 60, 3599, 3600, 360_059)] == [
        "0:00",
        "0:00",
        "0:01",
        "0:59",
        "1:00",
        "100:00",
    ]


# These write no list: what `mend sql --csv` prints and what is passed on between programs stays as it is.
FOR_PROGRAMS = {
    "cli/text.py",
    "foundation/list_file.py",
    "foundation/pipeline/runner.py",
    "care/survey/answers.py",
    "care/survey/report.py",
    "foundation/copying.py",
    "care/contact_rules/sets.py",
    "repair/effect/file_header.py",
}


def test_every_list_is_written_by_the_one_writer() -> None:
    found = set()
    for path in INCLUDE.glob("mend/**/*.py"):
        place = path.relative_to(INCLUDE / "mend").as_posix()
        if place.startswith(("intake/extract/", "simulate/")):
            continue
        text = path.read_text("utf-8")
        imported = {
            name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names
        }
        if "csv" in imported or "format csv" in text:
            found.add(place)
    assert found == FOR_PROGRAMS
