"""The core load: the last version of each key, on its day, whatever came in which order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.mend.intake.core.arrivals import Row, arrive, at, contact, on, put_aside, read_again, rows_of

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations import Counts
from mend.foundation.pipeline.workbench import Workbench
from mend.intake import core
from mend.intake.core.batches import WINDOW_SETTING

CORE = "contact_id, extract(day from started_on), topic_code"
ORDERS = [[1, 2, 3], [3, 2, 1], [2, 3, 1]]


def held(bench: Workbench, columns: str = CORE) -> list[tuple[Any, ...]]:
    return rows_of(bench, "core_contact", columns)


def load(home: Home, bench: Workbench, *days: dt.date) -> core.CoreReport:
    report = core.load(home, bench, days)
    core.reconcile(home, bench, days)
    return report


def test_rows_stand_on_the_day_of_their_event_not_of_their_arrival(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(3), [contact("a", at(3)), contact("b", at(1, "23:59:59")), contact("c", at(2, "00:00:00"))])
    load(home, bench, on(3))
    assert held(bench, "contact_id, extract(day from started_on)") == [("a", 3), ("b", 1), ("c", 2)]


def test_a_correction_replaces_its_row_and_what_it_replaced_is_recorded(home: Home, bench: Workbench) -> None:
    first = arrive(home, bench, on(1), [contact("a", at(1), topic_code="bill"), contact("b", at(1))])
    load(home, bench, on(1))
    second = arrive(home, bench, on(2), [contact("a", at(1), topic_code="network")])
    load(home, bench, on(2))
    assert held(bench) == [("a", 1, "network"), ("b", 1, None)]
    columns = "record_code, subject_id, subject_on, batch_number, line_number, by_batch_number, by_line_number"
    assert rows_of(bench, "core_superseded", columns) == [("contact", "a", on(1), first, 2, second, 2)]


def test_a_correction_that_moves_a_row_takes_it_from_its_old_day(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [contact("a", at(1)), contact("b", at(1))])
    load(home, bench, on(1))
    arrive(home, bench, on(9), [contact("a", at(8))])
    report = load(home, bench, on(9))
    assert held(bench, "contact_id, extract(day from started_on)") == [("a", 8), ("b", 1)]
    assert (report.records[0].days_rebuilt, report.records[0].rows) == (2, 2)


def test_a_chain_of_moves_is_followed_to_its_end(home: Home, bench: Workbench) -> None:
    for arrived, day in ((1, 1), (5, 4), (9, 8)):
        arrive(home, bench, on(arrived), [contact("a", at(day)), contact(f"other-{day}", at(day))])
        load(home, bench, on(arrived))
    found = held(bench, "contact_id, extract(day from started_on)")
    assert found == [("a", 8), ("other-1", 1), ("other-4", 4), ("other-8", 8)]


def test_a_move_farther_than_the_window_is_not_looked_for(home: Home, bench: Workbench) -> None:
    near = Home(home.root, {**home.settings, WINDOW_SETTING: "2"})
    arrive(home, bench, on(1), [contact("a", at(1))])
    load(near, bench, on(1))
    arrive(home, bench, on(9), [contact("a", at(4))])
    core.load(near, bench, [on(9)])
    assert held(bench, "extract(day from started_on)") == [(1,), (4,)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param({"updated": None}, {"updated": at(1)}, id="a version without source time is the oldest"),
        pytest.param({"updated": at(2)}, {"updated": at(3)}, id="the later source time wins"),
    ],
)
def test_the_source_s_own_time_decides_first(home: Home, bench: Workbench, earlier: Row, later: Row) -> None:
    arrive(home, bench, on(4), [contact("a", at(1), topic_code="later", **later)])
    arrive(home, bench, on(5), [contact("a", at(1), topic_code="earlier", **earlier)])
    load(home, bench, on(4), on(5))
    assert held(bench) == [("a", 1, "later")]


def test_without_source_times_arrival_then_batch_then_line_decide(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(5), [contact("arrival", at(1), topic_code="later")])
    arrive(home, bench, on(4), [contact(key, at(1), topic_code="earlier") for key in ("arrival", "batch")])
    two = [contact("line", at(1), topic_code="earlier"), contact("line", at(1), topic_code="later")]
    arrive(home, bench, on(4), [contact("batch", at(1), topic_code="later"), *two])
    load(home, bench, on(4), on(5))
    assert held(bench) == [("arrival", 1, "later"), ("batch", 1, "later"), ("line", 1, "later")]


def test_a_quarantined_version_replaces_nothing_and_is_not_replaced(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [contact("a", at(1), topic_code="good")])
    number = arrive(home, bench, on(2), [contact("a", at(1), topic_code="bad"), contact("b", at(2))])
    put_aside(bench, number, on(2), [2])
    load(home, bench, on(1), on(2))
    assert held(bench) == [("a", 1, "good"), ("b", 2, None)]
    assert rows_of(bench, "core_superseded", "*") == []


def test_a_row_refused_later_leaves_the_core_when_its_day_is_loaded_again(home: Home, bench: Workbench) -> None:
    number = arrive(home, bench, on(1), [contact("a", at(1)), contact("b", at(1))])
    load(home, bench, on(1))
    put_aside(bench, number, on(1), [2])
    load(home, bench, on(1))
    assert held(bench, "contact_id") == [("b",)]


def test_a_batch_that_has_not_passed_its_gate_does_not_slip_in(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [contact("a", at(1))])
    arrive(home, bench, on(2), [contact("a", at(1), topic_code="not yet"), contact("b", at(1))])
    load(home, bench, on(1))
    assert held(bench) == [("a", 1, None)]
    load(home, bench, on(2))
    assert held(bench) == [("a", 1, "not yet"), ("b", 1, None)]


def test_rows_of_a_batch_that_was_read_again_leave_their_old_day(home: Home, bench: Workbench) -> None:
    number = arrive(home, bench, on(2), [contact("a", at(1)), contact("b", at(2))])
    load(home, bench, on(2))
    read_again(bench, number, on(2), [contact("a", at(2)), contact("b", at(2))])
    load(home, bench, on(2))
    assert held(bench, "contact_id, extract(day from started_on)") == [("a", 2), ("b", 2)]


def test_the_changes_of_a_day_are_every_version_of_what_arrived(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [contact("a", at(1), customer_id="c-1"), contact("b", at(1), customer_id="c-2")])
    arrive(home, bench, on(3), [contact("a", at(2), customer_id="c-9")])
    load(home, bench, on(1), on(2), on(3))
    columns = "extract(day from arrived_on), extract(day from subject_on), subject_id, customer_id"
    assert rows_of(bench, "core_change", columns) == [
        (1, 1, "a", "c-1"),
        (1, 1, "b", "c-2"),
        (1, 2, "a", "c-9"),
        (3, 1, "a", "c-1"),
        (3, 2, "a", "c-9"),
    ]


def test_a_snapshot_of_customers_has_a_row_for_each_month(home: Home, bench: Workbench) -> None:
    january, february = ({"customer_id": "c-1", "month_on": dt.date(2024, month, 1)} for month in (1, 2))
    arrive(home, bench, on(1), [january, february, january | {"city_code": "hz"}], record="customer")
    load(home, bench, on(1))
    found = rows_of(bench, "core_customer", "extract(month from month_on), city_code")
    assert found == [(1, "hz"), (2, None)]


def test_a_record_without_customer_loads(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [{"plan_id": "p", "submitted_on": on(1)}], record="marketing_plan")
    load(home, bench, on(1))
    assert rows_of(bench, "core_change", "record_code, subject_id, customer_id") == [("marketing_plan", "p", None)]


def test_a_load_marks_its_batches_and_every_day_asked(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [contact("a", at(1))])
    arrive(home, bench, on(3), [contact("b", at(3))])
    load(home, bench, on(1), on(2))
    assert [batch.status_code for batch in operations.batches(home.database_url)] == ["core_loaded", "loaded"]
    assert operations.loaded_dates(home.database_url) == [on(1), on(2)]


def test_a_batch_that_comes_while_a_load_runs_is_left_to_the_next_one(
    home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own day's, registered between the reading of the batches and the end of the load."""
    read = arrive(home, bench, on(1), [contact("a", at(1))])
    replace = bench.lake.replace

    def late(table: str, *arguments: Any, **others: Any) -> bool:
        monkeypatch.undo()
        arrive(home, bench, on(1), [contact("b", at(1))])
        return replace(table, *arguments, **others)

    monkeypatch.setattr(bench.lake, "replace", late)
    core.load(home, bench, [on(1)])
    marked = {batch.batch_number: batch.status_code for batch in operations.batches(home.database_url)}
    assert marked == {read: "core_loaded", read + 1: "loaded"}
    assert held(bench, "contact_id") == [("a",)]
    load(home, bench, on(1))
    assert {batch.status_code for batch in operations.batches(home.database_url)} == {"core_loaded"}
    assert held(bench, "contact_id") == [("a",), ("b",)]


def test_a_batch_that_is_read_again_while_a_load_runs_is_left_to_the_next_one(
    home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = arrive(home, bench, on(1), [contact("a", at(1))])
    replace = bench.lake.replace

    def mended(table: str, *arguments: Any, **others: Any) -> bool:
        monkeypatch.undo()
        read_again(bench, number, on(1), [contact("a", at(1), topic_code="mended")])
        operations.mark_loaded(home.database_url, {number: Counts(lines=1, accepted=1)})
        return replace(table, *arguments, **others)

    monkeypatch.setattr(bench.lake, "replace", mended)
    core.load(home, bench, [on(1)])
    assert [batch.status_code for batch in operations.batches(home.database_url)] == ["loaded"]
    load(home, bench, on(1))
    assert held(bench) == [("a", 1, "mended")]


@pytest.mark.parametrize("order", ORDERS)
def test_any_order_of_arrivals_gives_the_same_core(home: Home, bench: Workbench, order: list[int]) -> None:
    for day in (1, 2, 3):
        rows = [contact("moved", at(day), topic_code=str(day)), contact(f"own-{day}", at(day)), contact("late", at(1))]
        arrive(home, bench, on(day), rows)
    for day in order:
        load(home, bench, on(day))
    owned = [(f"own-{day}", day, None) for day in (1, 2, 3)]
    assert held(bench) == [("late", 1, None), ("moved", 3, "3"), *owned]


def test_a_repeated_load_changes_nothing(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [contact("a", at(1)), contact("a", at(1), topic_code="x")])
    tables = ("core_contact", "core_superseded", "core_change")
    load(home, bench, on(1))
    once = [rows_of(bench, table, "*") for table in tables]
    load(home, bench, on(1))
    assert [rows_of(bench, table, "*") for table in tables] == once


@pytest.mark.parametrize("last", ["core_change", "core_superseded", "core_contact"])
def test_rows_of_a_load_that_died_leave_when_their_batch_was_read_otherwise_since(
    home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    """It died after this table's commit, before the batch was marked as loaded."""
    number = arrive(home, bench, on(2), [contact("a", at(1)), contact("b", at(2)), contact("b", at(2))])
    replace = bench.lake.replace

    def dying(table: str, *arguments: Any, **others: Any) -> bool:
        replace(table, *arguments, **others)
        if table == last:
            raise KeyboardInterrupt
        return True

    with monkeypatch.context() as patch:
        patch.setattr(bench.lake, "replace", dying)
        with pytest.raises(KeyboardInterrupt):
            core.load(home, bench, [on(2)])
    read_again(bench, number, on(2), [contact("c", at(2)), contact("d", at(1))])
    operations.mark_loaded(home.database_url, {number: Counts(lines=2, accepted=2)})
    load(home, bench, on(2))
    assert held(bench, "contact_id, extract(day from started_on)") == [("c", 2), ("d", 1)]
    assert rows_of(bench, "core_superseded", "*") == []
