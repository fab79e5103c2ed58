"""Two people at one piece of work: who has it is said, taking over is a step of its own, no decision is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.rows import EVIL, NUMBER
from tests.mend_airflow.ui.test_work import WARNING, do, page, rows, state_of, step, ticket
from tests.mend_airflow.ui.work_rows import NOW, REPLY, SECOND

from mend.care.followup import desk
from mend.care.followup.errors import DeskError
from mend.care.followup.rules import load_rules
from mend.care.survey import SurveyError
from mend.care.survey.manual_queue import settle_reply_on
from mend.care.survey.taking import take_reply
from mend.errors import CommandError
from mend.foundation import operations
from mend.foundation.home import Home
from mend.grumbles.warning import work
from mend_airflow.ui import roles
from mend_airflow.ui.rights import RESOURCES, Right

__all__ = ["page", "ticket"]  # fixtures
TAKES = "select taken_by, taken_from, taken_through from reply_take order by take_id"


def both(home: Home, act: Callable[[Connection, str], object]) -> list[str]:
    """The same thing by two people in two sessions at once; gives those who succeeded."""
    barrier = Barrier(2)

    def one(who: str) -> bool:
        with operations.transaction(home.database_url) as connection:
            barrier.wait(20)
            try:
                act(connection, who)
            except (CommandError, SurveyError, DeskError):
                return False
        return True

    people = ["oncall", "handler"]
    with ThreadPoolExecutor(2) as pool:
        return [who for who, done in zip(people, pool.map(one, people), strict=True) if done]


# The queue


def test_a_reply_that_another_has_is_said_so_and_taken_over_on_record(page: AirflowApp, page_home: Home) -> None:
    assert "&lt;script&gt;" in page.post(f"/mend/queue/{REPLY}", "handler").text
    for where in ("/mend/queue", f"/mend/queue/{REPLY}"):
        assert "handler has it since" in page.get(where, "oncall").text
    assert "从 handler 接手" in page.get(f"/mend/queue/{REPLY}", "oncall", "zh").text
    refused = page.post(f"/mend/queue/{REPLY}", "oncall")  # a page that was opened before
    assert (refused.status_code, "Somebody else has the reply" in refused.text) == (409, True)
    assert "&lt;script&gt;" not in refused.text
    decided = page.post(f"/mend/queue/{REPLY}/decide", "oncall", {"means": "unsolved"})
    assert (decided.status_code, "handler has it since" in decided.text) == (409, True)
    ((seen,),) = rows(page_home, "select take_id from reply_take")
    for _ in range(2):
        assert page.post(f"/mend/queue/{REPLY}", "oncall", {"seen": str(seen)}).status_code == 200
    assert rows(page_home, TAKES) == [
        ("handler", None, "page /mend/queue"),
        ("oncall", "handler", "page /mend/queue"),
    ]
    assert page.post(f"/mend/queue/{REPLY}/decide", "handler", {"means": "solved"}).status_code == 409
    assert page.post(f"/mend/queue/{REPLY}/decide", "oncall", {"means": "unsolved"}).status_code == 303
    assert page.post(f"/mend/queue/{REPLY}", "admin").status_code == 303  # it waits no more


def test_the_next_reply_is_one_that_nobody_else_has(page: AirflowApp) -> None:
    page.post(f"/mend/queue/{SECOND}", "handler")
    decided = page.post(f"/mend/queue/{REPLY}/decide", "oncall", {"means": "unsolved"})
    assert decided.headers["location"] == "/mend/queue"


def test_two_at_once_take_up_a_reply_and_one_has_it(page: AirflowApp, page_home: Home) -> None:
    won = both(page_home, lambda connection, who: take_reply(connection, REPLY, who, NOW, "a test"))
    assert [who for who, *_ in rows(page_home, TAKES)] == won
    assert len(won) == 1


def test_two_at_once_decide_on_a_reply_and_one_decision_stands(page: AirflowApp, page_home: Home) -> None:
    meanings: dict[str, Any] = {"oncall": "solved", "handler": "unsolved"}
    won = both(
        page_home,
        lambda connection, who: settle_reply_on(connection, page_home.root, REPLY, who, NOW, meanings[who]),
    )
    assert len(won) == 1
    kept = rows(page_home, "select handler_id, meaning_code from survey_reply where inbound_id = :r", r=REPLY)
    assert kept == [(won[0], meanings[won[0]])]


# Warnings


def test_a_warning_that_another_accepted_is_taken_over_before_it_is_done(page: AirflowApp, page_home: Home) -> None:
    assert step(page, page_home, "handler", "accept") == 303
    shown = page.get(WARNING, "oncall").text
    assert "handler has it since" in shown
    assert "Take over from handler" in shown
    assert 'value="done"' not in shown
    assert step(page, page_home, "oncall", "done", result="solved") == 409
    assert step(page, page_home, "oncall", "accept") == 303
    assert step(page, page_home, "handler", "done", result="solved") == 409
    assert step(page, page_home, "oncall", "done", result="comforted") == 303
    events = rows(page_home, "select event_code, recorded_by, result_code from warning_event order by event_number")
    assert events == [("accepted", "handler", None), ("accepted", "oncall", None), ("done", "oncall", "comforted")]


@pytest.mark.parametrize("given", [{"action": "accept"}, {"action": "done", "result": "solved"}])
def test_a_look_at_a_warning_that_is_old_changes_nothing(
    page: AirflowApp, page_home: Home, given: dict[str, str]
) -> None:
    step(page, page_home, "handler", "accept")
    for old in ({"seen": "0"}, {}):
        answer = page.post(WARNING, "oncall", given | old)
        assert (answer.status_code, "changed meanwhile" in answer.text) == (409, True)
    assert page.post(WARNING, "oncall", {"action": "note", "text": "a note hangs on nothing"}).status_code == 303
    assert len(rows(page_home, "select * from warning_event where event_code <> 'noted'")) == 1


def test_two_at_once_finish_a_warning_and_one_result_stands(page: AirflowApp, page_home: Home) -> None:
    results = {"oncall": "solved", "handler": "not_reached"}
    won = both(
        page_home,
        lambda connection, who: work.finish(
            connection, "K1", results[who], "", work.Recorded(who, NOW, "a test"), seen=0
        ),
    )
    kept = rows(page_home, "select recorded_by, result_code from warning_event")
    assert kept == [(who, results[who]) for who in won]
    assert len(won) == 1


# The desk


def test_a_ticket_that_another_works_on_is_taken_over_in_so_many_words(
    page: AirflowApp, page_home: Home, ticket: str
) -> None:
    assert do(page, page_home, ticket, "take", "handler") == 303
    shown = page.get(f"/mend/desk/ticket?id={ticket}", "oncall").text
    assert "handler has it since" in shown
    assert "Take over from handler" in shown
    assert do(page, page_home, ticket, "answer", "oncall") == 409
    assert do(page, page_home, ticket, "take", "oncall") == 303
    assert state_of(page_home, ticket)[:2] == ("in_progress", "oncall")
    assert "oncall has it since" in page.get(f"/mend/desk/ticket?id={ticket}", "handler").text
    assert do(page, page_home, ticket, "answer", "handler") == 409


def test_two_at_once_take_a_ticket_and_one_has_it(page: AirflowApp, page_home: Home, ticket: str) -> None:
    versions, seen = load_rules(page_home.root / "follow_up_rules"), state_of(page_home, ticket)[2]
    at = dt.datetime.now(dt.UTC)
    won = both(
        page_home,
        lambda connection, who: desk.act(connection, versions, ticket, desk.Act("take", who, at, seen)),
    )
    assert len(won) == 1
    assert state_of(page_home, ticket)[:2] == ("in_progress", won[0])


# Handlers


def test_a_role_made_before_the_handlers_right_loses_whole_numbers(fab_app: AirflowApp) -> None:
    from airflow.providers.fab.www.security_appless import ApplessAirflowSecurityManager
    from airflow.utils.session import create_session

    whole = RESOURCES[Right.WHOLE]

    def resources(manager: Any) -> set[str]:
        return {each.resource.name for each in manager.find_role("Mend handler").permissions}

    with fab_app.environment():
        with create_session() as session:
            manager = ApplessAirflowSecurityManager(session=session)
            role = manager.find_role("Mend handler")
            manager.add_permission_to_role(role, manager.create_permission("can_read", whole))
            assert whole in resources(manager)
        roles.create()
        with create_session() as session:
            found = resources(ApplessAirflowSecurityManager(session=session))
    assert whole not in found
    assert {RESOURCES[Right.SEE], RESOURCES[Right.HANDLE]} <= found


def test_handlers_see_what_they_took(app: AirflowApp, page_home: Home, ticket: str) -> None:
    do(app, page_home, ticket, "take", "oncall")
    assert app.post(f"/mend/desk/number?id={ticket}", "handler").status_code == 409
    do(app, page_home, ticket, "take", "handler")
    answer = app.post(f"/mend/desk/number?id={ticket}", "handler")
    assert (answer.status_code, NUMBER in answer.text) == (200, True)
    looks = "select viewer, what_code from access_log where reason = :r"
    assert rows(page_home, looks, r=f"follow-up {ticket}") == [("handler", "reveal")]
    for path, data in (
        ("/mend/customers", {"number": NUMBER, "reason": "they called"}),
        ("/mend/customers/K1/whole", {"reason": "they called"}),
        ("/mend/lists/2026-04-v1/whole", {"name": "hangzhou-call.csv", "reason": "they called"}),
        ("/mend/touchpoints/answer", {"action": "x", "state": "open", "text": EVIL}),
        ("/mend/lists/2026-01-v1/decision", {"decision": "refused", "reason": "x"}),
    ):
        assert app.post(path, "handler", data).status_code == 403, path
