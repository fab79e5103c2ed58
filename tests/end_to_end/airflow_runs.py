"""Airflow at work in a process of its own, for tests: it runs a DAG for the moment that it reads from its input, line by line.

python airflow_runs.py        mend_survey 2026-05-11T10:02:00+08:00  →  mend_survey success dispatch=success,replies=success
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

from mend.home import Home
from mend_airflow import chain


def main() -> None:
    home, database = Home.from_environment(), os.environ["MEND_TEST_AIRFLOW_DATABASE"]
    chain.keep_airflow_under(home)
    os.environ |= {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__CORE__DAGS_FOLDER": str(Path(__file__).resolve().parents[2] / "dags"),
        "AIRFLOW__CORE__FERNET_KEY": "",
    }
    from airflow.utils.db import initdb

    initdb()
    answer("ready")
    for line in sys.stdin:
        dag_id, moment = line.split()
        run = chain.load_dag(dag_id).test(run_after=dt.datetime.fromisoformat(moment), logical_date=None)
        ended = sorted(f"{task.task_id}={task.state}" for task in run.get_task_instances())
        answer(f"{dag_id} {run.state} {','.join(ended)}")


def answer(words: str) -> None:
    """A line that stands out from what Airflow prints."""
    print(f"RESULT {words}", flush=True)


if __name__ == "__main__":
    main()
