"""A decision on Mend's page lets Airflow's waiting task go on; one in Airflow shows on the page."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.list_rows import campaign_list

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA
from mend.repair.publishing import step
from mend_airflow.approvals import subject_of, waiting_for

LIST = "2025-10-v1"
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


@pytest.fixture
def drafted(page_home: Home) -> Iterator[str]:
    """A list of its own, before the approvers."""
    table = METADATA.tables["campaign_list"]
    with operations.transaction(page_home.database_url) as connection:
        connection.execute(insert(table), [campaign_list(LIST)])
    yield LIST
    with operations.transaction(page_home.database_url) as connection:
        connection.execute(text(f"delete from campaign_decision where list_id = '{LIST}'"))
        connection.execute(table.delete().where(table.c.list_id == LIST))


def park(app: AirflowApp, subject: str, operator: str = "ApproveListOperator", **others: Any) -> Any:
    """A task that waits for an answer, as the operator leaves it; gives its id."""
    from airflow.models.dagrun import DagRun
    from airflow.models.hitl import HITLDetail
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunType

    number, run = uuid.uuid4(), f"run-{uuid.uuid4()}"
    with app.environment(), create_session() as session:
        session.add(DagRun(dag_id="mend_campaign", run_id=run, run_type=DagRunType.MANUAL, start_date=NOW))
        session.flush()
        parked = {"dag_id": "mend_campaign", "task_id": "approve", "run_id": run, "map_index": -1, "id": number}
        parked |= {"state": "awaiting_input", "operator": operator, "next_method": "execute_complete"}
        parked |= {"pool": "mend_people", "pool_slots": 1, "try_number": 1, "max_tries": 0}
        session.execute(insert(TaskInstance.__table__), [parked | others])
        session.add(HITLDetail(ti_id=number, options=["Approve", "Reject"], subject=subject, params={}))
    return number


def parked(app: AirflowApp, number: Any) -> tuple[Any, ...]:
    """State, answer, who, words."""
    from airflow.models.hitl import HITLDetail
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session

    with app.environment(), create_session() as session:
        state = session.scalar(select(TaskInstance.state).where(TaskInstance.id == number))
        asked = session.get(HITLDetail, number)
        return state, asked.chosen_options, (asked.responded_by or {}).get("name"), asked.params_input


@pytest.mark.parametrize(
    ("sent", "option", "words"),
    [
        ({"decision": "approved"}, "Approve", {"reason": "", "bias_reason": ""}),
        ({"decision": "refused", "reason": "too expensive"}, "Reject", {"reason": "too expensive", "bias_reason": ""}),
    ],
)
def test_a_decision_on_the_page_answers_the_waiting_task_and_no_other(
    app: AirflowApp, drafted: str, sent: dict[str, str], option: str, words: dict[str, str]
) -> None:
    mine = park(app, subject_of(drafted))
    others = [
        park(app, subject_of("2025-10-v2")),
        park(app, subject_of(drafted), "ApprovalOperator"),
        park(app, subject_of(drafted), state="failed"),
    ]
    for _ in range(2):
        assert app.post(f"/mend/lists/{drafted}/decision", "admin", sent).status_code == 303
    assert parked(app, mine) == ("scheduled", [option], "admin", words)
    assert [parked(app, each)[1:3] for each in others] == [(None, None)] * 3


def test_a_decision_that_is_refused_answers_nothing(app: AirflowApp, drafted: str) -> None:
    mine = park(app, subject_of(drafted))
    assert app.post(f"/mend/lists/{drafted}/decision", "admin", {"decision": "refused"}).status_code == 422
    assert app.post(f"/mend/lists/{drafted}/decision", "oncall", {"decision": "approved"}).status_code == 403
    assert app.post(f"/mend/lists/{drafted}/go-on", "admin").status_code == 303  # nothing is decided yet
    assert parked(app, mine)[:2] == ("awaiting_input", None)


def test_a_list_decided_by_a_command_is_let_go_on_from_the_page(app: AirflowApp, page_home: Home, drafted: str) -> None:
    mine = park(app, subject_of(drafted))
    step.answer(page_home, drafted, "admin", False, NOW, "command", {"reason": "too expensive"})
    assert "still waits" in app.get(f"/mend/lists/{drafted}", "admin").text
    assert app.post(f"/mend/lists/{drafted}/go-on", "oncall").status_code == 403
    assert app.post(f"/mend/lists/{drafted}/go-on", "admin").status_code == 303
    assert parked(app, mine)[:3] == ("scheduled", ["Reject"], "admin")
    assert "still waits" not in app.get(f"/mend/lists/{drafted}", "admin").text


def test_an_answer_through_airflow_shows_on_the_page_once_the_task_has_recorded_it(
    app: AirflowApp, page_home: Home, drafted: str
) -> None:
    step.answer(page_home, drafted, "admin", True, NOW, "Airflow, mend_campaign run 1", {"reason": "good"})
    page = app.get(f"/mend/lists/{drafted}", "viewer").text
    assert "Airflow, mend_campaign run 1" in page
    assert '<span class="state good">approved</span>' in page


def test_the_answer_that_airflow_gives_first_is_kept(app: AirflowApp, drafted: str) -> None:
    """Whoever answers in Airflow between the look and the lock has answered."""
    mine = park(app, subject_of(drafted))
    with app.environment():
        (waiting,) = waiting_for(drafted)
    given = {"chosen_options": ["Approve"], "params_input": {}}
    path = f"/api/v2/dags/mend_campaign/dagRuns/{waiting.run_id}/taskInstances/approve/-1/hitlDetails"
    bearer = {"authorization": f"Bearer {app.tokens['admin']}"}
    app.as_user("admin")
    assert app.send("patch", path, json=given, headers=bearer).status_code == 200
    assert (
        app.post(f"/mend/lists/{drafted}/decision", "admin", {"decision": "refused", "reason": "x"}).status_code == 303
    )
    assert parked(app, mine) == ("scheduled", ["Approve"], "admin", {})
