"""A month's campaign list is approved by a person in Airflow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Context, Param
from airflow.sdk.exceptions import AirflowSkipException

from mend.errors import CommandError
from mend_airflow.approvals import subject_of
from mend_airflow.business_date import Run, month_of
from mend_airflow.failures import failing_at_once
from mend_airflow.hooks import MendHook

if TYPE_CHECKING:
    from airflow.sdk.execution_time.hitl import HITLUser

LIST_ID: Final = "list_id"
WORDS: Final = {
    "reason": "Why (needed to refuse) · 理由（拒绝时必填）",
    "bias_reason": "Why groups' shares may differ (needed where the check stops) · 偏差说明（检查未通过时必填）",
}


class ApproveListOperator(ApprovalOperator):
    """Asks an approver whether the month's list goes out; the summary is on the task's page (Required Actions).

    Approvers are a setting (settings: approvers of the strategies): they alone may answer, and are looked at again when
    the answer is recorded and when the list is published. Write an approver as `name`, or as `name#id` where the auth
    manager's ids are not the names (FAB's are numbers). An answer that cannot count (not an approver, a reason missing)
    is not recorded, the log says why, and the task waits on. A refused list keeps its reason, and what comes after is
    skipped. A decision on Mend's page of the list answers the task (`mend_airflow.approvals`).

    Args:
        strategies: a folder of other strategies, to show beside the list what they would do.
    """

    template_fields: Sequence[str] = (*ApprovalOperator.template_fields, "strategies")
    ui_color: str = "#f7ecd5"

    def __init__(self, *, strategies: str | None = None, **kwargs: Any) -> None:
        # The form has its fields alone: Airflow hands a DAG's own parameters to each task, the month among them.
        super().__init__(**{"subject": "Approve the list", **kwargs, "params": form()})
        self.strategies = strategies

    def execute(self, context: Context) -> Any:
        """Put the list before the approvers, and wait. A list that is decided already asks nobody."""
        from mend.repair.publishing import step

        home = MendHook().home()
        with failing_at_once():
            month = month_of(Run.of(context), home.zone).month
            question = step.ask(home, month, dt.datetime.now(dt.UTC), self.strategies or None)
        if question.state_code != "draft":
            return self._decided(question.list_id, question.state_code)
        # The answer is for the list that was shown, even when a newer one is made meanwhile.
        context["ti"].xcom_push(key=LIST_ID, value=question.list_id)
        self.subject, self.body = subject_of(question.list_id), question.body
        self.assigned_users = [assigned(approver) for approver in question.approvers]
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Record the answer under the name of whoever gave it; when it cannot count, wait for another."""
        from mend.repair.publishing import step

        list_id = str(context["ti"].xcom_pull(task_ids=self.task_id, key=LIST_ID))
        if "error" in event:
            if (state := step.state_of(MendHook().home(), list_id)) != "draft":  # by a command, which asks no Airflow
                return self._decided(list_id, state)
            return super().execute_complete(context, event)
        event = {**event, "params_input": words_of(event.get("params_input"))}
        user: Mapping[str, str] = event.get("responded_by_user") or {"id": "", "name": "nobody"}
        is_approved = event["chosen_options"] == [self.APPROVE]
        through = f"Airflow, {self.dag_id} {context['run_id']}"
        try:
            made = step.answer(
                MendHook().home(), list_id, user["name"], is_approved, event["responded_at"], through,
                event["params_input"],
            )  # fmt: skip
        except CommandError as error:
            self.log.warning("this answer does not count: %s", error)
            if (state := step.state_of(MendHook().home(), list_id)) != "draft":
                return self._decided(list_id, state)
            return super().execute(context)  # the question stays as it was shown; Airflow forgets the answer
        super().execute_complete(context, event)
        return {LIST_ID: made.list_id, "decision": made.decision_code, "decided_by": made.decided_by}

    def _decided(self, list_id: str, state: str) -> dict[str, str]:
        """The result where the list was decided about otherwise, by a command say."""
        self.log.info("list %s is %s already", list_id, state)
        if state not in ("approved", "published"):
            raise AirflowSkipException(f"list {list_id} is {state}: nothing is published")
        return {LIST_ID: list_id, "decision": "approved"}


def form() -> dict[str, Param]:
    """The fields that an approver may fill."""
    return {name: Param("", type=["string", "null"], title=title) for name, title in WORDS.items()}


def assigned(approver: str) -> HITLUser:
    """An approver as Airflow knows users.

    >>> assigned("wang"), assigned("wang#7")
    ({'id': 'wang', 'name': 'wang'}, {'id': '7', 'name': 'wang'})
    """
    name, _, number = approver.partition("#")
    return {"id": number or name, "name": name}


def words_of(given: Mapping[str, Any] | None) -> dict[str, str]:
    """What was written into the form, each field there is."""
    return {name: str((given or {}).get(name) or "") for name in WORDS}
