"""Every kind of source gives the same rows: delimited, Excel, ODS, Parquet, JSON lines, a database."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas
import pytest
from sqlalchemy import text as sql
from tests.mend.intake.extract.desk import DAY, Desk, Loaded

from mend.foundation import operations
from mend.intake.extract.errors import ConfigError, CorruptFileError, DatabaseSourceError, HeaderError, NotDataError

COLUMNS = ["contact_id", "customer_id", "started_at", "outcome", "talk_seconds", "note_text"]
SOUND = ["007", "+4412", "2026-05-01T08:00:00+08:00", "answered", "30", "网络, 慢"]
BAD = ["A2", "700", "2026-05-01T08:00:00+08:00", "answered", "12.7", ""]


def reading(path: str, **reader: Any) -> Any:
    def change(made: dict[str, Any]) -> None:
        made["records"]["contact"].update(path=path, reader=reader)

    return change


def check(loaded: Loaded, desk: Desk, first_line: int = 2) -> None:
    assert desk.rows("contact_id, customer_id, started_at::varchar, talk_seconds, note_text") == [
        ("007", "+4412", "2026-05-01 08:00:00+08", 30, "网络, 慢")
    ]
    assert loaded.rejects == [(first_line + 1, "talk_seconds", "bad_number")]


@pytest.mark.parametrize(
    ("content", "reader"),
    [
        pytest.param(
            "\t".join(COLUMNS) + "\n" + "\t".join(SOUND) + "\n" + "\t".join(BAD), {"delimiter": "\t", "quote": None}
        ),
        pytest.param(
            "title\n" + "|".join(SOUND) + "\n" + "|".join(BAD) + "\n",
            {"delimiter": "|", "header": False, "names": COLUMNS, "skip_lines": 1},
        ),
        pytest.param(
            "\r\n".join(";".join(f"'{value}'" for value in row) for row in (COLUMNS, SOUND, BAD)),
            {"delimiter": ";", "quote": "'"},
        ),
    ],
    ids=["tabs", "positions", "single quotes"],
)
def test_delimited_text(desk: Desk, content: str, reader: dict[str, Any]) -> None:
    desk.write(content)
    check(desk.load(desk.source(reading("{business_date}/contact.csv", **reader))), desk)


def test_an_excel_sheet(desk: Desk) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("calls")
    for row in (["title"], COLUMNS, [*SOUND[:4], 30, SOUND[5]], [None] * 6, [*BAD[:4], 12.7, None]):
        sheet.append(row)
    path = desk.write(b"", "contact.xlsx")
    book.save(path)
    source = desk.source(reading("{business_date}/contact.xlsx", format="excel", sheet="calls", skip_lines=1))
    loaded = desk.load(source)
    assert loaded.report.files[0].lines.blank == 1
    check(loaded, desk, first_line=4)
    with pytest.raises(NotDataError, match="no sheet 'others'"):
        desk.load(desk.source(reading("{business_date}/contact.xlsx", format="excel", sheet="others")))
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(CorruptFileError, match=r"contact\.xlsx: no workbook"):
        desk.load(source)


def test_an_ods_sheet(desk: Desk) -> None:
    path = desk.write(b"", "contact.ods")
    pandas.DataFrame([SOUND, BAD], columns=COLUMNS).to_excel(path, engine="odf", index=False)
    check(desk.load(desk.source(reading("{business_date}/contact.ods", format="ods"))), desk)


def test_a_parquet_file(desk: Desk) -> None:
    path = desk.write(b"", "contact.parquet")
    duckdb.sql(
        "copy (select '007' contact_id, '+4412' customer_id, timestamptz '2026-05-01 00:00:00+00' started_at, "
        "'answered' outcome, 30.0::double talk_seconds, '网络, 慢' note_text union all "
        "select 'A2', '700', timestamptz '2026-05-01 00:00:00+00', 'answered', 12.7, null) "
        f"to '{path}' (format parquet)"
    )
    source = desk.source(reading("{business_date}/contact.parquet", format="parquet"))
    check(desk.load(source), desk, first_line=1)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CorruptFileError, match=r"contact\.parquet: no Parquet file"):
        desk.load(source)


def test_json_lines(desk: Desk) -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in (SOUND, BAD)]
    rows[0]["talk_seconds"] = 30  # type: ignore[assignment]
    lines = [*(json.dumps(row, ensure_ascii=False) for row in rows), '{"contact_id": "A3"', "[1]", ""]
    desk.write("\n".join(lines) + "\n", "contact.jsonl")
    loaded = desk.load(desk.source(reading("{business_date}/contact.jsonl", format="json_lines")))
    assert loaded.rejects[1:] == [(3, None, "bad_json"), (4, None, "bad_json")]
    check(Loaded(loaded.report, loaded.rows, loaded.rejects[:1]), desk, first_line=1)


def test_a_database_is_read_by_query_or_table_one_business_date_at_a_time(desk: Desk) -> None:
    url = desk.home.database_url
    with operations.transaction(url) as connection:
        connection.execute(sql(f"create table calls ({', '.join(f'{name} text' for name in COLUMNS)}, day date)"))
        places = ", ".join(f":{name}" for name in COLUMNS)
        for row in (SOUND, BAD):
            values = dict(zip(COLUMNS, row, strict=True))
            connection.execute(sql(f"insert into calls values ({places}, '2026-05-01')"), values)
            connection.execute(sql(f"insert into calls values ({places}, '2026-05-02')"), values)
    by_query = reading(
        "",
        format="database",
        connection="crm",
        query="select * from calls where day >= :from_day and day < :to_day order by contact_id",
    )
    check(desk.load(desk.source(by_query), paths=[], urls={"crm": url}), desk, first_line=1)
    again = desk.load(desk.source(by_query), paths=[], urls={"crm": url})
    assert again.report.files[0].is_known
    by_table = reading("", format="database", connection="crm", table="public.calls", day_column="day")
    next_day = DAY + dt.timedelta(days=1)
    assert (
        desk.load(desk.source(by_table), days=[next_day], paths=[], urls={"crm": url}).report.counts()["contact"][
            "accepted"
        ]
        == 1
    )
    with pytest.raises(ConfigError, match="connection crm gives no database URL"):
        desk.load(desk.source(by_table), paths=[])
    with pytest.raises(DatabaseSourceError, match="the query failed: OperationalError; is the database up") as caught:
        desk.load(desk.source(by_table), paths=[], urls={"crm": "postgresql+psycopg://me:secret@localhost:1/x"})
    assert "secret" not in str(caught.value)
    wrong = reading("", format="database", connection="crm", query="select * from nothing")
    with pytest.raises(DatabaseSourceError, match="UndefinedTable 42P01"):
        desk.load(desk.source(wrong), paths=[], urls={"crm": url})
    few = reading("", format="database", connection="crm", query="select 1 as one")
    with pytest.raises(HeaderError, match="lacks contact_id"):
        desk.load(desk.source(few), paths=[], urls={"crm": url})


def test_a_query_of_duckdb_reads_and_joins_files(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = desk.folder / "drop"
    folder.mkdir()
    (folder / "calls.csv").write_text(
        "id,customer,begun,talk\n007,+4412,2026-05-01 08:00:00,0:00:30\nA2,700,2026-05-02 08:00:00,0:00:40\n"
    )
    duckdb.sql(
        f"copy (select '007' as id, 'answered' as outcome, interval '26 hours' as held) to "
        f"'{folder / 'ends.parquet'}' (format parquet)"
    )
    query = (
        f"select calls.*, ends.outcome, ends.held from read_csv('{folder}/calls.csv', all_varchar = true) as calls "
        f"join '{folder}/ends.parquet' as ends using (id) where begun >= cast(:from_day as varchar) and begun < "
        f"cast(:to_day as varchar)"
    )

    def change(made: dict[str, Any]) -> None:
        columns = {
            "contact_id": "id",
            "customer_id": "customer",
            "started_at": "begun",
            "outcome": "outcome",
            "talk_seconds": {"from": "talk", "formats": "interval"},
            "hold_seconds": {"from": "held", "formats": "interval"},
        }
        made["records"]["contact"] = {
            "reader": {"format": "database", "url_env": "FILES_URL", "query": query},
            "columns": columns,
        }

    monkeypatch.setenv("FILES_URL", "duckdb:///:memory:")
    counts = desk.load(desk.source(change), days=[DAY, DAY + dt.timedelta(days=1)], paths=[]).report.counts()["contact"]
    assert (counts["accepted"], counts["rejected"]) == (1, 0)
    assert desk.rows("line_number, contact_id, customer_id, talk_seconds, hold_seconds") == [
        (1, "007", "+4412", 30, 93600)
    ]
    (folder / "calls.csv").unlink()
    with pytest.raises(DatabaseSourceError, match=r"centre\.contact: the query failed: "):
        desk.load(desk.source(change), paths=[])


def test_a_file_belongs_to_the_record_and_day_that_its_name_says(desk: Desk, tmp_path: Path) -> None:
    def dated(made: dict[str, Any]) -> None:
        made["records"]["contact"]["path"] = "calls_{business_date:%Y%m%d}*.csv"

    content = ",".join(COLUMNS) + "\n" + ",".join([*SOUND[:5], ""]) + "\n"
    path = tmp_path / "calls_20260501_final.csv"
    path.write_text(content, "utf-8")
    days = [DAY, DAY + dt.timedelta(days=1)]
    loaded = desk.load(desk.source(dated), days=days, paths=[path])
    assert loaded.report.files[0].day == DAY


def test_a_query_that_takes_longer_than_its_limit_is_ended(desk: Desk) -> None:
    slow = f"select {', '.join(f'cast(pg_sleep(60) as text) as {name}' for name in COLUMNS)}"

    def limited(described: dict[str, Any]) -> None:
        reading("", format="database", connection="crm", query=slow)(described)
        described["limits"] = {"max_query_seconds": 1}

    began = time.monotonic()
    with pytest.raises(DatabaseSourceError, match="the query failed"):
        desk.load(desk.source(limited), paths=[], urls={"crm": desk.home.database_url})
    assert time.monotonic() - began < 30
