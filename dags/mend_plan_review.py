"""
### What it does

Reviews one marketing plan before its launch: departments in order, then a person's approval. By hand, for the plan that
the parameter names; a returned plan is changed, and the DAG run again.

| task | what it does |
|---|---|
| department_1, department_2, department_3, department_4, department_5 | it scores, passes or returns |
| approve | asks the approvers, with all scores before them |

A department that has passed the plan already, or is not there, is not asked.

### Inputs and outputs

In: `<home>/plans/<plan>.yaml` or the plan's row in `core_marketing_plan`, the rules in `<home>/rules/plans/`. Out:
`plan_review`, to which rows are only added.

### Parameters

`plan_id`: the plan.

### When it fails

Read the last line of the failed task's log. *No plan*: write its file, or deliver it. *A file of rules*: the line names
file, place and what to write. **A returned plan** skips what comes after and keeps its reasons: change the plan, then
run the DAG again; it goes through all departments in a new round. Any task may be cleared: what is recorded stays, and
is asked once.
"""

from __future__ import annotations

from airflow.sdk import DAG, Param, chain

from mend_airflow import wiring
from mend_airflow.operators import PlanReviewOperator

with DAG(
    dag_id="mend_plan_review",
    dag_display_name="Mend: review of a marketing plan",
    doc_md=__doc__,
    schedule=None,
    start_date=wiring.START,
    catchup=False,
    default_args=wiring.DEFAULT_ARGS,
    params={"plan_id": Param("", type="string", minLength=1, title="Plan · 方案编号")},
    tags=["mend", "prevention"],
) as dag:
    departments = [
        PlanReviewOperator(
            task_id=f"department_{place}",
            plan_id="{{ params.plan_id }}",
            place=place,
            response_timeout=wiring.TIME_TO_DECIDE,
            pool="mend_people",
        )
        for place in wiring.PLACES_OF_DEPARTMENTS
    ]
    approve = PlanReviewOperator(
        task_id="approve", plan_id="{{ params.plan_id }}", response_timeout=wiring.TIME_TO_DECIDE, pool="mend_people"
    )
    chain(*departments, approve)
