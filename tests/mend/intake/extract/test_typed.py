"""Values that come typed: whole numbers are written whole, and what is no id is rejected with the reason, in every kind
of source.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from sqlalchemy import text as sql
from tests.mend.intake.extract.desk import HEADER, Desk, Loaded, line, text

from mend.foundation import operations
from mend.intake.extract.errors import CorruptFileError

AT = "2026-05-01 08:00:00"
COLUMNS = HEADER.split(",")


def load(desk: Desk, name: str, reader: dict[str, Any], **columns: Any) -> Loaded:
    def change(made: dict[str, Any]) -> None:
        made["records"]["contact"].update(path=f"{{business_date}}/{name}", reader=reader)
        made["records"]["contact"]["columns"].update(columns)

    return desk.load(desk.source(change))


def parquet(desk: Desk, ids: Any, kind: Any = None, **columns: Any) -> Loaded:
    """Load a Parquet file with these customer ids."""
    path = desk.write(b"", "contact.parquet")
    given = ids if isinstance(ids, pyarrow.Array) else pyarrow.array(ids, kind)
    count = len(given)
    table = {
        "contact_id": [f"A{number}" for number in range(count)],
        "customer_id": given,
        "started_at": [AT] * count,
        "outcome": ["answered"] * count,
        "talk_seconds": [30] * count,
        "note_text": [""] * count,
    }
    pyarrow.parquet.write_table(pyarrow.table(table), path)
    return load(desk, "contact.parquet", {"format": "parquet"}, **columns)


def fates(desk: Desk) -> list[str]:
    """What became of each row in order: its customer id, or reason and value."""
    found = desk.rows("line_number, customer_id") + desk.rejects(
        "line_number, column_name || ' ' || reason_code || ' ' || bad_value"
    )
    return [fate for _, fate in sorted(found)]


PARQUET = {
    "double": (
        [120000000510.0, 7.0, 700.5, 2.0**53, 6.02e23, float("nan"), float("inf"), None],
        pyarrow.float64(),
        ["120000000510", "7", ("not_whole "
"700.5"), "inexact_number 9007199254740992.0", "inexact_number 6.02e+23", "not_whole nan",
         "not_whole inf", None],
    ),
    "float": ([700.0, 16777216.0], pyarrow.float32(), ["700", "inexact_number 16777216.0"]),
    "decimal": (
        [Decimal("120000000510.00"), Decimal("12345678901234567890.00"), Decimal("7.50")],
        pyarrow.decimal128(30, 2),
        ["120000000510", "12345678901234567890", "not_whole 7.50"],
    ),
    "integer": ([9007199254740993, -1], pyarrow.int64(), ["9007199254740993", "-1"]),
    "text": (["007", "=\"0700\"", "7\u200b00", "a\x00b", "a\nb"], pyarrow.string(),
             ["007", "0700", "700", "control_character ab", "line_break a\nb"]),
    "bytes": ([b"007", "网".encode(), b"\xff\x00", b"\x00\x01"], pyarrow.binary(),
              ["007", "网", "binary_value FF00", "binary_value 0001"]),
    "fixed bytes": ([b"\xff\x00\xff\x00"], pyarrow.binary(4), ["binary_value FF00FF00"]),
    "truth values": ([True, None], pyarrow.bool_(), ["boolean_value true", None]),
    "days": ([dt.date(2026, 5, 1)], pyarrow.date32(), ["date_value 2026-05-01"]),
    "times": ([dt.datetime(2026, 5, 1, 8)], pyarrow.timestamp("us"), ["date_value 2026-05-01 08:00:00"]),  # noqa: DTZ001
    "lists": ([["a", "b"], []], pyarrow.list_(pyarrow.string()), ["nested_value [a, b]", "nested_value []"]),
    "structs": ([{"a": 1}], pyarrow.struct([("a", pyarrow.int32())]), ["nested_value {'a': 1}"]),
    "dictionary": (["a", "b"], pyarrow.dictionary(pyarrow.int32(), pyarrow.string()), ["a", "b"]),
    "nothing": ([None], pyarrow.null(), [None]),
}  # fmt: skip


@pytest.mark.parametrize("kind", PARQUET)
def test_an_id_of_a_parquet_file_is_whole_or_rejected(desk: Desk, kind: str) -> None:
    values, type_, expected = PARQUET[kind]
    parquet(desk, values, type_)
    assert fates(desk) == [each if each is None or " " not in each else f"customer_id {each}" for each in expected]


def test_a_uuid_is_written_as_it_is_known(desk: Desk) -> None:
    key = uuid.UUID("12345678-1234-5678-1234-567812345678")
    storage = pyarrow.array([key.bytes], pyarrow.binary(16))
    parquet(desk, pyarrow.ExtensionArray.from_storage(pyarrow.uuid(), storage))
    assert fates(desk) == [str(key)]


def test_typed_numbers_still_are_numbers_and_times_are_times_whatever_the_formats(desk: Desk) -> None:
    path = desk.write(b"", "contact.parquet")
    at = dt.datetime(2026, 5, 1, 0, 30, tzinfo=dt.UTC)
    rows = {
        "contact_id": [1.0],
        "customer_id": ["7"],
        "started_at": [at],
        "outcome": ["answered"],
        "talk_seconds": [30.0],
        "note_text": [12.5],
    }
    pyarrow.parquet.write_table(pyarrow.table(rows), path)
    loaded = load(
        desk, "contact.parquet", {"format": "parquet"}, started_at={"from": "started_at", "formats": "%d.%m.%Y"}
    )
    assert loaded.rejects == []
    assert desk.rows("contact_id, talk_seconds, started_at::varchar, note_text") == [
        ("1", 30, "2026-05-01 08:30:00+08", "12.5")
    ]


def test_columns_that_differ_in_case_or_spaces_alone_are_not_mixed_up(desk: Desk) -> None:
    path = desk.write(b"", "contact.parquet")
    names = ["CUSTOMER_ID", *COLUMNS[:-1], " note_text "]
    values = ["wrong", "A1", "right", AT, "answered", 30, "x"]
    pyarrow.parquet.write_table(
        pyarrow.Table.from_arrays([pyarrow.array([value]) for value in values], names=names), path
    )
    load(desk, "contact.parquet", {"format": "parquet"})
    assert desk.rows("customer_id, note_text") == [("right", "x")]


@pytest.mark.parametrize("name", ["filename", "file_row_number", "line", "FILE_ROW_NUMBER", "file_number", "batch_day"])
def test_a_column_of_a_parquet_file_may_have_any_name(desk: Desk, name: str) -> None:
    path = desk.write(b"", "contact.parquet")
    table = {column: [value] * 2 for column, value in zip(COLUMNS, ["A1", "7", AT, "answered", "30", ""], strict=True)}
    pyarrow.parquet.write_table(pyarrow.table(table | {name: [70, 80]}), path)
    loaded = load(desk, "contact.parquet", {"format": "parquet"}, customer_id=name)
    assert [each[:3] for each in loaded.rows] == [(1, "A1", "70"), (2, "A1", "80")]


def test_a_parquet_file_of_1500_columns_is_read(desk: Desk) -> None:
    path = desk.write(b"", "contact.parquet")
    table = {name: [value, value] for name, value in zip(COLUMNS, ["A1", "7", AT, "answered", 30, ""], strict=True)}
    table |= {"talk_seconds": [30, -1]} | {f"more_{number}": [number, number] for number in range(1500)}
    pyarrow.parquet.write_table(pyarrow.table(table), path)
    loaded = load(desk, "contact.parquet", {"format": "parquet"})
    assert (len(loaded.rows), loaded.rejects) == (1, [(2, "talk_seconds", "negative")])
    path.write_bytes(b"PAR1" + path.read_bytes()[4:-200] + b"PAR1")
    with pytest.raises(CorruptFileError, match=r"2026-05-01/contact\.parquet: no Parquet file, or damaged"):
        load(desk, "contact.parquet", {"format": "parquet"})


JSON = {
    '"007"': "007",
    "7": "7",
    "12345678901234567890123": "12345678901234567890123",
    "120000000510.0": "120000000510",
    "1.39e10": "13900000000",
    "9007199254740993.0": "inexact_number 9007199254740992.0",
    "700.5": "not_whole 700.5",
    "true": "boolean_value true",
    "[1]": "nested_value [1]",
    '{"a":1}': 'nested_value {"a":1}',
    "null": None,
    r'"7\u200b00\u3000"': "700",
    r'"a\u0000b"': "control_character ab",
    r'"\u001cerror_value:x"': "control_character error_value:x",
    r'"=\"0700\""': "0700",
    r'"6.02E+11"': "scientific_notation 6.02E+11",
}


def test_an_id_of_json_lines_is_whole_or_rejected(desk: Desk) -> None:
    rest = f'"started_at": "{AT}", "outcome": "answered", "talk_seconds": 30.0, "note_text": "x"'
    lines = [f'{{"contact_id": "A{number}", "customer_id": {value}, {rest}}}' for number, value in enumerate(JSON)]
    twice = f'{{"contact_id": "B", "customer_id": 1, "customer_id": 2, {rest}}}'
    desk.write("\ufeff" + "\n".join([*lines, twice]), "contact.jsonl")
    loaded = load(desk, "contact.jsonl", {"format": "json_lines"})
    assert loaded.rejects[-1] == (len(JSON) + 1, None, "bad_json")
    assert fates(desk)[: len(JSON)] == [
        each if each is None or " " not in each else f"customer_id {each}" for each in JSON.values()
    ]
    assert loaded.report.files[0].repaired["customer_id"] == 2


def test_an_id_of_a_database_is_whole_or_rejected(desk: Desk) -> None:
    ids = {
        "cast(120000000510.00 as numeric(20, 2))": "120000000510",
        "cast(12345678901234567890.0 as numeric)": "12345678901234567890",
        "cast(7.50 as numeric(20, 2))": "not_whole 7.50",
        "cast('nan' as numeric)": "not_whole NaN",
        "cast(120000000510 as double precision)": "120000000510",
        "cast(1e20 as double precision)": "inexact_number 100000000000000000000",
        "true": "boolean_value 1",
        "date '2026-05-01'": "date_value 2026-05-01",
        "interval '26 hours 5 seconds'": "duration_value 26:00:05",
        "array['a']": "nested_value ['a']",
        "cast('{\"a\": 1}' as jsonb)": "nested_value {'a': 1}",
        "cast('12345678-1234-5678-1234-567812345678' as uuid)": "12345678-1234-5678-1234-567812345678",
        "cast('007' as bytea)": "007",
        "cast('\\xff00' as bytea)": "binary_value ff00",
        "'7' || chr(8203) || '00'": "700",
        "date 'infinity'": "nonexistent_date infinity",
        "timestamp '0044-03-15 BC'": "nonexistent_date 0044-03-15 00:00:00 BC",
        "timestamptz '-infinity'": "nonexistent_date -infinity",
        "cast('12345-01-01' as date)": "nonexistent_date 12345-01-01",
    }
    url = desk.home.database_url
    for number, (value, expected) in enumerate(ids.items()):
        rest = f"'{AT}' as started_at, 'answered' as outcome, 30.0 as talk_seconds, 'x' as note_text"
        query = f"select 'A' as contact_id, {value} as customer_id, {rest}"
        with operations.transaction(url) as connection:
            connection.execute(sql("drop view if exists calls"))
            connection.execute(sql(f"create view calls as {query.replace(':', chr(92) + ':')}"))

        def change(made: dict[str, Any], number: int = number) -> None:
            made.update(source=f"crm_{number}")
            made["records"]["contact"].update(
                reader={"format": "database", "connection": "crm", "query": "select * from calls"}
            )

        loaded = desk.load(desk.source(change), paths=[], urls={"crm": url})
        counts = loaded.report.counts()["contact"]
        fate = (
            desk.bench.sql(f"select customer_id from raw_contact where source_code = 'crm_{number}'")
            if counts["accepted"]
            else desk.bench.sql(
                f"select reason_code || ' ' || bad_value from core_quarantine where source_code = 'crm_{number}'"
            )
        )
        assert fate == [(expected,)], value


def test_a_separator_inside_a_database_s_value_splits_no_field(desk: Desk) -> None:
    url = desk.home.database_url
    query = (
        "select 'A' || chr(31) || 'B' as contact_id, '7' as customer_id, '2026-05-01T08:00:00' as started_at, "
        "'answered' as outcome, "
        "30 as talk_seconds, 'x' || chr(30) || 'y' as note_text"
    )

    def change(made: dict[str, Any]) -> None:
        made["records"]["contact"].update(reader={"format": "database", "connection": "crm", "query": query})

    loaded = desk.load(desk.source(change), paths=[], urls={"crm": url})
    assert loaded.rejects == [(1, None, "control_character")]


def test_text_files_keep_their_ids_to_the_letter(desk: Desk) -> None:
    ids = [
        "007",
        "120000000510.0",
        "1588291200.123",
        "6E11",
        "+86139",
        "1e5",
        "0x1F",
        "12345678901234567890",
        "#12",
        "#A",
    ]
    desk.write(text(*(line(f"A{number}", key) for number, key in enumerate(ids))))
    desk.load()
    assert [each for (each,) in desk.rows("customer_id")] == ids


def test_a_relative_name_of_a_parquet_file_needs_no_folder(tmp_path: Path) -> None:
    from mend.intake.extract.content import called

    assert called(Path("contact.csv")) == "contact.csv"
    assert called(tmp_path / "2026-05-01" / "contact.csv") == "2026-05-01/contact.csv"
