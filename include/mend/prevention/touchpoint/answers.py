"""What owners answer to corrective actions: added, never changed. Texts stay in the tables, out of logs and errors."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.operations import transaction
from mend.foundation.periods import local_day
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.touchpoint.actions import Answer
from mend.prevention.touchpoint.answerers import Answerer, answering_as, inventory_at
from mend.prevention.touchpoint.answering import TOUCHPOINT_ANSWER, record_answer, require_answer, require_living


def answers_of(home: Home, until: dt.date | None = None) -> list[Answer]:
    """Answers in the order in which they were given, up to the end of a day in the home's zone."""
    table = TOUCHPOINT_ANSWER.c
    query = select(
        table.action_id, table.state_code, table.answered_by, table.answered_at, table.answer_text,
        table.answered_as_code,
    )  # fmt: skip
    with transaction(home.database_url) as connection:
        rows = list(connection.execute(query.order_by(table.answered_at, table.answer_id)))
    found = [
        Answer(action, state, by, at.astimezone(dt.UTC), local_day(at, home.zone), text, role)
        for action, state, by, at, text, role in rows
    ]
    return [each for each in found if until is None or each.day <= until]


def answer(
    home: Home, bench: Workbench, action: str, state: str, by: str, text: str, at: dt.datetime, through: str
) -> bool:
    """Record an answer; False when the same person said the same last.

    Args:
        through: where it was given, kept on record.

    Raises AnswerError, saying what would help, for an action that is not there or over, a word that is none, or
    somebody whom the inventory does not name for it.
    """
    require_answer(state, by, text)
    found = _latest(bench, action)
    require_living(action, *(found[:2] if found else (None, None)))
    assert found is not None
    _, _, touchpoint, owner = found
    role = answering_as(by, touchpoint, owner, inventory_at(home, local_day(at, home.zone)))
    with transaction(home.database_url) as connection:
        return record_answer(connection, action, state, Answerer(by, role, through), text, at)


def _latest(bench: Workbench, action: str) -> tuple[str, str, str, str] | None:
    """Month, state, touchpoint and owner, as the latest month that knows the action says."""
    with open_step(bench, "touchpoint_answer") as step:
        step.view("mart_touchpoint_action", "action_file", where=every_row())
        rows = step.rows(read_model("prevention/touchpoint", "latest_action"), {"action_id": action})
    return (*rows[0],) if rows else None
