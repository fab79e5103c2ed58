"""An owner's answer to a corrective action, put on record: by the command and by the page, without engine and lake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, insert, select

from mend.foundation.operations.tables import METADATA
from mend.prevention.touchpoint.answerers import Answerer
from mend.prevention.touchpoint.errors import AnswerError

TOUCHPOINT_ANSWER: Final = METADATA.tables["touchpoint_answer"]
STATES: Final = ("open", "done", "dropped")
LONGEST: Final = 1000  # signs of an answer
OVER: Final = ("done",)


@dataclass(frozen=True)
class Said:
    """The latest answer to an action. `role`: as what they answered; None of answers before it was asked."""

    action_id: str
    state: str
    by: str
    at: dt.datetime
    text: str
    role: str | None = None


def require_answer(state: str, by: str, text: str) -> None:
    """AnswerError, saying what would help, for an answer that says nothing or names nobody."""
    if state not in STATES:
        raise AnswerError(f"an answer says {', '.join(STATES)}, not {state!r}")
    if not by.strip():
        raise AnswerError("an answer names who gives it (--by NAME)")
    if not text.strip():
        raise AnswerError("an answer says what was done, or why nothing is (--text)")
    if len(text) > LONGEST:
        raise AnswerError(f"the answer's text has {len(text)} signs, over {LONGEST}; say it shorter")


def require_living(action: str, month: str | None, state: str | None) -> None:
    """AnswerError for an action that no month knows, or that is over: an answer to it would be lost without a word."""
    if month is None:
        raise AnswerError(f"there is no action {action!r}; `mend touchpoints --month YYYY-MM` lists them")
    if state in OVER:
        raise AnswerError(f"the action {action} was {state} in {month}; nothing is left to answer")


def record_answer(connection: Connection, action: str, state: str, by: Answerer, text: str, at: dt.datetime) -> bool:
    """Put an answer on record; False when the same person said the same last. Who asks has seen that it is living, and
    that the person may answer (`answering_as`)."""
    require_answer(state, by.name, text)
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"touchpoint_answer {action}"))))
    last = latest_answers(connection, [action]).get(action)
    if last and (last.state, last.by, last.text, last.role) == (state, by.name, text, by.role):
        return False
    values = {
        "action_id": action, "state_code": state, "answered_by": by.name, "answered_as_code": by.role,
        "answered_through": by.through, "answered_at": at, "answer_text": text,
    }  # fmt: skip
    connection.execute(insert(TOUCHPOINT_ANSWER).values(**values))
    return True


def latest_answers(connection: Connection, actions: Collection[str]) -> dict[str, Said]:
    """The latest answer to each of these actions that has one."""
    table = TOUCHPOINT_ANSWER.c
    query = select(
        table.action_id, table.state_code, table.answered_by, table.answered_at, table.answer_text,
        table.answered_as_code,
    )  # fmt: skip
    rows = connection.execute(
        query.where(table.action_id.in_(list(actions))).order_by(table.answered_at, table.answer_id)
    )
    return {row[0]: Said(*row) for row in rows}
