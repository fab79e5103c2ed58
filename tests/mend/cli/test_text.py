"""Rows as aligned text and as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

from mend.cli.text import csv_line, table


def test_numbers_stand_to_the_right_and_chinese_is_two_columns_wide() -> None:
    text = table(["城市", "score"], [["南京", Decimal("1.50")], ["Xi'an", Decimal("12.00")], [None, None]])
    assert text.splitlines() == [
        "城市   score",
        "-----  -----",
        "南京    1.50",
        "Xi'an  12.00",
        "",
    ]


def test_a_line_break_or_a_terminals_order_in_a_value_does_nothing() -> None:
    assert table(["raw"], [["a\nb\x1b[31mc"]]).splitlines() == ["raw", "-------------", r"a\nb\x1b[31mc"]


def test_no_rows_are_a_header() -> None:
    assert table(["a", "b"], []) == "a  b\n-  -\n"


def test_csv_keeps_values_apart_and_null_from_text() -> None:
    moment = dt.datetime(2026, 3, 5, 16, 30, tzinfo=dt.UTC)
    line = csv_line(["a,b", 'say "x"', None, "", False, moment, [1, "上"]], "Asia/Shanghai")
    assert line == '"a,b","say ""x""",,,false,2026-03-06 00:30:00+08:00,"[1, ""上""]"\n'


def test_a_line_break_within_a_field_ends_no_row() -> None:
    values = ["a\rb", "c\nd", "e\r\nf", "\r", 'g"h']
    assert list(csv.reader(io.StringIO(csv_line(values), newline=""))) == [values]
