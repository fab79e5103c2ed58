"""The steps of a monthly run: put the month's list before the approvers, record what they said, publish it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign import what_if
from mend.repair.publishing.decisions import Decision, approvers_at, decide
from mend.repair.publishing.errors import ListStateError, NotAllowedError
from mend.repair.publishing.lists import ROOM, read_list
from mend.repair.publishing.publication import publish
from mend.repair.publishing.registering import register
from mend.repair.publishing.summarising import numbers_of, summarise
from mend.repair.publishing.words import both_languages

PUBLISHER = "mend"


@dataclass(frozen=True)
class Question:
    """What an approver is asked: the list, its state, the summary in both languages, who may answer, and whether the
    bias check wants a reason.
    """

    list_id: str
    state_code: str
    body: str
    approvers: tuple[str, ...]
    needs_bias_reason: bool


def ask(home: Home, month: str, at: dt.datetime, strategies: str | None = None) -> Question:
    """Put the month's latest list before the approvers.

    Args:
        strategies: folder of other strategies, to show beside the list what they would do.

    Raises:
        NoListError: the month has no list.
        NotAllowedError: the settings name no approver.
    """
    approvers = approvers_at(home, at)
    if not approvers:
        raise NotAllowedError("nobody may approve lists: name users of Airflow under settings: approvers")
    with Workbench.open(home) as bench:
        trial = numbers_of(what_if(home, bench, month, Path(strategies))) if strategies else None
        summary = summarise(home, bench, month, what_if=trial)
    listed = register(home, summary, at)
    return Question(listed.list_id, listed.state_code, both_languages(summary), approvers, listed.needs_bias_reason)


def answer(
    home: Home, list_id: str, who: str, is_approved: bool, at: dt.datetime, through: str, words: Mapping[str, str]
) -> Decision:
    """Record what an approver said. `words`: reason, bias_reason."""
    with operations.transaction(home.database_url) as connection:
        return decide(
            connection,
            list_id,
            who,
            "approved" if is_approved else "refused",
            approvers=approvers_at(home, at),
            at=at,
            through=through,
            reason=words.get("reason"),
            bias_reason=words.get("bias_reason"),
        )


def state_of(home: Home, list_id: str) -> str:
    """The list's state by now."""
    with operations.transaction(home.database_url) as connection:
        return read_list(connection, list_id).state_code


def publish_month(home: Home, bench: Workbench, month: str, *, at: str, through: str) -> dict[str, Any]:
    """Publish the month's approved list; the one that is published already stays as it is.

    Args:
        at: the moment of publishing, with its zone.

    Raises ListStateError when the month has neither.
    """
    with operations.transaction(home.database_url) as connection:
        list_id = connection.execute(statement(ROOM, "list_to_publish"), {"month": month}).scalar()
    if list_id is None:
        raise ListStateError(f"{month} has no approved list: an approver decides first (task approve)")
    report = publish(home, bench, list_id, PUBLISHER, dt.datetime.fromisoformat(at), through)
    return {
        "list_id": report.list_id,
        "is_new": report.is_new,
        "rows": report.rows,
        "files": len(report.files),
        "queued": report.queued,
        "withheld": sum(report.withheld.values()),
        "folder": str(report.folder),
    }
