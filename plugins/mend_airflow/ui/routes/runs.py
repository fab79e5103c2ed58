"""The page in a DAG run's tab: what Mend's steps of the run did, from the run history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session
from fastapi import HTTPException
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from mend.foundation.counts import in_chinese, in_words
from mend.query.pages.runs import read_steps
from mend_airflow.ui.answers import page
from mend_airflow.ui.language import language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.steps import STEPS, step_name

routes = router(Right.SEE)


@dataclass(frozen=True)
class Window:
    """When the run was at work. `ended_at` is None while it is."""

    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    partition: str | None


@routes.get("/runs/{dag}/{run:path}")
def run_page(request: Request, dag: str, run: str) -> Response:
    """The steps of one run. Whoever may not see the run in Airflow does not see it here."""
    _require_run(request, dag)
    window = _window(dag, run)
    if window is None:
        raise HTTPException(404)
    steps = [each.name for each in STEPS.get(dag, ())]
    with database_of(request).read() as connection:
        found = read_steps(connection, steps, window.started_at, window.ended_at) if window.started_at else []
    language = language_of(request)
    name = partial(step_name, language)
    return page(
        request, "run.html", dag=dag, run=run, window=window, steps=found, is_ours=bool(steps), step_name=name,
        counted=in_chinese if language == "zh" else lambda counts: (in_words(counts), ""),
    )  # fmt: skip


def _require_run(request: Request, dag: str) -> None:
    allowed = get_auth_manager().is_authorized_dag(
        method="GET", access_entity=DagAccessEntity.RUN, details=DagDetails(id=dag), user=request.state.mend_user
    )
    if not allowed:
        raise HTTPException(403)


def _window(dag: str, run: str) -> Window | None:
    """When the run was at work, from Airflow's own database."""
    query = select(DagRun.start_date, DagRun.end_date, DagRun.partition_key).where(
        DagRun.dag_id == dag, DagRun.run_id == run
    )
    with create_session() as session:
        found = session.execute(query).first()
    return Window(*found) if found else None
