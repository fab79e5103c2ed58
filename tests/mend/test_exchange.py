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


def test_rows_that_come_where_nothing_was_are_added(bench: Workbench) -> None:
    result = exchanged(bench, "anna", made(("anna", 1, 2), ("anna", 2, 1)))
    assert (len(result.coming), result.going, result.first_on) == (2, [], dt.date(2026, 5, 1))
    commit(bench, result)
    assert rows(bench) == [("anna", 1, 2), ("anna", 2, 1)]
    assert bench.sql("select count(*) from exchange_added")[0][0] == 2
