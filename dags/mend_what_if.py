"""
### What it does

Answers a question asked on the page of a list: what the list would be under one strategy with another audience,
capacity or budget. Started by the page, a run for each question.

| task | what it does |
|---|---|
| what_if | makes the month's list twice, by today's strategies and with the change; keeps counts, yuan and prices |

### Inputs and outputs

In: what `mend_campaign` reads, `list_trial` (the question). Out: `list_trial` (the answer), for the page. No list and
no table of the lake changes.

### Parameters

`trial_id`: number of the question in `list_trial`.

### When it fails

The page shows why and the question may be asked again. *The month is not closed*: run `mend_monthly` first. *A strategy
file*: the line names file, strategy and reason. After an outage **clear the task**: a question that is answered keeps
its answer. While the DAG is paused questions wait.
"""

from __future__ import annotations

from airflow.sdk import DAG

from mend_airflow import wiring
from mend_airflow.operators import WhatIfOperator

with DAG(
    dag_id="mend_what_if",
    dag_display_name="Mend: a list under other limits",
    doc_md=__doc__,
    schedule=None,
    start_date=wiring.START,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=wiring.DEFAULT_ARGS,
    params=wiring.trial_params(),
    tags=["mend", "repair"],
) as dag:
    WhatIfOperator(task_id="what_if", trial_id="{{ params.trial_id }}", pool="mend_engine")
