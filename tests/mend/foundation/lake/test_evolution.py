"""A lake that an earlier version of Mend made: it gets the new optional columns, and nothing else changes by itself."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from multiprocessing import get_context

import pytest
from tests.mend.damage.scoring.rows import put

from mend.foundation.home import Home
from mend.foundation.lake import Maintenance, MaintenanceReport
from mend.foundation.lake.errors import OldTableError
from mend.foundation.lake.filters import equal, no_row
from mend.foundation.pipeline.compaction import compact
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES, Column, Table
from mend.query.query import read
from mend.query.session import opened

TABLE = "core_contact"
NEW = ("ivr_node_code", "agent_group_code")
Change = Callable[[Table], Table]
Earlier = Callable[..., None]


def contact(number: int, day: str, **more: object) -> dict[str, object]:
    return {
        "contact_id": f"c{number}",
        "customer_id": "k",
        "started_at": f"{day} 10:00:00+08:00",
        "outcome": "answered",
        **more,
    }


def without(*names: str) -> Change:
    return lambda table: dataclasses.replace(
        table, columns=tuple(column for column in table.columns if column.name not in names)
    )


def with_type(name: str, kind: str) -> Change:
    def change(column: Column) -> Column:
        return dataclasses.replace(column, type=kind) if column.name == name else column

    return lambda table: dataclasses.replace(table, columns=tuple(change(each) for each in table.columns))


@pytest.fixture
def earlier(home: Home, monkeypatch: pytest.MonkeyPatch) -> Earlier:
    """Make the home's lake with a core_contact of other columns, and a row in it; then today's version is installed."""

    def make(change: Change, is_filled: bool = True) -> None:
        with monkeypatch.context() as before:
            before.setitem(TABLES, TABLE, change(TABLES[TABLE]))
            with Workbench.open(home) as bench:
                bench.lake.recreate(TABLE)
                if is_filled:
                    put(bench, "contact", [contact(1, "2026-05-01")])

    return make


def test_rows_of_before_are_empty_in_a_new_column_and_rows_of_now_are_not(earlier: Earlier, home: Home) -> None:
    earlier(without(*NEW))
    with Workbench.open(home) as bench:
        put(bench, "contact", [contact(2, "2026-05-02", ivr_node_code="bill_menu", agent_group_code="north_1")])
        bench.view(TABLE)
        found = bench.sql(f"select contact_id, ivr_node_code, agent_group_code, customer_id from {TABLE} order by 1")
        assert found == [("c1", None, None, "k"), ("c2", "bill_menu", "north_1", "k")]
        stored = [field.name for field in bench.lake.table(TABLE).schema().fields]
        assert stored == list(TABLES[TABLE].column_names)
        files = bench.lake.files(TABLE)
        bench.view_files(TABLE, files, "all_rows", numbered=True)
        assert len(bench.sql("select distinct row_number from all_rows")) == 2
        bench.view_files(TABLE, [], "none", numbered=True)
        assert bench.sql("select count(*), count(row_number), count(ivr_node_code) from none") == [(0, 0, 0)]


def test_a_day_of_before_is_replaced_by_rows_with_the_new_column(earlier: Earlier, home: Home) -> None:
    earlier(without(*NEW))
    with Workbench.open(home) as bench:
        bench.view(TABLE)
        day = equal("started_on", dt.date(2026, 5, 1))
        bench.replace(TABLE, f"select * replace ('main_menu' as ivr_node_code) from {TABLE}", day)
        bench.view(TABLE)
        assert bench.sql(f"select contact_id, ivr_node_code from {TABLE}") == [("c1", "main_menu")]


def test_the_version_before_can_still_read_what_it_knows(
    earlier: Earlier, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier(without(*NEW))
    with Workbench.open(home) as bench:
        bench.lake.table(TABLE)
    monkeypatch.setitem(TABLES, TABLE, without(*NEW)(TABLES[TABLE]))
    with Workbench.open(home) as bench:
        put(bench, "contact", [contact(3, "2026-05-03")])
        bench.view(TABLE)
        assert bench.sql(f"select contact_id from {TABLE} order by 1") == [("c1",), ("c3",)]


def test_several_processes_that_open_it_at_once_add_each_column_once(earlier: Earlier, home: Home) -> None:
    earlier(without(*NEW))
    with get_context("spawn").Pool(3) as pool:
        found = pool.map(_columns, [home] * 3)
    assert found == [list(TABLES[TABLE].column_names)] * 3


def _columns(home: Home) -> list[str]:
    with Workbench.open(home) as bench:
        return [field.name for field in bench.lake.table(TABLE).schema().fields]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without("started_at"), "column started_at is required and not there"),
        (with_type("talk_seconds", "string"), "column talk_seconds holds string, and int is expected"),
        (with_type("talk_seconds", "long"), "column talk_seconds holds long, and int is expected"),
    ],
)
def test_what_cannot_be_added_is_named_with_what_to_do(
    earlier: Earlier, home: Home, change: Change, words: str
) -> None:
    earlier(change, is_filled=False)
    with Workbench.open(home) as bench, pytest.raises(OldTableError, match=words) as raised:
        bench.view(TABLE)
    assert "load the deliveries into a new home" in str(raised.value)


def test_a_table_that_a_rebuild_makes_names_the_rebuild(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "mart_damage_month"
    with monkeypatch.context() as before:
        before.setitem(TABLES, name, with_type("peak_points", "string")(TABLES[name]))
        with Workbench.open(home) as bench:
            bench.lake.recreate(name)
    with Workbench.open(home) as bench, pytest.raises(OldTableError, match="mend rebuild-ledger"):
        bench.lake.table(name)


def test_a_query_and_a_compaction_read_old_and_new_files_together(earlier: Earlier, home: Home) -> None:
    earlier(without(*NEW))
    query = read(f"select contact_id, ivr_node_code from {TABLE} order by 1")
    with Workbench.open(home) as bench:
        bench.view(TABLE, as_name="before")
        more = "select * replace ('c' || i as contact_id, 'bill_menu' as ivr_node_code) from before, range(2, 4) r(i)"
        for number in (2, 3):
            text = f"select * exclude (i) from ({more}) where i = {number}"
            bench.lake.replace(TABLE, no_row(), bench.write(TABLE, text))
        assert len(bench.lake.files(TABLE)) == 3
    expected = [("c1", None), ("c2", "bill_menu"), ("c3", "bill_menu")]
    with opened(home, query) as session:
        assert session.rows(query) == expected
    with Workbench.open(home) as bench:
        assert compact(bench, TABLE, least_files=3) == 1
        assert len(bench.lake.files(TABLE)) == 1
    with opened(home, query) as session:
        assert session.rows(query) == expected


def test_the_maintenance_of_a_table_of_before_waits_for_nobody(earlier: Earlier, home: Home) -> None:
    """It takes the table's lock, as does the addition of a column: the one after the other, not within it. A second
    process looks on, so that a wait without end fails here instead of lasting."""
    earlier(without(*NEW))
    with get_context("spawn").Pool(1) as pool:
        report = pool.apply_async(_maintained, [home]).get(timeout=60)
    assert (report.table, report.orphans_removed) == (TABLE, 0)
    with Workbench.open(home) as bench:
        bench.view(TABLE)
        assert bench.sql(f"select contact_id, ivr_node_code from {TABLE}") == [("c1", None)]


def _maintained(home: Home) -> MaintenanceReport:
    with Workbench.open(home) as bench:
        return Maintenance(bench.lake).run(TABLE, dt.datetime.now(dt.UTC), dt.timedelta(days=1), dt.timedelta(days=1))
