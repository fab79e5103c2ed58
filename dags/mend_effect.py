"""
### What it does

Says whether a month's repair campaign worked. On the 5th of each month at 06:00 (business time) for the damage month
two months ago: its campaign ran in the month after the damage, and the snapshots that say who left came on the 1st. By
hand for any month.

| task | what it does |
|---|---|
| outcomes | what was done for each listed, deferred and held-out customer, and what became of them |
| effect | compares offered and held-out customers: differences with intervals, refusals by name, the report |
| page_effect | publishes what was found for the pages |

All are skipped when no list of the month was published.

### Inputs and outputs

In: `mart_campaign_gate`, `mart_campaign_list`, the published lists, `core_repair_action` (the files of channels too),
`mart_damage_ledger`, `mart_complaint`, `core_survey_reply`, `core_customer`. Out: `mart_campaign_outcome`,
`mart_effect`, `mart_effect_refusal`, the report under `reports/effect/<month>`; the assets `mend_campaign_outcome` and
`mend_effect`. What nobody knows yet is empty, and is filled in by the next run.

### Parameters

`month` (`2026-03`): the damage month. A run with a partition key is for that month. Without either: two months ago.

### When it fails

Read the last line of the failed task's log. *The campaign's month is not closed*: nothing is claimed yet; close it
(`mend_monthly`) and clear `outcomes` with downstream. A comparison that is refused is no failure: the report says by
name why. Both tasks may be run again at any time and at any later date; the same inputs give the same tables.
"""

from __future__ import annotations

from airflow.sdk import DAG, chain

from mend_airflow import assets, wiring
from mend_airflow.operators import EffectEvaluationOperator, EffectPagesOperator, RepairOutcomeOperator

with DAG(
    dag_id="mend_effect",
    dag_display_name="Mend: did it work",
    doc_md=__doc__,
    schedule=wiring.after_the_campaigns_month(),
    start_date=wiring.START,
    catchup=False,
    max_active_runs=1,
    default_args=wiring.DEFAULT_ARGS,
    params=wiring.campaign_params(),
    tags=["mend", "monthly", "repair"],
) as dag:
    outcomes = RepairOutcomeOperator(task_id="outcomes", outlets=[assets.CAMPAIGN_OUTCOME], pool="mend_engine")
    effect = EffectEvaluationOperator(task_id="effect", outlets=[assets.EFFECT], pool="mend_engine")
    page_effect = EffectPagesOperator(task_id="page_effect", pool="mend_engine")
    chain(outcomes, effect, page_effect)
