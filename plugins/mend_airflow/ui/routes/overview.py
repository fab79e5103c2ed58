"""The overview: last night in one look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from mend.query.pages.overview import Overview, read_overview
from mend_airflow.ui.answers import page
from mend_airflow.ui.charts import Chart, draw_bars, draw_lines
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.steps import path_of_runs, step_name
from mend_airflow.ui.words import say, say_code

SEGMENTS: Final = ("ivr", "agent", "double", "none")
LEVELS: Final = (4, 3, 2, 1)
routes = router(Right.SEE)


@dataclass(frozen=True)
class Drawn:
    """A chart with what its table shows."""

    labels: list[str]
    series: list[tuple[str, list[float | None]]]
    bars: list[Chart]
    lines: list[Chart]


@routes.get("/")
def overview(request: Request) -> Response:
    """Rows, damage, warnings, follow-ups at risk, and what failed."""
    language = language_of(request)
    with database_of(request).read() as connection:
        found = read_overview(connection, dt.datetime.now(dt.UTC))
    return page(
        request,
        "overview.html",
        found=found,
        segments=SEGMENTS,
        by_level=by_level(found),
        trend=trend(found.months, language) if found.months else None,
        nights=by_night(found.nights, language) if found.nights else None,
        step_name=partial(step_name, language),
        step_path=path_of_runs,
    )


def by_level(found: Overview) -> list[tuple[int, list[int]]]:
    """Each level with its customers by segment."""
    counts = {(row["level"], row["segment_code"]): row["customer_count"] for row in found.damage}
    return [(level, [counts.get((level, segment), 0) for segment in SEGMENTS]) for level in LEVELS]


def trend(rows: Sequence[Mapping[str, Any]], language: Language) -> Drawn:
    """Customers of each month, a part for each level."""
    months = sorted({row["month"] for row in rows})
    counts = {(row["month"], row["level"]): float(row["customers"]) for row in rows}
    series = [
        (say_code(language, "level", level), [counts.get((month, level), 0.0) for month in months])
        for level in sorted(LEVELS)
    ]
    drawn: list[tuple[str, list[float | None]]] = [(name, list(values)) for name, values in series]
    return Drawn(months, drawn, draw_bars(months, drawn), [])


def by_night(rows: Sequence[Mapping[str, Any]], language: Language) -> Drawn:
    """Damaged customers of the month to date, as each night counted them."""
    labels = [f"{row['as_of_on']:%m-%d}" for row in rows]
    series: list[tuple[str, list[float | None]]] = [
        (say(language, f"overview.{name}"), [None if row[name] is None else float(row[name]) for row in rows])
        for name in ("damaged", "severe")
    ]
    return Drawn(labels, series, [], draw_lines(labels, series))
