"""Questions about a list, and their answers: rows of `list_trial`. The same question is asked once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement
from mend.repair.trials.errors import TrialError

ROOM: Final = "repair/trials"
LONGEST_PROBLEM: Final = 1000


@dataclass(frozen=True)
class Trial:
    """A question: which strategy of which list with which values, its state, and the answer once it is there."""

    trial_id: int
    list_id: str
    strategy_code: str
    changes: Mapping[str, Any]
    state_code: str
    asked_by: str
    asked_at: dt.datetime
    answered_at: dt.datetime | None
    answer: Mapping[str, Any] | None
    problem_text: str | None


def ask(
    connection: Connection, list_id: str, code: str, changes: Mapping[str, Any], rules_digest: str, who: str,
    at: dt.datetime,
) -> Trial:  # fmt: skip
    """Put a question on record, or give the one that was asked before: of the same list, strategies in force and
    changes, and not failed."""
    text = json.dumps(changes, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(f"{list_id}\n{rules_digest}\n{code}\n{text}".encode()).hexdigest()
    values = {"list_id": list_id, "code": code, "changes": text, "digest": digest, "who": who, "at": at}
    connection.execute(statement(ROOM, "lock_list"), {"list_id": list_id})
    known = connection.execute(statement(ROOM, "same_trial"), {"digest": digest}).scalar()
    number = known or connection.execute(statement(ROOM, "put_trial"), values).scalar_one()
    return read_trial(connection, int(number))


def read_trial(connection: Connection, trial_id: int) -> Trial:
    """The question of that number. TrialError when there is none."""
    row = connection.execute(statement(ROOM, "trial"), {"trial_id": trial_id}).mappings().first()
    if row is None:
        raise TrialError("no_question", f"there is no question {trial_id} about a list")
    return Trial(**row)


def trials_of(connection: Connection, list_id: str, most: int = 10) -> list[Trial]:
    """The latest questions about a list, the newest first."""
    found = connection.execute(statement(ROOM, "trials_of_list"), {"list_id": list_id, "most": most})
    return [Trial(**row) for row in found.mappings()]


def put_answer(connection: Connection, trial_id: int, answer: Mapping[str, Any], at: dt.datetime) -> None:
    """Answer a question. One that is answered already keeps its answer."""
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True, allow_nan=False)
    connection.execute(statement(ROOM, "put_answer"), {"trial_id": trial_id, "answer": text, "at": at})


def put_problem(connection: Connection, trial_id: int, why: str, at: dt.datetime) -> None:
    """Say why a question cannot be answered; it may be asked again."""
    values = {"trial_id": trial_id, "why": why[:LONGEST_PROBLEM], "at": at}
    connection.execute(statement(ROOM, "put_problem"), values)
