"""The follow-up desk: what a handler and a team have to do, with the time left; and what they do with a ticket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Final, get_args
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi import Form, HTTPException, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mend.care.followup import desk
from mend.care.followup.errors import DeskError
from mend.care.followup.rules import load_rules
from mend.prevention.playbooks import Found, load_playbooks, of_ticket
from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.language import language_of
from mend_airflow.ui.looks import put_look
from mend_airflow.ui.needs import database_of, has_any, router, user_of
from mend_airflow.ui.rights import REVEALING, WORKING, Right
from mend_airflow.ui.times_left import time_left
from mend_airflow.ui.words import all_words

SIZE: Final = 50
NOBODY: Final = "-"
Text = Annotated[str, Form()]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=10_000)]
Name = Annotated[str, Query(alias="id")]
routes = router(Right.SEE)
working = router(*WORKING)
revealing = router(*REVEALING)


@routes.get("/desk")
def work(request: Request, team: str = "", handler: str = "", which: str = "", at: PageNumber = 1) -> Response:
    """Tickets of a team or a handler, what is due first first. `handler` "-" asks for those that nobody has."""
    now, language = dt.datetime.now(dt.UTC), language_of(request)
    wanted = desk.Wanted(team or None, "" if handler == NOBODY else handler or None, which == "answered")
    with database_of(request).read() as connection:
        found = desk.read_work(connection, wanted, SIZE + 1, (at - 1) * SIZE)
        people = desk.read_people(connection, now)
    asked = {"team": team, "handler": handler, "which": which}
    query = urlencode({name: value for name, value in asked.items() if value})
    return page(
        request,
        "desk.html",
        found=found[:SIZE],
        has_more=len(found) > SIZE,
        number_of_page=at,
        query=f"{query}&" if query else "",
        people=people,
        asked=asked,
        me=user_of(request),
        left=partial(time_left, now=now, language=language),
        one=address_of,
    )


@routes.get("/desk/ticket")
def ticket(request: Request, name: Name = "") -> Response:
    """One ticket: its clock, its playbook, what happened, what may be done."""
    return _one(request, 200, name)


@working.post("/desk/ticket")
def act(
    request: Request,
    name: Name = "",
    action: Text = "",
    seen: Annotated[int, Form(ge=0)] = 0,
    until: Text = "",
    reached: Text = "",
    solved: Text = "",
) -> Response:
    """An action at the desk, as events of the ticket."""
    if action not in get_args(desk.Action):
        raise HTTPException(422)
    now = dt.datetime.now(dt.UTC)
    try:
        done = desk.Act(
            action,  # type: ignore[arg-type] # one of them
            user_of(request),
            now,
            seen,
            _moment(until, request.app.state.zone),
            _yes_or_no(reached),
            _yes_or_no(solved),
        )
        versions = load_rules(request.app.state.home.root / "follow_up_rules")
        with database_of(request).record() as connection:
            desk.act(connection, versions, name, done)
    except DeskError as error:
        if error.code == "no_ticket":
            raise HTTPException(404) from None
        return _one(request, 409, name, problem=error.code)
    return RedirectResponse(address_of(name), 303)


@revealing.post("/desk/number")
def number(request: Request, name: Name = "") -> Response:
    """The whole number of work that they took, once the look is on record."""
    with database_of(request).read() as connection:
        row = desk.read_ticket(connection, name)
    if row is None:
        raise HTTPException(404)
    if row["handler_id"] != user_of(request):
        return _one(request, 409, name, problem="not_yours")
    put_look(request, "desk", row["customer_id"], f"follow-up {name}", row["customer_id"])
    with database_of(request).read() as connection:
        whole = desk.number_of(connection, name)
    return _one(request, 200, name, whole=whole or "—")


def _one(request: Request, status: int, name: str, problem: str = "", whole: str | None = None) -> Response:
    now, language = dt.datetime.now(dt.UTC), language_of(request)
    with database_of(request).read() as connection:
        row = desk.read_ticket(connection, name)
        if row is None:
            raise HTTPException(404)
        history = desk.read_history(connection, name)
        found = of_ticket(connection, name, now, load_playbooks(request.app.state.home.root / "playbooks"))
    return page(
        request,
        "ticket.html",
        status,
        ticket=row,
        history=history,
        playbook=_playbook(found, language),
        actions=desk.actions_of(row, user_of(request)) if has_any(request, WORKING) else [],
        is_mine=row["handler_id"] == user_of(request),
        taken_at=desk.taken_at(row, history),
        may_reveal=has_any(request, REVEALING),
        problem=_problem(problem),
        whole=whole,
        path=address_of(name),
        number_path=address_of(name, "number"),
        left=time_left(row, now=now, language=language),
        now=now,
    )


def _playbook(found: Found, language: str) -> Mapping[str, Any]:
    """The case's playbook in words: what is said, done, given, and what instead."""
    chosen = found.chosen
    playbook = chosen.playbook
    return {
        "name": playbook.name(language),
        "severity": chosen.severity,
        "script": playbook.script(language),
        "steps": playbook.steps_at(chosen.severity, language),
        "limits": [
            (each.name(language), playbook.limit(chosen.severity, each.code)) for each in found.playbooks.levels
        ],
        "alternative": playbook.alternative(language),
    }


def _problem(code: str) -> str:
    """The key of a refusal's words."""
    key = f"desk.refused_{code}"
    return "" if not code else key if key in all_words() else "desk.refused"


def _moment(text: str, zone: str) -> dt.datetime | None:
    """A moment typed in the business zone."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) if text.strip() else None
    except ValueError:
        return None


def _yes_or_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def address_of(name: str, what: str = "ticket") -> str:
    """A ticket's page. Its id is no part of the path: sources write slashes into theirs."""
    return f"{place.address(f'/desk/{what}')}?id={quote(name, safe='')}"
