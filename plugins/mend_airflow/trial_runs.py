"""A question about a list is handed to Airflow, a run of `mend_what_if` for each: no engine runs in the pages."""

from __future__ import annotations

from typing import Final

from mend.errors import CommandError

DAG_ID: Final = "mend_what_if"


class NoDagError(CommandError):
    """Airflow does not know the DAG that answers."""


def run_id_of(trial_id: int) -> str:
    """
    >>> run_id_of(7)
    'question-7'
    """
    return f"question-{trial_id}"


def start(trial_id: int, who: str) -> None:
    """Start the run that answers a question, in the name of whoever asked. Twice is once.

    Raises NoDagError.
    """
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.exceptions import DagNotFound, DagRunAlreadyExists
    from airflow.utils.types import DagRunTriggeredByType

    try:
        trigger_dag(
            DAG_ID,
            triggered_by=DagRunTriggeredByType.UI,
            triggering_user_name=who,
            run_id=run_id_of(trial_id),
            conf={"trial_id": trial_id},
        )
    except DagRunAlreadyExists:
        return
    except DagNotFound as error:
        raise NoDagError(f"Airflow does not know the DAG {DAG_ID}: is the folder dags/ in place?") from error


def is_paused() -> bool:
    """Whether questions wait because the DAG is paused."""
    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return bool(session.scalar(select(DagModel.is_paused).where(DagModel.dag_id == DAG_ID)))
