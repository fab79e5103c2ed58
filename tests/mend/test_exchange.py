"""An exchange writes the files whose rows differ, and no others."""

from __future__ import annotations

import datetime as dt

import pytest

from mend.foundation.lake.filters import no_row
from mend.foundation.pipeline import exchange as exchanging
from mend.foundation.pipeline.exchange import Exchange, exchange
from mend.foundation.pipeline.workbench import Workbench

TABLE = "mart_exposure_day"
KEY = ["customer_id", "subject_on", "posted_on"]
Rows = list[tuple[str, int, int]]


@pytest.fixture(autouse=True, params=[0, 1000], ids=["part by part", "at once"])
def _no_file_is_small(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Every way of writing, the one for many rows too."""
    monkeypatch.setattr(exchanging, "SMALL_FILE_ROWS", 0)
    monkeypatch.setattr(exchanging, "MANY_ROWS", request.param)


def made(*rows: tuple[str, int, int]) -> str:
    """A query of exposure rows: customer, day of May, contacts."""
    values = ", ".join(f"('{customer}', {day}, {contacts})" for customer, day, contacts in rows)
    return (
        "select customer_id, make_date(2026, 5, day) as subject_on, make_date(2026, 5, day) as posted_on, contacts as "
        "contact_count, "
        "1 as incident_count, timestamptz '2026-05-01 10:00:00+08' as last_contact_at, 'c1' as last_contact_id "
        f"from (values {values}) as t(customer_id, day, contacts)"
    )


def fill(bench: Workbench, *files: str) -> None:
    """One file for each of the queries."""
    for query in files:
        bench.lake.replace(TABLE, no_row(), bench.write(TABLE, query))


def commit(bench: Workbench, result: Exchange) -> None:
    bench.lake.replace(TABLE, no_row(), result.coming, gone=result.going)


def rows(bench: Workbench) -> Rows:
    bench.view(TABLE)
    return bench.sql(f"select customer_id, day(subject_on), contact_count from {TABLE} order by all")


def exchanged(bench: Workbench, todo: str, new: str) -> Exchange:
    bench.execute(f"create or replace temp table todo as select unnest(string_split('{todo}', ' ')) as customer_id")
    return exchange(
        bench, TABLE, bench.lake.files(TABLE), "semi join todo on old.customer_id = todo.customer_id", new, KEY
    )


def test_rows_as_they_were_write_nothing(bench: Workbench) -> None:
    fill(bench, made(("anna", 1, 2), ("bert", 1, 1)))
    assert exchanged(bench, "anna", made(("anna", 1, 2))) == Exchange()


def test_only_the_file_of_a_changed_row_goes_and_its_other_rows_stay(bench: Workbench) -> None:
    fill(bench, made(("anna", 1, 2), ("bert", 1, 1)), made(("carl", 1, 4)))
    result = exchanged(bench, "anna carl", made(("anna", 1, 3), ("carl", 1, 4)))
    assert (len(result.going), result.first_on) == (1, dt.date(2026, 5, 1))
    commit(bench, result)
    assert rows(bench) == [("anna", 1, 3), ("bert", 1, 1), ("carl", 1, 4)]


def test_a_row_that_is_gone_goes(bench: Workbench) -> None:
    fill(bench, made(("anna", 1, 2), ("anna", 2, 1), ("bert", 1, 1)))
    commit(bench, exchanged(bench, "anna", made(("anna", 2, 1))))
    assert rows(bench) == [("anna", 2, 1), ("bert", 1, 1)]


def test_rows_that_are_only_added_come_as_a_file_of_their_own(bench: Workbench) -> None:
    fill(bench, made(("anna", 1, 2), ("bert", 1, 1)))
    result = exchanged(bench, "anna", made(("anna", 1, 2), ("anna", 2, 5)))
    assert (result.going, result.first_on) == ([], dt.date(2026, 5, 2))
    commit(bench, result)
    assert rows(bench) == [("anna", 1, 2), ("anna", 2, 5), ("bert", 1, 1)]


def test_rows_that_are_added_to_a_small_file_s_day_join_it(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench, made(("anna", 1, 2)), made(("anna", 2, 2)))
    monkeypatch.setattr(exchanging, "SMALL_FILE_ROWS", 1)
    commit(bench, exchanged(bench, "bert", made(("bert", 2, 5))))
    assert (rows(bench), len(bench.lake.files(TABLE))) == ([("anna", 1, 2), ("anna", 2, 2), ("bert", 2, 5)], 2)


def test_rows_that_come_where_nothing_was_are_added(bench: Workbench) -> None:
    result = exchanged(bench, "anna", made(("anna", 1, 2), ("anna", 2, 1)))
    assert (len(result.coming), result.going, result.first_on) == (2, [], dt.date(2026, 5, 1))
    commit(bench, result)
    assert rows(bench) == [("anna", 1, 2), ("anna", 2, 1)]
    assert bench.sql("select count(*) from exchange_added")[0][0] == 2


def many(file: int, *changed: tuple[int, int], without: int | None = None) -> str:
    """A query of twenty customers of a day, each with one contact, but for those changed: number, contacts."""
    counts = dict(changed)
    return made(*((f"{file}-{number:02}", 1, counts.get(number, 1)) for number in range(20) if number != without))


def test_of_a_file_with_many_rows_those_that_differ_are_deleted_where_they_lie(bench: Workbench) -> None:
    fill(bench, many(1), many(2))
    result = exchanged(bench, "1-03 2-05", f"{made(('1-03', 1, 7))}")
    assert [file.path for file in result.going] == [file.path for file in result.coming if file.deletes]
    assert (len(result.going), len(result.coming)) == (2, 3)
    commit(bench, result)
    assert rows(bench) == [(f"1-{number:02}", 1, 7 if number == 3 else 1) for number in range(20)] + [
        (f"2-{number:02}", 1, 1) for number in range(20) if number != 5
    ]
    assert bench.lake.row_count(TABLE) == 39


def test_rows_that_are_deleted_later_join_those_before(bench: Workbench) -> None:
    fill(bench, many(1))
    (stored,) = bench.lake.files(TABLE)
    commit(bench, exchanged(bench, "1-03", made(("1-03", 1, 7))))
    commit(bench, exchanged(bench, "1-03 1-04", made(("1-03", 1, 8), ("1-04", 1, 1))))
    commit(bench, exchanged(bench, "1-19", f"select * from ({made(('x', 1, 1))}) where false"))
    assert rows(bench) == [(f"1-{number:02}", 1, 8 if number == 3 else 1) for number in range(19)]
    (kept,) = [file for file in bench.lake.files(TABLE) if file.path == stored.path]
    assert bench.lake.rows_by_file(TABLE, [kept]) == {stored.path: (20, 2)}


def test_a_file_that_loses_many_rows_is_written_again(bench: Workbench) -> None:
    fill(bench, many(1))
    (stored,) = bench.lake.files(TABLE)
    for number in range(3):
        name = f"1-{number:02}"
        commit(bench, exchanged(bench, name, made((name, 1, 7))))
    assert rows(bench) == [(f"1-{number:02}", 1, 7 if number < 3 else 1) for number in range(20)]
    assert stored.path not in {file.path for file in bench.lake.files(TABLE)}
    assert all(file.deletes is None for file in bench.lake.files(TABLE))
