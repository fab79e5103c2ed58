"""Typed rows that become tickets of several events, and counts that become several rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow
from tests.mend.intake.extract.desk import DAY, Desk
from tests.mend.intake.extract.test_shape import balance, rows
from tests.mend.intake.extract.typed import AT, BASE, ERROR, loaded, local, parquet, sheet

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
