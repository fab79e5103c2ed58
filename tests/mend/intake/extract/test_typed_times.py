"""Typed instants, lengths of time and times in cells of their own: of sheets and of Parquet files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow
import pytest
from tests.mend.intake.extract.desk import Desk
from tests.mend.intake.extract.typed import AT, BASE, ERROR, local, parquet, sheet

INSTANT = "2026-05-01 08:00:00+08"


def test_counts_since_1970_typed_as_numbers_are_instants_and_typed_times_stay_times(desk: Desk) -> None:
    cells = [
        ["id", "at"],
        [1, 1777593600],
        [2, 1777593600.25],
        [3, "1777593600"],
        [4, local(AT)],
        [5, ERROR],
        [6, True],
        [7, 1777593600000],
        [8, dt.date(2026, 5, 1)],
    ]
    result = sheet(desk, cells, BASE | {"started_at": {"from": "at", "formats": "epoch_seconds"}})
    instants = [INSTANT, "2026-05-01 08:00:00.25+08", INSTANT, INSTANT]
    assert [each for (each,) in desk.rows("started_at::varchar")] == instants
    assert result.rejects == [
        (6, "started_at: error_value"),
        *((line, "started_at: bad_timestamp") for line in (7, 8, 9)),
    ]


@pytest.mark.parametrize(
    ("form", "kind", "values"),
    [
        ("epoch_seconds", pyarrow.float64(), [1777593600.0, 1777593600.5]),
        ("epoch_seconds", pyarrow.int64(), [1777593600, 1777593601]),
        ("epoch_milliseconds", pyarrow.float64(), [1777593600000.0, 1777593600500.0]),
        ("epoch_microseconds", pyarrow.int64(), [1777593600000000, 1777593600500000]),
        ("epoch_seconds", pyarrow.decimal128(20, 3), [Decimal("1777593600.000"), Decimal("1777593600.500")]),
        (
            "epoch_milliseconds",
            pyarrow.timestamp("ms", "UTC"),
            [local("2026-05-01 00:00:00+00:00"), local("2026-05-01 00:00:00.5+00:00")],
        ),
        ("epoch_milliseconds", pyarrow.timestamp("us"), [local(AT), local(f"{AT}.5")]),
    ],
)
def test_counts_since_1970_of_a_parquet_file_are_instants(desk: Desk, form: str, kind: Any, values: list[Any]) -> None:
    table = {"id": ["1", "2"], "at": pyarrow.array(values, kind)}
    result = parquet(desk, table, BASE | {"started_at": {"from": "at", "formats": form}})
    assert result.rejects == []
    second = (
        "2026-05-01 08:00:01+08" if kind == pyarrow.int64() and form == "epoch_seconds" else "2026-05-01 08:00:00.5+08"
    )
    assert desk.rows("started_at::varchar") == [(INSTANT,), (second,)]


SECOND = 1 / 86_400
LENGTHS = [
    # value, number format, formats → seconds or the reason
    (
        330 * SECOND,
        "[h]:mm:ss",
        {"": 330, "HH:MM:SS": 330, "MM:SS": 330, "HH:MM": 330, "seconds": 330, "interval": 330},
    ),
    (93_600 * SECOND, "[h]:mm", {"": 93600, "HH:MM:SS": 93600, "MM:SS": 93600}),
    (330 * SECOND, "mm:ss", {"": 330, "MM:SS": 330}),
    (330.5 * SECOND, "[h]:mm:ss", {"": "fraction_of_second", "HH:MM:SS": "fraction_of_second"}),
    (
        330 * SECOND,
        "h:mm:ss",
        {"": "bad_number", "HH:MM:SS": 330, "interval": 330, "MM:SS": "bad_duration", "seconds": "bad_duration"},
    ),
    (19_800 * SECOND, "h:mm", {"HH:MM": 19800, "HH:MM:SS": 19800, "MM:SS": "bad_duration"}),
    (330, "0", {"": 330, "seconds": 330, "HH:MM:SS": "bad_duration"}),
    (330.5, "0.0", {"": "bad_number", "seconds": "fraction_of_second"}),
    ("00:05:30", "@", {"": "bad_number", "HH:MM:SS": 330}),
    ("05:30", "@", {"MM:SS": 330, "HH:MM": 19800}),
    (ERROR, "General", {"": "error_value", "HH:MM:SS": "error_value"}),
    (-5 * SECOND, "[h]:mm:ss", {"": "negative", "interval": "negative"}),
    (46143.0, "yyyy-mm-dd", {"": "bad_number", "HH:MM:SS": "bad_duration"}),
]


@pytest.mark.parametrize("form", ["", "HH:MM:SS", "MM:SS", "HH:MM", "seconds", "interval"])
def test_lengths_typed_in_a_sheet_are_seconds_with_and_without_a_format(desk: Desk, form: str) -> None:
    cases = [(value, shape, meant[form]) for value, shape, meant in LENGTHS if form in meant]
    cells = [["id", "talk"], *([place, value] for place, (value, *_) in enumerate(cases))]
    formats = {f"B{place}": shape for place, (_, shape, _) in enumerate(cases, 2)}
    result = sheet(
        desk, cells, BASE | {"talk_seconds": {"from": "talk", **({"formats": form} if form else {})}}, formats=formats
    )
    found: dict[int, Any] = dict(desk.rows("line_number, talk_seconds")) | dict(result.rejects)
    meant = [each if isinstance(each, int) else f"talk_seconds: {each}" for *_, each in cases]
    assert [found[place + 2] for place in range(len(cases))] == meant


def test_a_length_is_no_count_and_parts_of_a_second_are_rounded_where_said(desk: Desk) -> None:
    cells = [["id", "talk", "hops"], [1, 330.5 * SECOND, 2], [2, 12.5, 330 * SECOND]]
    formats = {"B2": "[h]:mm:ss", "C3": "[h]:mm:ss"}
    result = sheet(
        desk, cells, BASE | {"talk_seconds": {"from": "talk", "round": True}, "transfer_count": "hops"}, formats=formats
    )
    assert desk.rows("talk_seconds, transfer_count") == [(331, 2)]
    assert result.rejects == [(3, "transfer_count: bad_number")]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("form", ["", "HH:MM:SS", "MM:SS"])
def test_a_length_of_a_parquet_file_is_in_seconds_whatever_its_unit(desk: Desk, unit: str, form: str) -> None:
    lengths = [dt.timedelta(minutes=5, seconds=30), dt.timedelta(days=1, hours=2), None, dt.timedelta(seconds=-5)]
    table = {"id": ["1", "2", "3", "4"], "talk": pyarrow.array(lengths, pyarrow.duration(unit))}
    result = parquet(desk, table, BASE | {"talk_seconds": {"from": "talk", **({"formats": form} if form else {})}})
    assert desk.rows("talk_seconds") == [(330,), (93600,), (None,)]
    assert result.rejects == [(4, "talk_seconds: negative")]
    no_id = parquet(desk, table, BASE | {"contact_id": "talk"})
    assert no_id.rejects[-1] == (4, "contact_id: duration_value")


def test_seconds_between_typed_cells_and_between_days_and_times_in_cells_of_their_own(desk: Desk) -> None:
    cells = [
        ["id", "day", "from", "to", "end"],
        [1, dt.date(2026, 5, 1), dt.time(8), dt.time(8, 5, 30), local("2026-05-01 08:05:30")],
        [
            2,
            local("2026-05-01 09:00:00"),
            local("2026-05-01 08:00:00"),
            dt.time(8, 0, 10),
            local("2026-05-01 08:00:10"),
        ],
        [3, "2026-05-01", "08:00:00", dt.time(7), None],
        [4, dt.date(2026, 5, 1), ERROR, dt.time(8), ERROR],
        [5, dt.date(2026, 5, 1), None, dt.time(8), dt.date(2026, 5, 1)],
        [6, dt.date(2026, 5, 1), dt.time(8), dt.time(8), True],
        [7, None, None, None, "2026-05-01T00:00:40Z"],
    ]
    formats = {"B3": "yyyy-mm-dd", "C3": "h:mm:ss"}
    columns = BASE | {
        "talk_seconds": {"seconds_between": [["day", "from"], ["day", "to"]]},
        "queue_seconds": {"seconds_between": ["started", "end"], "optional": True},
        "hold_seconds": {"seconds_between": ["end", "end"], "on_bad": "null"},
    }
    result = sheet(desk, cells, columns, formats=formats)
    assert desk.rows("contact_id, talk_seconds, queue_seconds, hold_seconds") == [
        ("1", 330, None, 0),
        ("2", 10, None, 0),
        ("6", 0, None, None),
        ("7", None, None, 0),
    ]
    assert result.rejects == [
        (4, "talk_seconds: negative"),
        (5, "talk_seconds: error_value"),
        (6, "talk_seconds: empty_part (from)"),
    ]


def test_typed_times_are_of_the_zone_and_name_what_its_clocks_do_to_them(desk: Desk) -> None:
    cells = [
        ["id", "at", "from", "to"],
        [1, local("2025-11-02 03:30:00"), local("2025-11-02 00:30:00"), local("2025-11-02 02:30:00")],
        [2, local("2025-11-02 01:30:00"), None, None],
        [3, local("2026-03-08 02:30:00"), None, None],
        [4, local("2026-03-08 03:30:00"), local("2026-03-08 02:30:00"), local("2026-03-08 03:30:00")],
        [5, local("2025-11-02 03:30:00"), local("2025-11-02 00:50:00"), local("2025-11-02 01:10:00")],
    ]
    columns = BASE | {"started_at": "at", "talk_seconds": {"seconds_between": ["from", "to"]}}
    result = sheet(desk, cells, columns, zone="America/New_York")
    assert desk.rows("contact_id, epoch(started_at)::bigint, talk_seconds") == [
        ("1", 1762072200, 10800),
        ("2", 1762065000, None),
    ]
    assert result.rejects == [
        (4, "started_at: nonexistent_local_time"),
        (5, "talk_seconds: nonexistent_local_time"),
        (6, "talk_seconds: ambiguous_local_time"),
    ]
    assert result.report.files[0].ambiguous == {"started_at": 1}


def test_seconds_between_typed_times_of_a_parquet_file(desk: Desk) -> None:
    utc = dt.UTC
    table = {
        "id": ["1", "2", "3"],
        "from": pyarrow.array([local("2026-05-01 08:00:00")] * 3, pyarrow.timestamp("us")),
        "to": pyarrow.array(
            [dt.datetime(2026, 5, 1, 0, 0, 30, tzinfo=utc), None, dt.datetime(2026, 4, 30, tzinfo=utc)]
        ),
    }
    result = parquet(
        desk, table, BASE | {"talk_seconds": {"seconds_between": ["from", "to"], "formats": "%d.%m.%Y %H:%M"}}
    )
    assert desk.rows("contact_id, talk_seconds") == [("1", 30), ("2", None)]
    assert result.rejects == [(3, "talk_seconds: negative")]
