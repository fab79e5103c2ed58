"""The DAG files draw the edges of mend.chain, and each task runs the step of its name."""

from __future__ import annotations

from typing import Any

import pytest

from mend import chain
from mend.chain import Step
from mend_airflow.dag_files import DAGS_FOLDER, load_dag
from mend_airflow.operators.approval import ApproveListOperator

CHAINS = {
    "mend_nightly": chain.NIGHT,
    "mend_monthly": chain.MONTH,
    "mend_survey": chain.MINUTES,
    "mend_maintenance": chain.WEEK,
    "mend_campaign": chain.CAMPAIGN,
    "mend_effect": chain.EFFECT,
}


def test_each_dag_has_its_chain() -> None:
    """But the review of a plan, which asks people, and a question about a list: they run no step."""
    assert {*CHAINS, "mend_plan_review", "mend_what_if"} == {path.stem for path in DAGS_FOLDER.glob("*.py")}


@pytest.mark.parametrize("dag_id", CHAINS)
def test_the_edges_are_the_chains(dag_id: str) -> None:
    drawn = {task.task_id: set(task.upstream_task_ids) for task in load_dag(dag_id).tasks}
    assert drawn == {step.name: set(step.after) for step in CHAINS[dag_id]}


@pytest.mark.parametrize("dag_id", CHAINS)
def test_a_task_runs_the_step_of_its_name_with_its_parameters(dag_id: str) -> None:
    steps = {step.name: step for step in CHAINS[dag_id]}
    for task in load_dag(dag_id).tasks:
        operator: Any = getattr(task, "operator_class", type(task))
        assert (operator is ApproveListOperator) == steps[task.task_id].decided
        if steps[task.task_id].decided:
            continue
        assert operator.step == steps[task.task_id]
        fields = set(operator.template_fields) - {"at"}
        # The moment of publishing and the run's name are the operator's own.
        params = set(operator.step.params) - {"at", "through"}
        assert fields == {*params, *([operator.step.each] if operator.step.each else [])}


@pytest.mark.parametrize("dag_id", CHAINS)
def test_a_task_goes_on_after_a_failure_where_its_step_does(dag_id: str) -> None:
    steps: dict[str, Step] = {step.name: step for step in CHAINS[dag_id]}
    for task in load_dag(dag_id).tasks:
        assert (task.trigger_rule == "all_done") == steps[task.task_id].goes_on


def test_a_task_is_mapped_where_its_step_is_run_for_each_word() -> None:
    from airflow.sdk.definitions.mappedoperator import MappedOperator

    mapped = {task.task_id for task in load_dag("mend_nightly").tasks if isinstance(task, MappedOperator)}
    assert mapped == {step.name for step in chain.NIGHT if step.each}
