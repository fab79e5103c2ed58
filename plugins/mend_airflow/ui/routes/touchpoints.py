"""Touchpoints: quadrant, journey, corrective actions to answer, where the month's trouble came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Form, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mend.foundation.home import Home
from mend.foundation.periods import local_day
from mend.prevention.touchpoint.answerers import Answerer, Role, answering_as, inventory_at
from mend.prevention.touchpoint.answering import (
    LONGEST,
    OVER,
    STATES,
    latest_answers,
    record_answer,
    require_answer,
    require_living,
)
from mend.prevention.touchpoint.errors import AnswerError
from mend.prevention.touchpoint.words import said_by
from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, has, router, user_of
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.months import Shown, of_tongue, shown_of
from mend_airflow.ui.scales import draw_journey, draw_quadrant
from mend_airflow.ui.words import say_code

PAGE: Final = "touchpoints"
THROUGH: Final = f"page {place.PREFIX}/touchpoints"
LIMIT: Final = 6.0  # where no touchpoint says it
Text = Annotated[str, Form()]
routes = router(Right.SEE)
answering = router(Right.ON_CALL)


@routes.get("/touchpoints")
def touchpoints(request: Request, month: str | None = None) -> Response:
    """The month's touchpoints and actions."""
    return _page(request, 200, month)


@answering.post("/touchpoints/answer")
def answer(request: Request, action: Text = "", state: Text = "", text: Text = "", month: Text = "") -> Response:
    """An owner's answer to an action, put on record. The same twice is once. Whom the inventory does not name for the
    touchpoint may not give it."""
    said, me, at = text.strip(), user_of(request), dt.datetime.now(dt.UTC)
    try:
        with database_of(request).read() as connection:
            known = _actions(shown_of(connection, PAGE, None)).get(action)
            require_living(action, known["month"] if known else None, known["state_code"] if known else None)
        assert known is not None
        require_answer(state, me, said)
        role = _role(request, me, known)
        if role is None:
            raise HTTPException(403)
        with database_of(request).record() as connection:
            record_answer(connection, action, state, Answerer(me, role, THROUGH), said, at)
    except AnswerError:
        return _page(request, 422, month or None, "no_text" if known_state(state) and not said else "not_taken")
    query = f"?month={month}" if month else ""
    return RedirectResponse(f"{place.address('/touchpoints')}{query}", 303)


def _role(request: Request, me: str, action: Mapping[str, Any]) -> Role | None:
    """As what somebody may answer an action; None: they may not."""
    home: Home = request.app.state.home
    today = local_day(dt.datetime.now(dt.UTC), home.zone)
    try:
        return answering_as(me, action["touchpoint_code"], action.get("owner_id"), inventory_at(home, today))
    except AnswerError:
        return None


def known_state(state: str) -> bool:
    """Whether an answer may say it."""
    return state in STATES


def _page(request: Request, status: int, month: str | None, problem: str = "") -> Response:
    language = language_of(request)
    with database_of(request).read() as connection:
        found = shown_of(connection, PAGE, month)
        actions = found.content.get("actions", [])
        said = latest_answers(connection, [each["action_id"] for each in actions])
    rows = [_row(each, language) for each in found.content.get("touchpoints", [])]
    limit = float(rows[0]["low_below"]) if rows else LIMIT
    is_latest = not found.months or found.month == found.months[0]
    may_answer = has(request, Right.ON_CALL) and is_latest
    me = user_of(request)
    mine = {each["action_id"] for each in actions if may_answer and _role(request, me, each)}
    return page(
        request,
        "touchpoints.html",
        max(status, found.status),
        shown=found,
        touchpoints=rows,
        quadrant_drawn=draw_quadrant(rows, limit) if any(_is_drawn(each) for each in rows) else [],
        journey_drawn=draw_journey(rows, limit) if rows else [],
        limit=limit,
        actions=actions,
        said=said,
        answered_by=lambda each: said_by(each.by, each.role, language),
        may_answer=may_answer,
        mine=mine,
        over=OVER,
        states=STATES,
        longest=LONGEST,
        problem=problem,
    )


def _actions(found: Shown) -> dict[str, Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = found.content.get("actions", [])
    return {each["action_id"]: {**each, "month": found.month} for each in rows}


def _row(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """A touchpoint with its words in the page's language."""
    return {
        **row,
        "name": of_tongue(row, "name", language),
        "stage": say_code(language, "touchpoint_stage", row["stage_code"]),
    }


def _is_drawn(row: Mapping[str, Any]) -> bool:
    return row["operating_score"] is not None and row["experience_score"] is not None
