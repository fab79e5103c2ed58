"""Signs that nobody sees, texts that a spreadsheet protected, line ends and encodings of all kinds: read as meant, or
refused.
"""

from __future__ import annotations

import pytest
from tests.mend.intake.extract.desk import DAY, HEADER, Desk, line, text

from mend.intake.extract.cleaning import INVISIBLE
from mend.intake.extract.errors import EncodingError, HeaderError, NotDataError

AT = "2026-05-01T08:00:00+08:00"


def ids(desk: Desk) -> list[str]:
    return [each for (each,) in desk.rows("customer_id")]


def encoded(desk: Desk, encoding: str) -> object:
    return desk.source(lambda made: made["records"]["contact"].update(reader={"encoding": encoding}))


def test_invisible_signs_make_no_second_customer_and_are_counted_as_repaired(desk: Desk) -> None:
    dirty = [f"7{sign}00" for sign in INVISIBLE] + [
        "\u202d700\u202c",
        "\ufeff700",
        "7\u00ad00\u00a0",
        "\u2003700\u2028",
        "700",
    ]
    desk.write(text(*(line(f"A{number:03}", key) for number, key in enumerate(dirty))))
    report = desk.load().report
    assert set(ids(desk)) == {"700"}
    assert report.counts()["contact"]["rejected"] == 0
    assert report.files[0].repaired == {"customer_id": len(dirty) - 2}  # spaces at the edges are no repair
    assert report.counts()["contact"]["repaired"] == len(dirty) - 2


def test_invisible_signs_are_taken_out_of_codes_numbers_and_times_and_stay_in_notes(desk: Desk) -> None:
    note = '👨\u200d👩\u200d👧 soft\u00adhyphen ="0700"'
    desk.write(
        text(
            line(
                "A1",
                at=f"{AT}\u200b",
                outcome="\u200eanswered",
                talk="\ufeff30",
                note='"' + note.replace('"', '""') + '"',
            )
        )
    )
    loaded = desk.load()
    assert (loaded.rows, desk.rows("note_text")) == ([(2, "A1", "700", "answered", 30)], [(note,)])
    assert loaded.report.files[0].repaired == {"started_at": 1, "outcome": 1, "talk_seconds": 1}


def test_a_text_that_a_spreadsheet_protected_is_the_text(desk: Desk) -> None:
    protected = ['="0700"', '"=""0700"""', ' ="0700" ', "'0700", "`0700", "0700\t", "＝＂0700＂"]
    desk.write(text(*(line(f"A{number}", key, talk='="30"') for number, key in enumerate(protected))))
    loaded = desk.load()
    assert ids(desk) == ["0700"] * len(protected)
    assert [each[-1] for each in loaded.rows] == [30] * len(protected)
    repaired = loaded.report.files[0].repaired
    assert (repaired["customer_id"], repaired["talk_seconds"]) == (5, len(protected))


@pytest.mark.parametrize("before", ["", " ", "\t", "\u3000", "\u200b", "\x0c"])
def test_blanks_before_a_protected_text_or_an_error_hide_neither(desk: Desk, before: str) -> None:
    desk.write(text(line("A1", f"{before}'0700"), line("A2", f'{before}="0700"'), line("A3", f"{before}#N/A")))
    assert desk.load().rejects == [(4, "customer_id", "error_value")]
    assert ids(desk) == ["0700", "0700"]


@pytest.mark.parametrize("wide", ["＃Ｎ／Ａ", "＃REF！"])
def test_an_error_in_full_width_is_one(desk: Desk, wide: str) -> None:
    desk.write(text(line("A1"), line("A2", wide)))
    assert desk.load().rejects == [(3, "customer_id", "error_value")]


def test_what_only_looks_protected_stays_as_it_is(desk: Desk) -> None:
    plain = ["='0700'", "=0700", "O'Brien", "'tis", "a`b", "=A1"]
    desk.write(text(*(line(f"A{number}", key) for number, key in enumerate(plain))))
    assert desk.load().report.files[0].repaired == {}
    assert ids(desk) == plain


def test_a_repaired_cell_of_a_rejected_row_is_not_counted(desk: Desk) -> None:
    desk.write(text(line("A1", "7\u200b00", talk="x"), line("A2", "7\u200b00")))
    assert desk.load().report.files[0].repaired == {"customer_id": 1}


ERRORS = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#NV", "#WERT!", "#BEZUG!",
"#ЗНАЧ!", "#Н/Д",
          "#¿NOMBRE?", "#¡VALOR!", "#GETTING_DATA", "Err:502", "########"]  # fmt: skip


def test_what_a_spreadsheet_writes_for_an_error_is_no_customer_in_a_text_file_either(desk: Desk) -> None:
    desk.write(text(line("G"), *(line(f"A{number}", error, note="#N/A") for number, error in enumerate(ERRORS))))
    loaded = desk.load()
    assert loaded.rejects == [(number, "customer_id", "error_value") for number in range(3, len(ERRORS) + 3)]
    source = desk.source(lambda made: made["records"]["contact"].update(null_values=["#N/A"]))
    loaded = desk.load(source)
    assert [each[1:3] for each in loaded.rows] == [("G", "700"), ("A0", None)]


def test_a_line_break_or_control_character_inside_an_id_is_rejected_and_at_its_edge_cut_off(desk: Desk) -> None:
    desk.write(
        text(
            line("A1", '"700\n"'),
            line("A2", '"7\n00"'),
            line("A3", "7\x0b00"),
            line("A4", "\x0c700"),
            line("A5", "7\x1a00"),
        )
    )
    loaded = desk.load()
    assert loaded.rejects == [
        (4, "customer_id", "line_break"),
        (6, "customer_id", "control_character"),
        (8, "customer_id", "control_character"),
    ]
    assert [each[:3] for each in loaded.rows] == [(2, "A1", "700"), (7, "A4", "700")]


def test_signs_that_break_lines_elsewhere_break_none_here(desk: Desk) -> None:
    note = "a\x0bb\x0cc\u0085d\u2028e\u2029f"
    quoted = f'"{note}, ""g"""'
    desk.write(text(line("A1", note=note), line("A2", note=quoted), line("A3")))
    loaded = desk.load()
    assert [each[:2] for each in loaded.rows] == [(2, "A1"), (3, "A2"), (4, "A3")]
    assert desk.rows("note_text") == [(note,), (f'{note}, "g"',), (None,)]


LINES = [HEADER, line("A1", note='"x\ry"'), line("A2"), "ragged", line("A3")]


@pytest.mark.parametrize(
    ("ends", "last"),
    [("\r", "\r"), ("\r", ""), ("\r\n", "\r\n"), ("\n", ""), ("\r\r\n", "\r\r\n")],
    ids=["old Mac", "old Mac without a last one", "Windows", "Unix", "doubled return"],
)
def test_line_ends_of_every_kind_give_the_same_rows(desk: Desk, ends: str, last: str) -> None:
    lines = [each.replace("x\ry", "x" + ends + "y") for each in LINES]
    desk.write(ends.join(lines) + last)
    loaded = desk.load()
    assert [each[1] for each in loaded.rows] == ["A1", "A2", "A3"]
    assert [each[1:] for each in loaded.rejects] == [(None, "column_count")]
    counts = loaded.report.files[0].lines
    assert counts.physical == counts.accounted
    assert desk.rows("note_text")[0] == ("x\ny",)


def test_line_ends_may_change_within_a_file(desk: Desk) -> None:
    rest = f"{line('A4')}\r\n{line('A5', note='half' + chr(13) + 'line')}\n{line('A6')}"
    desk.write(f"{HEADER}\n{line('A1')}\r\n{line('A2')}\r{line('A3')}\r\r{rest}")
    loaded = desk.load()
    assert [each[:2] for each in loaded.rows] == [(2, "A1"), (3, "A2"), (4, "A3"), (6, "A4"), (7, "A5"), (8, "A6")]
    lines = loaded.report.files[0].lines
    assert (lines.physical, lines.blank) == (8, 1)
    assert desk.rows("note_text")[4] == ("half\nline",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_utf_16_is_read_with_its_mark_and_without(desk: Desk, encoding: str, mark: str) -> None:
    wanted = "utf-16-be" if encoding == "utf-16-be" else "utf-16-le"
    desk.write((mark + text(line("A1", note="网络慢"))).encode(wanted))
    desk.load(encoded(desk, encoding))
    assert desk.rows("contact_id, note_text") == [("A1", "网络慢")]


def test_utf_16_of_the_other_byte_order_is_found_by_its_zeros_or_refused(desk: Desk) -> None:
    desk.write(text(line("A1")).encode("utf-16-be"))
    assert [each[1] for each in desk.load(encoded(desk, "utf-16")).rows] == ["A1"]
    desk.write("网络慢".encode("utf-16-be"))
    with pytest.raises(EncodingError, match=r"2026-05-01/contact\.csv: utf-16 without a mark"):
        desk.load(encoded(desk, "utf-16"))


@pytest.mark.parametrize(
    ("written", "stated", "words"),
    [
        ("utf-16-be", "utf-16-le", "mark of utf-16-be"),
        ("utf-32-le", "utf-16", "mark of utf-32-le"),
        ("utf-8", "gbk", "mark of utf-8"),
        ("utf-8", "utf-16", "mark of utf-8"),
        ("utf-16-le", "gb18030", "mark of utf-16-le"),
    ],
)
def test_a_mark_that_speaks_against_the_stated_encoding_refuses_the_file(
    desk: Desk, written: str, stated: str, words: str
) -> None:
    desk.write(("\ufeff" + text(line("A1"))).encode(written))
    with pytest.raises(EncodingError, match=words):
        desk.load(encoded(desk, stated))


def test_utf_16_without_a_mark_in_place_of_utf_8_is_told(desk: Desk) -> None:
    desk.write(text(line("A1")).encode("utf-16-le"))
    with pytest.raises(
        NotDataError, match=r"2026-05-01/contact\.csv: not text in the stated encoding, it looks like utf-16-le"
    ):
        desk.load()


def test_a_mark_twice_is_no_part_of_the_header(desk: Desk) -> None:
    desk.write("\ufeff\ufeff" + text(line("A1")))
    assert [each[1] for each in desk.load().rows] == ["A1"]


def test_a_header_may_hold_signs_that_nobody_sees(desk: Desk) -> None:
    desk.write(
        text(line("A1"))
        .replace("customer_id", "\u200bcustomer\u2060_id\u00a0")
        .replace("outcome", "\u202aoutcome\u202c")
    )
    assert desk.load().rows == [(2, "A1", "700", "answered", 30)]
    desk.write(text(line("A1")).replace("customer_id", "customer\u200did"))
    with pytest.raises(HeaderError, match="lacks customer_id"):
        desk.load()


@pytest.mark.parametrize("encoding", ["gbk", "cp936", "gb2312", "gb18030"])
def test_a_chinese_file_of_windows_holds_the_euro_sign_and_the_characters_of_gb18030(desk: Desk, encoding: str) -> None:
    content = (
        text(line("A1", note="退E5，网络慢"), line("A2", note="𠮷野家㐀")).encode("gb18030").replace(b"E5", b"\x805")
    )
    desk.write(content)
    desk.load(encoded(desk, encoding))
    assert desk.rows("note_text") == [("退€5，网络慢",), ("𠮷野家㐀",)]
    desk.write(content.replace("网".encode("gbk"), b"\xff\xff"))
    with pytest.raises(EncodingError, match="line 2, byte"):
        desk.load(encoded(desk, encoding))


@pytest.mark.parametrize(
    ("stated", "note"),
    [("gbk", "网络很慢投诉账单"), ("big5", "網路很慢投訴帳單"), ("latin-1", "äöüßéè"), ("cp1252", "äöüßéè")],
)
def test_a_utf_8_file_is_not_read_as_what_it_is_not(desk: Desk, stated: str, note: str) -> None:
    desk.write(text(line("A1", note=note), line("A2", note=note)))
    with pytest.raises(EncodingError, match=r"sound utf-8|is not"):
        desk.load(encoded(desk, stated))
    desk.write(text(line("A1", note=note)).encode(stated))
    desk.load(encoded(desk, stated))
    assert desk.rows("note_text") == [(note,)]


def test_a_last_ctrl_z_is_no_line_and_no_part_of_one(desk: Desk) -> None:
    desk.write(text(line("A1", note="x")) + "\x1a")
    assert [each[:2] for each in desk.load().rows] == [(2, "A1")]
    later = DAY.replace(day=2)
    desk.write(text(line("B1", note="x")).rstrip("\n") + "\x1a\x1a", day=later)
    assert desk.load(days=[later]).report.counts()["contact"]["accepted"] == 1
    assert desk.rows("note_text") == [("x",), ("x",)]
    assert desk.rejects() == []


def test_null_bytes_cost_their_line_alone(desk: Desk) -> None:
    desk.write(text(line("A1"), line("A2", note="\x00"), line("A3")) + "\x00" * 40)
    loaded = desk.load()
    assert [each[1] for each in loaded.rows] == ["A1", "A3"]
    assert loaded.rejects == [(3, None, "control_character"), (5, None, "control_character")]


def test_a_file_of_1500_columns_is_read_and_its_rejects_keep_the_row(desk: Desk) -> None:
    more = ",".join(f"more_{number}" for number in range(1500))
    desk.write(f"{HEADER},{more}\n{line('A1')},{more}\n{line('A2', talk='x')},{more}\n")
    loaded = desk.load()
    assert [each[1] for each in loaded.rows] == ["A1"]
    assert desk.rejects("raw_row like 'A2,700,%more_299%', length(raw_row)") == [(True, 4000)]
