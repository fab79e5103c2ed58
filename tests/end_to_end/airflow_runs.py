"""Airflow at work in a process of its own, for tests: it runs a DAG for the moment that it reads from its input, line
by line.

python airflow_runs.py        mend_survey 2026-05-11T10:02:00+08:00  →  mend_survey success
dispatch=success,replies=success

A third word is the run's parameters, as JSON without blanks.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

from mend.foundation.home import Home
from mend_airflow.dag_files import keep_airflow_under, load_dag


def main() -> None:
    home, database = Home.from_environment(), os.environ["MEND_TEST_AIRFLOW_DATABASE"]
    keep_airflow_under(home.airflow_folder)
    os.environ |= {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__CORE__DAGS_FOLDER": str(Path(__file__).resolve().parents[2] / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(Path(__file__).resolve().parents[2] / "plugins"),
        "AIRFLOW__CORE__FERNET_KEY": "",
    }
    from airflow.utils.db import initdb

    initdb()
    answer("ready")
    for line in sys.stdin:
        dag_id, moment, *conf = line.split()
        params = json.loads(conf[0]) if conf else None
        run = load_dag(dag_id).test(run_after=dt.datetime.fromisoformat(moment), logical_date=None, run_conf=params)
        ended = sorted(f"{named(task)}={task.state}" for task in run.get_task_instances())
        answer(f"{dag_id} {run.state} {','.join(ended)}")


def named(task: Any) -> str:
    """The task's id, and which of several it is."""
    return str(task.task_id) if task.map_index < 0 else f"{task.task_id}[{task.map_index}]"


def answer(words: str) -> None:
    """A line that stands out from what Airflow prints."""
    print(f"RESULT {words}", flush=True)


if __name__ == "__main__":
    main()
