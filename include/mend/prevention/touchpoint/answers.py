"""What owners answer to corrective actions: added, never changed. Texts stay in the tables, out of logs and errors."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import insert, select

from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.operations import transaction
from mend.foundation.operations.tables import METADATA
from mend.foundation.periods import local_day
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.touchpoint.actions import Answer
from mend.prevention.touchpoint.errors import AnswerError

TOUCHPOINT_ANSWER: Final = METADATA.tables["touchpoint_answer"]
STATES: Final = ("open", "done", "dropped")
LONGEST: Final = 1000  # signs of an answer
OVER: Final = ("done",)


def answers_of(home: Home, until: dt.date | None = None) -> list[Answer]:
    """Answers in the order in which they were given, up to the end of a day in the home's zone."""
    table = TOUCHPOINT_ANSWER.c
    query = select(table.action_id, table.state_code, table.answered_by, table.answered_at, table.answer_text)
    with transaction(home.database_url) as connection:
        rows = list(connection.execute(query.order_by(table.answered_at, table.answer_id)))
    found = [
        Answer(action, state, by, at.astimezone(dt.UTC), local_day(at, home.zone), text)
        for action, state, by, at, text in rows
    ]
    return [each for each in found if until is None or each.day <= until]


def answer(home: Home, bench: Workbench, action: str, state: str, by: str, text: str, at: dt.datetime) -> bool:
    """Record an answer; False when the same person said the same last.

    Raises AnswerError, saying what would help, for an action that is not there or over, or a word that is none.
    """
    _require(state, by, text)
    _require_living(bench, action)
    said = [each for each in answers_of(home) if each.action_id == action]
    if said and (said[-1].state, said[-1].by, said[-1].text) == (state, by, text):
        return False
    values = {"action_id": action, "state_code": state, "answered_by": by, "answered_at": at, "answer_text": text}
    with transaction(home.database_url) as connection:
        connection.execute(insert(TOUCHPOINT_ANSWER).values(**values))
    return True


def _require(state: str, by: str, text: str) -> None:
    if state not in STATES:
        raise AnswerError(f"an answer says {', '.join(STATES)}, not {state!r}")
    if not by.strip():
        raise AnswerError("an answer names who gives it (--by NAME)")
    if not text.strip():
        raise AnswerError("an answer says what was done, or why nothing is (--text)")
    if len(text) > LONGEST:
        raise AnswerError(f"the answer's text has {len(text)} signs, over {LONGEST}; say it shorter")


def _require_living(bench: Workbench, action: str) -> None:
    """An answer to an action that is over would be lost without a word."""
    with open_step(bench, "touchpoint_answer") as step:
        step.view("mart_touchpoint_action", "action_file", where=every_row())
        rows = step.rows(read_model("prevention/touchpoint", "latest_action"), {"action_id": action})
    if not rows:
        raise AnswerError(f"there is no action {action!r}; `mend touchpoints --month YYYY-MM` lists them")
    [(month, state)] = rows
    if state in OVER:
        raise AnswerError(f"the action {action} was {state} in {month}; nothing is left to answer")
