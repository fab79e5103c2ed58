"""The manual queue: what a person must read, and what the person says it means."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from mend.care import contact_rules
from mend.care.survey.errors import SurveyError
from mend.care.survey.replies import opt_in
from mend.care.survey.rules import Questionnaire, load_rules, rules_on
from mend.care.survey.taking import require_not_anothers
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement

Reading = Literal["solved", "unsolved", "score", "opt_out", "opt_in"]


def manual_queue(home: Home) -> list[dict[str, Any]]:
    """Replies that wait for a person, then promised messages that were not let through, the oldest of each first. No
    numbers, no texts.
    """
    with operations.transaction(home.database_url) as connection:
        return read_queue(connection)


def read_queue(connection: Connection) -> list[dict[str, Any]]:
    """The same, on a connection."""
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
    is given where no survey is known, a score is not on the survey's scale, or there is no opt-out that the words lift;
    TakenError when somebody else has it.
    """
    with operations.transaction(home.database_url) as connection:
        settle_reply_on(connection, home.root, inbound_id, handler_id, at, meaning, survey_id, score)


def settle_reply_on(
    connection: Connection,
    root: Path,
    inbound_id: int,
    handler_id: str,
    at: dt.datetime,
    meaning: Reading | None,
    survey_id: str | None = None,
    score: int | None = None,
) -> None:
    """The same on a connection; `root` is the home's folder, which may have survey rules of its own."""
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
    require_not_anothers(connection, inbound_id, handler_id)
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
        scale = None if score is None else _scale(connection, root, found.survey_id, score)
        connection.execute(
            statement("care/survey", "put_answer"),
            answer | {"score": score, "scale": scale, "is_solved": solved},
        )


def _scale(connection: Connection, root: Path, survey_id: str, score: int) -> int:
    """The scale of a survey's questionnaire, on which the score must be."""
    questionnaire = _questionnaire(connection, root, survey_id)
    if questionnaire is None or questionnaire.scale is None:
        raise SurveyError(f"survey {survey_id} asks for no score: say solved or unsolved")
    if not questionnaire.lowest <= score <= questionnaire.scale:
        raise SurveyError(
            f"survey {survey_id}: {score} is not on its scale, {questionnaire.lowest} to {questionnaire.scale}"
        )
    return questionnaire.scale


def _questionnaire(connection: Connection, root: Path, survey_id: str) -> Questionnaire | None:
    row = connection.execute(statement("care/survey", "questionnaire"), {"survey_id": survey_id}).first()
    if row is None or row.questionnaire_code is None:
        return None
    return rules_on(row.rule_version, load_rules(root / "survey_rules")).questionnaires.get(row.questionnaire_code)


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
        return read_reply(connection, inbound_id)


def read_reply(connection: Connection, inbound_id: int) -> WaitingReply:
    """The same on a connection. Whoever is shown the words is to be on record first."""
    row = connection.execute(statement("care/survey", "waiting_reply"), {"inbound_id": inbound_id}).mappings()
    found = row.first()
    if found is None:
        raise SurveyError(f"reply {inbound_id} does not wait for a person")
    return WaitingReply(**found)


def settle_stopped(home: Home, survey_id: str, handler_id: str, at: dt.datetime) -> None:
    """A person has taken up a promised message that the contact rules stopped. SurveyError when none waits."""
    with operations.transaction(home.database_url) as connection:
        settle_stopped_on(connection, survey_id, handler_id, at)


def settle_stopped_on(connection: Connection, survey_id: str, handler_id: str, at: dt.datetime) -> None:
    """The same on a connection."""
    values = {"survey_id": survey_id, "handler_id": handler_id, "at": at}
    if not connection.execute(statement("care/survey", "settle_stopped"), values).rowcount:
        raise SurveyError(f"{survey_id} does not wait for a person")


def who_settled(connection: Connection, inbound_id: int) -> str | None:
    """Who has read a reply; None while it waits, or when there is none."""
    return connection.execute(statement("care/survey", "who_settled"), {"inbound_id": inbound_id}).scalar()


def scale_of(connection: Connection, root: Path, survey_id: str) -> tuple[int, int] | None:
    """The lowest and highest score of a survey's questionnaire; None when it asks for none."""
    found = _questionnaire(connection, root, survey_id)
    return None if found is None or found.scale is None else (found.lowest, found.scale)
