"""Approval by a person in Airflow: what is shown, whose answer counts, and what is published after it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers.standard.exceptions import HITLTimeoutError
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException, TaskAwaitingInput
from tests.mend.care.survey.desk import rows
from tests.mend.repair.publishing.written import candidate, known, open_account, row, write
from tests.mend_airflow.asking import Task

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import step
from mend_airflow.operators import ApproveListOperator, PublishOperator

ANSWERED = dt.datetime(2026, 4, 2, 2, tzinfo=dt.UTC)


@pytest.fixture
def desk(home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Home:
    open_account(home)
    known(home, "A", "B")
    write(bench, [row("phone_callback", "A"), row("dropped_call_care", "B", valid_until="2099-01-01")])
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


def operators(task: Task, monkeypatch: pytest.MonkeyPatch) -> tuple[ApproveListOperator, PublishOperator]:
    with DAG("campaign_trial"):
        approve, publish = ApproveListOperator(task_id="approve"), PublishOperator(task_id="publish")
        approve >> publish
    monkeypatch.setattr(
        ApproveListOperator, "skip", lambda _, ti, tasks: ti.skipped.extend(each.task_id for each in tasks)
    )
    return approve, publish


def context(task: Task, operator: Any) -> Any:
    run = SimpleNamespace(partition_key="2026-03", run_after=ANSWERED)
    return {
        "dag_run": run, "params": {}, "logical_date": None, "task_instance": task, "ti": task, "task": operator,
        "run_id": "run 1", "outlet_events": {},
    }  # fmt: skip


def event(who: str | None, option: str = "Approve", **words: str) -> dict[str, Any]:
    user = None if who is None else {"id": who, "name": who}
    return {
        "chosen_options": [option], "params_input": words, "responded_at": ANSWERED, "responded_by_user": user,
    }  # fmt: skip


def test_the_approver_is_asked_with_the_summary_and_their_approval_publishes(
    desk: Home, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve, publish = operators(task, monkeypatch)
    with pytest.raises(TaskAwaitingInput):
        approve.execute(context(task, approve))
    (asked,) = task.asked
    assert asked["assigned_users"] == [{"id": "admin", "name": "admin"}]
    assert asked["subject"] == "Approve list 2026-03-v1?"
    assert "2 candidates: 2 listed" in asked["body"]
    assert "候选 2：入选 2" in asked["body"]
    assert set(asked["params"]) == {"reason", "bias_reason"}
    told = approve.execute_complete(context(task, approve), event("admin", reason="good"))
    assert told == {"list_id": "2026-03-v1", "decision": "approved", "decided_by": "admin"}
    assert rows(desk, "select decided_by, decided_at, reason, decided_through from campaign_decision") == [
        ("admin", ANSWERED, "good", "Airflow, campaign_trial run 1")
    ]
    counts = publish.execute(context(task, publish))
    assert (counts["rows"], counts["queued"], counts["is_new"]) == (2, 1, True)
    assert publish.execute(context(task, publish))["is_new"] is False
    assert approve.execute(context(task, approve))["decision"] == "approved"  # cleared: asks nobody


@pytest.mark.parametrize("who", ["viewer", None, "Admin"])
def test_the_answer_of_a_stranger_does_not_count_and_the_task_waits_on(
    desk: Home, task: Task, monkeypatch: pytest.MonkeyPatch, who: str | None
) -> None:
    """Airflow refuses whoever is not assigned; where it does not (all admins), the record does."""
    approve, publish = operators(task, monkeypatch)
    with pytest.raises(TaskAwaitingInput):
        approve.execute(context(task, approve))
    for answer in (event(who), event(who, "Reject", reason="x")):
        with pytest.raises(TaskAwaitingInput):
            approve.execute_complete(context(task, approve), answer)
    assert rows(desk, "select state_code from campaign_list") == [("draft",)]
    assert task.skipped == []
    with pytest.raises(AirflowFailException, match="no approved list"):
        publish.execute(context(task, publish))


def test_a_refused_list_keeps_its_reason_and_nothing_is_published(
    desk: Home, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve, _ = operators(task, monkeypatch)
    for answer in (None, event("admin", "Reject")):  # the second without a reason does not count
        with pytest.raises(TaskAwaitingInput):
            approve.execute_complete(context(task, approve), answer) if answer else approve.execute(
                context(task, approve)
            )
    approve.execute_complete(context(task, approve), event("admin", "Reject", reason="too expensive"))
    assert task.skipped == ["publish"]
    assert rows(desk, "select decision_code, reason from campaign_decision") == [("refused", "too expensive")]
    with pytest.raises(AirflowSkipException, match="is refused"):
        approve.execute(context(task, approve))


@pytest.mark.parametrize("is_approved", [True, False])
def test_where_a_command_decided_meanwhile_the_end_of_the_wait_is_no_failure(
    desk: Home, task: Task, monkeypatch: pytest.MonkeyPatch, is_approved: bool
) -> None:
    approve, _ = operators(task, monkeypatch)
    with pytest.raises(TaskAwaitingInput):
        approve.execute(context(task, approve))
    timeout = {"error": "nobody answered", "error_type": "timeout"}
    with pytest.raises(HITLTimeoutError):
        approve.execute_complete(context(task, approve), timeout)
    step.answer(desk, "2026-03-v1", "admin", is_approved, ANSWERED, "a command", {"reason": "said so"})
    if is_approved:
        assert approve.execute_complete(context(task, approve), timeout)["decision"] == "approved"
        return
    with pytest.raises(AirflowSkipException, match="is refused"):
        approve.execute_complete(context(task, approve), timeout)


def test_outside_of_the_bias_bound_an_approval_waits_for_the_reason(
    desk: Home, bench: Workbench, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    young = [candidate(f"Y{n}", "listed", age_band_code="18-29") for n in range(60)]
    old = [candidate(f"O{n}", "deferred", age_band_code="60+") for n in range(60)]
    write(bench, [row("phone_callback", f"Y{n}", n + 1) for n in range(60)], [*young, *old], version=2)
    approve, _ = operators(task, monkeypatch)
    with pytest.raises(TaskAwaitingInput):
        approve.execute(context(task, approve))
    assert "**The bias check stops the approval**" in task.asked[0]["body"]
    with pytest.raises(TaskAwaitingInput):
        approve.execute_complete(context(task, approve), event("admin"))
    told = approve.execute_complete(context(task, approve), event("admin", bias_reason="the outage was there"))
    assert told["list_id"] == "2026-03-v2"
    assert rows(desk, "select bias_reason from campaign_decision") == [("the outage was there",)]


def test_the_answer_is_for_the_list_that_was_shown(
    desk: Home, bench: Workbench, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve, _ = operators(task, monkeypatch)
    with pytest.raises(TaskAwaitingInput):
        approve.execute(context(task, approve))
    write(bench, [row("phone_callback", "A"), row("phone_callback", "B", 2)], version=2)
    assert approve.execute_complete(context(task, approve), event("admin"))["list_id"] == "2026-03-v1"


def test_a_list_that_a_command_refused_meanwhile_is_not_waited_for(
    desk: Home, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve, _ = operators(task, monkeypatch)
    with pytest.raises(TaskAwaitingInput):
        approve.execute(context(task, approve))
    from mend.repair.publishing import step

    step.answer(desk, "2026-03-v1", "admin", False, ANSWERED, "a command", {"reason": "too expensive"})
    with pytest.raises(AirflowSkipException, match="is refused"):
        approve.execute_complete(context(task, approve), event("admin"))
