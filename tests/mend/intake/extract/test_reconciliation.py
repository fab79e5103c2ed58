"""Whatever the bytes, every physical line goes somewhere, and no fault of one line costs another."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.mend.intake.extract.desk import HEADER, SOURCE, line

from mend.foundation.schema import RECORDS
from mend.intake.extract import Source
from mend.intake.extract.convert import conversion
from mend.intake.extract.errors import EmptyFileError, NotDataError
from mend.intake.extract.lines import blocks
from mend.intake.extract.relation import Values, reading
from mend.intake.extract.staging import StagedFile
from mend.intake.extract.text_file import stage_text

CENTRE = Source.model_validate(yaml.safe_load(SOURCE))
DIRT = st.text(alphabet='",\n\r ab\t\x00\x1f，é', max_size=60)
# Faults that cost their own line alone; each with the number of records it makes, all of them rejected.
FAULTS = st.sampled_from(
    [line(note='"open'), "a,b", ",,,,,,,,", line(note='"x"y'), line(talk="-1"), line(at="never"), "\x00"]
)


def staged(content: bytes, folder: str) -> StagedFile:
    path = Path(folder) / "contact.csv"
    path.write_bytes(content)
    return stage_text(path, CENTRE.records["contact"], CENTRE.limits, Path(folder), "contact")


def converted(file: StagedFile) -> tuple[int, list[str]]:
    """Rows that DuckDB read, and the ids of those accepted."""
    made = conversion([file], CENTRE, RECORDS["contact"], "Asia/Shanghai", "files")
    with duckdb.connect() as engine:
        engine.execute(
            "create table files as select $path as path, 0 as file_number, date '2026-05-01' as own_day",
            {"path": str(file.rows)},
        )
        rows = engine.execute(f"select contact_id, reasons is null from ({made.query})", made.bound).fetchall()
        values = Values()
        rejects = engine.execute(reading([str(file.rejects)], ["reason", "raw"], values, 8000), values.bound).fetchall()
    assert len(rejects) == file.counts.rejected
    return len(rows), [key for key, is_accepted in rows if is_accepted]


def ended_by_returns(content: bytes) -> int:
    """Lines that end in a return alone: what is on both sides of it is a record by itself, or nothing."""
    found = 0
    for text in content.split(b"\n")[1:]:
        pieces = text.rstrip(b"\r").split(b"\r")
        records = [piece.count(b",") == HEADER.count(",") for piece in pieces if piece.strip() or b"," in piece]
        found += len(pieces) - 1 if b'"' not in text and len(records) > 1 and all(records) else 0
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(DIRT, max_size=12))
@example(['"\n', '"'])
@example(["a\rb,c"])
@example(["\r "])
@example([line("A1") + "\r" + line("A2") + "\r\r" + line("A3") + "\r", line("A4") + "\r "])
@example([line(note='"first\nsecond"')])
def test_random_dirt_loses_no_line(dirt: list[str]) -> None:
    content = "\n".join([HEADER, *dirt]).encode()
    with tempfile.TemporaryDirectory() as folder:
        file = staged(content, folder)
        counts = file.counts
        assert counts.physical == content.count(b"\n") + (not content.endswith(b"\n")) + ended_by_returns(content)
        assert counts.physical == counts.header + counts.blank + counts.continued + counts.staged + counts.rejected
        assert converted(file)[0] == counts.staged


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), FAULTS), max_size=30))
def test_a_fault_costs_its_own_line_alone(fates: list[str | None]) -> None:
    lines = [line(f"G{number}") if fault is None else fault for number, fault in enumerate(fates)]
    with tempfile.TemporaryDirectory() as folder:
        file = staged("\n".join([HEADER, *lines]).encode(), folder)
        assert file.counts.records == len(lines)
        assert sorted(converted(file)[1]) == sorted(f"G{number}" for number, fault in enumerate(fates) if fault is None)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_after_a_sound_header_are_read_or_refused(content: bytes) -> None:
    latin = CENTRE.model_copy(deep=True)
    reader = latin.records["contact"].reader.model_copy(update={"encoding": "latin-1"})
    record = latin.records["contact"].model_copy(update={"reader": reader})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contact.csv"
        path.write_bytes(HEADER.encode() + b"\n" + content)
        try:
            file = stage_text(path, record, latin.limits, Path(folder), "contact")
        except (NotDataError, EmptyFileError):
            return
        assert converted(file)[0] == file.counts.staged


def in_pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[place : place + size] for place in range(0, len(content), size))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_lines_come_out_the_same_however_the_bytes_are_cut(size: int) -> None:
    content = b"one\r\n\ntwo\n" + b"x" * 50 + b"\nthree\r\n" + b"y" * 30 + b"\n\n" + b"z" * 40
    found = [
        (block.first + place, text, block.is_too_long)
        for block in blocks(in_pieces(content, size), max_line_bytes=20)
        for place, text in enumerate(block.lines)
    ]
    assert found == [
        (1, b"one", False),
        (2, b"", False),
        (3, b"two", False),
        (4, b"x" * 20, True),
        (5, b"three", False),
        (6, b"y" * 20, True),
        (7, b"", False),
        (8, b"z" * 20, True),
    ]
