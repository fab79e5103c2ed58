"""What-if on a list's page: asked by who may, handed to Airflow once, shown with both sides."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select, text
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.list_rows import WAITS
from tests.mend_airflow.ui.rows import EVIL

from mend.foundation import operations
from mend.foundation.home import Home
from mend_airflow.dag_files import load_dag
from mend_airflow.trial_runs import DAG_ID, is_paused

LIST = "2026-02-v1"
PATH = f"/mend/lists/{LIST}/what-if"
ASKED = {"strategy": "phone_callback", "capacity_per_month": "500"}


def rows(home: Home) -> list[tuple[Any, ...]]:
    columns = "state_code, asked_by, changes, strategy_code"
    query = f"select {columns} from list_trial where list_id = '{LIST}' order by trial_id"
    with operations.transaction(home.database_url) as connection:
        return [tuple(each) for each in connection.execute(text(query))]


@pytest.fixture
def nothing_asked(page_home: Home) -> Iterator[None]:
    yield
    with operations.transaction(page_home.database_url) as connection:
        connection.execute(text(f"delete from list_trial where list_id = '{LIST}'"))


@pytest.fixture
def known_dag(app: AirflowApp) -> Iterator[None]:
    """Airflow knows the DAG, as its processor makes it known."""
    from airflow.dag_processing.collection import update_dag_parsing_results_in_db
    from airflow.models import DagModel, DagRun
    from airflow.models.dagbundle import DagBundleModel
    from airflow.serialization.serialized_objects import LazyDeserializedDAG
    from airflow.utils.session import create_session

    with app.environment(), create_session() as session:
        if session.get(DagBundleModel, "test") is None:
            session.add(DagBundleModel(name="test"))
            session.flush()
        dag = LazyDeserializedDAG.from_dag(load_dag(DAG_ID))
        update_dag_parsing_results_in_db("test", None, [dag], {}, None, set(), session)
    yield
    with app.environment(), create_session() as session:
        for run in session.scalars(select(DagRun).where(DagRun.dag_id == DAG_ID)):
            session.delete(run)
        session.flush()
        session.execute(text(f"delete from serialized_dag where dag_id = '{DAG_ID}'"))
        session.execute(text(f"delete from dag_code where dag_id = '{DAG_ID}'"))
        session.execute(text(f"delete from dag_version where dag_id = '{DAG_ID}'"))
        session.delete(session.get(DagModel, DAG_ID))


def runs(app: AirflowApp) -> list[tuple[Any, ...]]:
    from airflow.models import DagRun
    from airflow.utils.session import create_session

    with app.environment(), create_session() as session:
        query = select(DagRun.run_id, DagRun.conf, DagRun.triggering_user_name, DagRun.state)
        return [tuple(each) for each in session.execute(query.where(DagRun.dag_id == DAG_ID))]


@pytest.mark.usefixtures("known_dag", "nothing_asked")
def test_a_question_is_on_record_and_one_run_of_airflow(app: AirflowApp, page_home: Home) -> None:
    for _ in range(2):
        answer = app.post(PATH, "oncall", ASKED)
        assert (answer.status_code, answer.headers.get("location")) == (303, f"{PATH}#answers"), answer.text
    assert rows(page_home) == [("asked", "oncall", {"capacity_per_month": 500}, "phone_callback")]
    ((run_id, conf, who, state),) = runs(app)
    assert (run_id, who, state) == (f"question-{conf['trial_id']}", "oncall", "queued")
    shown = app.get(PATH, "viewer").text
    assert "being worked out" in shown
    assert 'hx-trigger="every 5s"' in shown


@pytest.mark.usefixtures("known_dag", "nothing_asked")
def test_a_paused_dag_is_said(app: AirflowApp) -> None:
    from airflow.models import DagModel
    from airflow.utils.session import create_session

    app.post(PATH, "admin", ASKED)
    assert "the DAG is paused" not in app.get(PATH, "viewer").text
    with app.environment(), create_session() as session:
        session.get(DagModel, DAG_ID).is_paused = True
    with app.environment():
        assert is_paused()
    assert "the DAG is paused" in app.get(PATH, "viewer").text


@pytest.mark.usefixtures("nothing_asked")
def test_where_airflow_does_not_know_the_dag_the_question_fails_and_says_so(app: AirflowApp, page_home: Home) -> None:
    answer = app.post(PATH, "admin", ASKED)
    assert (answer.status_code, "does not know the DAG" in answer.text) == (409, True)
    assert [each[0] for each in rows(page_home)] == ["failed"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"strategy": "phone_callback"}, "No value differs"),
        ({"strategy": EVIL, "capacity_per_month": "5"}, "no such strategy"),
        ({"strategy": "phone_callback", "capacity_per_month": "many"}, "no whole number"),
        ({"strategy": "phone_callback", "audience": EVIL}, "cannot be used"),
        ({"strategy": "phone_callback", "city_budget": "hangzhou: 3"}, "says nothing of other cities"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words_and_what_was_written_stays(
    simple_app: AirflowApp, page_home: Home, sent: dict[str, str], words: str
) -> None:
    answer = simple_app.post(PATH, "oncall", sent)
    assert (answer.status_code, words in unescape(answer.text)) == (422, True), answer.text
    assert "<script>alert" not in answer.text
    if sent.get("audience") or sent.get("city_budget"):
        assert (sent.get("audience") or sent["city_budget"]) in unescape(answer.text)
    assert rows(page_home) == []


def test_who_may_not_ask_sees_what_holds_and_no_form(simple_app: AirflowApp) -> None:
    assert simple_app.post(PATH, "handler", ASKED).status_code == 403
    assert simple_app.post(PATH, "oncall", ASKED, origin="https://elsewhere.example").status_code == 403
    assert simple_app.post("/mend/lists/2026-02-v9/what-if", "oncall", ASKED).status_code == 404
    assert simple_app.get("/mend/lists/nothing/what-if", "oncall").status_code == 404
    shown = simple_app.get(f"{PATH}?strategy=phone_callback", "viewer").text
    assert "<textarea" not in shown
    assert "<dd><code>12000</code></dd>" in shown


def test_an_answer_shows_both_sides_and_the_list_leads_to_it(simple_app: AirflowApp) -> None:
    page = " ".join(unescape(simple_app.get(f"/mend/lists/{WAITS}/what-if", "viewer").text).split())
    for words in (
        "Customers who come: 12; who go: 0; who get something else: 3.",
        '<td class="figure">30</td><td class="figure"><strong>42</strong></td>',
        '<td class="figure">240</td><td class="figure"><strong>336</strong></td>',
        "Customers a month → 500",
        '<td class="figure">2.50</td><td class="figure">3.25</td>',
        "Nothing was scarce.",
        "could not be answered",
    ):
        assert words in page, words
    chinese = simple_app.get(f"/mend/lists/{WAITS}/what-if", "viewer", "zh").text
    assert "每月人数 → 500" in " ".join(chinese.split())
    assert f'action="/mend/lists/{WAITS}/what-if"' in simple_app.get(f"/mend/lists/{WAITS}", "viewer").text
