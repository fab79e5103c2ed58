"""How a list's approval waits in Airflow, and how a decision that was taken on Mend's page answers it.

The decision is Mend's record (`campaign_decision`): the page checks the right and the settings' approvers. Airflow's
waiting task is then answered under the same name, with the rows locked in the order of Airflow's own answer, so that
the two never both count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OPERATOR: Final = "ApproveListOperator"
OPTIONS: Final[Mapping[str, str]] = {"approved": "Approve", "refused": "Reject"}


@dataclass(frozen=True)
class Waiting:
    """A run whose task waits for an answer about a list."""

    dag_id: str
    run_id: str
    task_id: str
    task_instance_id: Any


def subject_of(list_id: str) -> str:
    """
    >>> subject_of("2026-03-v1")
    'Approve list 2026-03-v1?'
    """
    return f"Approve list {list_id}?"


def waiting_for(list_id: str) -> list[Waiting]:
    """The runs that wait for an answer about the list."""
    from airflow.models.hitl import HITLDetail
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    query = (
        select(TaskInstance.dag_id, TaskInstance.run_id, TaskInstance.task_id, TaskInstance.id)
        .join(HITLDetail, HITLDetail.ti_id == TaskInstance.id)
        .where(
            HITLDetail.subject == subject_of(list_id),
            HITLDetail.responded_at.is_(None),
            TaskInstance.operator == OPERATOR,
            TaskInstance.state.in_(_parked()),
        )
        .order_by(TaskInstance.dag_id, TaskInstance.run_id)
    )
    with create_session() as session:
        return [Waiting(*each) for each in session.execute(query)]


def answer(list_id: str, decision: str, user: Any, words: Mapping[str, str]) -> int:
    """Answer what waits for the list by the decision on record: how many runs go on. Twice is once.

    Args:
        decision: approved or refused.
        user: Airflow's user who took it.
        words: reason, bias_reason.
    """
    from airflow.utils.session import create_session

    count = 0
    for each in waiting_for(list_id):
        with create_session() as session:
            count += _answer(session, each, OPTIONS[decision], user, words)
    return count


def _answer(session: Session, waiting: Waiting, option: str, user: Any, words: Mapping[str, str]) -> int:
    from airflow.models.hitl import HITLDetail, HITLUser
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.trigger import handle_event_submit
    from airflow.triggers.base import TriggerEvent
    from sqlalchemy import select

    task = session.get(TaskInstance, waiting.task_instance_id, with_for_update={"of": TaskInstance})
    asked = session.scalar(
        select(HITLDetail).where(HITLDetail.ti_id == waiting.task_instance_id).with_for_update(of=HITLDetail)
    )
    if task is None or asked is None or asked.responded_at is not None or task.state not in _parked():
        return 0
    asked.responded_by = HITLUser(id=str(user.get_id()), name=str(user.get_name() or user.get_id()))
    asked.responded_at = dt.datetime.now(dt.UTC)
    asked.chosen_options = [option]
    asked.params_input = dict(words)
    event = TriggerEvent(asked.as_resume_event_payload())  # type: ignore[no-untyped-call]
    handle_event_submit(event, task_instance=task, session=session)
    return 1


def _parked() -> tuple[Any, ...]:
    """States in which a task waits for an answer."""
    from airflow.utils.state import TaskInstanceState

    return (TaskInstanceState.AWAITING_INPUT, TaskInstanceState.DEFERRED)
