"""Routed problems: whose they are, until when; acknowledge, answer, pass on, return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Form, HTTPException, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mend.prevention.routing import Part, Problem, ProblemError, acts, routing_rules_of
from mend.prevention.routing.report import Speaker, event_by, event_facts, event_typed, problems_of_month, why
from mend.prevention.routing.rules import LEVELS, RoutingRules, routing_rules_on
from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.codes import words_of
from mend_airflow.ui.language import language_of
from mend_airflow.ui.needs import database_of, router, user_of
from mend_airflow.ui.rights import Right

ACTIONS: Final = ("acknowledge", "answer", "pass", "return")
Text = Annotated[str, Form()]
Name = Annotated[str, Query(alias="id")]
routes = router(Right.SEE)


@routes.get("/problems")
def problems(request: Request, month: str = "", department: str = "") -> Response:
    """The problems of a month, a row a part."""
    versions, speaker = _rules(request)
    with database_of(request).read() as connection:
        found = acts.read_problems(connection, versions)
    months = sorted({each.month for each in found}, reverse=True)
    chosen = month if month in months else next(iter(months), "")
    shown = problems_of_month(found, chosen) if chosen else []
    rows = [
        (problem, part)
        for problem in shown
        for part in problem.current
        if not department or part.place.department == department
    ]
    return page(
        request,
        "problems.html",
        rows=rows,
        months=months,
        month=chosen,
        department=department,
        departments=sorted({part.place.department for problem in shown for part in problem.current}),
        overdue=sum(part.is_overdue(speaker.at) for _, part in rows),
        speaker=speaker,
        one=address_of,
    )


@routes.get("/problems/one")
def problem(request: Request, name: Name = "") -> Response:
    """One problem: what it is, whose, what is done, what happened."""
    return _one(request, 200, name)


@routes.post("/problems/one")
def act(
    request: Request,
    name: Name = "",
    part: Text = "",
    action: Text = "",
    text: Text = "",
    to_department: Text = "",
    to_level: Text = "",
    to_city: Text = "",
) -> Response:
    """A step on a part, by one of its people: the rules of routing say who they are."""
    versions, speaker = _rules(request)
    found = _read(request, name, versions)
    mine = next((each for each in found.current if str(each.place) == part), None)
    if mine is None or action not in ACTIONS:
        raise HTTPException(422)
    if user_of(request) not in acts.people_of(mine, versions, speaker.at):
        raise HTTPException(403)
    who, through = user_of(request), f"page {place.PREFIX}/problems"
    given = (versions, speaker.at, through)
    try:
        with database_of(request).record() as connection:
            if action == "acknowledge":
                acts.acknowledge(connection, name, mine.place, who, *given)
            elif action == "answer":
                acts.answer(connection, name, mine.place, who, text, *given)
            elif action == "return":
                acts.give_back(connection, name, mine.place, who, text, *given)
            else:
                to = acts.passed_to(mine.place, to_department or None, to_level or None, to_city.strip() or None)
                acts.pass_on(connection, name, mine.place, to, who, text, *given)
    except ProblemError:
        return _one(request, 422, name, problem=f"problems.refused_{action}")
    return RedirectResponse(address_of(name), 303)


def _one(request: Request, status: int, name: str, problem: str = "") -> Response:
    versions, speaker = _rules(request)
    found = _read(request, name, versions)
    me = user_of(request)
    return page(
        request,
        "problem.html",
        status,
        found=found,
        why=why(found, speaker),
        factors=[str(each[language_of(request)]) for each in found.details["factors"]],
        parts=[(each, _actions(each, me, versions, speaker)) for each in found.current],
        events=[
            ("  ".join(event_facts(each, speaker)), event_typed(each), event_by(each, speaker)) for each in found.events
        ],
        speaker=speaker,
        actions_at=_actions_at,
        to_departments=sorted(set(speaker.rules.departments) - {"default"}),
        to_levels=LEVELS,
        problem=problem,
        path=address_of(name),
        one=address_of,
    )


def _actions(part: Part, me: str, versions: Sequence[RoutingRules], speaker: Speaker) -> list[str]:
    """What the person may do with a part."""
    if not part.is_living or me not in acts.people_of(part, versions, speaker.at):
        return []
    may: list[str] = [] if part.acknowledged_at else ["acknowledge"]
    if not part.waits_for:
        may += ["answer"] if part.giver is None else ["answer", "return"]
    return [*may, "pass"]


def _actions_at(part: Part, speaker: Speaker) -> list[str]:
    """The level's action list, in words."""
    actions = speaker.rules.department(part.place.department).actions_at(part.place.level)
    return [each.zh if speaker.place else each.en for each in actions]


def _read(request: Request, name: str, versions: Sequence[RoutingRules]) -> Problem:
    with database_of(request).read() as connection:
        try:
            return acts.read_problem(connection, name, versions)
        except ProblemError:
            raise HTTPException(404) from None


def _rules(request: Request) -> tuple[list[RoutingRules], Speaker]:
    home = request.app.state.home
    at, versions = dt.datetime.now(ZoneInfo(home.zone)), routing_rules_of(home)
    rules = routing_rules_on(at.date(), versions)
    return versions, Speaker(language_of(request), at, home.zone, rules, words_of(home))


def address_of(name: str) -> str:
    """A problem's page."""
    return f"{place.address('/problems/one')}?id={quote(name, safe='')}"
