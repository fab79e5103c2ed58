"""Every line of the files is accounted for, and every kind of dirt is where the account says."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import duckdb
import pytest

from mend.foundation.schema import RECORDS
from mend.simulate import gbk_copy, without_column
from mend.simulate.lines import DIRT


def lines(file: Path) -> list[str]:
    return gzip.decompress(file.read_bytes()).decode().splitlines()


def test_each_file_has_the_lines_that_the_account_says(world: Path, delivered: duckdb.DuckDBPyConnection) -> None:
    account = delivered.execute("select arrived_on, record_code, row_count from files").fetchall()
    assert {(str(day), record): count for day, record, count in account} == {
        (file.parent.name, file.name.removesuffix(".csv.gz")): len(lines(file)) - 1 for file in world.glob("*/*.csv.gz")
    }


def test_rows_in_are_accepted_superseded_rejected_or_quarantined(delivered: duckdb.DuckDBPyConnection) -> None:
    assert (
        delivered.execute("""
        select * from files
        where row_count <> accepted_count + superseded_count + rejected_count + quarantined_count""").fetchall()
        == []
    )


@pytest.mark.parametrize("record", ["contact", "ticket", "survey_reply", "callback_booking", "repair_action"])
def test_as_many_rows_are_accepted_as_there_are_sound_keys(
    world: Path, delivered: duckdb.DuckDBPyConnection, record: str
) -> None:
    """Rejected and quarantined rows have keys of their own, so the other keys are exactly the accepted rows."""
    rows = [row for file in world.glob(f"*/{record}.csv.gz") for row in csv.reader(lines(file)[1:])]
    keys = {row[0] for row in rows if row[0] and not row[0].startswith("X")}
    query = "select sum(accepted_count) from files where record_code = ?"
    assert delivered.execute(query, [record]).fetchall() == [(len(keys),)]


@pytest.mark.parametrize("record", DIRT)
def test_every_kind_of_dirt_occurs(delivered: duckdb.DuckDBPyConnection, record: str) -> None:
    query = "select distinct kind from dirt where record_code = ?"
    assert {kind for (kind,) in delivered.execute(query, [record]).fetchall()} == set(DIRT[record])


def test_a_planted_line_stands_where_the_account_says(world: Path, delivered: duckdb.DuckDBPyConnection) -> None:
    query = "select arrived_on, record_code, line_number, kind, subject_id from dirt where subject_id is not null"
    for day, record, number, kind, subject in delivered.execute(query).fetchall():
        line = lines(world / str(day) / f"{record}.csv.gz")[number - 1]
        assert line.removeprefix('"').startswith(subject), (day, record, number, kind)


def test_broken_lines_are_broken_and_an_open_quote_is_on_the_last_line(
    world: Path, delivered: duckdb.DuckDBPyConnection
) -> None:
    width = len(RECORDS["contact"].columns) + 1
    widths = {"too_few_fields": width - 3, "too_many_fields": width + 1}
    query = "select arrived_on, line_number, kind from dirt where record_code = 'contact'"
    for day, number, kind in delivered.execute(query).fetchall():
        text = lines(world / str(day) / "contact.csv.gz")
        if kind == "open_quote":
            assert (number, text[-1].count('"')) == (len(text), 1)
        else:
            assert len(next(csv.reader([text[number - 1]]))) == widths.get(kind, width)


def test_headers_are_the_contracts_columns(world: Path) -> None:
    for record, contract in RECORDS.items():
        if record == "customer_alias":  # the simulated customers never merge
            continue
        header = lines(world / "2026-05-01" / f"{record}.csv.gz")[0]
        assert header.split(",") == [*(column.name for column in contract.columns), "updated_at"]


def test_a_late_row_comes_one_to_five_days_after_its_own(delivered: duckdb.DuckDBPyConnection) -> None:
    late = delivered.execute("""
        select dirt.arrived_on - contact.started_at[:10]::date
        from dirt join contact on contact.contact_id = dirt.subject_id
        where dirt.record_code = 'contact' and dirt.kind = 'late_row'""").fetchall()
    assert {days for (days,) in late} == {1, 2, 3, 4, 5}


def test_a_corrected_row_comes_wrong_first_and_right_later(delivered: duckdb.DuckDBPyConnection) -> None:
    """A correction can move a contact to another customer and to another day."""
    moved = delivered.execute("""
        select
            dirt.kind, count(distinct customer_id), count(distinct started_at[:10]),
            count(distinct all_contact.arrived_on)
        from dirt join all_contact on contact_id = subject_id
        where dirt.kind in ('corrected_customer', 'corrected_day') group by dirt.kind, contact_id""").fetchall()
    assert set(moved) == {("corrected_customer", 2, 1, 2), ("corrected_day", 1, 2, 2)}


def test_tickets_are_sent_again_when_they_change(delivered: duckdb.DuckDBPyConnection) -> None:
    histories = delivered.execute("""
        with changed as (select distinct ticket_id, status_code, updated_at from all_ticket)
        select distinct list(status_code order by updated_at) from changed group by ticket_id""").fetchall()
    states = [states for (states,) in histories]
    assert ["open", "solved", "closed"] in states
    assert any("suspended" in each for each in states)
    assert any(each[:4] == ["open", "solved", "closed", "open"] for each in states)


def test_a_file_can_be_had_in_gbk_and_without_a_column(world: Path, tmp_path: Path) -> None:
    file = world / "2026-05-04" / "contact.csv.gz"
    assert gbk_copy(file, tmp_path).read_bytes().decode("gbk") == gzip.decompress(file.read_bytes()).decode()
    narrow = lines(without_column(file, "hold_seconds", tmp_path / "narrow"))
    assert "hold_seconds" not in narrow[0]
    assert len(narrow) > 50
    with pytest.raises(KeyError, match="has no column mood"):
        without_column(file, "mood", tmp_path)
