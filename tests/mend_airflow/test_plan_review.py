"""The review of a plan in Airflow: who is asked what, whose answer counts, and what comes after."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException, TaskAwaitingInput
from tests.mend_airflow.asking import Task

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.plans import step
from mend_airflow.operators import PlanReviewOperator

AT = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
RULES = """
valid_from: 2026-01-01
source: a test
elements:
  script: {en: what agents say, zh: 口径, department: market, required: true}
departments:
  - code: market
    reviewers: ['ma#7']
    pass_mark: 6
    criteria: {need: {en: needed, zh: 需要}, clarity: {en: clear, zh: 清楚}}
approvers: [boss]
"""


@pytest.fixture
def desk(home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Home:
    for folder, name, text in (
        ("rules/plans", "2026-01-01", RULES),
        ("plans", "P1", "plan_id: P1\nsubmitted_on: 2026-03-01\nelements: [script]\n"),
        ("plans", "P2", "plan_id: P2\nsubmitted_on: 2026-03-01\n"),
    ):
        (home.root / folder).mkdir(parents=True, exist_ok=True)
        (home.root / folder / f"{name}.yaml").write_text(text, "utf-8")
    for name, value in {
        "MEND_HOME": str(home.root),
        "MEND_DATABASE_URL": home.database_url,
        "MEND_CATALOG_URL": home.catalog_url,
        "MEND_ZONE": home.zone,
    }.items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Task:
    return Task(monkeypatch)


def operator(place: int | None, plan_id: str = "P1") -> PlanReviewOperator:
    with DAG("review_trial"):
        return PlanReviewOperator(task_id=f"department_{place}" if place else "approve", plan_id=plan_id, place=place)


def context(task: Task, made: PlanReviewOperator) -> Any:
    return {
        "ti": task,
        "task_instance": task,
        "task": made,
        "run_id": "run",
        "dag_run": SimpleNamespace(),
        "params": {},
    }


def ask(task: Task, made: PlanReviewOperator) -> dict[str, Any]:
    with pytest.raises(TaskAwaitingInput):
        made.execute(context(task, made))
    return task.asked[-1]


def answered(who: str, option: str, **words: str) -> dict[str, Any]:
    return {
        "chosen_options": [option],
        "params_input": {"scores": "", "reason": "", **words},
        "responded_at": AT,
        "responded_by_user": {"id": "7", "name": who},
        "timedout": False,
    }


def events(home: Home) -> list[tuple[str, str | None, str]]:
    with operations.transaction(home.database_url) as connection:
        rows = connection.exec_driver_sql(
            "select event_code, department_code, decided_by from plan_review order by event_number"
        )
        return [(row[0], row[1], row[2]) for row in rows]


def test_a_department_is_asked_and_its_answer_is_on_record_then_the_approver(desk: Home, task: Task) -> None:
    market = operator(1)
    asked = ask(task, market)
    assert asked["subject"] == "Plan P1: does it pass market? · 方案P1：市场部是否通过？"
    assert "1. needed · 需要" in asked["body"]
    assert asked["assigned_users"] == [{"id": "7", "name": "ma"}]
    made = market.execute_complete(context(task, market), answered("ma", "Approve", scores="8 7"))
    assert made["state"] == "awaiting_approval"
    approve = operator(None)
    asked = ask(task, approve)
    assert "need 8, clarity 7" in asked["body"]
    assert approve.execute_complete(context(task, approve), answered("boss", "Approve"))["state"] == "approved"
    assert events(desk) == [
        ("opened", None, "Airflow"),
        ("passed", "market", "ma"),
        ("approved", None, "boss"),
    ]
    assert approve.execute(context(task, approve))["state"] == "approved"  # cleared: nobody is asked again


def test_places_without_a_department_and_those_that_passed_ask_nobody(desk: Home, task: Task) -> None:
    third = operator(3)
    assert third.execute(context(task, third)) == {"plan_id": "P1", "state": "passed or not asked"}
    market = operator(1)
    ask(task, market)
    market.execute_complete(context(task, market), answered("ma", "Approve", scores="need=8 clarity=7"))
    assert market.execute(context(task, market)) == {"plan_id": "P1", "state": "passed or not asked"}


@pytest.mark.parametrize(
    ("who", "option", "words"),
    [
        ("eve", "Approve", {"scores": "8 7"}),
        ("ma", "Approve", {"scores": "8"}),
        ("ma", "Approve", {"scores": "11 8"}),
        ("ma", "Approve", {"scores": "5 5"}),
        ("ma", "Reject", {"scores": "5 5"}),
    ],
)
def test_an_answer_that_cannot_count_is_not_recorded_and_the_task_waits_on(
    desk: Home, task: Task, who: str, option: str, words: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    market = operator(1)
    ask(task, market)
    with pytest.raises(TaskAwaitingInput):
        market.execute_complete(context(task, market), answered(who, option, **words))
    assert [event for event, *_ in events(desk)] == ["opened"]


def test_an_answer_about_a_plan_that_changed_since_does_not_count_and_the_new_one_is_shown(
    desk: Home, task: Task
) -> None:
    market = operator(1)
    assert "Round 1" in ask(task, market)["body"]
    changed = "plan_id: P1\nsubmitted_on: 2026-03-01\nelements: [script]\nnote: a higher price\n"
    (desk.root / "plans" / "P1.yaml").write_text(changed, "utf-8")
    step.ask(desk, "P1", 1, AT, "lin", "a command")  # somebody begins the next round meanwhile
    resumed = operator(1)
    with pytest.raises(TaskAwaitingInput):
        resumed.execute_complete(context(task, resumed), answered("ma", "Approve", scores="8 7"))
    assert [event for event, *_ in events(desk)] == ["opened", "opened"]
    assert "Round 2" in task.asked[-1]["body"]
    made = resumed.execute_complete(context(task, resumed), answered("ma", "Approve", scores="8 7"))
    assert (made["round"], made["state"]) == (2, "awaiting_approval")


def test_a_returned_plan_skips_what_comes_after_until_it_is_changed(
    desk: Home, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PlanReviewOperator, "skip", lambda *_, **__: None)
    market = operator(1, "P2")
    assert "缺少" in ask(task, market)["body"]
    market.execute_complete(context(task, market), answered("ma", "Reject", scores="5 5", reason="no script"))
    again = operator(1, "P2")
    with pytest.raises(AirflowFailException, match="was returned"):
        again.execute(context(task, again))
    (desk.root / "plans" / "P2.yaml").write_text("plan_id: P2\nsubmitted_on: 2026-03-01\nelements: [script]\n", "utf-8")
    assert "Round 2" in ask(task, operator(1, "P2"))["body"]


def test_a_plan_that_is_nowhere_fails_at_once_in_words(desk: Home, task: Task) -> None:
    lost = operator(1, "P404")
    with pytest.raises(AirflowFailException, match="no plan P404"):
        lost.execute(context(task, lost))


def test_a_refused_plan_ends_the_run(desk: Home, task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlanReviewOperator, "skip", lambda *_, **__: None)
    market, approve = operator(1), operator(None)
    ask(task, market)
    market.execute_complete(context(task, market), answered("ma", "Approve", scores="8 7"))
    ask(task, approve)
    approve.execute_complete(context(task, approve), answered("boss", "Reject", reason="bad season"))
    assert events(desk)[-1] == ("refused", None, "boss")
    with pytest.raises((AirflowSkipException, AirflowFailException)):
        approve.execute(context(task, approve))
