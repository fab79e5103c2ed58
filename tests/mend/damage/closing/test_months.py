"""Which months are due after a run, and what the close of a month takes along."""

from __future__ import annotations

import datetime as dt

import pytest

from mend.damage.closing import due, to_close, to_list
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal, every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def days(first: str, last: str) -> list[dt.date]:
    return [day(first) + dt.timedelta(days=number) for number in range((day(last) - day(first)).days + 1)]


def scored(bench: Workbench, *of: str) -> None:
    """One customer with one contact on each of these days."""
    values = ", ".join(f"(date '{each}')" for each in of)
    bench.replace(
        "mart_exposure_day",
        f"""select 'c1' as customer_id, day as subject_on, day as posted_on, 1 as contact_count, 1 as incident_count,
            day::timestamptz as last_contact_at, 'k1' as last_contact_id from (values {values}) as v(day)""",
        every_row(),
    )


def changed(bench: Workbench, arrived: str, subject: str) -> None:
    bench.replace(
        "core_change",
        f"""select 'contact' as record_code, date '{arrived}' as arrived_on, date '{subject}' as subject_on,
            'k1' as subject_id, 'c1' as customer_id""",
        equal("arrived_on", arrived),
    )


def closed(bench: Workbench, *months: str, **contacts: int) -> None:
    """These months and no others are closed, with nobody damaged.

    Args:
        contacts: of the customer in a month, by its name in English; by default one in January and one in March.
    """
    counted = {"january": 1, "march": 1} | contacts
    counts = f"case m when '2026-01' then {counted['january']} when '2026-03' then {counted['march']} else 0 end"
    words = {
        "month": "m",
        "customer_id": "'c1'",
        "segment_code": "'none'",
        "is_closed": "true",
        "contact_count": counts,
    }
    chosen = [
        words.get(column.name, "false" if column.type == "boolean" else "0" if column.required else "null")
        for column in TABLES["mart_damage_month"].columns
    ]
    names = TABLES["mart_damage_month"].column_names
    columns = ", ".join(f"{value} as {name}" for value, name in zip(chosen, names, strict=True))
    values = ", ".join(f"('{month}')" for month in months)
    bench.replace("mart_damage_month", f"select {columns} from (values {values}) as v(m)", every_row())


def load(home: Home, first: str, last: str) -> None:
    operations.mark_core_loaded(home.database_url, days(first, last))


CASES = [
    # the run's days, the day of a changed row, due
    ("2026-01-30", "2026-01-30", None, []),
    ("2026-01-31", "2026-01-31", None, ["2026-01"]),
    ("2026-02-01", "2026-02-01", None, ["2026-01"]),  # windows that closed on the first still change the month before
    ("2026-02-02", "2026-02-02", None, ["2026-01"]),
    ("2026-02-03", "2026-02-03", None, []),
    ("2026-02-20", "2026-02-20", "2026-01-15", ["2026-01"]),  # a late row
    ("2026-01-01", "2026-02-28", None, ["2026-01", "2026-02"]),
    ("2026-01-01", "2026-03-01", None, ["2026-01", "2026-02"]),
]


@pytest.mark.parametrize(("first", "last", "late", "expected"), CASES)
def test_a_month_is_due_when_it_is_complete_and_may_have_changed(
    home: Home, bench: Workbench, first: str, last: str, late: str | None, expected: list[str]
) -> None:
    load(home, "2026-01-01", last)
    scored(bench, "2026-01-01", last)
    if late:
        changed(bench, last, late)
    assert due(home, bench, days(first, last)) == expected


def test_late_rows_make_every_complete_month_after_theirs_due(home: Home, bench: Workbench) -> None:
    load(home, "2026-01-01", "2026-03-31")
    scored(bench, "2026-01-01", "2026-03-31")
    changed(bench, "2026-03-20", "2026-01-15")
    assert due(home, bench, [day("2026-03-20")]) == ["2026-01", "2026-02", "2026-03"]


def test_no_month_before_the_first_scored_day_is_due(home: Home, bench: Workbench) -> None:
    load(home, "2026-03-01", "2026-03-31")
    scored(bench, "2026-03-01", "2026-03-31")
    changed(bench, "2026-03-31", "2025-11-11")
    assert due(home, bench, days("2026-03-01", "2026-03-31")) == ["2026-03"]


def test_nothing_is_due_in_an_empty_home(home: Home, bench: Workbench) -> None:
    assert due(home, bench, days("2026-03-01", "2026-03-31")) == []


@pytest.mark.parametrize(
    ("are_closed", "month", "expected"),
    [
        ([], "2026-01", ["2026-01"]),
        ([], "2026-03", ["2026-01", "2026-02", "2026-03"]),
        (["2026-01"], "2026-03", ["2026-02", "2026-03"]),
        (["2026-01", "2026-02", "2026-03"], "2026-02", ["2026-02", "2026-03"]),
        (["2026-01", "2026-03"], "2026-02", ["2026-02", "2026-03"]),
        ([], "2026-04", ["2026-04"]),  # nothing of it is scored: its own close will say so
    ],
)
def test_a_close_takes_open_months_before_and_closed_months_after(
    home: Home, bench: Workbench, are_closed: list[str], month: str, expected: list[str]
) -> None:
    scored(bench, "2026-01-05", "2026-03-31")
    if are_closed:
        closed(bench, *are_closed)
    assert to_close(home, bench, month) == expected


@pytest.mark.parametrize(("contacts", "expected"), [(1, ["2026-03"]), (2, ["2026-01", "2026-02", "2026-03"])])
def test_a_close_takes_closed_months_before_that_late_rows_changed_and_those_between(
    home: Home, bench: Workbench, contacts: int, expected: list[str]
) -> None:
    scored(bench, "2026-01-05", "2026-03-31")
    closed(bench, "2026-01", "2026-02", january=contacts)
    assert to_close(home, bench, "2026-03") == expected


def test_a_close_sees_a_contact_that_moved_from_one_customer_to_another(home: Home, bench: Workbench) -> None:
    scored(bench, "2026-01-05", "2026-02-28")
    closed(bench, "2026-01")
    assert to_close(home, bench, "2026-02") == ["2026-02"]
    bench.view("mart_exposure_day", as_name="counted")
    bench.replace("mart_exposure_day", "select * replace ('c2' as customer_id) from counted", every_row())
    assert to_close(home, bench, "2026-02") == ["2026-01", "2026-02"]


def test_lists_are_written_for_closed_months_that_changed_or_have_none(bench: Workbench) -> None:
    closed(bench, "2026-01", "2026-02", "2026-03")
    assert to_list(bench, "2026-02") == ["2026-01", "2026-02", "2026-03"]


def test_lists_are_written_for_months_whose_scores_are_not_the_list_s(bench: Workbench) -> None:
    closed(bench, "2026-01", "2026-02", "2026-03")
    bench.view("mart_damage_month", as_name="closed_month")
    damaged = "case when month = '2026-03' then 0 else 1 end::integer"
    bench.replace(
        "mart_damage_month", f"select * replace ({damaged} as level, {damaged} as score) from closed_month", every_row()
    )
    bench.view("mart_damage_month", as_name="scored_month")
    listed = {
        "month": "month", "city_code": "'nanjing'", "rank": "1", "customer_id": "customer_id", "level": "level",
        "segment_code": "'none'",
        "score": "case when month = '2026-01' then 2 else score end", "reasons_en": "''", "reasons_zh": "''",
    }  # fmt: skip
    columns = ", ".join(
        f"{listed.get(column.name, 'false' if column.type == 'boolean' else '0' if column.required else 'null')} as "
        f"{column.name}"
        for column in TABLES["mart_damage_list"].columns
    )
    bench.replace("mart_damage_list", f"select {columns} from scored_month", every_row())
    assert to_list(bench, "2026-03") == ["2026-01", "2026-03"]
