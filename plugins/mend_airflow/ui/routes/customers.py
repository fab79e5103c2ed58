"""Customers: search, and a customer's story."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Form, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mend.foundation.operations.looks import Look, digest_of, record_look
from mend.query.pages.story import Story, customers_of, person_of, read_story, reply_texts, whole_number
from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.charts import draw_lines
from mend_airflow.ui.codes import words_of
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, has, router, user_of
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.overview import Drawn
from mend_airflow.ui.timeline import timeline
from mend_airflow.ui.words import say

LEAST_REASON: Final = 4  # characters: a look has a reason in words
Text = Annotated[str, Form()]
routes = router(Right.SEE)
whole = router(Right.WHOLE)


@routes.get("/customers")
def customers(request: Request, customer: str = "") -> Response:
    """The search; with an id straight to the customer."""
    if not customer.strip():
        return page(request, "customers.html", asked="", problem="", found=[])
    with database_of(request).read() as connection:
        is_there = read_story(connection, customer.strip()) is not None
    if is_there:
        return RedirectResponse(_path(customer.strip()), 303)
    return page(request, "customers.html", 404, asked=customer.strip(), problem="unknown_id", found=[])


@whole.post("/customers")
def search_by_number(request: Request, number: Text = "", reason: Text = "") -> Response:
    """Who has a number. The search is on record before it is made; the number is in no address."""
    wanted, why = number.strip().replace(" ", ""), reason.strip()
    if len(why) < LEAST_REASON or not wanted:
        return page(request, "customers.html", 422, asked="", problem="no_reason", found=[])
    wanted = wanted if wanted.startswith("+") else f"+{wanted}"
    _record(request, "search", wanted, why, customer=None)
    with database_of(request).read() as connection:
        found = customers_of(connection, wanted)
    if len(found) == 1:
        return RedirectResponse(_path(found[0]), 303)
    return page(request, "customers.html", asked="", problem="" if found else "unknown_number", found=found)


@routes.get("/customers/{customer}")
def story(request: Request, customer: str, month: str | None = None) -> Response:
    """A customer's story, with one month in full."""
    return _story_page(request, _read(request, customer, month))


@whole.post("/customers/{customer}/whole")
def reveal(request: Request, customer: str, reason: Text = "") -> Response:
    """The whole number and the customer's own words, once the look is on record."""
    why = reason.strip()
    if len(why) < LEAST_REASON:
        return _whole_part(request, 422, customer, problem="no_reason")
    with database_of(request).read() as connection:
        person = person_of(connection, customer)
    _record(request, "reveal", person, why, customer=person)
    with database_of(request).read() as connection:
        number, texts = whole_number(connection, person), reply_texts(connection, person)
    return _whole_part(request, 200, customer, shown_number=number, texts=texts, is_shown=True)


def _read(request: Request, customer: str, month: str | None) -> Story:
    with database_of(request).read() as connection:
        found = read_story(connection, customer, month)
    if found is None:
        raise HTTPException(404)
    return found


def _story_page(request: Request, found: Story) -> Response:
    language = language_of(request)
    names, zone = words_of(request.app.state.home), request.app.state.zone
    events = timeline(found.month, found.words, names, language, zone) if found.month else []
    return page(
        request,
        "customer.html",
        story=found,
        events=events,
        trend=_trend(found, language) if len(found.months) > 1 else None,
        path=_path(found.customer_id),
        customer=found.customer_id,
        problem="",
        is_shown=False,
        shown_number=None,
        texts=[],
        may_reveal=has(request, Right.WHOLE),
    )


def _whole_part(request: Request, status: int, customer: str, **values: object) -> Response:
    """The fragment for htmx, and a page of its own for a browser without script."""
    template = "whole.html" if "hx-request" in request.headers else "whole_page.html"
    given = {"problem": "", "is_shown": False, "shown_number": None, "texts": [], "may_reveal": True} | values
    return page(request, template, status, customer=customer, path=_path(customer), **given)


def _trend(found: Story, language: Language) -> Drawn:
    months = list(reversed(found.months))
    labels = [str(each["month"]) for each in months]
    series: list[tuple[str, list[float | None]]] = [
        (say(language, "customers.score"), [float(each["score"]) for each in months])
    ]
    return Drawn(labels, series, [], draw_lines(labels, series))


def _record(request: Request, what: str, of: str, reason: str, customer: str | None) -> None:
    """Put a look on record, committed. Of a number that was searched its digest alone is kept."""
    look = Look(
        viewer=user_of(request),
        through=f"page {place.PREFIX}/customers",
        at=dt.datetime.now(dt.UTC),
        what="search" if what == "search" else "reveal",
        reason=reason,
        rows=1,
        rows_sha256=digest_of(of),
        filter={"page": "customers"},
        customer_id=customer,
    )
    with database_of(request).record() as connection:
        record_look(connection, look)


def _path(customer: str) -> str:
    return place.address(f"/customers/{quote(customer, safe='')}")
