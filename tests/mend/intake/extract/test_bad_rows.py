"""Rows with a fault are rejected and counted, each with line, column and reason; the rows around them are loaded."""

from __future__ import annotations

import pytest
from tests.mend.intake.extract.desk import Desk, line, text

GOOD = line("G1")


# What is wrong with it: the line, the column that the reject names, the reason.
FAULTS = {
    "unknown code": (line(outcome="lost"), "outcome", "unknown_code"),
    "future date": (line(at="2026-05-02T00:00:00+08:00"), "started_at", "future_date"),
    "30 February": (line(at="2026-02-30T10:00:00+08:00"), "started_at", "bad_timestamp"),
    "hour 24": (line(at="2026-05-01T24:00:00+08:00"), "started_at", "bad_timestamp"),
    "day without time": (line(at="2026-05-01"), "started_at", "bad_timestamp"),
    "word for a time": (line(at="infinity"), "started_at", "bad_timestamp"),
    "foreign zone": (line(at="2026-05-01 08:00:00 America/New_York"), "started_at", "bad_timestamp"),
    "negative duration": (line(talk="-5"), "talk_seconds", "negative"),
    "12.7 is not rounded to 13": (line(talk="12.7"), "talk_seconds", "bad_number"),
    "1e3 is no whole number": (line(talk="1e3"), "talk_seconds", "bad_number"),
    "hexadecimal": (line(talk="0x1F"), "talk_seconds", "bad_number"),
    "too large": (line(talk="99999999999"), "talk_seconds", "bad_number"),
    "NULL means nothing unless configured": (line(talk="NULL"), "talk_seconds", "bad_number"),
    "id in scientific notation": (line(customer="6.02E+11"), "customer_id", "scientific_notation"),
    "id in short scientific notation": (line(customer="6E+11"), "customer_id", "scientific_notation"),
    "missing key": (line(key=""), "contact_id", "missing"),
    "missing time": (line(at=""), "started_at", "missing"),
    "too many fields": (line() + ",more", None, "column_count"),
    "too few fields": ("A1,700", None, "column_count"),
    "open quote": (line(note='"open'), None, "open_quote"),
    "text after the quote": (line(note='"shut"badly'), None, "bad_quote"),
    "null byte": (line(note="a\x00b"), None, "control_character"),
}


def test_a_bad_row_is_rejected_with_line_column_and_reason_and_its_neighbours_are_loaded(desk: Desk) -> None:
    bad = [each for each, _, _ in FAULTS.values()]
    desk.write(text(*(each for number, fault in enumerate(bad) for each in (line(f"G{number}"), fault))))
    loaded = desk.load()
    found = dict(zip(FAULTS, loaded.rejects, strict=True))
    assert found == {
        fault: (3 + 2 * number, column, reason) for number, (fault, (_, column, reason)) in enumerate(FAULTS.items())
    }
    assert [row[:2] for row in loaded.rows] == [(2 + 2 * number, f"G{number}") for number in range(len(bad))]
    assert loaded.report.counts()["contact"] == {
        "files": 1,
        "known": 0,
        "accepted": len(bad),
        "rejected": len(bad),
        "outside": 0,
        "repaired": 0,
    }


def test_the_reject_keeps_file_value_every_reason_and_the_row_as_it_came(desk: Desk) -> None:
    bad = 'A1,700,2026-05-01T08:00:00+08:00,lost,-5,"said ""no"", twice"'
    desk.write(text(bad))
    desk.load()
    columns = "file_name, gate_code, column_name, bad_value, reason_code, reasons, raw_row"
    reasons = "outcome: unknown_code; talk_seconds: negative"
    assert desk.rejects(columns) == [
        ("contact.csv", "parse", "outcome", "lost", "unknown_code", reasons, bad),
    ]


def test_an_open_quote_swallows_no_line_after_it(desk: Desk) -> None:
    desk.write(text(line("G1", note='"open'), *(line(f"G{number}") for number in range(2, 400))))
    loaded = desk.load()
    assert loaded.rejects == [(2, None, "open_quote")]
    assert len(loaded.rows) == 398


def test_an_open_quote_that_a_later_line_would_close_swallows_no_record_in_between(desk: Desk) -> None:
    desk.write(text(line("G1", note='"open'), line("G2"), line("G3", note='5"')))
    loaded = desk.load()
    assert loaded.rejects == [(2, None, "open_quote")]
    assert [row[:2] for row in loaded.rows] == [(3, "G2"), (4, "G3")]


def test_a_line_break_inside_quotes_belongs_to_its_record_which_keeps_its_first_line_number(desk: Desk) -> None:
    desk.write(text(line("G1", note='"first\nsecond\r\nthird"'), line("G2")))
    report = desk.load().report
    assert desk.rows("line_number, contact_id, note_text") == [(2, "G1", "first\nsecond\nthird"), (5, "G2", None)]
    lines = report.files[0].lines
    assert (lines.physical, lines.header, lines.staged, lines.continued) == (5, 1, 2, 2)


def test_a_line_of_20_mb_is_rejected_by_its_number_and_kept_in_part(desk: Desk) -> None:
    desk.write(text(GOOD, line(note="x" * 20_000_000), line("G2")))
    loaded = desk.load()
    assert loaded.rejects == [(3, None, "line_too_long")]
    assert [row[0] for row in loaded.rows] == [2, 4]
    assert desk.rejects("length(raw_row)") == [(4000,)]


def test_blank_lines_are_counted_and_lose_no_line_number(desk: Desk) -> None:
    desk.write(text(GOOD, "", "   ", line("G2"), ""))
    loaded = desk.load()
    assert [row[:2] for row in loaded.rows] == [(2, "G1"), (5, "G2")]
    assert loaded.report.files[0].lines.blank == 3


def test_full_width_digits_and_spaces_are_read_as_what_they_mean_but_texts_stay_as_written(desk: Desk) -> None:
    desk.write(text(line("　Ａ１ ", "７００", talk="３０", note=" ３０秒 "), line("A2", talk=" 12 ")))
    desk.load()
    assert desk.rows("contact_id, customer_id, talk_seconds, note_text") == [
        ("A1", "700", 30, " ３０秒 "),
        ("A2", "700", 12, None),
    ]


def test_leading_zeros_plus_signs_and_the_word_null_stay_in_ids(desk: Desk) -> None:
    desk.write(text(line("007", "+4479460000"), line("NULL", "NA")))
    desk.load()
    assert desk.rows("contact_id, customer_id") == [("007", "+4479460000"), ("NULL", "NA")]


def test_an_id_that_reads_like_none_or_like_a_fraction_is_kept_and_said(desk: Desk) -> None:
    """A customer NULL would be everybody who is unknown, and 120000000510.0 is what pandas writes of a column with
    empty cells.
    """
    customers = ["NULL", "nan", r"\N", "<NA>", "-", "120000000510.0", "70001.00", "1.0", "700", "nano", "NULL1", ""]
    desk.write(
        text(*(line(f"A{number}", customer) for number, customer in enumerate(customers)), line("B1", "NULL", talk="x"))
    )
    (words,) = desk.load().report.warnings
    assert words.startswith(str(desk.folder))
    assert "kept as they are: 7 of customer_id; name the empty ones under null_values" in words
    assert [each for (each,) in desk.rows("customer_id")] == [*customers[:-1], None]


def test_an_id_that_the_mapping_says_is_none_is_not_said_twice(desk: Desk) -> None:
    desk.write(text(line("A1", "NULL"), line("A2", "-"), line("A3", "700")))
    customer = {"from": "customer_id", "null_values": ["NULL"], "placeholders": ["-"]}
    loaded = desk.load(desk.source(lambda made: made["records"]["contact"]["columns"].update(customer_id=customer)))
    assert loaded.report.warnings == []
    assert desk.rows("customer_id") == [(None,), (None,), ("700",)]


@pytest.mark.parametrize("offset", ["+0000", "+00:00", "+00", "Z", " +0000", " Z", " +00:00"])
def test_an_offset_is_read_with_and_without_its_colon(desk: Desk, offset: str) -> None:
    """Java and Spark write +0800."""
    desk.write(text(line(at=f"2026-05-01T08:00:00.123{offset}")))
    desk.load()
    assert desk.rows("started_at::varchar") == [("2026-05-01 16:00:00.123+08",)]


def test_whole_numbers_may_have_signs_zeros_and_an_empty_fraction(desk: Desk) -> None:
    desk.write(text(*(line(f"A{place}", talk=talk) for place, talk in enumerate(["+5", "007", "12.0", "0", "-0"]))))
    desk.load()
    assert desk.rows("talk_seconds") == [(5,), (7,), (12,), (0,), (0,)]


def test_a_configured_null_value_empties_the_cell(desk: Desk) -> None:
    desk.write(text(line("A1", "NULL", talk="NULL")))
    source = desk.source(lambda made: made["records"]["contact"].update(null_values=["NULL"]))
    assert desk.load(source).rows == [(2, "A1", None, "answered", None)]


def test_times_with_an_offset_are_converted_and_others_are_of_the_source_s_zone(desk: Desk) -> None:
    desk.write(text(line("A1", at="2026-05-01T02:00:00+02:00"), line("A2", at="2026-05-01 08:00:00")))
    desk.load()
    assert desk.rows("epoch(started_at)::bigint, started_on::varchar") == [(1777593600, "2026-05-01")] * 2


def test_a_local_time_that_the_clocks_skip_is_rejected(desk: Desk) -> None:
    desk.write(text(line("A1", at="2026-03-08 02:30:00"), line("A2", at="2026-03-08 03:30:00")))
    source = desk.source(lambda made: made.update(zone="America/New_York"))
    loaded = desk.load(source)
    assert loaded.rejects == [(2, "started_at", "nonexistent_local_time")]
    assert desk.rows("epoch(started_at)::bigint") == [(1772955000,)]


def test_on_bad_null_keeps_the_row_and_counts_the_repaired_cell(desk: Desk) -> None:
    desk.write(text(line("A1", "6.02E+11", talk="-3"), line("A2", "0", talk="4")))
    columns = {
        "customer_id": {"from": "customer_id", "placeholders": ["0"], "on_bad": "null"},
        "talk_seconds": {"from": "talk_seconds", "on_bad": "null"},
    }
    source = desk.source(lambda made: made["records"]["contact"]["columns"].update(columns))
    loaded = desk.load(source)
    assert loaded.rows == [(2, "A1", None, "answered", None), (3, "A2", None, "answered", 4)]
    assert loaded.report.files[0].repaired == {"customer_id": 2, "talk_seconds": 1}


def test_a_late_row_goes_to_its_own_day(desk: Desk) -> None:
    desk.write(text(line("A1", at="2026-04-28T23:59:59+08:00")))
    desk.load()
    assert desk.rows("started_on::varchar, arrived_on::varchar") == [("2026-04-28", "2026-05-01")]
