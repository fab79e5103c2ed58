"""Surveys and follow-up of a month: funnels, solved as a range, promises, bookings."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mend_airflow.ui.answers import page
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.months import of_tongue, shown_of
from mend_airflow.ui.scales import draw_interval
from mend_airflow.ui.words import say, say_code

ONE = (0.0, 1.0)
STAGES = {"enqueue", "claim"}
routes = router(Right.SEE)


@routes.get("/surveys")
def surveys(request: Request, month: str | None = None) -> Response:
    """The month's measures."""
    language = language_of(request)
    with database_of(request).read() as connection:
        found = shown_of(connection, "surveys", month)
    measures = [_measure(each, language) for each in found.content.get("measures", [])]
    return page(
        request,
        "surveys.html",
        found.status,
        shown=found,
        measures=measures,
        measured=[each for each in measures if each["solved_best_share"] is not None],
        funnels=_funnels(found.content, language),
        callbacks=next(iter(found.content.get("callbacks", [])), None),
        refusals=[_refusal(each, language) for each in found.content.get("refusals", [])],
    )


def _measure(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    low, high = row["solved_floor_share"], row["solved_best_share"]
    return {
        **row,
        "name": say_code(language, "survey_measure", row["measure_code"]),
        "drawn": draw_interval(low, row["solved_estimate_share"], high, ONE),
    }


def _funnels(content: Mapping[str, Any], language: Language) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each measure's steps; a bar is the step's share of the largest."""
    found = []
    for measure, group in groupby(content.get("funnels", []), key=lambda row: row["measure_code"]):
        steps = list(group)
        most = max(each["step_count"] for each in steps) or 1
        names = {each["step_code"]: of_tongue(each, "name", language) for each in steps}
        shown = [
            {
                **each,
                "name": names[each["step_code"]],
                "of": names.get(each["of_step_code"], "—"),
                "drawn": draw_interval(None, each["step_count"] / most, None, ONE),
            }
            for each in steps
        ]
        found.append((say_code(language, "survey_measure", measure), shown))
    return found


def _refusal(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    stage = row["stage_code"]
    return {
        **row,
        "trigger": say_code(language, "survey_trigger", row["trigger_code"]),
        "reason": say_code(language, "contact_refusal", row["reason_code"]),
        "stage": say(language, f"surveys.stage_{stage}") if stage in STAGES else str(stage).replace("_", " "),
    }
