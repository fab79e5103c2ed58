"""Warnings: the first to call first, the line and the hours, the levels; and what is done with one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import Form, HTTPException, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mend.foundation.periods import local_day
from mend.grumbles.warning import work
from mend.grumbles.warning.rules import load_rules, rules_on
from mend.query.pages.story import Words, read_words
from mend_airflow.ui import place
from mend_airflow.ui.answers import page
from mend_airflow.ui.charts import BOTTOM as BELOW
from mend_airflow.ui.charts import HEIGHT, TOP, Chart, Line, draw_bars
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, has_any, router, user_of
from mend_airflow.ui.rights import WORKING, Right
from mend_airflow.ui.routes.overview import Drawn
from mend_airflow.ui.words import say, say_code

SIZE: Final = 50
LEVELS: Final = (1, 2, 3, 4, 5)
CONFLICTS: Final = frozenset({"is_done", "changed", "not_yours"})
Text = Annotated[str, Form()]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=10_000)]
routes = router(Right.SEE)
working = router(*WORKING)


@routes.get("/warnings")
def warnings(request: Request, department: str = "", owner: str = "", state: str = "", at: PageNumber = 1) -> Response:
    """The list of the latest night, with the line."""
    wanted = work.Wanted(department or None, owner or None, state if state in work.STATES else None)
    skipped = (at - 1) * SIZE
    with database_of(request).read() as connection:
        found = work.read_warnings(connection, wanted, SIZE + 1, skipped)
        people = work.read_people(connection)
        lines = work.read_lines(connection)
        levels = work.read_levels(connection, wanted.department)
        types = work.read_types(connection, wanted.department)
        words = read_words(connection, None, *found, *types)
    language = language_of(request)
    line = next((each for each in lines if each["department_code"] == wanted.department), None)
    return page(
        request,
        "warnings.html",
        found=found[:SIZE],
        has_more=len(found) > SIZE,
        number_of_page=at,
        query=_query(department=department, owner=owner, state=state),
        people=people,
        departments=list(dict.fromkeys(each["department_code"] for each in people)),
        owners=sorted({each["worked_by"] for each in people}),
        states=work.STATES,
        asked={"department": department, "owner": owner, "state": state},
        lines=lines,
        levels=by_level(levels, line, language) if levels else None,
        types=types,
        kind=partial(_kind, words, language),
        link=partial(link_to, department=department, owner=owner, state=state),
    )


@routes.get("/warnings/{customer}")
def warning(request: Request, customer: str) -> Response:
    """One warning, and what was done with it."""
    return _one(request, 200, customer, "")


@working.post("/warnings/{customer}")
def act(
    request: Request,
    customer: str,
    action: Text = "",
    text: Text = "",
    result: Text = "",
    owner: Text = "",
    seen: Annotated[int, Form()] = -1,
) -> Response:
    """Accept, note, done, reassign; put on record. `seen`: how many steps the page showed."""
    who = work.Recorded(user_of(request), dt.datetime.now(dt.UTC), f"page {place.PREFIX}/warnings")
    people = [name for _, names in _specialists(request) for name in names]
    try:
        with database_of(request).record() as connection:
            if action == "accept":
                work.accept(connection, customer, who, seen)
            elif action == "note":
                work.note(connection, customer, text, who)
            elif action == "done":
                work.finish(connection, customer, result, text, who, seen)
            elif action == "reassign":
                work.reassign(connection, customer, owner, text, who, people, seen)
            else:
                raise HTTPException(422)
    except work.WarningWorkError as error:
        if error.code == "no_warning":
            raise HTTPException(404) from None
        return _one(request, 409 if error.code in CONFLICTS else 422, customer, error.code)
    return RedirectResponse(_path(customer), 303)


def _one(request: Request, status: int, customer: str, problem: str) -> Response:
    with database_of(request).read() as connection:
        found = work.read_warning(connection, customer)
        if found is None:
            raise HTTPException(404)
        events = work.read_events(connection, customer, found["first_warned_on"])
        words = read_words(connection, None, found)
    return page(
        request,
        "warning.html",
        status,
        warning=found,
        events=events,
        problem=problem,
        path=_path(customer),
        results=work.RESULTS,
        specialists=_specialists(request),
        kind=partial(_kind, words, language_of(request)),
        may_work=has_any(request, WORKING),
        taken_at=work.taken_at(found, events),
        seen=work.seen_of(events),
    )


def by_level(rows: Sequence[Mapping[str, Any]], line: Mapping[str, Any] | None, language: Language) -> Drawn:
    """Open grumbles by level, those below the line and those above it; of one department with its line drawn."""
    counts = {row["level"]: row for row in rows}
    labels = [f"{level} · {say_code(language, 'grumble_level', level)}" for level in LEVELS]
    above = [float(counts[level]["above"]) if level in counts else 0.0 for level in LEVELS]
    grumbles = [float(counts[level]["grumbles"]) if level in counts else 0.0 for level in LEVELS]
    series: list[tuple[str, list[float | None]]] = [
        (say(language, "warnings.below_line"), [whole - part for whole, part in zip(grumbles, above, strict=True)]),
        (say(language, "warnings.above_line"), list(above)),
    ]
    bars = draw_bars([str(level) for level in LEVELS], series)
    if line is not None and line["line_level"]:
        bars = [_with_line(chart, line["line_level"]) for chart in bars]
    return Drawn(labels, series, bars, [])


def _with_line(chart: Chart, level: int) -> Chart:
    """The line as an upright stroke before the bar of its level."""
    first, second = chart.bars[0], chart.bars[2]
    slot = second.x - first.x
    x = first.x + first.width / 2 + slot * (level - 1.5)
    return replace(chart, lines=[Line(2, [f"{x:.1f},{TOP} {x:.1f},{HEIGHT - BELOW}"], [])])


def _specialists(request: Request) -> list[tuple[str, tuple[str, ...]]]:
    """Departments with the people who take their warnings, by the rules of today."""
    home = request.app.state.home
    today = local_day(dt.datetime.now(dt.UTC), home.zone)
    rules = rules_on(today, load_rules(home.root / "rules" / "warning"))
    return [(code, each.specialists) for code, each in rules.departments.items()]


def _kind(words: Words, language: Language, code: str | None) -> str:
    """A grumble point in words."""
    if not code or code == "unclassified":
        return say(language, "warnings.unclassified")
    return words.name("grumble_type", code, language) or code.replace("_", " ").replace(".", ": ")


def link_to(more: Mapping[str, str], **asked: str) -> str:
    """The list with another choice."""
    return f"{place.address('/warnings')}?{urlencode({k: v for k, v in {**asked, **more}.items() if v})}"


def _query(**asked: str) -> str:
    found = urlencode({name: value for name, value in asked.items() if value})
    return f"{found}&" if found else ""


def _path(customer: str) -> str:
    return place.address(f"/warnings/{quote(customer, safe='')}")
