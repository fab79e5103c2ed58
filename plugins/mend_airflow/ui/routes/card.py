"""The card of an agent's desktop, as HTML and as JSON. Its service account needs the card's right alone.

docs/guide/warnings.md lists what the JSON holds.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mend.foundation.home import Home
from mend.foundation.source_words import SourceWords
from mend.prevention.playbooks import Found, PlaybookError, PlaybookSet, load_playbooks
from mend.query.pages.card import Card, read_card
from mend.query.pages.card_case import cases_of
from mend_airflow.ui import formats
from mend_airflow.ui.answers import page, wants_json
from mend_airflow.ui.codes import words_of
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.grumble import form_of
from mend_airflow.ui.timeline import Told
from mend_airflow.ui.words import say, say_code, say_pair

log: Final = logging.getLogger(__name__)
routes = router(Right.CARD, Right.SEE)


@routes.get("/card/{customer}")
def card(request: Request, customer: str) -> Response:
    """Label, what happened, what to say, playbook."""
    home = request.app.state.home
    at, versions = dt.datetime.now(ZoneInfo(home.zone)), _playbooks(home)
    with database_of(request).read() as connection:
        found = read_card(connection, customer, at.date())
        cases = cases_of(connection, found, at, versions) if found.is_known and versions else []
    if not found.is_known:
        raise HTTPException(404)
    shown = in_words(found, cases, words_of(home), language_of(request), home.zone)
    if wants_json(request):
        return JSONResponse(shown)
    return page(request, "card.html", card=shown, **form_of(request, customer), given={}, said=[], problem="")


def _playbooks(home: Home) -> list[PlaybookSet]:
    """All playbooks, read again when a file changed. A broken file keeps no card back: it has no playbook then."""
    try:
        return load_playbooks(home.root / "playbooks")
    except PlaybookError as error:
        log.warning("playbooks: %s", error)
        return []


def in_words(found: Card, cases: Sequence[Found], names: SourceWords, language: Language, zone: str) -> dict[str, Any]:
    """The card in the words of a language: what the page shows and what programs get."""
    told = Told(found.words, names, language, zone)
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
                "topic": names.say("topic", each["topic_code"], language),
                "state": say_code(language, "follow_up_state", each["state_code"]),
                "due": formats.moment(each["due_at"], zone),
            }
            for each in found.follow_ups
        ],
        "say": [say(language, f"card.say_{min(level or 0, 4)}")],
        "playbook": list(dict.fromkeys(say_pair(language, *each) for each in playbooks)),
        "playbooks": [_playbook(each, language) for each in cases],
    }


def _playbook(found: Found, language: Language) -> dict[str, Any]:
    """What is said, done and given in a case: as the follow-up desk shows it, and what an agent alone may give."""
    chosen = found.chosen
    playbook = chosen.playbook
    return {
        "about": say(language, f"card.about_{found.about_code}"),
        "name": playbook.name(language),
        "severity": chosen.severity,
        "severity_words": say_code(language, "severity", chosen.severity),
        "say": playbook.script(language),
        "steps": list(playbook.steps_at(chosen.severity, language)),
        "may_give_yuan": playbook.limit(chosen.severity, found.playbooks.levels[0].code),
        "instead": playbook.alternative(language),
    }


def _percent(value: object) -> str:
    return formats.NOTHING if value is None else f"{value:.1f} %"
