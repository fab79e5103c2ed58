"""The card of an agent's desktop, as HTML and as JSON. Its service account needs the card's right alone."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mend.query.pages.card import Card, read_card
from mend_airflow.ui import formats
from mend_airflow.ui.answers import page, wants_json
from mend_airflow.ui.codes import say_topic
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.grumble import form_of
from mend_airflow.ui.timeline import Told
from mend_airflow.ui.words import say, say_code, say_pair

routes = router(Right.CARD, Right.SEE)


@routes.get("/card/{customer}")
def card(request: Request, customer: str) -> Response:
    """Label, what happened, what to say, playbook."""
    zone = request.app.state.zone
    with database_of(request).read() as connection:
        found = read_card(connection, customer, dt.datetime.now(ZoneInfo(zone)).date())
    if not found.is_known:
        raise HTTPException(404)
    shown = in_words(found, language_of(request), zone)
    if wants_json(request):
        return JSONResponse(shown)
    return page(request, "card.html", card=shown, **form_of(request, customer), given={}, said=[], problem="")


def in_words(found: Card, language: Language, zone: str) -> dict[str, Any]:
    """The card in the words of a language: what the page shows and what programs get."""
    told = Told(found.words, language, zone)
    level = found.latest["level"] if found.latest else None
    labels = [say_pair(language, each["label_en"], each["label_zh"]) for each in found.labels]
    playbooks = [(each["playbook_en"], each["playbook_zh"]) for each in found.labels if each["playbook_en"]]
    if found.warning:
        labels.append(say(language, "card.warned", probability=_percent(found.warning["probability_7_percent"])))
        playbooks.append((found.warning["strategy_en"], found.warning["strategy_zh"]))
    return {
        "customer_id": found.customer_id,
        "month": found.latest["month"] if found.latest else None,
        "level": level,
        "level_words": say_code(language, "level", level) if level is not None else say(language, "card.nothing"),
        "score": float(found.latest["score"]) if found.latest else None,
        "segment": say_code(language, "segment", found.latest["segment_code"]) if found.latest else None,
        "is_priority": any(each["is_priority"] for each in found.labels),
        "labels": labels,
        "happened": [{"at": formats.moment(each["at"], zone), "what": told.indicator(each)} for each in found.happened],
        "open_matters": [
            {
                "what": say_code(language, "follow_up_measure", each["measure_code"]),
                "topic": say_topic(language, each["topic_code"]),
                "state": say_code(language, "follow_up_state", each["state_code"]),
                "due": formats.moment(each["due_at"], zone),
            }
            for each in found.follow_ups
        ],
        "say": [say(language, f"card.say_{min(level or 0, 4)}")],
        "playbook": list(dict.fromkeys(say_pair(language, *each) for each in playbooks)),
    }


def _percent(value: object) -> str:
    return formats.NOTHING if value is None else f"{value:.1f} %"
