"""The manual queue: what a person must read, and what the person says it means."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from sqlalchemy import text

from mend import models, operations
from mend.home import Home
from mend.survey.errors import SurveyError


def manual_queue(home: Home) -> list[dict[str, Any]]:
    """Replies that wait for a person, and promised messages that were not let through, the oldest first. No numbers, no texts."""
    with operations.transaction(home.database_url) as connection:
        return [dict(row) for row in connection.execute(text(models.load("survey", "manual_queue"))).mappings()]


def settle_reply(
    home: Home,
    inbound_id: int,
    handler_id: str,
    at: dt.datetime,
    meaning: Literal["solved", "unsolved"] | None,
    survey_id: str | None = None,
) -> None:
    """A person has read a reply: it answers its survey (or the one named) with this meaning, or with None it answers nothing.

    SurveyError when the reply does not wait for a person, or a meaning is given where no survey is known.
    """
    values = {"inbound_id": inbound_id, "handler_id": handler_id, "at": at, "meaning": meaning, "survey_id": survey_id}
    with operations.transaction(home.database_url) as connection:
        found = connection.execute(text(models.load("survey", "settle_reply")), values).first()
        if found is None:
            raise SurveyError(f"reply {inbound_id} does not wait for a person")
        if meaning is not None and found.survey_id is None:
            raise SurveyError(f"reply {inbound_id}: name the survey that it answers")
        if meaning is not None:
            answer = {"survey_id": found.survey_id, "inbound_id": inbound_id, "replied_at": found.received_at, "meaning": meaning}
            solved = {"score": None, "scale": None, "is_solved": meaning == "solved"}
            connection.execute(text(models.load("survey", "put_answer")), answer | solved)
