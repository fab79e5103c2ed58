"""
### What it does

Keeps the lake small: makes one file of partitions that have many, expires snapshots older than 30 days and removes
files that no snapshot names, and old scratch files (both left by tasks that were killed). On Sundays at 05:00,
business time.

### Inputs and outputs

All tables of the lake. No row that a reader sees changes; what is lost is the possibility to read a table as it was
before those 30 days.

### When it fails

Clear the task. It may also wait for the next Sunday: nothing depends on it. When the disk is full, run it by hand
after removing what else takes up space.
"""

from __future__ import annotations

from airflow.sdk import DAG

from mend_airflow import wiring
from mend_airflow.operators import LakeMaintenanceOperator

with DAG(
    dag_id="mend_maintenance",
    dag_display_name="Mend: lake maintenance",
    doc_md=__doc__,
    schedule=wiring.weekly(),
    start_date=wiring.START,
    catchup=False,
    max_active_runs=1,
    default_args=wiring.DEFAULT_ARGS,
    tags=["mend", "maintenance"],
) as dag:
    LakeMaintenanceOperator(task_id="lake_maintenance", pool="mend_engine")
