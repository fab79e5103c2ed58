"""
### What it does

Closes a month: the damaged-customer database and the ranked list. Starts by itself when the nightly chain says that a
month is complete (asset `mend_month_due`), and again whenever late or corrected rows changed a complete month; by
hand for any month.

| task | what it does |
|---|---|
| close_month | scores with carry-over, levels, segments, life-cycle stages; which indicators could be measured |
| damage_list | customers by level, score and segment with the main reasons in words; a masked CSV file per city |

### Inputs and outputs

In: `mart_damage_ledger`, `mart_exposure_day`, `core_customer`. Out: `mart_damage_month`, `mart_indicator_month`,
`mart_damage_list`, the files under `lists/<month>/`; the assets `mend_damage_month`, `mend_damage_list`. Scores carry
over: months before this one that are still open are closed first, those after it that are closed are closed again.

### Parameters

`month` (`2026-03`); a run with a partition key is for that month. Without either: the last month that is over.

### When it fails

Read the last line of the failed task's log: it names the table, the rule and the value. If days of the month are
missing, run `mend_nightly` for them first. Then **clear the failed task** (Clear, with downstream); closing a month
twice gives the same tables.
"""

from __future__ import annotations

from airflow.sdk import DAG, chain

from mend_airflow import assets, wiring
from mend_airflow.operators import CloseMonthOperator, DamageListOperator

with DAG(
    dag_id="mend_monthly",
    dag_display_name="Mend: month's close and list",
    doc_md=__doc__,
    schedule=wiring.when_a_month_is_due(),
    start_date=wiring.START,
    catchup=False,
    max_active_runs=1,
    default_args=wiring.DEFAULT_ARGS,
    params=wiring.month_params(),
    tags=["mend", "monthly", "damage"],
) as dag:
    close_month = CloseMonthOperator(task_id="close_month", outlets=[assets.DAMAGE_MONTH], pool="mend_engine")
    damage_list = DamageListOperator(task_id="damage_list", outlets=[assets.DAMAGE_LIST], pool="mend_engine")
    chain(close_month, damage_list)
