"""Rows that become more or fewer: a count expanded to rows of their own keys, an event log grouped to its tickets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.mend.intake.extract.desk import DAY, Desk, Loaded

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.core import load, reconcile
from mend.intake.extract import adopt_business_zone, extract, read_source
from mend.intake.extract.report import FileReport
from mend.intake.quality import gate

GROUP = {"by": "ticket", "order": [{"column": "at", "as": "time"}, {"column": "seq", "as": "number"}]}
EVENTS = """
ticket | at                  | seq | state    | owner | hops | urgent
T1     | 2026-05-01 09:00:00 | 1   | opened   |       | 0    | no
T2     | 2026-05-01 08:00:00 | 1   | opened   | Li    | 0    | no
T1     | 2026-05-01 11:00:00 | 3   | resolved |       | 2    | no
T1     | 2026-05-01 10:00:00 | 2   | assigned | Wei   | 2    | yes
T2     | 2026-05-01 08:00:00 | 10  | resolved |       | 1    | no
T2     | 2026-05-01 08:00:00 | 9   | assigned | An    | 4    | no
"""
TICKET = {
    "ticket_id": "ticket",
    "kind_code": {"constant": "enquiry"},
    "opened_at": {"from": "at", "take": "first"},
    "resolved_at": {"from": "at", "where": {"column": "state", "in": ["resolved"]}, "take": "first_filled"},
    "status_code": {"from": "state", "codes": {"opened": "open", "assigned": "pending", "resolved": "solved"}},
    "handler_id": {"from": "owner", "take": "last_filled"},
    "department_code": {"from": "owner", "take": "first_filled"},
    "reassignment_count": {"from": "hops", "take": "max"},
    "reopen_count": {"from": "owner", "take": "count"},
    "is_escalated": {"from": "urgent", "take": "any"},
    "is_resolved": {"from": "urgent", "take": "all"},
}


def loaded(desk: Desk, table: str, record: str, described: dict[str, Any], days: Sequence[dt.date] = (DAY,)) -> Loaded:
    """Load a text table (columns apart by bars) as a record of a daily file, with the checks and core tables after
    it.
    """
    lines = [",".join(field.strip() for field in row.split("|")) for row in table.strip().splitlines()]
    desk.write("\n".join(lines) + "\n", "rows.csv")

    def change(made: dict[str, Any]) -> None:
        made["records"] = {record: {"path": "{business_date}/rows.csv", **described}}

    report = extract(desk.home, desk.bench, desk.source(change), days, [desk.folder / "inbox"])
    return Loaded(report, [], desk.rejects("line_number, column_name, reason_code, reasons"))


def rows(desk: Desk, record: str, columns: str) -> list[tuple[Any, ...]]:
    desk.bench.view(f"raw_{record}")
    return desk.bench.sql(f"select {columns} from raw_{record} order by line_number")


def accounted(report: FileReport) -> bool:
    """Whether every record of the file is somewhere."""
    return report.lines.records + report.expanded == report.accepted + report.rejected + report.outside + report.folded


def balance(home: Home, bench: Workbench, days: Sequence[dt.date]) -> list[tuple[int, int, int, int]]:
    """Lines, accepted, quarantined and superseded of each batch, after the core load; raises when they do not add
    up.
    """
    gate(home, bench, days)
    load(home, bench, days)
    return [(each.lines, each.accepted, each.quarantined, each.superseded) for each in reconcile(home, bench, days)]


def test_the_events_of_a_ticket_become_one_row_by_their_stated_order(desk: Desk) -> None:
    result = loaded(desk, EVENTS, "ticket", {"group": GROUP, "columns": TICKET, "version": {"from": "at"}})
    times = "strftime(opened_at, '%H'), strftime(resolved_at, '%H'), strftime(source_updated_at, '%H')"
    columns = f"line_number, ticket_id, {times}, status_code, handler_id, department_code"
    assert rows(desk, "ticket", columns) == [
        (4, "T1", "09", "11", "11", "solved", "Wei", "Wei"),
        (6, "T2", "08", "08", "08", "solved", "An", "Li"),
    ]
    counts = "reassignment_count, reopen_count, is_escalated, is_resolved"
    assert rows(desk, "ticket", counts) == [(2, 1, True, False), (4, 2, False, False)]
    [file] = result.report.files
    assert (file.lines.records, file.accepted, file.rejected, file.folded) == (6, 2, 0, 4)
    assert result.report.counts()["ticket"] == {
        "files": 1, "known": 0, "accepted": 2, "rejected": 0, "outside": 0, "repaired": 0, "folded": 4,
        "unattributed": 2,
    }  # fmt: skip
    [batch] = operations.batches(desk.home.database_url)
    assert (batch.counts.lines, batch.counts.accepted, batch.counts.outside) == (6, 2, 4)
    assert balance(desk.home, desk.bench, [DAY]) == [(2, 2, 0, 0)]


def test_the_order_of_a_group_may_be_that_of_the_file_and_its_rows_in_any_order_give_the_same_else(desk: Desk) -> None:
    by_line = {"group": {"by": ["ticket"], "order": "line"}, "columns": TICKET}
    loaded(desk, EVENTS, "ticket", by_line)
    assert rows(desk, "ticket", "ticket_id, status_code, line_number") == [("T1", "pending", 5), ("T2", "pending", 7)]
    head, *events = EVENTS.strip().splitlines()
    found = []
    for shuffled in (events, events[::-1], events[3:] + events[:3]):
        loaded(desk, "\n".join([head, *shuffled]), "ticket", {"group": GROUP, "columns": TICKET})
        desk.bench.view("raw_ticket")
        query = (
            "select * exclude (line_number, batch_number) from raw_ticket where batch_number = (select "
            "max(batch_number) from raw_ticket)"
        )
        found.append(sorted(map(str, desk.bench.sql(query))))
    assert found[0] == found[1] == found[2]


def test_an_event_that_cannot_be_read_is_rejected_alone_and_every_line_is_accounted_for(desk: Desk) -> None:
    events = """
        ticket | at                  | seq | state    | owner | hops | urgent
        T1     | 2026-05-01 09:00:00 | 1   | opened   |       | 0    | no
        T1     | 2026-05-01 10:00:00 | 2   | assigned | Wei   | -2   | no
        T1     | never               | 3   | resolved |       | 0    | no
        T1     | 2026-05-01 11:00:00 |     | resolved |       | 0    | no
               | 2026-05-01 11:00:00 | 4   | resolved |       | 0    | no
        T2     | 2026-05-01 11:00:00 | 1   | lost     |       | 0    | no
        T1     | 2026-05-01 12:00:00 | 5   | assigned | An    | 1    | no
    """
    result = loaded(desk, events, "ticket", {"group": GROUP, "columns": TICKET})
    assert rows(desk, "ticket", "ticket_id, status_code, handler_id, resolved_at") == [("T1", "pending", "An", None)]
    assert [(line, reasons) for line, _, _, reasons in result.rejects] == [
        (3, "reassignment_count: negative"),
        (4, "bad_order (at); opened_at: bad_timestamp; resolved_at: bad_timestamp"),
        (5, "bad_order (seq)"),
        (6, "empty_group_key (ticket)"),
        (7, "status_code: unknown_code"),
    ]
    [file] = result.report.files
    assert (file.accepted, file.rejected, file.folded) == (1, 5, 1)
    assert accounted(file)
    assert balance(desk.home, desk.bench, [DAY]) == [(6, 1, 5, 0)]


def test_what_only_some_events_say_is_missed_only_where_none_says_it(desk: Desk) -> None:
    events = """
        ticket | at                  | seq | kind
        T1     | 2026-05-01 09:00:00 | 1   |
        T1     | 2026-05-01 10:00:00 | 2   | complaint
        T2     | 2026-05-01 10:00:00 | 1   |
        T2     | 2026-05-01 11:00:00 | 2   |
    """
    columns = TICKET | {
        "kind_code": {"from": "kind", "take": "first_filled"},
        "tier": {"from": "nowhere", "optional": True, "default": 1},
    }
    columns = {name: columns[name] for name in ("ticket_id", "kind_code", "opened_at", "tier")}
    result = loaded(desk, events, "ticket", {"group": GROUP, "columns": columns})
    assert rows(desk, "ticket", "ticket_id, kind_code, tier") == [("T1", "complaint", 1)]
    assert result.rejects == [(5, "kind_code", "missing", "kind_code: missing")]
    assert desk.rejects("raw_row") == [("T2,2026-05-01 11:00:00,2,",)]
    assert balance(desk.home, desk.bench, [DAY]) == [(2, 1, 1, 0)]


def test_legs_of_a_call_sum_to_the_call_and_a_sum_too_large_is_rejected(desk: Desk) -> None:
    legs = """
        call | leg | talk
        C1   | 1   | 00:01:00
        C1   | 2   | 00:02:30
        C2   | 1   | 480000:00:00
        C2   | 2   | 480000:00:00
        C3   | 1   | soon
    """
    columns = {
        "contact_id": "call",
        "started_at": {"constant": "2026-05-01 08:00:00"},
        "outcome": {"constant": "answered"},
        "talk_seconds": {"from": "talk", "formats": "HH:MM:SS", "take": "sum", "on_bad": "null"},
        "transfer_count": {"from": "leg", "take": "count"},
    }
    group = {"by": "call", "order": {"column": "leg", "as": "number"}}
    result = loaded(desk, legs, "contact", {"group": group, "columns": columns})
    assert rows(desk, "contact", "contact_id, talk_seconds, transfer_count") == [("C1", 210, 2), ("C3", None, 1)]
    assert result.rejects == [(5, "talk_seconds", "bad_number", "talk_seconds: bad_number")]
    assert result.report.files[0].repaired == {"talk_seconds": 1}


def test_a_history_of_events_gives_each_ticket_to_the_day_it_began(desk: Desk) -> None:
    events = """
        ticket | at                  | seq
        T1     | 2026-05-01 09:00:00 | 1
        T1     | 2026-05-03 10:00:00 | 2
        T2     | 2026-05-02 10:00:00 | 1
        T2     | 2026-05-03 11:00:00 | 2
        T2     | 2026-05-03 12:00:00 | 3
    """
    columns = {name: TICKET[name] for name in ("ticket_id", "kind_code", "opened_at")}
    described = {"path": "2026-05-01/rows.csv", "group": GROUP, "columns": columns}
    day = loaded(desk, events, "ticket", described)
    assert rows(desk, "ticket", "ticket_id, opened_on::varchar") == [("T1", "2026-05-01")]
    [file] = day.report.files
    assert (file.accepted, file.outside, file.folded) == (1, 1, 3)
    assert accounted(file)
    days = [DAY + dt.timedelta(days=number) for number in range(3)]
    whole = loaded(desk, events, "ticket", described, days)
    assert rows(desk, "ticket", "ticket_id, opened_on::varchar") == [("T1", "2026-05-01"), ("T2", "2026-05-02")]
    assert accounted(whole.report.files[0])
    assert balance(desk.home, desk.bench, days) == [(1, 1, 0, 0), (1, 1, 0, 0)]


SHEET = """
day        | queue | missed
2026-05-01 | bill  | 3
2026-05-01 | data  | 0
2026-05-01 | phone | many
2026-05-01 | roam  |
2026-05-01 | sim   | -1
2026-05-01 | mms   | 11
2026-05-01 | wifi  | 1.0
"""
MISSED = {
    "contact_id": {"from": ["day", "queue", "#"], "separator": "-"},
    "started_at": {"from": "day", "formats": "%Y-%m-%d"},
    "outcome": {"constant": "hung_up"},
    "topic_code": "queue",
}


def test_a_row_with_a_count_becomes_so_many_rows_with_keys_of_their_own(desk: Desk) -> None:
    described = {"expand": {"count": "missed", "limit": 10}, "columns": MISSED}
    result = loaded(desk, SHEET, "contact", described)
    first = rows(desk, "contact", "line_number, contact_id, topic_code")
    assert first == [
        (2000001, "2026-05-01-bill-1", "bill"),
        (2000002, "2026-05-01-bill-2", "bill"),
        (2000003, "2026-05-01-bill-3", "bill"),
        (8000001, "2026-05-01-wifi-1", "wifi"),
    ]
    assert [(line, reasons) for line, _, _, reasons in result.rejects] == [
        (4, "bad_count (missed)"),
        (5, "bad_count (missed)"),
        (6, "negative (missed)"),
        (7, "count_over_limit (missed)"),
    ]
    assert desk.rejects("bad_value") == [("many",), (None,), ("-1",), ("11",)]
    [file] = result.report.files
    assert (file.lines.records, file.expanded, file.accepted, file.rejected, file.folded) == (7, 2, 4, 4, 1)
    assert accounted(file)
    assert balance(desk.home, desk.bench, [DAY]) == [(8, 4, 4, 0)]
    again = loaded(desk, SHEET, "contact", described)
    assert again.report.files[0].is_known
    assert rows(desk, "contact", "line_number, contact_id, topic_code") == first


def test_a_corrected_count_supersedes_copy_by_copy(desk: Desk) -> None:
    described = {
        "expand": {"count": {"column": "missed", "default": "1"}, "number": "copy"},
        "columns": {**MISSED, "contact_id": ["queue", "copy"]},
    }
    loaded(desk, "day|queue|missed\n2026-05-01|bill|3\n2026-05-01|data|", "contact", described)
    balance(desk.home, desk.bench, [DAY])
    loaded(desk, "day|queue|missed\n2026-05-01|bill|2\n2026-05-01|data|0", "contact", described)
    assert balance(desk.home, desk.bench, [DAY]) == [(4, 2, 0, 2), (2, 2, 0, 0)]
    desk.bench.view("core_contact")
    assert desk.bench.sql("select contact_id from core_contact order by 1") == [
        ("bill 1",),
        ("bill 2",),
        ("bill 3",),
        ("data 1",),
    ]


def test_a_fault_of_an_expanded_row_is_one_of_each_copy(desk: Desk) -> None:
    columns = MISSED | {"queue_seconds": "wait"}
    table = "day|queue|missed|wait\n2026-05-01|bill|3|-5\n2026-05-01|data|2|5\n2026-05-01|sim|0|-5\n2026-05-01|mms"
    result = loaded(desk, table, "contact", {"expand": {"count": "missed"}, "columns": columns})
    assert [(line, reasons) for line, _, _, reasons in result.rejects] == [(2, "queue_seconds: negative")] * 3 + [
        (5, "column_count")
    ]
    [file] = result.report.files
    assert (file.lines.records, file.expanded, file.accepted, file.rejected, file.folded) == (4, 3, 2, 4, 1)
    assert accounted(file)


def test_a_sheet_of_zeros_is_no_fault(desk: Desk) -> None:
    table = "day|queue|missed\n" + "\n".join(f"2026-05-01|q{number}|0" for number in range(30))
    result = loaded(desk, table, "contact", {"expand": {"count": "missed"}, "columns": MISSED})
    [file] = result.report.files
    assert (file.accepted, file.rejected, file.folded) == (0, 0, 30)
    assert accounted(file)


TICKETS_OF_EVENTS = r"""
source: uci498_tickets
en: UCI 498 tickets
zh: UCI 498 工单
zone: UTC
records:
  ticket:
    path: incident_event_log.zip
    reader: {format: delimited, encoding: ascii, duplicates: [category]}
    null_values: ['?']
    group:
      by: number
      order: [{column: sys_updated_at, as: time, formats: '%d/%m/%Y %H:%M'}, {column: sys_mod_count, as: number}]
    columns:
      ticket_id: number
      customer_id: caller_id
      kind_code: {constant: enquiry}
      opened_at: {from: opened_at, formats: '%d/%m/%Y %H:%M', take: first}
      resolved_at: {from: resolved_at, formats: '%d/%m/%Y %H:%M'}
      reopen_count: {from: reopen_count, take: max}
      reassignment_count: {from: reassignment_count, take: max}
      is_sla_met: {from: made_sla, take: all}
"""


@pytest.fixture
def utc_home(home: Home) -> Home:
    return Home.at(home.root, {name: value for name, value in home.settings.items() if name != "MEND_ZONE"})


def test_the_events_of_uci_498_are_its_tickets(utc_home: Home, shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "uci498_tickets.yaml"
    path.write_text(TICKETS_OF_EVENTS, "utf-8")
    source = read_source(path)
    adopt_business_zone(utc_home, source)
    days = [dt.date(2016, 2, 29) + dt.timedelta(days=number) for number in range(356)]
    with Workbench.open(utc_home) as bench:
        report = extract(utc_home, bench, source, days, [shared_data / "uci498_incidents" / "incident_event_log.zip"])
        [file] = report.files
        assert (file.lines.records, file.accepted, file.rejected, file.folded) == (141712, 24918, 0, 141712 - 24918)
        bench.view("raw_ticket")
        truths = (
            "select count(*), count(distinct ticket_id), count(*) filter (reopen_count > 0), count(*) filter "
            "(reassignment_count > 0), "
            "count(resolved_at), count(*) filter (resolved_at <= opened_at + interval 48 hours), count(*) filter "
            "(is_sla_met = false) "
            "from raw_ticket"
        )
        assert bench.sql(truths) == [(24918, 24918, 275, 11369, 23362, 13906, 9115)]
