"""Which months are due after a run, and what the close of a month takes along."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.mend.damage.closing.tables import close, exposure, ledger, month_rows
from tests.mend.damage.scoring.rows import put

from mend.damage.closing import due, to_close, to_list
from mend.damage.closing import month as month_module
from mend.damage.closing.months import stale_months
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal, one_of
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign import damage_list

THREE = ["2026-01", "2026-02", "2026-03"]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def days(first: str, last: str) -> list[dt.date]:
    return [day(first) + dt.timedelta(days=number) for number in range((day(last) - day(first)).days + 1)]


def scored(bench: Workbench, *of: str, customer: str = "c1") -> None:
    """One customer with one contact on each of these days."""
    lines = [f"{customer} | {each} 10:00:00 | k{each}" for each in of]
    exposure(bench, "\n".join(["customer_id | last_contact_at | last_contact_id", *lines]))


def changed(bench: Workbench, arrived: str, subject: str) -> None:
    bench.replace(
        "core_change",
        f"""select 'contact' as record_code, date '{arrived}' as arrived_on, date '{subject}' as subject_on,
            'k1' as subject_id, 'c1' as customer_id""",
        equal("arrived_on", arrived),
    )


def reopen(bench: Workbench, *months: str) -> None:
    """These months are not closed any more."""
    bench.lake.replace("mart_closed_month", one_of("month", months), [])


def load(home: Home, first: str, last: str) -> None:
    operations.mark_core_loaded(home.database_url, days(first, last))


CASES = [
    # the run's days, the day of a changed row, due
    ("2026-01-30", "2026-01-30", None, []),
    ("2026-01-31", "2026-01-31", None, ["2026-01"]),
    ("2026-02-01", "2026-02-01", None, []),  # windows that close on the first are decided and posted on the first
    ("2026-02-01", "2026-02-01", "2026-01-31", ["2026-01"]),  # a late row
    ("2026-02-20", "2026-02-20", "2026-01-15", ["2026-01"]),
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
    ("are_open", "month", "expected"),
    [
        (["2026-01", "2026-02", "2026-03"], "2026-01", ["2026-01"]),
        (["2026-01", "2026-02", "2026-03"], "2026-03", ["2026-01", "2026-02", "2026-03"]),
        (["2026-02", "2026-03"], "2026-03", ["2026-02", "2026-03"]),
        ([], "2026-02", ["2026-02", "2026-03"]),
        (["2026-02"], "2026-02", ["2026-02", "2026-03"]),
        ([], "2026-04", ["2026-04"]),  # nothing of it is scored: its own close will say so
    ],
)
def test_a_close_takes_open_months_before_and_closed_months_after(
    home: Home, bench: Workbench, are_open: list[str], month: str, expected: list[str]
) -> None:
    scored(bench, "2026-01-05", "2026-03-31")
    close(home, bench, *THREE)
    reopen(bench, *are_open)
    assert to_close(home, bench, month) == expected


def test_a_closed_month_is_stale_when_a_day_of_it_is_another(home: Home, bench: Workbench) -> None:
    scored(bench, "2026-01-05", "2026-02-05", "2026-03-31")
    close(home, bench, *THREE)
    assert stale_months(bench, THREE) == set()
    scored(bench, "2026-02-05", customer="c2")  # the contact moved to another customer
    assert stale_months(bench, THREE) == {"2026-02"}
    assert to_close(home, bench, "2026-03") == ["2026-02", "2026-03"]
    close(home, bench, "2026-02")
    assert stale_months(bench, THREE) == {"2026-03"}, "it carried over what February was before"
    close(home, bench, "2026-03")
    assert stale_months(bench, THREE) == set()


def january_ticket(**columns: Any) -> list[dict[str, Any]]:
    return [{"ticket_id": "t", "customer_id": "c1", "opened_at": "2026-01-07 10:00:00+08:00", **columns}]


@pytest.mark.parametrize(
    ("record", "rows", "is_stale"),
    [
        ("ticket", january_ticket(kind_code="complaint"), True),
        ("ticket", january_ticket(kind_code="enquiry"), False),
        ("ticket", january_ticket(kind_code="complaint", opened_at="2026-02-07 10:00:00+08:00"), False),
        ("customer_alias", [{"old_customer_id": "c1", "new_customer_id": "c2", "merged_on": "2026-01-31"}], True),
        ("customer_alias", [{"old_customer_id": "c1", "new_customer_id": "c2", "merged_on": "2026-02-01"}], False),
        ("customer", [{"customer_id": "c1", "month_on": "2026-01-01", "status_code": "left"}], True),
        ("customer", [{"customer_id": "c1", "month_on": "2026-02-01", "status_code": "left"}], False),
    ],
)
def test_a_closed_month_is_stale_when_other_things_are_known_of_it(
    home: Home, bench: Workbench, record: str, rows: list[dict[str, Any]], is_stale: bool
) -> None:
    scored(bench, "2026-01-05")
    close(home, bench, "2026-01")
    put(bench, record, rows)
    assert stale_months(bench, ["2026-01"]) == ({"2026-01"} if is_stale else set())


def test_a_later_state_of_a_ticket_leaves_its_month_as_it_was_closed(home: Home, bench: Workbench) -> None:
    scored(bench, "2026-01-05")
    put(bench, "ticket", january_ticket(kind_code="complaint"))
    close(home, bench, "2026-01")
    put(bench, "ticket", january_ticket(kind_code="complaint", closed_at="2026-02-03 10:00:00+08:00", reopen_count="1"))
    assert stale_months(bench, ["2026-01"]) == set()


def test_a_close_that_died_before_its_end_is_made_again(
    home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored(bench, "2026-01-05")
    close(home, bench, "2026-01")
    scored(bench, "2026-01-05", customer="c2")

    def die(*_: object) -> list[str]:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(month_module, "_write_indicators", die)
        with pytest.raises(SystemExit):
            close(home, bench, "2026-01")
    assert to_close(home, bench, "2026-02") == ["2026-02"], "nothing of February is known"
    scored(bench, "2026-02-05")
    assert to_close(home, bench, "2026-02") == ["2026-01", "2026-02"]
    close(home, bench, *to_close(home, bench, "2026-02"))
    assert month_rows(bench, "2026-01", "customer_id") == [("c2",)]


def test_lists_are_written_for_closed_months_that_changed_or_have_none(home: Home, bench: Workbench) -> None:
    scored(bench, "2026-01-05", "2026-03-31")
    close(home, bench, *THREE)
    assert to_list(bench, "2026-02") == THREE


def test_lists_are_written_for_months_whose_list_is_outdated(home: Home, bench: Workbench) -> None:
    def posted(points: int) -> None:
        ledger(
            bench,
            "customer_id | posted_at | indicator_id | points | subject_id\n"
            f"c1 | 01-05 10:00:00 | AGT-08 | {points} | k\nc1 | 02-05 10:00:00 | AGT-08 | 5 | j",
        )

    posted(5)
    close(home, bench, "2026-01", "2026-02")
    for month in ("2026-01", "2026-02"):
        damage_list(home, bench, month)
    assert to_list(bench, "2026-02") == ["2026-02"]
    posted(3)
    close(home, bench, "2026-01", "2026-02")
    assert to_list(bench, "2026-02") == ["2026-01", "2026-02"]
