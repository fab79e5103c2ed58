"""Work on the pages: warnings, the desk, the queue, problems. Each click is on record once, by whoever may."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import text
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.rows import EVIL, NIGHT, NUMBER
from tests.mend_airflow.ui.work_rows import NOW, PROBLEM, REPLY, SECOND, SURVEY

from mend.care.followup import Event, record
from mend.foundation import operations
from mend.foundation.home import Home

WARNING = "/mend/warnings/K1"
PROBLEM_PAGE = f"/mend/problems/one?id={PROBLEM}"


def rows(home: Home, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with operations.transaction(home.database_url) as connection:
        return [tuple(each) for each in connection.execute(text(query), values)]


def run(home: Home, *statements: str) -> None:
    with operations.transaction(home.database_url) as connection:
        for each in statements:
            connection.execute(text(each))


@pytest.fixture
def page(simple_app: AirflowApp, page_home: Home) -> AirflowApp:
    """SimpleAuthManager's app; nobody has done anything yet."""
    run(
        page_home,
        "delete from warning_event",
        "delete from reply_take",
        "update survey_reply set handled_at = null, handler_id = null, meaning_code = 'unclear', score = null",
        f"update survey_reply set survey_id = null where inbound_id = {SECOND}",
        "update survey set state_code = 'sent', replied_at = null, inbound_id = null, is_solved = null",
        "update survey_refusal set handled_at = null, handler_id = null",
        "delete from problem_event where event_code <> 'opened'",
    )
    return simple_app


@pytest.fixture
def ticket(page_home: Home, request: pytest.FixtureRequest) -> str:
    """A ticket of its own, opened half an hour ago, that S1 or S2 has."""
    name = f"complex_question:{request.node.name[:40]}"
    facts = {"measure": "complex_question", "customer_id": "K1", "about_kind_code": "contact", "about_id": name}
    facts |= {"survey_id": None, "topic_code": "mobile_data", "city_code": None, "filed_at": None}
    assert record(page_home, name, Event(f"open:{name}", "open", NOW - dt.timedelta(minutes=30), facts=facts)) is None
    return name


def state_of(home: Home, ticket: str) -> tuple[Any, ...]:
    ((state, handler, count),) = rows(
        home, "select state_code, handler_id, event_count from follow_up_ticket where follow_up_id = :t", t=ticket
    )
    return state, handler, count


def do(app: AirflowApp, home: Home, ticket: str, action: str, who: str = "oncall", **given: str) -> int:
    """An action on the ticket as it stands now."""
    seen = str(state_of(home, ticket)[2])
    return app.post(f"/mend/desk/ticket?id={ticket}", who, {"action": action, "seen": seen, **given}).status_code


# Warnings


def step(app: AirflowApp, home: Home, who: str, action: str, **given: str) -> int:
    """A step on the warning as it stands now."""
    ((seen,),) = rows(home, "select count(*) from warning_event where customer_id = 'K1' and event_code <> 'noted'")
    return app.post(WARNING, who, {"action": action, "seen": str(seen), **given}).status_code


def test_a_warning_is_accepted_noted_given_on_and_done_and_the_same_click_twice_is_once(
    page: AirflowApp, page_home: Home
) -> None:
    for _ in range(2):
        assert page.post(WARNING, "oncall", {"action": "accept", "seen": "0"}).status_code == 303
        assert page.post(WARNING, "oncall", {"action": "note", "text": EVIL}).status_code == 303
    for _ in range(2):
        given = {"action": "reassign", "owner": "service-02", "text": "holiday", "seen": "1"}
        assert page.post(WARNING, "oncall", given).status_code == 303
    for _ in range(2):
        given = {"action": "done", "result": "comforted", "seen": "2"}
        assert page.post(WARNING, "admin", given).status_code == 303
    assert rows(page_home, "select event_code, owner_id, result_code, recorded_by from warning_event order by 1") == [
        ("accepted", "oncall", None, "oncall"),
        ("done", None, "comforted", "admin"),
        ("noted", None, None, "oncall"),
        ("reassigned", "service-02", None, "oncall"),
    ]
    text_of = page.get(WARNING, "viewer").text
    assert "comforted" in text_of
    assert EVIL not in text_of
    assert "service-02" in page.get("/mend/warnings?owner=service-02&state=done", "viewer").text


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"action": "done", "result": "magic"}, 422, "Say what came of it"),
        ({"action": "note", "text": "  "}, 422, "Say it in words"),
        ({"action": "note", "text": "x" * 1001}, 422, "Say it shorter"),
        ({"action": "reassign", "owner": EVIL, "text": "x"}, 422, "They take no warnings"),
        ({"action": "burn"}, 422, "cannot be understood"),
    ],
)
def test_a_step_that_says_nothing_is_refused_in_words(
    page: AirflowApp, page_home: Home, sent: dict[str, str], status: int, words: str
) -> None:
    answer = page.post(WARNING, "oncall", sent)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert rows(page_home, "select * from warning_event") == []


def test_a_done_warning_is_not_taken_and_one_that_is_not_there_is_not_found(page: AirflowApp) -> None:
    page.post(WARNING, "oncall", {"action": "done", "result": "solved", "seen": "0"})
    assert page.post(WARNING, "admin", {"action": "accept", "seen": "1"}).status_code == 409
    assert page.post("/mend/warnings/K2", "admin", {"action": "accept"}).status_code == 404
    assert page.get("/mend/warnings/K2", "viewer").status_code == 404


def test_the_first_to_call_comes_first_and_what_is_done_last(page: AirflowApp, page_home: Home) -> None:
    usual = "true, true, {level}, {p}, 90, 'service', 's1', 'g', 'marketing', null, 's', 's', 's', 'r', 'r'"
    try:
        for name, level, chance in (("W1", 4, 60), ("W2", 5, 20), ("W3", 5, 70)):
            values = usual.format(level=level, p=chance)
            run(page_home, f"insert into customer_warning values ('{name}', '{NIGHT}', '{NIGHT}', {values})")
        page.post("/mend/warnings/W3", "oncall", {"action": "done", "result": "no_need", "seen": "0"})
        found = re.findall(r'warnings/(\w+)"', page.get("/mend/warnings?department=service", "viewer").text)
        assert found == ["K1", "W2", "W1", "W3"]
        assert re.findall(r'warnings/(\w+)"', page.get("/mend/warnings?page=2", "viewer").text) == []
        assert page.get("/mend/warnings?page=nothing", "viewer").status_code == 422
    finally:
        run(page_home, "delete from customer_warning where customer_id like 'W%'")


def test_the_line_is_drawn_for_one_department_and_said_in_numbers(page: AirflowApp) -> None:
    all_of_them = page.get("/mend/warnings", "viewer").text
    of_one = page.get("/mend/warnings?department=service", "viewer").text
    assert ("polyline" in all_of_them, "polyline" in of_one) == (False, True)
    assert "level 4, 12.5 %" in of_one


# The desk


def test_a_handler_takes_answers_and_reopens_and_each_click_is_one_event(
    page: AirflowApp, page_home: Home, ticket: str
) -> None:
    before = state_of(page_home, ticket)
    seen = {"action": "take", "seen": str(before[2])}
    for _ in range(2):
        assert page.post(f"/mend/desk/ticket?id={ticket}", "oncall", seen).status_code == 303
    assert state_of(page_home, ticket) == ("in_progress", "oncall", before[2] + 2)
    answered = {"action": "answer", "seen": str(before[2] + 2), "reached": "yes", "solved": "no"}
    for _ in range(2):
        assert page.post(f"/mend/desk/ticket?id={ticket}", "oncall", answered).status_code == 303
    assert state_of(page_home, ticket)[::2] == ("answered", before[2] + 3)
    facts = "select facts ->> 'handler_id', facts ->> 'is_reached', facts ->> 'is_solved' from follow_up_event"
    last = rows(page_home, f"{facts} where follow_up_id = :t order by event_number desc limit 1", t=ticket)
    assert last == [("oncall", "true", "false")]
    assert ticket in page.get("/mend/desk?which=answered", "viewer").text
    assert do(page, page_home, ticket, "reopen", "admin") == 303
    assert state_of(page_home, ticket)[0] == "open"


def test_a_ticket_is_suspended_until_a_promise_that_is_ahead_and_escalated(
    page: AirflowApp, page_home: Home, ticket: str
) -> None:
    do(page, page_home, ticket, "take")
    assert do(page, page_home, ticket, "suspend") == 409
    assert do(page, page_home, ticket, "suspend", until="2020-01-01T10:00") == 409
    assert do(page, page_home, ticket, "suspend", until="2099-01-01T10:00") == 303
    wakes = rows(page_home, "select state_code, wake_at from follow_up_ticket where follow_up_id = :t", t=ticket)
    assert wakes == [("suspended", dt.datetime(2099, 1, 1, 2, tzinfo=dt.UTC))]  # 10:00 in the business zone
    assert do(page, page_home, ticket, "escalate") == 303
    assert rows(page_home, "select tier from follow_up_ticket where follow_up_id = :t", t=ticket) == [(2,)]
    assert rows(page_home, "select * from follow_up_refusal where follow_up_id = :t", t=ticket) == []


def test_only_who_has_a_ticket_works_on_it_and_a_look_that_is_old_changes_nothing(
    page: AirflowApp, page_home: Home, ticket: str
) -> None:
    assert do(page, page_home, ticket, "answer") == 409
    do(page, page_home, ticket, "take")
    assert do(page, page_home, ticket, "answer", "admin") == 409
    stale = page.post(f"/mend/desk/ticket?id={ticket}", "oncall", {"action": "pause", "seen": "1"})
    assert (stale.status_code, "changed meanwhile" in stale.text) == (409, True)
    assert state_of(page_home, ticket)[:2] == ("in_progress", "oncall")
    assert page.post("/mend/desk/ticket?id=none", "oncall", {"action": "take", "seen": "1"}).status_code == 404
    assert page.post(f"/mend/desk/ticket?id={ticket}", "oncall", {"action": "burn", "seen": "1"}).status_code == 422


def test_the_number_of_work_that_they_took_is_shown_once_the_look_is_on_record(
    page: AirflowApp, page_home: Home, ticket: str
) -> None:
    looks = "select viewer, what_code, customer_id, reason from access_log where viewed_through = 'page /mend/desk'"
    assert page.post(f"/mend/desk/number?id={ticket}", "oncall").status_code == 409
    assert rows(page_home, f"{looks} and reason like :r", r=f"%{ticket}") == []
    do(page, page_home, ticket, "take")
    answer = page.post(f"/mend/desk/number?id={ticket}", "oncall")
    assert (answer.status_code, NUMBER in answer.text) == (200, True)
    assert rows(page_home, f"{looks} and reason like :r", r=f"%{ticket}") == [
        ("oncall", "reveal", "K1", f"follow-up {ticket}")
    ]
    assert page.post(f"/mend/desk/number?id={ticket}", "admin").status_code == 409


def test_the_time_left_is_said_in_words_in_both_languages(page: AirflowApp, page_home: Home, ticket: str) -> None:
    assert "left" in page.get(f"/mend/desk/ticket?id={ticket}", "viewer").text
    run(page_home, f"update follow_up_ticket set due_at = now() - interval '3 hours' where follow_up_id = '{ticket}'")
    assert "past its limit by 3 h" in page.get(f"/mend/desk/ticket?id={ticket}", "viewer").text
    assert "已超时3 小时" in page.get("/mend/desk", "viewer", "zh").text


# The queue


def test_a_reply_is_read_on_record_decided_and_the_next_one_follows(page: AirflowApp, page_home: Home) -> None:
    shown = page.get(f"/mend/queue/{REPLY}", "oncall").text
    assert "alert(1)" not in shown
    before = len(rows(page_home, "select * from access_log"))
    read = page.post(f"/mend/queue/{REPLY}", "oncall")
    assert "&lt;script&gt;" in read.text
    assert len(rows(page_home, "select * from access_log")) == before + 1
    decided = page.post(f"/mend/queue/{REPLY}/decide", "oncall", {"means": "unsolved"})
    assert (decided.status_code, decided.headers["location"]) == (303, f"/mend/queue/{SECOND}")
    again = page.post(f"/mend/queue/{REPLY}/decide", "oncall", {"means": "solved"})
    assert again.status_code == 303
    assert page.post(f"/mend/queue/{REPLY}/decide", "admin", {"means": "solved"}).status_code == 409
    found = rows(page_home, "select meaning_code, is_solved, state_code from survey where survey_id = :s", s=SURVEY)
    assert found == [("unsolved", False, "answered")]


@pytest.mark.parametrize(
    ("reply", "sent", "words"),
    [
        (SECOND, {"means": "solved"}, "Name the survey"),
        (REPLY, {"means": "score", "score": "9"}, "not on the survey"),
        (REPLY, {"means": "score", "score": "x"}, "as a number"),
        (REPLY, {"means": "opt_in"}, "No opt-out"),
        (REPLY, {"means": "burn"}, "cannot be understood"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_in_words(
    page: AirflowApp, page_home: Home, reply: int, sent: dict[str, str], words: str
) -> None:
    answer = page.post(f"/mend/queue/{reply}/decide", "oncall", sent)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    waiting = rows(page_home, "select handled_at from survey_reply where inbound_id = :r", r=reply)
    assert waiting == [(None,)]


def test_a_stopped_message_is_taken_up_once(page: AirflowApp, page_home: Home) -> None:
    for who in ("oncall", "admin"):
        assert page.post("/mend/queue/stopped", who, {"survey": EVIL}).status_code == 303
    assert rows(page_home, "select handler_id from survey_refusal where handled_at is not null") == [("oncall",)]
    assert page.get("/mend/queue/999", "viewer").status_code == 404


# Problems


def test_a_department_acknowledges_passes_on_and_answers_once_each(page: AirflowApp, page_home: Home) -> None:
    part = {"part": "service/province/all"}
    for _ in range(2):
        assert page.post(PROBLEM_PAGE, "oncall", part | {"action": "acknowledge"}).status_code == 303
    given = part | {"action": "pass", "to_department": "network", "text": "theirs"}
    for _ in range(2):
        assert page.post(PROBLEM_PAGE, "oncall", given).status_code == 303
    waits = page.post(PROBLEM_PAGE, "oncall", part | {"action": "answer", "text": "done"})
    assert (waits.status_code, "waits for others" in waits.text) == (422, True)
    events = "select event_code, decided_by, decided_through from problem_event order by event_place"
    assert rows(page_home, events)[1:] == [
        ("acknowledged", "oncall", "page /mend/problems"),
        ("passed", "oncall", "page /mend/problems"),
    ]
    assert "passed on" in page.get("/mend/problems?department=service", "viewer").text


def test_who_is_not_named_in_the_rules_has_no_buttons_and_is_refused(page: AirflowApp, page_home: Home) -> None:
    assert "<button>Acknowledge" in page.get(PROBLEM_PAGE, "oncall").text
    assert "<button>Acknowledge" not in page.get(PROBLEM_PAGE, "viewer").text
    sent = {"part": "service/province/all", "action": "acknowledge"}
    assert page.post(PROBLEM_PAGE, "viewer", sent).status_code == 403
    assert page.post(PROBLEM_PAGE, "oncall", {**sent, "part": "market/province/all"}).status_code == 403
    assert page.post(PROBLEM_PAGE, "oncall", {**sent, "part": "no/such/part"}).status_code == 422
    assert page.get("/mend/problems/one?id=none", "viewer").status_code == 404
    assert len(rows(page_home, "select * from problem_event")) == 1
