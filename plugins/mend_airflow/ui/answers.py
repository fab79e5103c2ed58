"""Pages and their errors, as HTML for people and as JSON for programs. An error shows no data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from mend_airflow.ui import formats, place
from mend_airflow.ui.charts import draw_bars, draw_lines
from mend_airflow.ui.codes import words_of
from mend_airflow.ui.language import TAGS, language_of
from mend_airflow.ui.rights import Right, name_of
from mend_airflow.ui.words import say, say_code, say_pair

TEMPLATES: Final = Path(__file__).parent / "templates"
# The pages of the navigation, in order: name, path, and the right that shows the entry.
PAGES: Final = (
    ("overview", "/", Right.SEE),
    ("customers", "/customers", Right.SEE),
    ("warnings", "/warnings", Right.SEE),
    ("desk", "/desk", Right.SEE),
    ("queue", "/queue", Right.SEE),
    ("problems", "/problems", Right.SEE),
    ("lists", "/lists", Right.SEE),
    ("effect", "/effect", Right.SEE),
    ("touchpoints", "/touchpoints", Right.SEE),
    ("association", "/association", Right.SEE),
    ("clusters", "/clusters", Right.SEE),
    ("surveys", "/surveys", Right.SEE),
    ("quality", "/quality", Right.SEE),
    ("rules", "/rules", Right.SEE),
)


@cache
def environment() -> Environment:
    """Templates: everything is escaped, and a name that is not there is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(draw_lines=draw_lines, draw_bars=draw_bars, address=place.address)
    return made


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of ours: the template's values, and what every template knows (see `common`), which no value replaces."""
    known = common(request)
    assert not (both := known.keys() & values.keys()), f"{template}: these names are every template's: {sorted(both)}"
    return HTMLResponse(environment().get_template(template).render(known | values), status)


def common(request: Request) -> dict[str, Any]:
    """What every template knows: words, formats, the user, the navigation."""
    language = language_of(request)
    rights: frozenset[Right] = getattr(request.state, "mend_rights", frozenset())
    user = getattr(request.state, "mend_user", None)
    zone, names = request.app.state.zone, words_of(request.app.state.home)
    return {
        "language": language,
        "language_tag": TAGS[language],
        "t": partial(say, language),
        "code": partial(say_code, language),
        "pair": partial(say_pair, language),
        "named": partial(names.name, language=language),
        "topic": partial(names.say, "topic", language=language),
        "team_name": partial(names.say, "team", language=language),
        "city": partial(names.say, "city", language=language),
        "source": partial(names.say, "source", language=language),
        "number": formats.number,
        "points": formats.points,
        "percent": formats.percent,
        "moment": partial(formats.moment, zone=zone),
        "day": formats.day,
        "lasting": partial(formats.lasting, language=language),
        "dag_address": lambda path: f"{place.root()}{path}",
        "rights": rights,
        "user_name": name_of(user) if user is not None else "",
        "navigation": [(name, place.address(path)) for name, path, right in PAGES if right in rights],
        "here": request.url.path,
        "zone": zone,
    }


def wants_json(request: Request) -> bool:
    """Whether a program asks: a path below /api, or JSON and no HTML accepted."""
    accepted = request.headers.get("accept", "")
    is_program = "application/json" in accepted and "text/html" not in accepted
    return f"{place.PREFIX}/api/" in request.url.path or is_program


def _error(request: Request, status: int, name: str, headers: Mapping[str, str] | None = None) -> Response:
    language = language_of(request)
    words = {"title": say(language, f"errors.{name}_title"), "what": say(language, f"errors.{name}_what")}
    if wants_json(request):
        return JSONResponse({"error": name, "detail": f"{words['title']}. {words['what']}"}, status, headers)
    made = page(request, "error.html", status, name=name, login=_login(request), **words)
    made.headers.update(headers or {})
    return made


def _login(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    there = request.url.path if request.method == "GET" else place.address()
    return f"{place.root()}/auth/login?next={quote(f'{there}{query}', safe='')}"


def not_signed_in(request: Request) -> Response:
    """401: the page leads to the login and back; an open page that notices it reloads."""
    return _error(request, 401, "signed_out", {"HX-Refresh": "true"} if "hx-request" in request.headers else None)


def not_allowed(request: Request) -> Response:
    """403: signed in, without the right."""
    return _error(request, 403, "not_allowed")


def from_elsewhere(request: Request) -> Response:
    """403: a writing request that comes from no page of ours."""
    return _error(request, 403, "from_elsewhere")


def not_found(request: Request) -> Response:
    """404."""
    return _error(request, 404, "not_found")


def refused(request: Request, status: int) -> Response:
    """Another answer of the 400s, without what was sent."""
    names = {401: "signed_out", 403: "not_allowed", 404: "not_found", 405: "not_found"}
    return _error(request, status, names.get(status, "not_understood"))


def failed(request: Request, error: Exception) -> Response:
    """500 and 503: what happened in general, never what the error says. A table that is not there: how to make it."""
    if isinstance(error, ProgrammingError) and getattr(error.orig, "sqlstate", "") == "42P01":
        return _error(request, 503, "no_table")
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") == "57014":
        return _error(request, 503, "too_slow")
    if isinstance(error, OperationalError):
        return _error(request, 503, "no_database")
    return _error(request, 500, "failed")
