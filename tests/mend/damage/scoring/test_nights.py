"""Night after night: what a night may change of the day before, and the files that it leaves alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.mend.damage.scoring.rows import Row, put

from mend.damage.scoring import score
from mend.damage.scoring.contact_rules import ContactRules
from mend.damage.scoring.measured import EVERYTHING
from mend.damage.scoring.rules import load_rules
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline import exchange as exchanging
from mend.foundation.pipeline.workbench import Workbench

FIRST, SECOND, THIRD = (dt.date(2026, 5, day) for day in (10, 11, 12))


@pytest.fixture(autouse=True)
def _no_file_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "SMALL_FILE_ROWS", 0)


def contact(name: str, when: str, **columns: Any) -> Row:
    """A customer's contact, named after the customer and a number, at a time of the business zone."""
    return {
        "contact_id": name,
        "customer_id": name[:-1],
        "started_at": f"{when}+08:00",
        "outcome": "answered",
        "topic_code": "bill",
        **columns,
    }


def night(home: Home, bench: Workbench, day: dt.date, *rows: Row, loaded: list[dt.date]) -> None:
    """What arrives on a day, and its night."""
    put(bench, "contact", rows, arrived_on=day)
    score(home, bench, [day], loaded=loaded, provided=EVERYTHING)


def entries(bench: Workbench) -> list[tuple[str, int]]:
    bench.view("mart_damage_ledger")
    return bench.sql("select entry_id, points from mart_damage_ledger order by all")


def test_a_window_that_closed_adds_to_the_day_before_and_leaves_its_settled_file_alone(
    home: Home, bench: Workbench
) -> None:
    failed = {"outcome": "refused", "is_refused": 1}
    night(
        home, bench, FIRST, contact("anna1", "2026-05-10 10:00:00", is_wrong_answer=1, is_answered=1),
        contact("bert1", "2026-05-10 "
"11:00:00", **failed), contact("carl1", "2026-05-10 12:00:00", **failed), loaded=[FIRST],
    )  # fmt: skip
    assert entries(bench) == [("AGT-08:anna1", 5), ("CON-01:bert1", 3), ("CON-01:carl1", 3)]
    before = set(bench.lake.files("mart_damage_ledger"))
    # Somebody called Carl back in time; nobody called Bert.
    night(
        home, bench, SECOND, contact("carl2", "2026-05-11 09:00:00", direction_code="outbound"), loaded=[FIRST, SECOND]
    )
    assert entries(bench) == [("AGT-08:anna1", 5), ("CON-01:bert1", 3), ("CON-01:carl1", 3), ("CON-06:bert1", 3)]
    assert before <= set(bench.lake.files("mart_damage_ledger"))


def test_what_the_next_night_takes_back_lies_in_a_file_of_its_own(home: Home, bench: Workbench) -> None:
    """A call that dropped just before midnight, of a customer who was told something wrong, too: nobody calls them
    back.
    """
    dropped = contact("anna1", "2026-05-10 23:50:00", is_answered=1, is_dropped=1, is_wrong_answer=1)
    night(home, bench, FIRST, dropped, loaded=[FIRST])
    bench.view_files("mart_damage_ledger", bench.lake.files("mart_damage_ledger"), "written", with_place=True)
    written = dict(bench.sql("select entry_id, file_path from written"))
    assert written.keys() == {"AGT-01:anna1", "AGT-08:anna1"}
    night(
        home,
        bench,
        SECOND,
        contact("bert1", "2026-05-11 10:00:00", is_wrong_answer=1, is_answered=1),
        loaded=[FIRST, SECOND],
    )
    assert entries(bench) == [("AGT-03:anna1", 4), ("AGT-08:anna1", 5), ("AGT-08:bert1", 5)]
    left = {file.path for file in bench.lake.files("mart_damage_ledger")}
    assert written["AGT-08:anna1"] in left
    assert written["AGT-01:anna1"] not in left


def test_provisional_are_hits_for_want_of_something_and_those_that_give_way_to_a_later_decision() -> None:
    rules = ContactRules(load_rules()[0])
    assert rules.provisional() == {"CON-01", "CON-06", "AGT-01", "AGT-02", "AGT-09"}


def test_a_call_of_hours_that_dropped_counts_from_its_end(home: Home, bench: Workbench) -> None:
    """Three hours are more microseconds than fit in 32 bits."""
    dropped = contact("anna1", "2026-05-10 09:00:00", is_answered=1, is_dropped=1, talk_seconds=10_800)
    called_back = contact("anna2", "2026-05-10 12:20:00", direction_code="outbound")
    left_alone = contact("bert1", "2026-05-10 09:00:00", is_dropped=1, hold_seconds=9000)
    night(home, bench, FIRST, dropped, called_back, left_alone, loaded=[FIRST])
    assert entries(bench) == [("AGT-01:anna1", 3), ("AGT-03:bert1", 4), ("AGT-04:bert1", 2)]


def test_a_call_on_the_same_topic_after_midnight_reaches_back(home: Home, bench: Workbench) -> None:
    self_served = {"outcome": "self_served", "ivr_kind_code": "query", "ivr_result_code": "completed"}
    night(home, bench, FIRST, contact("anna1", "2026-05-10 23:50:00", **self_served), loaded=[FIRST])
    assert entries(bench) == []
    night(home, bench, SECOND, contact("anna2", "2026-05-11 00:10:00", is_answered=1), loaded=[FIRST, SECOND])
    assert entries(bench) == [("IVR-12:anna1", 3), ("RES-01:anna2", 3)]


@pytest.mark.parametrize("days", [1, 9])
def test_many_days_in_one_run_look_at_the_day_before_as_one_night_does(home: Home, bench: Workbench, days: int) -> None:
    self_served = {"outcome": "self_served", "ivr_kind_code": "query", "ivr_result_code": "completed"}
    before = contact("anna1", "2026-05-10 23:50:00", **self_served)
    night(home, bench, FIRST, before, loaded=[FIRST])
    late = contact("anna0", "2026-05-10 09:00:00", is_wrong_answer=1, is_answered=1, topic_code="tariff")
    put(bench, "contact", [late, before, contact("anna2", "2026-05-11 00:10:00", is_answered=1)], arrived_on=SECOND)
    run = [SECOND + dt.timedelta(days=number) for number in range(days)]
    score(home, bench, run, loaded=[FIRST, *run], provided=EVERYTHING)
    assert entries(bench) == [("AGT-08:anna0", 5), ("IVR-12:anna1", 3), ("RES-01:anna2", 3)]
    bench.view("mart_exposure_day")
    columns = "customer_id, subject_on, posted_on, contact_count, incident_count, last_contact_id"
    assert bench.sql(f"select {columns} from mart_exposure_day order by all") == [
        ("anna", FIRST, FIRST, 2, 2, "anna1"),
        ("anna", SECOND, FIRST, 1, 0, "anna2"),  # one incident over midnight
    ]


def test_a_correction_takes_back_what_its_first_version_gave_to_the_day_before(home: Home, bench: Workbench) -> None:
    self_served = {"outcome": "self_served", "ivr_kind_code": "query", "ivr_result_code": "completed"}
    night(home, bench, FIRST, contact("anna1", "2026-05-10 23:50:00", **self_served), loaded=[FIRST])
    night(home, bench, SECOND, contact("anna2", "2026-05-11 00:10:00", is_answered=1), loaded=[FIRST, SECOND])
    night(
        home,
        bench,
        THIRD,
        contact("anna2", "2026-05-11 00:10:00", is_answered=1, topic_code="roaming"),
        loaded=[FIRST, SECOND, THIRD],
    )
    assert entries(bench) == []


def test_a_late_contact_counts_with_what_came_before_and_after_it(home: Home, bench: Workbench) -> None:
    for day, name in ((FIRST, "anna1"), (THIRD, "anna3")):
        night(
            home, bench, day, contact(name, f"{day} 10:00:00"), loaded=[FIRST, THIRD][: [FIRST, THIRD].index(day) + 1]
        )
    assert entries(bench) == [("RES-01:anna3", 3)]
    night(
        home,
        bench,
        dt.date(2026, 5, 13),
        contact("anna2", "2026-05-11 10:00:00"),
        loaded=[FIRST, SECOND, THIRD, dt.date(2026, 5, 13)],
    )
    assert entries(bench) == [("RES-01:anna2", 3), ("RES-01:anna3", 3)]


def test_a_ticket_that_came_late_lifts_the_cap_of_the_day_after_too(home: Home, bench: Workbench) -> None:
    """An incident over midnight: 3 + 14 points on two days, capped at 15; without the first day's 3 nothing is
    capped.
    """
    hurt = {"is_wrong_answer": 1, "is_poor_attitude": 1, "hold_seconds": 130, "transfer_count": 2, "is_answered": 1}
    night(
        home,
        bench,
        FIRST,
        contact("anna1", "2026-05-10 23:50:00", is_answered=1, is_resolved=0, topic_code=None),
        loaded=[FIRST],
    )
    night(home, bench, SECOND, contact("anna2", "2026-05-11 00:05:00", topic_code=None, **hurt), loaded=[FIRST, SECOND])
    assert sum(points for _, points in entries(bench)) == 15
    ticket = {
        "ticket_id": "t1",
        "customer_id": "anna",
        "contact_id": "anna1",
        "kind_code": "enquiry",
        "opened_at": "2026-05-10 23:58:00+08:00",
    }
    put(bench, "ticket", [{**ticket, "closed_at": "2026-05-11 10:00:00+08:00"}], arrived_on=THIRD)
    night(home, bench, THIRD, contact("bert1", "2026-05-12 10:00:00"), loaded=[FIRST, SECOND, THIRD])
    assert {entry for entry, _ in entries(bench)} == {"AGT-04:anna2", "AGT-05:anna2", "AGT-07:anna2", "AGT-08:anna2"}


def test_a_ticket_whose_first_version_was_quarantined_answers_when_it_comes_again(home: Home, bench: Workbench) -> None:
    night(home, bench, FIRST, contact("anna1", "2026-05-10 10:00:00", is_answered=1, is_resolved=0), loaded=[FIRST])
    assert entries(bench) == [("AGT-09:anna1", 3)]
    ticket = {"ticket_id": "t1", "customer_id": "anna", "contact_id": "anna1", "kind_code": "enquiry"}
    ticket["opened_at"] = "2026-05-10 11:00:00+08:00"
    put(bench, "ticket", [ticket], arrived_on=SECOND)
    bench.view("core_ticket")
    version = (
        "select *, 'csv' as source_code, {} as batch_number, date '{}' as arrived_on, 7 as line_number, null as "
        "source_updated_at "
        "from core_ticket"
    )
    bench.replace("raw_ticket", f"{version.format(1, FIRST)} union all {version.format(2, SECOND)}", every_row())
    quarantined = (
        f"select 'ticket' as record_code, 'csv' as source_code, 1 as batch_number, date '{FIRST}' as arrived_on, "
        f"'a.csv' as file_name, "
        "7 as line_number, 'quality' as gate_code, null as column_name, null as bad_value, 'range' as reason_code, "
        "'tier: range' as reasons, null as raw_row"
    )
    bench.replace("core_quarantine", quarantined, every_row())
    score(home, bench, [SECOND], loaded=[FIRST, SECOND], provided=EVERYTHING)
    assert entries(bench) == []


def test_a_correction_settles_the_credits_of_its_subject_and_leaves_the_others(home: Home, bench: Workbench) -> None:
    night(home, bench, FIRST, contact("bert1", "2026-05-10 10:00:00", is_wrong_answer=1, is_answered=1), loaded=[FIRST])
    night(
        home,
        bench,
        SECOND,
        contact("anna1", "2026-05-11 09:00:00", is_wrong_answer=1, is_answered=1),
        loaded=[FIRST, SECOND],
    )
    call = {"action_code": "follow_up_call", "outcome_code": "resolved", "due_at": "2026-05-12 10:00:00+08:00"}
    repairs = [
        {
            **call,
            "repair_id": f"r-{name}",
            "customer_id": name,
            "contact_id": f"{name}1",
            "done_at": f"2026-05-12 {hour}:00:00+08:00",
        }
        for name, hour in (("anna", 11), ("bert", 12))
    ]
    put(bench, "repair_action", repairs)
    score(home, bench, [THIRD], loaded=[FIRST, SECOND, THIRD], provided=EVERYTHING)
    bert = [("AGT-08:bert1", 5), ("REP-01:r-bert", -5)]
    assert entries(bench) == sorted([*bert, ("AGT-08:anna1", 5), ("REP-01:r-anna", -5)])
    fourth = dt.date(2026, 5, 13)
    corrected = contact("anna1", "2026-05-11 09:00:00", transfer_count=2, is_answered=1)
    night(home, bench, fourth, corrected, loaded=[FIRST, SECOND, THIRD, fourth])
    assert entries(bench) == sorted([*bert, ("AGT-05:anna1", 2), ("REP-01:r-anna", -2)])
    assert bench.sql("select distinct subject_id from credit_subject") == [("anna1",)]


@pytest.mark.parametrize(
    "given",
    [{}, {"ticket": frozenset({"ticket_id", "customer_id", "opened_at", "closed_at"})}],
    ids=["nothing", "tickets"],
)
def test_a_source_that_carries_little_is_scored_as_far_as_it_reaches(
    home: Home, bench: Workbench, given: dict[str, frozenset[str]]
) -> None:
    put(bench, "contact", [contact("anna1", "2026-05-10 10:00:00", is_wrong_answer=1, is_answered=1)], arrived_on=FIRST)
    ticket = {
        "ticket_id": "t1",
        "customer_id": "anna",
        "kind_code": "complaint",
        "opened_at": "2026-05-10 10:00:00+08:00",
    }
    put(bench, "ticket", [ticket], arrived_on=FIRST)
    for days in ([FIRST], [FIRST, SECOND, THIRD]):
        score(home, bench, days, loaded=days, provided=given)
    assert entries(bench) == ([("RES-02:t1", 4)] if given else [])


def test_the_last_days_of_the_month_before_keep_their_measure(home: Home, bench: Workbench) -> None:
    """'Slow to grasp' compares a contact with the month before its own, also when a night of the month after looks at
    it again.
    """
    january, february, march = dt.date(2026, 1, 10), dt.date(2026, 2, 28), dt.date(2026, 3, 1)
    usual = [
        contact(f"{name}1", "2026-01-10 10:00:00", is_answered=1, talk_seconds=100) for name in ("carl", "dora", "emil")
    ]
    night(home, bench, january, *usual, loaded=[january])
    slow = [contact(f"{name}2", "2026-02-28 10:00:00", is_answered=1, talk_seconds=300) for name in ("anna", "bert")]
    night(home, bench, february, *slow, loaded=[january, february])
    assert entries(bench) == [("AGT-06:anna2", 2), ("AGT-06:bert2", 2)]
    put(bench, "contact", [contact("anna1", "2026-02-27 10:00:00", topic_code="tariff")], arrived_on=march)  # late
    called_again = contact("bert3", "2026-03-01 10:00:00", topic_code="tariff")
    for _ in range(2):  # the second time, the last day of February is looked at again for Bert, too
        night(home, bench, march, called_again, loaded=[january, february, march])
        assert entries(bench) == [("AGT-06:anna2", 2), ("AGT-06:bert2", 2)]
