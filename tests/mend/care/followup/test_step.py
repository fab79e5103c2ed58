"""The follow-up step on the real database: from an answer to a closed ticket, woken and escalated by itself, each thing
once.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from tests.mend.care.survey.desk import customer, event, moment, rows, run

from mend.care import service_events
from mend.care.followup import Event, follow_up, record, tick
from mend.care.service_events import read_event
from mend.foundation import operations
from mend.foundation.home import Home

MONDAY = moment("2026-05-11 10:00")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def desk(home: Home) -> Home:
    home.prepare()
    people = [
        ("S1", "specialists", 1), ("S2", "specialists", 1), ("N1", "network", 1), ("N2", "network", 1),
        ("E1", "senior_specialists", 2),
              ("P1", "province", 3)]  # fmt: skip
    for handler, team, tier in people:
        run(
            home,
            "insert into follow_up_handler values (:id, :team, :tier, null, true)",
            id=handler,
            team=team,
            tier=tier,
        )
    return home


def answered(
    home: Home,
    survey_id: str,
    at: dt.datetime,
    solved: bool = False,
    trigger: str = "complex_topic_ended",
    about: str = "C1",
) -> None:
    """A customer answered a survey."""
    run(
        home,
        "insert into survey values (:id, :trigger, :purpose, 'service', true, true, 'e', 'A', '+8613800000001', "
"'Asia/Shanghai', 'zh', "
        "'mobile_data', 'suzhou', 'contact', :about, 'solved_1_7', '1990-01-01', :at, :at, :at, :at, 'answered', :at, "
"'01', :at, 1, "
        ":meaning, null, null, :solved)",
        id=survey_id, trigger=trigger, at=at, about=about, meaning="solved" if solved else "unsolved", solved=solved,
        purpose="complex_question" if trigger == "complex_topic_ended" else "second_follow_up",
    )  # fmt: skip


def happen(home: Home, *events: dict[str, object]) -> None:
    import json

    with operations.transaction(home.database_url) as connection:
        read = [read_event(json.dumps(each)) for each in events]
        service_events.record(connection, [each for each in read if isinstance(each, dict)], "live", MONDAY)


def ticket(home: Home, columns: str) -> tuple[object, ...]:
    ((found),) = rows(home, f"select {columns} from follow_up_ticket")
    return found


def notices(home: Home) -> list[tuple[str, dt.datetime]]:
    return [
        (kind, at)
        for kind, at in rows(home, "select kind_code, noticed_at from follow_up_notice order by noticed_at, kind_code")
    ]


def test_an_unsolved_answer_is_due_in_two_hours_escalates_at_the_limit_and_closes_when_the_customer_is_satisfied(
    desk: Home,
) -> None:
    answered(desk, "complex_topic_ended:C1", MONDAY)
    follow_up(desk, MONDAY + 5 * HOUR / 60)
    assert ticket(desk, "follow_up_id, state_code, tier, handler_id, due_at") == (
        "complex_question:C1", "open", 1, "S1", MONDAY + 2 * HOUR,
    )  # fmt: skip
    follow_up(desk, MONDAY + 3 * HOUR)
    second = dt.timedelta(seconds=1)
    assert ticket(desk, "tier, handler_id, phase_at, opened_at") == (2, "E1", MONDAY + 2 * HOUR + second, MONDAY)
    assert notices(desk) == [
        ("before_limit", MONDAY + 1.5 * HOUR), ("at_limit", MONDAY + 2 * HOUR), ("escalated",
        MONDAY + 2 * HOUR + second),
    ]  # fmt: skip
    assert record(desk, "complex_question:C1", Event("call 1", "answer", MONDAY + 4 * HOUR, is_reached=True)) is None
    assert rows(desk, "select event_id, kind_code, about_id from service_event") == [
        ("follow_up_answered:complex_question:C1:1", "follow_up_answered", "complex_question:C1#1")
    ]
    answered(
        desk,
        "follow_up_answered:complex_question:C1#1",
        MONDAY + 5 * HOUR,
        True,
        "follow_up_answered",
        "complex_question:C1#1",
    )
    follow_up(desk, MONDAY + 6 * HOUR)
    assert ticket(desk, "state_code, is_solved, is_promise_kept, closed_at") == (
        "closed",
        True,
        False,
        MONDAY + 5 * HOUR,
    )


def test_a_denied_answer_goes_up_until_the_third_tier(desk: Home) -> None:
    answered(desk, "complaint_archived:T1", MONDAY, trigger="complaint_archived", about="T1")
    follow_up(desk, MONDAY)
    assert ticket(desk, "tier, team_code, due_at") == (2, "senior_specialists", MONDAY + 48 * HOUR)
    record(desk, "second_follow_up:T1", Event("call", "answer", MONDAY + HOUR, is_reached=True))
    answered(desk, "fa", MONDAY + 2 * HOUR, False, "follow_up_answered", "second_follow_up:T1#1")
    follow_up(desk, MONDAY + 3 * HOUR)
    assert ticket(desk, "state_code, tier, team_code, handler_id, reopen_count") == ("open", 3, "province", "P1", 1)
    record(desk, "second_follow_up:T1", Event("call 2", "answer", MONDAY + 9 * HOUR, is_reached=True))
    assert record(desk, "second_follow_up:T1", Event("close", "close", MONDAY + 10 * HOUR)) is None
    assert ticket(desk, "state_code, is_promise_kept") == ("closed", True)


def test_a_suspended_ticket_wakes_by_itself_and_a_second_complaint_goes_to_the_same_handler(desk: Home) -> None:
    until = MONDAY + 200 * HOUR
    suspended = event(
        "e1",
        "A",
        "2026-05-11 10:00",
        "ticket_suspended",
        about_kind_code="ticket",
        about_id="T1",
        promised_at=until.isoformat(),
    )
    again = event("e2", "A", "2026-05-13 10:00", "complaint_filed", about_kind_code="ticket", about_id="T2")
    happen(desk, suspended, again)
    follow_up(desk, MONDAY + 49 * HOUR)
    assert ticket(desk, "state_code, handler_id, complaint_count, wake_at, due_at") == (
        "suspended",
        "N1",
        2,
        until,
        until,
    )
    assert ("complained_again", MONDAY + 48 * HOUR) in notices(desk)
    follow_up(desk, until + HOUR)
    assert ticket(desk, "state_code, handler_id, wake_at") == ("open", "N1", None)
    told = rows(
        desk, "select happened_at, promised_at from service_event where kind_code = 'follow_up_progress' order by 1"
    )
    assert told == []  # the step looked too seldom: a customer is not told of the past
    assert ("woken", until) in notices(desk)
    assert ("before_legal", MONDAY + dt.timedelta(days=13)) not in notices(desk)


def test_suspended_customers_hear_of_the_progress_every_third_day(desk: Home) -> None:
    until = MONDAY + 200 * HOUR
    happen(
        desk,
        event(
            "e1",
            "A",
            "2026-05-11 10:00",
            "ticket_suspended",
            about_kind_code="ticket",
            about_id="T1",
            promised_at=until.isoformat(),
        ),
    )
    for hours in (1, 73, 74, 150):
        follow_up(desk, MONDAY + hours * HOUR)
    told = rows(
        desk, "select happened_at, promised_at from service_event where kind_code = 'follow_up_progress' order by 1"
    )
    assert told == [(MONDAY + 72 * HOUR, until), (MONDAY + 144 * HOUR, until)]


def test_looked_at_every_five_minutes_or_once_too_late_the_history_is_the_same(desk: Home) -> None:
    def history() -> list[tuple[object, ...]]:
        return rows(desk, "select event_key, event_number, event_code, happened_at from follow_up_event order by 1, 2")

    answered(desk, "complex_topic_ended:C1", MONDAY)
    for minutes in range(0, 300, 5):
        follow_up(desk, MONDAY + minutes * HOUR / 60)
    often, told = history(), notices(desk)
    run(desk, "truncate follow_up_event, follow_up_ticket, follow_up_notice, follow_up_work")
    follow_up(desk, MONDAY + 295 * HOUR / 60)
    assert (history(), notices(desk)) == (often, told)


def test_a_second_step_of_the_same_moment_changes_nothing(desk: Home) -> None:
    answered(desk, "complex_topic_ended:C1", MONDAY)
    follow_up(desk, MONDAY + 3 * HOUR)
    before = rows(desk, "select * from follow_up_event order by 1"), notices(desk)
    again = follow_up(desk, MONDAY + 3 * HOUR)
    assert (again.answers, again.events, again.done.get("escalate")) == (0, 0, None)
    assert tick(desk.database_url, MONDAY + 3 * HOUR) == {"progress_told": 0}
    assert (rows(desk, "select * from follow_up_event order by 1"), notices(desk)) == before


def test_what_does_not_fit_is_refused_with_a_reason_and_the_ticket_stays(desk: Home) -> None:
    answered(desk, "complex_topic_ended:C1", MONDAY)
    follow_up(desk, MONDAY)
    assert record(desk, "complex_question:C1", Event("r", "resume", MONDAY + HOUR)) == "not_while_open"
    assert record(desk, "complex_question:C1", Event("r", "resume", MONDAY + HOUR)) is None  # known, and still refused
    assert rows(desk, "select event_key, state_code, reason_code from follow_up_refusal") == [
        ("r", "open", "not_while_open")
    ]


def test_bookings_have_a_day_and_tickets_without_anybody_say_so(desk: Home) -> None:
    happen(desk, event("b1", "A", "2026-05-11 10:00", "callback_booked", about_id="B1"))
    follow_up(desk, MONDAY + HOUR)
    assert ticket(desk, "measure_code, due_at, handler_id") == ("booking", MONDAY + 24 * HOUR, None)
    assert notices(desk) == [("unassigned", MONDAY)]
    run(desk, "insert into follow_up_handler values ('B9', 'callback', 1, null, true)")
    follow_up(desk, MONDAY + 30 * HOUR)
    assert ticket(desk, "tier, is_promise_kept, handler_id") == (1, None, "B9")


def test_what_comes_together_is_shared_out_by_what_each_has_to_do_and_a_matter_stays_with_its_handler(
    desk: Home,
) -> None:
    run(
        desk, "insert into follow_up_handler values ('S3', 'specialists', 1, 'tariff,roaming', true)"
    )  # does not know mobile_data
    for number in range(5):
        answered(desk, f"complex_topic_ended:C{number}", MONDAY + number * HOUR / 60, about=f"C{number}")
    follow_up(desk, MONDAY + HOUR / 2)  # one customer's matter, five contacts: all with whoever took the first
    assert rows(desk, "select distinct handler_id from follow_up_ticket") == [("S1",)]
    run(desk, "update survey set customer_id = survey_id")
    run(desk, "truncate follow_up_event, follow_up_ticket, follow_up_notice, follow_up_work")
    follow_up(desk, MONDAY + HOUR / 2)  # five customers
    assert rows(desk, "select handler_id, count(*) from follow_up_ticket group by 1 order by 1") == [
        ("S1", 3),
        ("S2", 2),
    ]
    record(desk, "complex_question:C0", Event("done 0", "answer", MONDAY + HOUR, is_reached=True))
    record(desk, "complex_question:C2", Event("done 2", "answer", MONDAY + HOUR, is_reached=True))
    answered(desk, "complex_topic_ended:C9", MONDAY + HOUR, about="C9")
    run(desk, "update survey set customer_id = survey_id where about_id = 'C9'")
    follow_up(desk, MONDAY + HOUR)
    assert rows(desk, "select handler_id from follow_up_ticket where follow_up_id = 'complex_question:C9'") == [("S1",)]


def test_a_complaint_that_comes_with_the_suspension_goes_to_its_ticket(desk: Home) -> None:
    until = (MONDAY + 200 * HOUR).isoformat()
    happen(
        desk,
        event(
            "e1",
            "A",
            "2026-05-11 10:00",
            "ticket_suspended",
            about_kind_code="ticket",
            about_id="T1",
            promised_at=until,
        ),
        event(
            "e2",
            "A",
            "2026-05-11 10:00",
            "ticket_suspended",
            about_kind_code="ticket",
            about_id="T2",
            promised_at=until,
        ),
        event("e3", "A", "2026-05-11 11:00", "complaint_filed", about_kind_code="ticket", about_id="T3"),
        event("e4", "A", "2026-05-11 12:00", "complaint_filed", about_kind_code="ticket", about_id="T1"),
    )
    follow_up(
        desk, MONDAY + 3 * HOUR
    )  # of two as old as each other the first by name; one about T1 itself goes to the other
    assert rows(desk, "select follow_up_id, complaint_count from follow_up_ticket order by 1") == [
        ("suspended_complaint:T1", 2), ("suspended_complaint:T2", 2),
    ]  # fmt: skip
    again = follow_up(desk, MONDAY + 4 * HOUR)
    assert (again.events, again.done.get("complain")) == (0, None)


def test_work_lists_stand_by_urgency_with_masked_numbers(desk: Home) -> None:
    customer(desk, "A", "+8613812345678")
    answered(desk, "complex_topic_ended:C1", MONDAY)
    answered(desk, "complex_topic_ended:C2", MONDAY - HOUR, about="C2")
    report = follow_up(desk, MONDAY + HOUR / 2)
    assert (report.work.tickets, report.work.past_limit) == (2, 0)
    listed = rows(
        desk,
        "select team_position, follow_up_id, handler_id, handler_position, left_seconds, phone_masked from "
        "follow_up_work order by 1",
    )
    assert listed == [
        (1, "complex_question:C2", "S1", 1, 1800, "+86138****5678"),
        (2, "complex_question:C1", "S1", 2, 5400, "+86138****5678"),
    ]
    with (Path(report.work.folder) / "specialists.csv").open(encoding="utf-8-sig") as file:
        found = list(csv.DictReader(file))
    assert [row["follow_up_id"] for row in found] == ["complex_question:C2", "complex_question:C1"]
    assert [
        (row["due_at"], row["time_left"], row["time_past"], row["legal_time_left"], row["phone_masked"])
        for row in found
    ] == [
        ("2026-05-11 11:00", "0:30", "", "358:30", "'+86138****5678"),
        ("2026-05-11 12:00", "1:30", "", "359:30", "'+86138****5678"),
    ]
    late = follow_up(desk, MONDAY + HOUR * 1.25)  # C2 is a tier higher since its limit
    with (Path(late.work.folder) / "senior_specialists.csv").open(encoding="utf-8-sig") as file:
        assert [(row["follow_up_id"], row["time_left"]) for row in csv.DictReader(file)] == [
            ("complex_question:C2", "23:45")
        ]
    record(desk, "complex_question:C1", Event("a", "answer", MONDAY + HOUR, is_reached=True))
    follow_up(desk, MONDAY + HOUR)
    assert [row[1] for row in rows(desk, "select team_position, follow_up_id from follow_up_work")] == [
        "complex_question:C2"
    ]
