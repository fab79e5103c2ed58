"""What a grumble is the moment an agent records it: JSON for their desktop, and a part of the card. The desktop's
service account needs the card's right alone. What is asked is kept nowhere.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Form
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.asked import LONGEST, Asked, AskedOf, of_form, problems
from mend_airflow.ui.language import language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.words import say

routes = router(Right.CARD, Right.SEE)
Field = Annotated[str, Form(max_length=LONGEST)]


@routes.post("/api/grumble")
async def grumble(request: Request) -> Response:
    """An agent's record now → customer type, grumble type, probability, level, strategy."""
    if (sent := await _body(request)) is None:
        return _refused(request, 413, "too_long", f"more than {LONGEST} bytes")
    try:
        asked = AskedOf.model_validate_json(sent)
    except ValidationError as error:
        return _refused(request, 422, "not_understood", problems(error))
    return await run_in_threadpool(_answered, request, asked)


@routes.post("/card/{customer}/grumble")
def of_card(request: Request, customer: str, point: Field = "", text: Field = "", mood: Field = "") -> Response:
    """The answer on the card: a fragment for htmx, a page for a browser without script."""
    given = of_form({"point": point, "text": text, "mood": mood})
    status, said, problem = 200, [], ""
    try:
        asked = Asked.model_validate(given)
        said = _lines(request, customer, asked)
    except ValidationError:
        status, problem = 422, "grumble.not_understood"
    except _ours() as error:
        status, problem = _status(error), f"grumble.{_name(error)}"
    is_part = "hx-request" in request.headers  # htmx shows what is answered with 200 alone
    template, status = ("grumble.html", 200) if is_part else ("grumble_page.html", status)
    return page(request, template, status, **form_of(request, customer), given=given, said=said, problem=problem)


def form_of(request: Request, customer: str) -> dict[str, Any]:
    """What the card's form needs beside its fields: where it goes, and the customer."""
    path = place.address(f"/card/{quote(customer, safe='')}")
    return {"customer": customer, "path": path, "choices": points_of(request)}


def points_of(request: Request) -> list[tuple[str, str]]:
    """The points that an agent may choose, as far as they are loaded: code and words."""
    language = language_of(request)
    return [(code, getattr(words, language)) for code, words in request.app.state.grumbles.points().items()]


def _answered(request: Request, asked: AskedOf) -> Response:
    from mend.grumbles.incoming.report import as_json

    try:
        with database_of(request).read() as connection:
            told = _told(request, connection, asked.customer_id, asked)
    except _ours() as error:
        return _refused(request, _status(error), _name(error), str(error))
    return JSONResponse({"customer_id": asked.customer_id} | as_json(told))


def _lines(request: Request, customer: str, asked: Asked) -> list[str]:
    from mend.grumbles.incoming.report import lines

    with database_of(request).read() as connection:
        return lines(_told(request, connection, customer, asked), language_of(request))


def _told(request: Request, connection: Any, customer: str, asked: Asked) -> Any:
    state = request.app.state
    return state.grumbles.tell(connection, customer, asked, dt.datetime.now(dt.UTC), state.zone)


def _ours() -> tuple[type[Exception], ...]:
    from mend.grumbles.incoming.errors import NothingPublishedError, QuestionError

    return QuestionError, NothingPublishedError


def _status(error: Exception) -> int:
    return 422 if isinstance(error, _ours()[0]) else 503


def _name(error: Exception) -> str:
    return "not_understood" if isinstance(error, _ours()[0]) else "nothing_published"


async def _body(request: Request) -> bytes | None:
    """What was sent; None when it is longer than a question may be."""
    sent = b""
    async for part in request.stream():
        sent += part
        if len(sent) > LONGEST:
            return None
    return sent


def _refused(request: Request, status: int, name: str, detail: str) -> Response:
    title = say(language_of(request), f"grumble.{name}")
    return JSONResponse({"error": name, "title": title, "detail": detail}, status)
