"""A marketing plan is reviewed by departments in order and approved by a person, in Airflow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Context, Param
from airflow.sdk.exceptions import AirflowSkipException

from mend import chain
from mend.errors import CommandError
from mend_airflow.failures import failing_at_once
from mend_airflow.hooks import MendHook
from mend_airflow.operators.approval import assigned
from mend_airflow.operators.step import MonthStepOperator

DEPARTMENT: Final = "department"
SHOWN: Final = "shown"
WORDS: Final = {
    "scores": "Scores, 1 to 10, in the order shown, such as 8 7 (departments) · 按所示顺序评分，如8 7（部门填写）",
    "reason": "Why (needed to return or refuse) · 理由（退回或不批准时必填）",
}


class PlanReviewOperator(ApprovalOperator):
    """Asks the department in a place of the review's order whether a plan passes; without a place, whether it is
    approved. Approve passes it on, Reject returns it.

    Reviewers and approvers are data (rules of plans): they alone may answer, and are looked at again when the answer
    is recorded. An answer that cannot count (not a reviewer, a score missing, a required element missing) is not
    recorded, the log says why, and the task asks again. So is an answer about a plan that has changed since it was
    shown. A department that has passed the plan already, or is not there, is not asked. A returned plan skips what
    comes after.

    Args:
        plan_id: the plan; a template.
        place: of the department in the order, from 1; None for the approval.
    """

    template_fields: Sequence[str] = (*ApprovalOperator.template_fields, "plan_id", "place")
    ui_color: str = "#f7ecd5"

    def __init__(self, *, plan_id: str, place: int | None = None, **kwargs: Any) -> None:
        super().__init__(**{"subject": "Review the plan", **kwargs, "params": form()})
        self.plan_id, self.place = plan_id, place

    def execute(self, context: Context) -> Any:
        """Put the plan before whoever's turn it is, and wait."""
        from mend.prevention.plans import step

        with failing_at_once():
            at = dt.datetime.now(dt.UTC)
            question = step.ask(MendHook().home(), self.plan_id, self.place, at, "Airflow", self._through(context))
        if question is None:
            return {"plan_id": self.plan_id, "state": "passed or not asked"}
        if question.state in ("approved", "returned", "refused"):
            return self._ended(question.state)
        context["ti"].xcom_push(key=DEPARTMENT, value=question.department)
        context["ti"].xcom_push(key=SHOWN, value=question.content)
        self.subject, self.body = question.subject, question.body
        self.assigned_users = [assigned(name) for name in question.allowed]
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Record the answer under the name of whoever gave it; when it cannot count, ask again."""
        from mend.prevention.plans import step

        if "error" in event:
            return super().execute_complete(context, event)
        department, shown = (context["ti"].xcom_pull(task_ids=self.task_id, key=key) for key in (DEPARTMENT, SHOWN))
        given: Mapping[str, Any] = event.get("params_input") or {}
        words = {name: str(given.get(name) or "") for name in WORDS}
        user: Mapping[str, str] = event.get("responded_by_user") or {"id": "", "name": "nobody"}
        is_good = event["chosen_options"] == [self.APPROVE]
        try:
            made = step.answer(
                MendHook().home(), self.plan_id, department, user["name"], is_good, words, event["responded_at"],
                self._through(context), shown,
            )  # fmt: skip
        except CommandError as error:
            self.log.warning("this answer does not count: %s", error)
            return self.execute(context)
        super().execute_complete(context, {**event, "params_input": words})
        return {"plan_id": self.plan_id, "round": made.round_number, "state": made.state}

    def _ended(self, state: str) -> dict[str, str]:
        if state != "approved":
            raise AirflowSkipException(f"plan {self.plan_id} is {state}: change it, then run this DAG again")
        return {"plan_id": self.plan_id, "state": state}

    def _through(self, context: Context) -> str:
        return f"Airflow, {self.dag_id} {context['run_id']}"


class PlanFiguresOperator(MonthStepOperator):
    """Complaints per 10 000 customers reached by marketing plans, reviewed and not, this half-year and the one before.

    In: `core_marketing_plan`, `plan_review`. Out: `mart_plan_month`.
    """

    step = chain.step("plan_figures")


def form() -> dict[str, Param]:
    """The fields that a reviewer may fill."""
    return {name: Param("", type=["string", "null"], title=title) for name, title in WORDS.items()}
