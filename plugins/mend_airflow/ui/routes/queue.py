"""The manual queue: replies that no rule could read, and promised messages that were stopped. Read, decide, next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Final, get_args

from fastapi import Form, HTTPException, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mend.care.survey import SurveyError
from mend.care.survey.errors import TakenError
from mend.care.survey.manual_queue import (
    Reading,
    WaitingReply,
    read_queue,
    read_reply,
    scale_of,
    settle_reply_on,
    settle_stopped_on,
    who_settled,
)
from mend.care.survey.taking import take_reply
from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.looks import put_look
from mend_airflow.ui.needs import database_of, has_any, router, user_of
from mend_airflow.ui.rights import REVEALING, Right

THROUGH: Final = f"page {place.PREFIX}/queue"
MEANINGS: Final = (*get_args(Reading), "nothing")
SIZE: Final = 50  # of a page
Text = Annotated[str, Form()]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=10_000)]
routes = router(Right.SEE)
working = router(*REVEALING)


@routes.get("/queue")
def queue(request: Request, at: PageNumber = 1) -> Response:
    """What waits for a person: replies, then messages that were stopped, the oldest of each first. No texts."""
    return _queue(request, 200, "", at)


@routes.get("/queue/{reply}")
def waiting(request: Request, reply: int) -> Response:
    """One reply that waits, without its words; one that was read leads back to the queue."""
    row = _row(request, reply)
    if row is None:
        if _who(request, reply) is None:
            raise HTTPException(404)
        return RedirectResponse(place.address("/queue"), 303)
    return _one(request, 200, row)


@working.post("/queue/stopped")
def stopped(request: Request, survey: Text = "") -> Response:
    """A promised message that was stopped: a person took it up. The same twice is once."""
    try:
        with database_of(request).record() as connection:
            settle_stopped_on(connection, survey, user_of(request), dt.datetime.now(dt.UTC))
    except SurveyError:
        pass  # somebody was quicker: the queue says what is left
    return RedirectResponse(place.address("/queue"), 303)


@working.post("/queue/{reply}")
def read(request: Request, reply: int, seen: Annotated[int, Form()] = 0) -> Response:
    """Take the reply up, or over from whoever was shown (`seen`: their take); the words once the look is on record."""
    try:
        with database_of(request).record() as connection:
            take_reply(connection, reply, user_of(request), dt.datetime.now(dt.UTC), THROUGH, seen or None)
    except TakenError:
        return _taken(request, reply)
    except SurveyError:
        return RedirectResponse(place.address("/queue"), 303)
    row = _row(request, reply)
    if row is None:
        return RedirectResponse(place.address("/queue"), 303)
    put_look(
        request, "queue", row["customer_id"] or f"reply {reply}", f"manual queue, reply {reply}", row["customer_id"]
    )
    return _one(request, 200, row, words=_words(request, reply))


@working.post("/queue/{reply}/decide")
def decide(request: Request, reply: int, means: Text = "", score: Text = "", survey: Text = "") -> Response:
    """What the reply means, on record; then the next one."""
    if means not in MEANINGS:
        raise HTTPException(422)
    given = int(score) if means == "score" and score.strip().isdecimal() else None
    meaning: Any = None if means == "nothing" else means
    try:
        with database_of(request).record() as connection:
            settle_reply_on(
                connection, request.app.state.home.root, reply, user_of(request), dt.datetime.now(dt.UTC), meaning,
                survey.strip() or None, given,
            )  # fmt: skip
    except TakenError:
        return _taken(request, reply)
    except SurveyError:
        row = _row(request, reply)
        if row is not None:
            return _one(request, 422, row, words=_words(request, reply), problem=_why(means, given, row, survey))
        if _who(request, reply) != user_of(request):
            return _queue(request, 409, "queue.was_quicker")
    with database_of(request).read() as connection:
        left = [each for each in read_queue(connection) if each["taken_by"] in (None, user_of(request))]
    following = next((each["inbound_id"] for each in left if each["inbound_id"]), None)
    return RedirectResponse(place.address("/queue" if following is None else f"/queue/{following}"), 303)


def _taken(request: Request, reply: int) -> Response:
    """Somebody else has the reply: who, and since when."""
    row = _row(request, reply)
    return _queue(request, 409, "queue.was_quicker") if row is None else _one(request, 409, row, problem="queue.taken")


def _queue(request: Request, status: int, problem: str, at: int = 1) -> Response:
    with database_of(request).read() as connection:
        found = read_queue(connection)
    first = (at - 1) * SIZE
    return page(
        request,
        "queue.html",
        status,
        found=found[first : first + SIZE],
        count=len(found),
        number_of_page=at,
        has_more=len(found) > first + SIZE,
        may_read=has_any(request, REVEALING),
        problem=problem,
    )


def _why(means: str, score: int | None, row: Mapping[str, Any], survey: str) -> str:
    """The key of the words that say why a decision was not taken."""
    if means in ("solved", "unsolved", "score") and not (row["survey_id"] or survey.strip()):
        return "queue.names_no_survey"
    if means == "score":
        return "queue.no_score" if score is None else "queue.not_on_scale"
    return "queue.no_opt_out" if means == "opt_in" else "queue.refused"


def _one(
    request: Request, status: int, row: Mapping[str, Any], words: WaitingReply | None = None, problem: str = ""
) -> Response:
    scale = None
    if row["survey_id"]:
        with database_of(request).read() as connection:
            scale = scale_of(connection, request.app.state.home.root, row["survey_id"])
    meanings = [each for each in MEANINGS if each != "score" or scale or not row["survey_id"]]
    return page(
        request,
        "reply.html",
        status,
        row=row,
        words=words,
        problem=problem,
        meanings=meanings,
        scale=scale,
        path=place.address(f"/queue/{row['inbound_id']}"),
        may_read=has_any(request, REVEALING),
    )


def _row(request: Request, reply: int) -> Mapping[str, Any] | None:
    with database_of(request).read() as connection:
        return next((each for each in read_queue(connection) if each["inbound_id"] == reply), None)


def _words(request: Request, reply: int) -> WaitingReply:
    with database_of(request).read() as connection:
        try:
            return read_reply(connection, reply)
        except SurveyError:
            raise HTTPException(404) from None


def _who(request: Request, reply: int) -> str | None:
    with database_of(request).read() as connection:
        return who_settled(connection, reply)
