"""A booking that comes by night, to its follow-up, its callback and what its customer says of it."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.mend.care.survey.desk import customer, drop, event, moment, open_account, reply, rows, sent
from tests.mend.damage.scoring.rows import put

from mend.care.followup import follow_up
from mend.care.service_events.night import take_night
from mend.care.survey import dispatch, read_replies
from mend.care.survey.report import month_report
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

DAY = dt.date(2026, 5, 11)
NIGHT = moment("2026-05-12 00:00")
BOOKED = {
    "booking_id": "B1",
    "customer_id": "anna",
    "contact_id": "C1",
    "requested_at": "2026-05-11 10:00:00",
    "called_back_at": "2026-05-11 15:00:00",
    "is_reached": "true",
}


@pytest.fixture
def desk(home: Home) -> Home:
    open_account(home)
    customer(home, "anna")
    home.scratch.mkdir(exist_ok=True, parents=True)
    return home


def tickets(home: Home) -> list[tuple[object, ...]]:
    return rows(home, "select follow_up_id, state_code, is_reached, is_solved, is_promise_kept from follow_up_ticket")


def test_a_booking_by_night_opens_the_follow_up_that_its_live_event_opens_and_only_one(
    desk: Home, bench: Workbench
) -> None:
    put(bench, "callback_booking", [{**BOOKED, "called_back_at": None, "is_reached": None}])
    take_night(desk, bench, [DAY], NIGHT)
    drop(desk, event("callback_booked:B1", "anna", "2026-05-11 10:00", "callback_booked", about_id="C1"))
    dispatch(desk, NIGHT)
    for _ in range(2):
        follow_up(desk, NIGHT)
        take_night(desk, bench, [DAY], NIGHT)
    assert tickets(desk) == [("booking:C1", "open", None, None, None)]
    due = rows(desk, "select due_at from follow_up_ticket")
    assert due == [(moment("2026-05-12 10:00"),)]  # within 24 h of the request


def test_a_callback_that_reached_its_customer_answers_the_follow_up_and_is_surveyed_once(
    desk: Home, bench: Workbench
) -> None:
    put(bench, "callback_booking", [BOOKED])
    take_night(desk, bench, [DAY], NIGHT)
    for hour in (0, 9, 10):
        dispatch(desk, NIGHT + dt.timedelta(hours=hour))
        follow_up(desk, NIGHT + dt.timedelta(hours=hour))
    assert tickets(desk) == [("booking:C1", "answered", True, None, True)]  # whether it is solved nobody said
    asked = rows(desk, "select survey_id, trigger_code, purpose_code from survey")
    assert asked == [("callback_made:C1", "callback_made", "hang_up")]


def test_a_callback_that_is_known_a_day_later_answers_the_follow_up_that_was_opened_before(
    desk: Home, bench: Workbench
) -> None:
    put(bench, "callback_booking", [{**BOOKED, "called_back_at": None, "is_reached": None}])
    take_night(desk, bench, [DAY], NIGHT)
    follow_up(desk, NIGHT)
    later = {**BOOKED, "called_back_at": "2026-05-12 15:00:00"}
    put(bench, "callback_booking", [later])
    after = NIGHT + dt.timedelta(days=1)
    take_night(desk, bench, [DAY + dt.timedelta(days=1)], after)
    follow_up(desk, after)
    [(_, state, is_reached, _, is_kept)] = tickets(desk)
    assert (state, is_reached, is_kept) == ("answered", True, False)  # 29 hours


def test_nobody_is_asked_about_a_callback_that_did_not_reach_them(desk: Home, bench: Workbench) -> None:
    put(bench, "callback_booking", [{**BOOKED, "is_reached": "false"}])
    take_night(desk, bench, [DAY], NIGHT)
    dispatch(desk, NIGHT + dt.timedelta(hours=9))
    follow_up(desk, NIGHT + dt.timedelta(hours=9))
    assert rows(desk, "select count(*) from survey") == [(0,)]
    assert [row[1] for row in tickets(desk)] == ["open"]


def test_what_they_say_of_the_callback_stands_beside_ordinary_calls(desk: Home, bench: Workbench) -> None:
    put(bench, "callback_booking", [BOOKED])
    take_night(desk, bench, [DAY], NIGHT)
    morning = NIGHT + dt.timedelta(hours=9, minutes=30)
    dispatch(desk, NIGHT + dt.timedelta(hours=9))
    sent(desk, "callback_made:C1", morning)
    dispatch(desk, morning + dt.timedelta(minutes=5))
    reply(desk, "9", morning + dt.timedelta(minutes=6))
    read_replies(desk, morning + dt.timedelta(minutes=7))
    month_report(desk, bench, "2026-05")
    bench.view("mart_callback_month")
    found = bench.sql(
        "select booked_count, reached_count, callback_asked_count, callback_answered_count, callback_satisfied_count, "
        "ordinary_asked_count, difference_share from mart_callback_month"
    )
    assert found == [(1, 1, 1, 1, 1, 0, None)]  # nobody rated an ordinary call: no difference is told
