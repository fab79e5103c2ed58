"""What keys of several parts, conditions, defaults and codes make of typed values, errors among them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow
import pytest
from tests.mend.intake.extract.desk import Desk
from tests.mend.intake.extract.typed import AT, BASE, ERROR, loaded, local, parquet, sheet

KEY = {"from": ["line", "day", "number", {"column": "shift", "default": "0"}], "separator": "-"}


def test_typed_cells_join_to_a_key_as_they_are_shown_and_none_hides_what_it_is(desk: Desk) -> None:
    day, noon = dt.date(2026, 5, 1), local("2026-05-01 12:00:00")
    cells = [
        ["line", "day", "number", "shift"],
        ["A", day, 7.0, None],
        ["A", noon, 12, 2],
        ["A", "2026-05-02", "007", "x"],
        ["A", day, 7.5, None],
        ["A", day, ERROR, None],
        ["A", day, 8, ERROR],
        ["A", day, None, None],
        [day, day, 9, None],
        [True, day, 9, None],
        [None, None, None, None],
        [ERROR, None, 9, None],
    ]
    started = {"from": "day", "formats": ["%d.%m.%Y", "%Y-%m-%d"]}
    result = sheet(desk, cells, BASE | {"contact_id": KEY, "started_at": started}, formats={"B3": "yyyy/m/d"})
    assert desk.rows("line_number, contact_id, started_at::varchar") == [
        (2, "A-2026-05-01-7-0", "2026-05-01 00:00:00+08"),
        (3, "A-2026-05-01-12-2", "2026-05-01 12:00:00+08"),
    ]
    assert desk.rejects("line_number, reasons, bad_value") == [
        (4, "started_at: future_date", "2026-05-02"),
        (5, "contact_id: not_whole", "A-2026-05-01-7.5-0"),
        (6, "contact_id: error_value", "A-2026-05-01-#N/A-0"),
        (7, "contact_id: error_value", "A-2026-05-01-8-#N/A"),
        (8, "contact_id: empty_part (number)", "A-2026-05-01--0"),
        (9, "contact_id: date_value", "2026-05-01-2026-05-01-9-0"),
        (10, "contact_id: boolean_value", "1-2026-05-01-9-0"),
        (12, "contact_id: empty_part (day); started_at: missing", "#N/A--9-0"),
    ]
    assert result.report.files[0].lines.blank == 1


def test_a_typed_day_is_no_part_of_a_key_where_nothing_says_that_it_is_one(desk: Desk) -> None:
    """A spreadsheet makes a day of the code 5-1: the id would be another."""
    cells = [["line", "id"], ["5-2", 7], [dt.date(2026, 5, 1), 7]]
    result = sheet(desk, cells, BASE | {"contact_id": ["line", "id"]})
    assert desk.rows("contact_id") == [("5-2 7",)]
    assert result.rejects == [(3, "contact_id: date_value")]


def test_an_error_of_a_text_file_is_no_part_of_a_key_either(desk: Desk) -> None:
    text = "line,id,note\nA,1,#N/A\nA,#N/A,x\n#REF!,2,x\nA,#12,x\n ##### ,3,x\nA,#NV,x\n"
    columns = BASE | {"contact_id": {"from": ["line", "id"], "null_values": ["#NV"]}, "note_text": ["note", "line"]}
    result = loaded(desk, "rows.csv", text.encode(), columns)
    assert desk.rows("contact_id, note_text") == [("A 1", "#N/A A"), ("A #12", "x A")]
    assert result.rejects == [
        *((line, "contact_id: error_value") for line in (3, 4, 6)),
        (7, "contact_id: empty_part (id)"),
    ]
    assert desk.rejects("bad_value")[0] == ("A #N/A",)


def test_typed_columns_of_a_parquet_file_join_to_a_key(desk: Desk) -> None:
    table = {
        "line": ["A", "A", None, "A"],
        "day": pyarrow.array([dt.date(2026, 5, 1)] * 4),
        "number": pyarrow.array([7.0, 7.5, 8.0, 2.0**53]),
        "shift": pyarrow.array([None, 1, 2, 3], pyarrow.int16()),
    }
    result = parquet(desk, table, BASE | {"contact_id": KEY, "started_at": {"from": "day", "formats": "%Y/%m/%d"}})
    assert desk.rows("contact_id, started_at::varchar") == [("A-2026-05-01-7-0", "2026-05-01 00:00:00+08")]
    assert result.rejects == [
        (2, "contact_id: not_whole"),
        (3, "contact_id: empty_part (line)"),
        (4, "contact_id: inexact_number"),
    ]


TALK = {"from": "talk", "where": [{"column": "state", "in": ["talk"]}, {"column": "wait", "above": 0.5}]}
STATES = [
    # state, wait, the talk time or the reasons
    ("talk", 0.75, 30),
    ("talk", 0.25, None),
    ("rest", 3, None),
    (ERROR, 3, "talk_seconds: error_value"),
    (ERROR, 0, None),  # whatever the state is, the wait decides
    ("talk", ERROR, "talk_seconds: error_value"),
    ("rest", ERROR, None),
    ("talk", None, None),
    ("talk", "much", None),  # undecided, and no error
    ("#REF!", ERROR, "talk_seconds: error_value"),
]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("column", ["talk_seconds", "note_text", "topic_code", "talked_at", "between", "default"])
def test_an_error_in_a_condition_leaves_no_value_in_silence(desk: Desk, form: str, column: str) -> None:
    """Where the condition's other cells do not decide it, the row is rejected, of whatever type the value is."""
    cells = [
        ["id", "state", "wait", "talk", "from"],
        *([place, *state[:2], 30, AT] for place, state in enumerate(STATES)),
    ]
    mappings = {
        "talk_seconds": ("talk_seconds", TALK, 30, None),
        "default": ("talk_seconds", TALK | {"default": 7}, 30, 7),
        "note_text": ("note_text", TALK, "30", None),
        "topic_code": ("topic_code", TALK, "30", None),
        "talked_at": ("source_updated_at", TALK | {"from": "from"}, local(f"{AT}+08:00"), None),
        "between": ("talk_seconds", {"seconds_between": ["from", "from"], "where": TALK["where"]}, 0, None),
    }
    name, mapping, met, other = mappings[column]
    record = {"version": mapping} if column == "talked_at" else None
    columns = BASE | ({} if record else {name: mapping})
    if form == "xlsx":
        result = sheet(desk, cells, columns, record)
    else:
        lines = [",".join("" if cell is None else str(cell) for cell in line) for line in cells]
        result = loaded(desk, "rows.csv", "\n".join(lines).encode(), columns, record)
    found: dict[int, Any] = dict(desk.rows(f"line_number, {name}")) | dict(result.rejects)
    meant = [state[2] if state[2] != 30 else met for state in STATES]
    meant = [
        each.replace("talk_seconds", name) if isinstance(each, str) and ":" in each else other if each is None else each
        for each in meant
    ]
    assert [found[place + 2] for place in range(len(STATES))] == meant
    assert {bad for (bad,) in desk.rejects("bad_value")} == {"#N/A", "#REF!"}


def test_a_condition_sees_typed_cells_as_they_are_shown_and_an_error_is_not_null(desk: Desk) -> None:
    noon = local("2026-05-01 12:00:00")
    cells = [
        ["id", "flag", "day", "server"],
        [1, True, noon, "S1"],
        [2, False, dt.date(2026, 5, 2), None],
        [3, True, "2026-05-01", "#NULL!"],
        [4, True, noon, ERROR],
        [5, ERROR, noon, "S1"],
        [6, True, ERROR, "S1"],
    ]
    columns = BASE | {
        "is_answered": {"when": [{"column": "flag", "in": ["1", ERROR]}]},
        "is_refused": {"when": [{"column": "day", "in": ["2026-05-01"]}]},
        "is_abandoned": {"when": [{"column": "server", "is": "null"}]},
    }
    result = sheet(
        desk,
        cells,
        columns,
        {"null_values": ["#NULL!"]},
        formats={"C2": "yyyy/m/d", "C5": "yyyy/m/d", "C6": "yyyy/m/d"},
    )
    assert desk.rows("contact_id, is_answered, is_refused, is_abandoned") == [
        ("1", True, True, False),
        ("2", False, False, True),
        ("3", True, True, True),
        ("5", True, True, False),
    ]
    assert result.rejects == [(5, "is_abandoned: error_value"), (7, "is_refused: error_value")]
    kept = sheet(
        desk,
        cells,
        columns | {"is_abandoned": {**columns["is_abandoned"], "on_bad": "null"}},
        {"null_values": ["#NULL!"]},
    )
    assert ("4", None) in desk.rows("contact_id, is_abandoned")
    assert kept.report.files[0].repaired["is_abandoned"] == 1


def test_conditions_over_typed_columns_of_a_parquet_file(desk: Desk) -> None:
    table = {
        "id": ["1", "2", "3"],
        "flag": [True, False, None],
        "day": [dt.date(2026, 5, 1), None, dt.date(2026, 5, 2)],
        "wait": [Decimal("0.50"), Decimal("0.00"), None],
        "notes": pyarrow.array([["x"], None, None], pyarrow.list_(pyarrow.string())),
    }
    columns = BASE | {
        "is_answered": {"when": [{"column": "flag", "in": ["true"]}, {"column": "wait", "above": 0.25}]},
        "is_refused": {"when": [{"column": "day", "in": ["2026-05-01"]}]},
        "is_abandoned": {"when": [{"column": "notes", "is": "null"}, {"column": "flag", "in": ["true"]}]},
    }
    result = parquet(desk, table, columns)
    assert desk.rows("contact_id, is_answered, is_refused, is_abandoned") == [
        ("2", False, False, False),
        ("3", False, False, False),
    ]
    assert result.rejects == [(1, "is_abandoned: nested_value")]


def test_a_default_stands_for_an_empty_cell_and_never_for_an_error(desk: Desk) -> None:
    cells = [
        ["id", "queue", "topic", "note", "at"],
        [1, None, None, None, None],
        [2, "\u200b", "\u200b", " ", None],
        [3, ERROR, None, None, None],
        [4, None, ERROR, None, None],
        [5, None, None, ERROR, None],
        [6, None, None, None, ERROR],
        [7, 12, 7.5, None, None],
    ]
    columns = BASE | {
        "queue_seconds": {"from": "queue", "default": 0},
        "topic_code": {"from": "topic", "default": "other"},
        "note_text": {"from": "note", "default": "none"},
        "started_at": {"from": "at", "default": "2026-05-01 06:30:00"},
    }
    result = sheet(desk, cells, columns)
    values = "contact_id, queue_seconds, topic_code, note_text, strftime(started_at, '%H:%M')"
    assert desk.rows(values) == [("1", 0, "other", "none", "06:30"), ("2", 0, "other", " ", "06:30")]
    names = ("queue_seconds", "topic_code", "note_text", "started_at")
    assert result.rejects == [
        *((line, f"{name}: error_value") for line, name in enumerate(names, 4)),
        (8, "topic_code: not_whole"),
    ]
    assert result.report.files[0].repaired == {"queue_seconds": 1, "topic_code": 1}
    kept = sheet(desk, cells, columns | {"queue_seconds": {"from": "queue", "default": 0, "on_bad": "null"}})
    assert desk.rows("contact_id, queue_seconds")[-1] == ("3", None)
    assert kept.report.files[0].repaired == {"queue_seconds": 2, "topic_code": 1}


def test_codes_that_the_mapping_writes_as_people_see_them_fit_cells_with_signs_that_nobody_sees(desk: Desk) -> None:
    cells = [
        ["id", "result"],
        [1, "接通\u200b（人工）"],
        [2, "接通\u202f(人工)\u3000"],
        [3, ERROR],
        [4, True],
        [5, 7.5],
        [6, "（空\ufeff）"],
    ]
    codes = {
        "接通\u00ad（人工）": "answered",
        "接通（\u3000人工）": "refused",
        "接通 (人工)": "phantom",
        ERROR: "hung_up",
        "1": "refused",
    }
    outcome = {"from": "result", "codes": codes, "null_values": ["（空）"], "default": "phantom"}
    result = sheet(desk, cells, BASE | {"outcome": outcome})
    assert desk.rows("contact_id, outcome") == [
        ("1", "answered"),
        ("2", "phantom"),
        ("3", "hung_up"),
        ("4", "refused"),
        ("6", "phantom"),
    ]
    assert result.rejects == [(6, "outcome: not_whole")]
