"""What the keys of a mapping make of typed values: cells of sheets and columns of Parquet files, errors among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from tests.mend.intake.extract.desk import DAY, Desk, Loaded
from tests.mend.intake.extract.test_shape import accounted, balance, rows
from tests.mend.intake.extract.workbooks import workbook

from mend.intake.extract import extract

AT = "2026-05-01 08:00:00"
BASE = {"contact_id": "id", "started_at": {"constant": AT}, "outcome": {"constant": "answered"}}
ERROR = "#N/A"  # openpyxl writes it as an error


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def loaded(
    desk: Desk,
    name: str,
    content: bytes,
    columns: dict[str, Any],
    record: dict[str, Any] | None = None,
    zone: str = "Asia/Shanghai",
    code: str = "contact",
) -> Loaded:
    desk.write(content, name)
    form = {"xlsx": "excel", "parquet": "parquet", "csv": "delimited"}[name.rpartition(".")[2]]
    described = {"path": f"{{business_date}}/{name}", "reader": {"format": form}, "columns": columns, **(record or {})}
    source = desk.source(lambda made: made.update(zone=zone, records={code: described}))
    report = extract(desk.home, desk.bench, source, [DAY], [desk.folder / "inbox"])
    assert all(accounted(file) for file in report.files)
    return Loaded(report, [], desk.rejects("line_number, reasons"))


def sheet(
    desk: Desk,
    cells: Sequence[Sequence[Any]],
    columns: dict[str, Any],
    record: dict[str, Any] | None = None,
    formats: dict[str, str] | None = None,
    **options: Any,
) -> Loaded:
    """Load a sheet; `formats` are the number formats of some of its cells."""

    def shape(its: Any) -> None:
        for place, number_format in (formats or {}).items():
            its[place].number_format = number_format

    return loaded(desk, "rows.xlsx", workbook(cells, shape), columns, record, **options)


def parquet(
    desk: Desk, table: dict[str, Any], columns: dict[str, Any], record: dict[str, Any] | None = None, **options: Any
) -> Loaded:
    path = desk.write(b"", "rows.parquet")
    pyarrow.parquet.write_table(pyarrow.table(table), path)
    return loaded(desk, "rows.parquet", path.read_bytes(), columns, record, **options)


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


INSTANT = "2026-05-01 08:00:00+08"


def test_counts_since_1970_typed_as_numbers_are_instants_and_typed_times_stay_times(desk: Desk) -> None:
    cells = [
        ["id", "at"],
        [1, 1777593600],
        [2, 1777593600.25],
        [3, "1777593600"],
        [4, local(AT)],
        [5, ERROR],
        [6, True],
        [7, 1777593600000],
        [8, dt.date(2026, 5, 1)],
    ]
    result = sheet(desk, cells, BASE | {"started_at": {"from": "at", "formats": "epoch_seconds"}})
    instants = [INSTANT, "2026-05-01 08:00:00.25+08", INSTANT, INSTANT]
    assert [each for (each,) in desk.rows("started_at::varchar")] == instants
    assert result.rejects == [
        (6, "started_at: error_value"),
        *((line, "started_at: bad_timestamp") for line in (7, 8, 9)),
    ]


@pytest.mark.parametrize(
    ("form", "kind", "values"),
    [
        ("epoch_seconds", pyarrow.float64(), [1777593600.0, 1777593600.5]),
        ("epoch_seconds", pyarrow.int64(), [1777593600, 1777593601]),
        ("epoch_milliseconds", pyarrow.float64(), [1777593600000.0, 1777593600500.0]),
        ("epoch_microseconds", pyarrow.int64(), [1777593600000000, 1777593600500000]),
        ("epoch_seconds", pyarrow.decimal128(20, 3), [Decimal("1777593600.000"), Decimal("1777593600.500")]),
        (
            "epoch_milliseconds",
            pyarrow.timestamp("ms", "UTC"),
            [local("2026-05-01 00:00:00+00:00"), local("2026-05-01 00:00:00.5+00:00")],
        ),
        ("epoch_milliseconds", pyarrow.timestamp("us"), [local(AT), local(f"{AT}.5")]),
    ],
)
def test_counts_since_1970_of_a_parquet_file_are_instants(desk: Desk, form: str, kind: Any, values: list[Any]) -> None:
    table = {"id": ["1", "2"], "at": pyarrow.array(values, kind)}
    result = parquet(desk, table, BASE | {"started_at": {"from": "at", "formats": form}})
    assert result.rejects == []
    second = (
        "2026-05-01 08:00:01+08" if kind == pyarrow.int64() and form == "epoch_seconds" else "2026-05-01 08:00:00.5+08"
    )
    assert desk.rows("started_at::varchar") == [(INSTANT,), (second,)]


SECOND = 1 / 86_400
LENGTHS = [
    # value, number format, formats → seconds or the reason
    (
        330 * SECOND,
        "[h]:mm:ss",
        {"": 330, "HH:MM:SS": 330, "MM:SS": 330, "HH:MM": 330, "seconds": 330, "interval": 330},
    ),
    (93_600 * SECOND, "[h]:mm", {"": 93600, "HH:MM:SS": 93600, "MM:SS": 93600}),
    (330 * SECOND, "mm:ss", {"": 330, "MM:SS": 330}),
    (330.5 * SECOND, "[h]:mm:ss", {"": "fraction_of_second", "HH:MM:SS": "fraction_of_second"}),
    (
        330 * SECOND,
        "h:mm:ss",
        {"": "bad_number", "HH:MM:SS": 330, "interval": 330, "MM:SS": "bad_duration", "seconds": "bad_duration"},
    ),
    (19_800 * SECOND, "h:mm", {"HH:MM": 19800, "HH:MM:SS": 19800, "MM:SS": "bad_duration"}),
    (330, "0", {"": 330, "seconds": 330, "HH:MM:SS": "bad_duration"}),
    (330.5, "0.0", {"": "bad_number", "seconds": "fraction_of_second"}),
    ("00:05:30", "@", {"": "bad_number", "HH:MM:SS": 330}),
    ("05:30", "@", {"MM:SS": 330, "HH:MM": 19800}),
    (ERROR, "General", {"": "error_value", "HH:MM:SS": "error_value"}),
    (-5 * SECOND, "[h]:mm:ss", {"": "negative", "interval": "negative"}),
    (46143.0, "yyyy-mm-dd", {"": "bad_number", "HH:MM:SS": "bad_duration"}),
]


@pytest.mark.parametrize("form", ["", "HH:MM:SS", "MM:SS", "HH:MM", "seconds", "interval"])
def test_lengths_typed_in_a_sheet_are_seconds_with_and_without_a_format(desk: Desk, form: str) -> None:
    cases = [(value, shape, meant[form]) for value, shape, meant in LENGTHS if form in meant]
    cells = [["id", "talk"], *([place, value] for place, (value, *_) in enumerate(cases))]
    formats = {f"B{place}": shape for place, (_, shape, _) in enumerate(cases, 2)}
    result = sheet(
        desk, cells, BASE | {"talk_seconds": {"from": "talk", **({"formats": form} if form else {})}}, formats=formats
    )
    found: dict[int, Any] = dict(desk.rows("line_number, talk_seconds")) | dict(result.rejects)
    meant = [each if isinstance(each, int) else f"talk_seconds: {each}" for *_, each in cases]
    assert [found[place + 2] for place in range(len(cases))] == meant


def test_a_length_is_no_count_and_parts_of_a_second_are_rounded_where_said(desk: Desk) -> None:
    cells = [["id", "talk", "hops"], [1, 330.5 * SECOND, 2], [2, 12.5, 330 * SECOND]]
    formats = {"B2": "[h]:mm:ss", "C3": "[h]:mm:ss"}
    result = sheet(
        desk, cells, BASE | {"talk_seconds": {"from": "talk", "round": True}, "transfer_count": "hops"}, formats=formats
    )
    assert desk.rows("talk_seconds, transfer_count") == [(331, 2)]
    assert result.rejects == [(3, "transfer_count: bad_number")]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("form", ["", "HH:MM:SS", "MM:SS"])
def test_a_length_of_a_parquet_file_is_in_seconds_whatever_its_unit(desk: Desk, unit: str, form: str) -> None:
    lengths = [dt.timedelta(minutes=5, seconds=30), dt.timedelta(days=1, hours=2), None, dt.timedelta(seconds=-5)]
    table = {"id": ["1", "2", "3", "4"], "talk": pyarrow.array(lengths, pyarrow.duration(unit))}
    result = parquet(desk, table, BASE | {"talk_seconds": {"from": "talk", **({"formats": form} if form else {})}})
    assert desk.rows("talk_seconds") == [(330,), (93600,), (None,)]
    assert result.rejects == [(4, "talk_seconds: negative")]
    no_id = parquet(desk, table, BASE | {"contact_id": "talk"})
    assert no_id.rejects[-1] == (4, "contact_id: duration_value")


def test_seconds_between_typed_cells_and_between_days_and_times_in_cells_of_their_own(desk: Desk) -> None:
    cells = [
        ["id", "day", "from", "to", "end"],
        [1, dt.date(2026, 5, 1), dt.time(8), dt.time(8, 5, 30), local("2026-05-01 08:05:30")],
        [
            2,
            local("2026-05-01 09:00:00"),
            local("2026-05-01 08:00:00"),
            dt.time(8, 0, 10),
            local("2026-05-01 08:00:10"),
        ],
        [3, "2026-05-01", "08:00:00", dt.time(7), None],
        [4, dt.date(2026, 5, 1), ERROR, dt.time(8), ERROR],
        [5, dt.date(2026, 5, 1), None, dt.time(8), dt.date(2026, 5, 1)],
        [6, dt.date(2026, 5, 1), dt.time(8), dt.time(8), True],
        [7, None, None, None, "2026-05-01T00:00:40Z"],
    ]
    formats = {"B3": "yyyy-mm-dd", "C3": "h:mm:ss"}
    columns = BASE | {
        "talk_seconds": {"seconds_between": [["day", "from"], ["day", "to"]]},
        "queue_seconds": {"seconds_between": ["started", "end"], "optional": True},
        "hold_seconds": {"seconds_between": ["end", "end"], "on_bad": "null"},
    }
    result = sheet(desk, cells, columns, formats=formats)
    assert desk.rows("contact_id, talk_seconds, queue_seconds, hold_seconds") == [
        ("1", 330, None, 0),
        ("2", 10, None, 0),
        ("6", 0, None, None),
        ("7", None, None, 0),
    ]
    assert result.rejects == [
        (4, "talk_seconds: negative"),
        (5, "talk_seconds: error_value"),
        (6, "talk_seconds: empty_part (from)"),
    ]


def test_typed_times_are_of_the_zone_and_name_what_its_clocks_do_to_them(desk: Desk) -> None:
    cells = [
        ["id", "at", "from", "to"],
        [1, local("2025-11-02 03:30:00"), local("2025-11-02 00:30:00"), local("2025-11-02 02:30:00")],
        [2, local("2025-11-02 01:30:00"), None, None],
        [3, local("2026-03-08 02:30:00"), None, None],
        [4, local("2026-03-08 03:30:00"), local("2026-03-08 02:30:00"), local("2026-03-08 03:30:00")],
        [5, local("2025-11-02 03:30:00"), local("2025-11-02 00:50:00"), local("2025-11-02 01:10:00")],
    ]
    columns = BASE | {"started_at": "at", "talk_seconds": {"seconds_between": ["from", "to"]}}
    result = sheet(desk, cells, columns, zone="America/New_York")
    assert desk.rows("contact_id, epoch(started_at)::bigint, talk_seconds") == [
        ("1", 1762072200, 10800),
        ("2", 1762065000, None),
    ]
    assert result.rejects == [
        (4, "started_at: nonexistent_local_time"),
        (5, "talk_seconds: nonexistent_local_time"),
        (6, "talk_seconds: ambiguous_local_time"),
    ]
    assert result.report.files[0].ambiguous == {"started_at": 1}


def test_seconds_between_typed_times_of_a_parquet_file(desk: Desk) -> None:
    utc = dt.UTC
    table = {
        "id": ["1", "2", "3"],
        "from": pyarrow.array([local("2026-05-01 08:00:00")] * 3, pyarrow.timestamp("us")),
        "to": pyarrow.array(
            [dt.datetime(2026, 5, 1, 0, 0, 30, tzinfo=utc), None, dt.datetime(2026, 4, 30, tzinfo=utc)]
        ),
    }
    result = parquet(
        desk, table, BASE | {"talk_seconds": {"seconds_between": ["from", "to"], "formats": "%d.%m.%Y %H:%M"}}
    )
    assert desk.rows("contact_id, talk_seconds") == [("1", 30), ("2", None)]
    assert result.rejects == [(3, "talk_seconds: negative")]


GROUP = {"by": ["ticket", "day"], "order": [{"column": "at", "as": "time"}, {"column": "seq", "as": "number"}]}
TICKET = {
    "ticket_id": {"from": ["ticket", "day"], "separator": "/"},
    "kind_code": {"constant": "enquiry"},
    "opened_at": {"from": "at", "take": "first"},
    "department_code": {"from": "team", "take": "last_filled"},
    "handler_id": {"from": "owner", "take": "last_filled"},
    "reopen_count": {"from": "mark", "take": "count"},
    "reassignment_count": {"when": {"column": "mark", "in": ["x"]}, "take": "count"},
}


def test_the_events_of_a_sheet_become_a_ticket_and_an_error_costs_its_event_alone(desk: Desk) -> None:
    day, nine, ten = dt.date(2026, 5, 1), local("2026-05-01 09:00:00"), local("2026-05-01 10:00:00")
    cells = [
        ["ticket", "day", "at", "seq", "team", "owner", "mark"],
        [7, day, ten, 2, "A", "Wei\u200b", "x"],
        [7.0, local("2026-05-01 12:00:00"), nine, 1.0, "B", "Li", None],
        ["7", "2026-05-01", "2026-05-01 11:00:00", "3", None, None, "y"],
        [ERROR, day, nine, 1, "A", None, None],
        [7, day, ERROR, 4, "A", None, None],
        [7, day, ten, ERROR, "A", None, None],
        [7, day, ten, 4, ERROR, None, None],
        [7, day, ten, 4, None, None, ERROR],
        [7.5, day, ten, 1, None, None, None],
        [7, ERROR, ten, 4, None, None, None],
    ]
    result = sheet(
        desk,
        cells,
        TICKET | {"resolved_at": {"from": "day", "on_bad": "null", "take": "min"}},
        {"group": GROUP},
        {"B3": "yyyy/m/d"},
        code="ticket",
    )
    columns = (
        "line_number, ticket_id, strftime(opened_at, '%H'), department_code, handler_id, reopen_count, "
        "reassignment_count"
    )
    assert rows(desk, "ticket", columns) == [(4, "7/2026-05-01", "09", "A", "Wei", 2, 1)]
    assert result.rejects == [
        (5, "error_value (ticket); ticket_id: error_value"),
        (6, "error_value (at); opened_at: error_value"),
        (7, "error_value (seq)"),
        (8, "department_code: error_value"),
        (9, "reopen_count: error_value; reassignment_count: error_value"),
        (10, "ticket_id: not_whole"),
        (11, "error_value (day); ticket_id: error_value"),
    ]
    [file] = result.report.files
    assert (file.accepted, file.rejected, file.folded) == (1, 7, 2)
    assert file.repaired["handler_id"] == 1
    assert balance(desk.home, desk.bench, [DAY]) == [(8, 1, 7, 0)]
    assert "\x1c" not in str(desk.rejects("raw_row, bad_value, reasons"))


def test_what_is_counted_may_leave_errors_out_where_said(desk: Desk) -> None:
    cells = [["ticket", "at", "mark"], *(["T", local(AT), mark] for mark in ("x", ERROR, None, "y"))]
    columns = {name: TICKET[name] for name in ("kind_code", "opened_at")} | {
        "ticket_id": "ticket",
        "reopen_count": {"from": "mark", "take": "count", "on_bad": "null"},
        "reassignment_count": {"when": {"column": "mark", "in": ["x"]}, "take": "count", "on_bad": "null"},
    }
    result = sheet(desk, cells, columns, {"group": {"by": "ticket", "order": "line"}}, code="ticket")
    assert rows(desk, "ticket", "ticket_id, reopen_count, reassignment_count") == [("T", 2, 1)]
    assert result.report.files[0].repaired == {"reopen_count": 1, "reassignment_count": 1}
    text = "ticket,at,mark\n" + "".join(f"T,{AT},{mark}\n" for mark in ("x", ERROR, "", "y"))
    result = loaded(
        desk, "rows.csv", text.encode(), columns, {"group": {"by": "ticket", "order": "line"}}, code="ticket"
    )
    assert rows(desk, "ticket", "reopen_count, reassignment_count") == [(2, 1)] * 2
    assert result.rejects == []


def test_the_events_of_a_parquet_file_become_tickets(desk: Desk) -> None:
    at = [local(f"2026-05-01 {hour}:00:00") for hour in ("09", "11", "10", "09")]
    table = {
        "ticket": pyarrow.array([7.0, 7.0, 7.0, 2.0**53]),
        "day": pyarrow.array([dt.date(2026, 5, 1)] * 4),
        "at": pyarrow.array(at, pyarrow.timestamp("us")),
        "seq": pyarrow.array([1, 3, 2, 1], pyarrow.int8()),
        "team": ["A", None, "B", "A"],
        "owner": ["Li", "a\nb", None, "X"],
        "mark": [True, None, False, None],
    }
    result = parquet(
        desk,
        table,
        TICKET | {"closed_at": {"from": "day", "formats": "%Y", "on_bad": "null"}},
        {"group": GROUP},
        code="ticket",
    )
    columns = (
        "ticket_id, strftime(opened_at, '%H'), department_code, handler_id, reopen_count, closed_at::date::varchar"
    )
    assert rows(desk, "ticket", columns) == [("7/2026-05-01", "09", "B", "Li", 2, "2026-05-01")]
    assert result.rejects == [
        (2, "handler_id: line_break"),
        (4, "inexact_number (ticket); ticket_id: inexact_number"),
    ]


def test_groups_by_inexact_numbers_do_not_become_one(desk: Desk) -> None:
    """Two calls whose numbers a double cannot hold would be one group."""
    table = {"id": ["A", "A", "B"], "leg": pyarrow.array([2.0**53, 2.0**53, 7.25])}
    result = parquet(desk, table, BASE, {"group": {"by": ["id", "leg"], "order": "line"}})
    assert rows(desk, "contact", "contact_id") == [("B",)]
    assert result.rejects == [(1, "inexact_number (leg)"), (2, "inexact_number (leg)")]


EXPANDED = {
    "contact_id": {"from": ["day", "queue", "#"], "separator": "-"},
    "started_at": {"from": "day", "formats": "%d/%m/%Y"},
    "outcome": {"constant": "hung_up"},
    "topic_code": "queue",
}


def test_typed_counts_of_a_sheet_are_expanded_and_an_error_is_no_count(desk: Desk) -> None:
    day = dt.date(2026, 5, 1)
    cells = [
        ["day", "queue", "missed"],
        [day, "bill\u200b", 2.0],
        [day, "data", 0],
        [day, "sim", 1.5],
        [day, "mms", ERROR],
        [day, "roam", None],
        [day, "wifi", "=1+1"],
        [day, "fax", True],
        [ERROR, "tv", 2],
    ]
    expand = {"count": {"column": "missed", "default": "1"}}
    result = sheet(desk, cells, EXPANDED, {"expand": expand})
    assert rows(desk, "contact", "line_number, contact_id, topic_code") == [
        (2000001, "2026-05-01-bill-1", "bill"),
        (2000002, "2026-05-01-bill-2", "bill"),
        (6000001, "2026-05-01-roam-1", "roam"),
        (8000001, "2026-05-01-fax-1", "fax"),
    ]
    wrong = "contact_id: error_value; started_at: error_value"
    assert result.rejects == [
        (4, "bad_count (missed)"),
        (5, "error_value (missed)"),
        (7, "formula_without_value (missed)"),
        (9, wrong),
        (9, wrong),
    ]
    assert desk.rejects("bad_value")[1] == ("#N/A",)
    assert result.report.files[0].repaired == {"contact_id": 2, "topic_code": 2}
    balance(desk.home, desk.bench, [DAY])


def test_typed_counts_of_a_parquet_file_are_expanded(desk: Desk) -> None:
    table = {
        "day": pyarrow.array([dt.date(2026, 5, 1)] * 4),
        "queue": ["bill", "data", "sim", "mms"],
        "missed": pyarrow.array([Decimal("2.00"), Decimal("0.00"), Decimal("1.50"), None]),
    }
    result = parquet(desk, table, EXPANDED, {"expand": {"count": "missed"}})
    assert rows(desk, "contact", "contact_id") == [("2026-05-01-bill-1",), ("2026-05-01-bill-2",)]
    assert result.rejects == [(3, "bad_count (missed)"), (4, "bad_count (missed)")]


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
