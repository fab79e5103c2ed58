"""The manual queue: what a person must read, and what the person says it means."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection

from mend.care import contact_rules
from mend.care.survey.errors import SurveyError
from mend.care.survey.replies import opt_in
from mend.care.survey.rules import load_rules, rules_on
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement

Reading = Literal["solved", "unsolved", "score", "opt_out", "opt_in"]


def manual_queue(home: Home) -> list[dict[str, Any]]:
    """Replies that wait for a person, and promised messages that were not let through, the oldest first. No numbers, no
    texts.
    """
    with operations.transaction(home.database_url) as connection:
        return [dict(row) for row in connection.execute(statement("care/survey", "manual_queue")).mappings()]


def settle_reply(
    home: Home,
    inbound_id: int,
    handler_id: str,
    at: dt.datetime,
    meaning: Reading | None,
    survey_id: str | None = None,
    score: int | None = None,
) -> None:
    """A person has read a reply: it answers its survey (or the one named) with this meaning, it opts out, it asks for
    messages again, or with None it answers nothing.

    A survey that is answered already keeps its answer. SurveyError when the reply does not wait for a person, an answer
    is given where no survey is known, a score is not on the survey's scale, or there is no opt-out that the words lift.
    """
    values = {
        "inbound_id": inbound_id,
        "handler_id": handler_id,
        "at": at,
        "meaning": meaning,
        "survey_id": survey_id,
        "score": score,
    }
    if (meaning == "score") != (score is not None):
        raise SurveyError(f"reply {inbound_id}: a score goes with the meaning 'score', and with no other")
    with operations.transaction(home.database_url) as connection:
        found = connection.execute(statement("care/survey", "settle_reply"), values).first()
        if found is None:
            raise SurveyError(f"reply {inbound_id} does not wait for a person")
        if meaning == "opt_out":
            contact_rules.opt_out(connection, found.phone_number, found.received_at, "agent", inbound_id)
        elif meaning == "opt_in":
            if not opt_in(connection, found.phone_number, found.received_at, found.text, inbound_id):
                raise SurveyError(
                    f"reply {inbound_id}: no opt-out from before it is in force, or nobody knows whose the number is"
                )
        elif meaning is not None:
            if found.survey_id is None:
                raise SurveyError(f"reply {inbound_id}: name the survey that it answers")
            answer = {
                "survey_id": found.survey_id,
                "inbound_id": inbound_id,
                "replied_at": found.received_at,
                "meaning": meaning,
            }
            solved = {"solved": True, "unsolved": False}.get(meaning)
            scale = None if score is None else _scale(connection, home, found.survey_id, score)
            connection.execute(
                statement("care/survey", "put_answer"),
                answer | {"score": score, "scale": scale, "is_solved": solved},
            )


def _scale(connection: Connection, home: Home, survey_id: str, score: int) -> int:
    """The scale of a survey's questionnaire, on which the score must be."""
    row = connection.execute(statement("care/survey", "questionnaire"), {"survey_id": survey_id}).first()
    questionnaire = None
    if row is not None and row.questionnaire_code is not None:
        questionnaire = rules_on(row.rule_version, load_rules(home.root / "survey_rules")).questionnaires.get(
            row.questionnaire_code
        )
    if questionnaire is None or questionnaire.scale is None:
        raise SurveyError(f"survey {survey_id} asks for no score: say solved or unsolved")
    if not questionnaire.lowest <= score <= questionnaire.scale:
        raise SurveyError(
            f"survey {survey_id}: {score} is not on its scale, {questionnaire.lowest} to {questionnaire.scale}"
        )
    return questionnaire.scale


@dataclass(frozen=True)
class WaitingReply:
    """A reply that a person must read, and what was asked. Neither text is in its repr."""

    inbound_id: int
    survey_id: str | None
    received_at: dt.datetime
    text: str = field(repr=False)
    sent_text: str | None = field(repr=False)


def read_waiting(home: Home, inbound_id: int) -> WaitingReply:
    """The words of a reply that waits. SurveyError when it does not."""
    with operations.transaction(home.database_url) as connection:
        row = connection.execute(statement("care/survey", "waiting_reply"), {"inbound_id": inbound_id}).mappings()
        found = row.first()
    if found is None:
        raise SurveyError(f"reply {inbound_id} does not wait for a person")
    return WaitingReply(**found)


def settle_stopped(home: Home, survey_id: str, handler_id: str, at: dt.datetime) -> None:
    """A person has taken up a promised message that the contact rules stopped. SurveyError when none waits."""
    values = {"survey_id": survey_id, "handler_id": handler_id, "at": at}
    with operations.transaction(home.database_url) as connection:
        if not connection.execute(statement("care/survey", "settle_stopped"), values).rowcount:
            raise SurveyError(f"{survey_id} does not wait for a person")
