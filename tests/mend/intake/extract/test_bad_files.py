"""A file that is broken as a whole gives an error that names it and what to do, and leaves the lake as it was."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from tests.mend.intake.extract.desk import DAY, HEADER, Desk, line, text

from mend.intake.extract.errors import (
    CorruptFileError,
    EmptyFileError,
    EncodingError,
    HeaderError,
    MissingFileError,
    NotDataError,
    NothingFitsError,
    SeveralFailures,
    TooLargeError,
)

GOOD = text(*(line(f"A{number}") for number in range(2000)))


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


BROKEN = {
    "empty file": (b"", EmptyFileError, "is empty"),
    "blank file": (b"\n \n", EmptyFileError, "nothing but blank"),
    "empty gzip": (gzip.compress(b""), EmptyFileError, "is empty"),
    "HTML page": (b"<!DOCTYPE html><html><body>Log in</body></html>", NotDataError, "HTML"),
    "HTML page after blank lines": (b"\n\n <HTML>" + GOOD.encode(), NotDataError, "HTML"),
    "truncated gzip": (gzip.compress(GOOD.encode())[:-200], CorruptFileError, "cut short"),
    "truncated zip": (zipped(("a.csv", GOOD.encode()))[:-90], CorruptFileError, "cut short"),
    "corrupt zip": (b"PK\x03\x04garbage", CorruptFileError, "cut short or damaged"),
    "zip with two files": (zipped(("a", b"1"), ("b", b"2")), NotDataError, "holds 2 files"),
    "gzip bomb": (gzip.compress(b"0" * 30_000_000), TooLargeError, "zip bomb"),
    "zip bomb": (zipped(("a.csv", b"0" * 30_000_000)), TooLargeError, "zip bomb"),
    "UTF-16 instead of UTF-8": (GOOD.encode("utf-16"), EncodingError, "utf-16"),
    "GBK instead of UTF-8": (
        text(line(note="网络")).encode("gbk"),
        EncodingError,
        f"line 2, byte {len(text(line()))} ",
    ),
    "missing column": (GOOD.replace("talk_seconds", "talk").encode(), HeaderError, "lacks talk_seconds"),
    "other delimiter": (GOOD.replace(",", ";").encode(), HeaderError, "lacks contact_id"),
    "column twice": (GOOD.replace("outcome", "talk_seconds").encode(), HeaderError, "more than once"),
    "no header": (line().encode(), HeaderError, "lacks contact_id"),
    "title above": (
        ("话务报表,,,,,\n" + GOOD).encode(),
        HeaderError,
        "it has 话务报表[.] .* say skip_lines in its reader",
    ),
    "cut in a character": (
        GOOD.encode() + line(note="网络").encode()[:-1],
        EncodingError,
        "ends in the middle of a character of utf-8",
    ),
    "endless header": (b"x" * 3_000_000, HeaderError, "longer than a line"),
    "binary file": (b"\x00\x01\x02\x03", NotDataError, "not text"),
}


def test_a_broken_file_is_refused_with_its_name_and_nothing_is_loaded(desk: Desk, subtests: pytest.Subtests) -> None:
    for case, (content, error, words) in BROKEN.items():
        with subtests.test(case):
            desk.write(content)
            with pytest.raises(error, match=words) as caught:
                desk.load()
            assert "contact.csv" in str(caught.value)
    assert (desk.rows(), desk.rejects()) == ([], [])


NOTES = ["网络慢，客户投诉账单错误，要求退费", "客服态度差，问题没有解决", "宽带断线三天，工单超时未处理"] * 4


@pytest.mark.parametrize(
    ("content", "stated", "looks"),
    [
        pytest.param(
            text(*(line(note=note) for note in NOTES)).encode("gb18030"),
            "utf-8",
            "it looks like gb18030; ",
            id="gb18030",
        ),
        pytest.param(
            text(line(note="網路很慢，客戶投訴帳單錯誤")).encode("big5"), "utf-8", "it looks like big5", id="big5"
        ),
        pytest.param(
            text(line(note="Déjà vu à la carte, très désagréable")).encode("cp1252"), "utf-8", "cp1252; ", id="latin"
        ),
        pytest.param(text(*(line(note=note) for note in NOTES)).encode(), "ascii", "it looks like utf-8", id="utf-8"),
        pytest.param(
            text(line(note="网络")).encode("gbk"), "utf-8", "it looks like gb18030 or big5; ", id="too little to tell"
        ),
    ],
)
def test_a_file_in_another_encoding_is_refused_with_what_it_looks_like(
    desk: Desk, content: bytes, stated: str, looks: str
) -> None:
    desk.write(content)
    source = desk.source(lambda made: made["records"]["contact"].update(reader={"encoding": stated}))
    with pytest.raises(EncodingError, match=looks) as caught:
        desk.load(source)
    assert not set(str(caught.value)) & set("".join(NOTES))  # what customers said is nobody's business here
    assert desk.rows() == []


def test_a_damaged_file_in_the_stated_encoding_is_not_taken_for_another(desk: Desk) -> None:
    desk.write(text(*(line(note=note) for note in NOTES)).encode().replace("络".encode(), b"\xe7\xbb", 1))
    with pytest.raises(EncodingError, match=r"line 2, byte \d+ of the file is not utf-8; state") as caught:
        desk.load()
    assert "looks like" not in str(caught.value)


def test_a_missing_file_is_named_with_its_day(desk: Desk) -> None:
    (desk.folder / "inbox").mkdir()
    with pytest.raises(MissingFileError, match=r"2026-05-01/contact\.csv: the contact file of 2026-05-01 is not in"):
        desk.load()
    with pytest.raises(MissingFileError, match="no such file"):
        desk.load(paths=[Path("nowhere.csv")])


def test_a_missing_optional_file_is_no_fault(desk: Desk) -> None:
    (desk.folder / "inbox").mkdir()
    source = desk.source(lambda made: made["records"]["contact"].update(optional=True))
    assert desk.load(source).report.files == []


def test_a_missing_column_comes_with_the_likely_one(desk: Desk) -> None:
    desk.write(GOOD.replace("customer_id", "Customer_ID"))
    with pytest.raises(HeaderError, match=r"customer_id \(is Customer_ID meant\?\)"):
        desk.load()


def test_columns_are_found_by_name_wherever_they_stand_and_extra_ones_are_reported(desk: Desk) -> None:
    desk.write("outcome,extra,note_text,talk_seconds,started_at,customer_id,contact_id\n"
               "answered,?,,30,2026-05-01T08:00:00+08:00,700,A1\n")  # fmt: skip
    loaded = desk.load()
    assert loaded.rows == [(2, "A1", "700", "answered", 30)]
    place = desk.folder / "inbox" / str(DAY) / "contact.csv"
    assert loaded.report.warnings == [f"{place}: columns that nothing maps were left out: extra"]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(desk: Desk, mark: bytes, ends: bytes) -> None:
    desk.write(mark + text(line("A1"), line("A2")).encode().replace(b"\n", ends))
    assert [row[1] for row in desk.load().rows] == ["A1", "A2"]


def test_a_gbk_file_is_read_as_stated(desk: Desk) -> None:
    desk.write(text(line(note="网络慢，|投诉")).encode("gbk"))
    source = desk.source(lambda made: made["records"]["contact"].update(reader={"encoding": "gbk"}))
    desk.load(source)
    assert desk.rows("note_text") == [("网络慢，|投诉",)]


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped(("d/", b""), ("d/a.csv", content))])
def test_a_packed_file_is_known_by_its_content_not_its_name(desk: Desk, pack) -> None:  # type: ignore[no-untyped-def]
    desk.write(pack(GOOD.encode()))
    assert desk.load().report.counts()["contact"]["accepted"] == 2000


def test_a_file_of_which_no_row_fits_is_refused(desk: Desk) -> None:
    swapped = HEADER.replace("contact_id,customer_id,started_at", "started_at,customer_id,contact_id")
    desk.write(GOOD.replace(HEADER, swapped))
    with pytest.raises(
        NothingFitsError, match="none of its 2000 rows could be read, most for started_at: bad_timestamp"
    ):
        desk.load()
    assert desk.rejects() == []


def test_a_broken_file_stops_itself_alone_and_is_named_with_its_folder(desk: Desk) -> None:
    later = DAY.replace(day=2)
    desk.write(GOOD)
    broken = desk.write(b"", day=later)
    with pytest.raises(EmptyFileError, match=f"^{broken}: the file is empty"):
        desk.load(days=[DAY, later])
    assert len(desk.rows()) == 2000
    desk.write(GOOD.replace("A", "B"), day=later)
    assert len(desk.load(days=[DAY, later]).rows) == 4000


def test_several_broken_files_are_each_told_and_the_rest_is_loaded(desk: Desk) -> None:
    days = [DAY.replace(day=day) for day in (1, 2, 3, 4)]
    empty, page = desk.write(b"", day=days[0]), desk.write("<html><body>log in</body></html>", day=days[1])
    useless = desk.write(GOOD.replace("2026-05-01T", "nonsense"), day=days[2])
    desk.write(GOOD, day=days[3])
    with pytest.raises(SeveralFailures) as caught:
        desk.load(days=days)
    first, *others = str(caught.value).splitlines()
    assert first.startswith("3 deliveries of centre could not be loaded")
    assert sorted(words.split(": ")[0] for words in others) == sorted(map(str, (empty, page, useless)))
    assert len(desk.rows()) == 2000


def test_a_failure_is_of_the_day_whose_file_is_wrong_and_of_all_days_where_one_file_holds_them(desk: Desk) -> None:
    days = [dt.date(2026, 5, day) for day in (1, 2, 3)]
    desk.write(text(line()), day=days[0])
    desk.write(b"PK\x03\x04garbage", day=days[1])  # and none of day 3
    with pytest.raises(SeveralFailures) as caught:
        desk.load(days=days)
    found = caught.value.by_day(days)
    assert sorted(found) == days[1:]
    assert "2026-05-02/contact.csv: cut short" in found[days[1]]
    assert "2026-05-03/contact.csv: the contact file of 2026-05-03 is not in" in found[days[2]]
    desk.write(text(*(line(f"B{number}", at="soon") for number in range(30))), day=days[1])
    desk.write(text(line("C1", at="2026-05-03T08:00:00+08:00")), day=days[2])
    with pytest.raises(NothingFitsError) as caught:
        desk.load(days=days)
    assert list(caught.value.by_day(days)) == days[1:2]
    source = desk.source(lambda made: made["records"]["contact"].update(path="all.csv"))
    with pytest.raises(MissingFileError) as caught:
        desk.load(source, days)
    assert list(caught.value.by_day(days)) == days


def test_a_file_with_nothing_but_its_header_is_an_empty_delivery(desk: Desk) -> None:
    desk.write(text())
    counts = desk.load().report.counts()["contact"]
    assert (counts["files"], counts["accepted"], counts["rejected"]) == (1, 0, 0)


def test_errors_hold_no_value_of_the_data(desk: Desk) -> None:
    desk.write(text(*(line(customer="13900001111", at="secret") for _ in range(30))))
    with pytest.raises(NothingFitsError) as caught:
        desk.load()
    assert "13900001111" not in str(caught.value)
    assert "secret" not in str(caught.value)
