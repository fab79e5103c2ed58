"""Runs of DAGs through Airflow's REST API, followed task by task. A run that was done before is not done again."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

from mend_airflow.local.errors import LocalError
from mend_airflow.local.rest import Airflow, NotFound
from mend_airflow.local.screen import Screen

POLL_SECONDS = 1.0
PARSED_SECONDS = 120
ASKED_SECONDS = 300
ASKING = ("awaiting_input", "deferred", "success")
REPORTED = ("running", "success", "failed", "up_for_retry", "upstream_failed", "skipped")


@dataclass(frozen=True)
class Step:
    """One run: its DAG, a name that is the same in every demo, its parameters; its moment, where that is not now."""

    dag_id: str
    run_id: str
    conf: dict[str, Any]
    at: dt.datetime | None = None


def wait_for_dag(airflow: Airflow, dag_id: str) -> None:
    """Until Airflow has read the DAG's file, then unpause it. Raises LocalError with Airflow's import errors."""
    deadline = time.monotonic() + PARSED_SECONDS
    while True:
        try:
            return airflow.unpause(dag_id)
        except NotFound:
            errors = airflow.import_errors()
            if errors or time.monotonic() > deadline:
                reasons = "\n".join(errors) or f"no file in dags/ defines it within {PARSED_SECONDS} s"
                raise LocalError(f"Airflow does not know the DAG {dag_id}:\n{reasons}") from None
            time.sleep(POLL_SECONDS)


def follow(airflow: Airflow, step: Step, screen: Screen) -> None:
    """Bring the run to success from where it is: absent, under way, failed or done. Raises LocalError if it fails."""
    state = airflow.run_state(step.dag_id, step.run_id)
    if state == "success":
        return screen.step(f"{step.dag_id} {step.run_id}: done before")
    screen.step(f"{step.dag_id} {step.run_id}" + ("" if state is None else f": going on ({state})"))
    if state is None:
        airflow.trigger(step.dag_id, step.run_id, step.conf, step.at)
    elif state == "failed":
        airflow.clear_failed(step.dag_id, step.run_id)
    _watch(airflow, step, screen)


def _watch(airflow: Airflow, step: Step, screen: Screen) -> None:
    known: dict[str, str] = {}
    while True:
        state = airflow.run_state(step.dag_id, step.run_id)
        for task in airflow.tasks(step.dag_id, step.run_id):
            _report(task, known, screen)
        if state == "success":
            return
        if state == "failed":
            failed = sorted(task for task, task_state in known.items() if task_state == "failed")
            raise LocalError(
                f"{step.dag_id} {step.run_id} failed in {', '.join(failed) or 'no task'}. Its log is in Airflow's UI: "
                f"{airflow.address}/dags/{step.dag_id}/runs/{step.run_id}\n`make demo` runs the failed tasks again."
            )
        time.sleep(POLL_SECONDS)


def leave_asking(airflow: Airflow, step: Step, task: str, screen: Screen) -> None:
    """Start the run, and leave it when this task waits for a person, or the run is over."""
    screen.step(f"{step.dag_id} {step.run_id}: until it asks a person")
    airflow.trigger(step.dag_id, step.run_id, step.conf, step.at)
    deadline, known = time.monotonic() + ASKED_SECONDS, dict[str, str]()
    while time.monotonic() < deadline:
        for each in airflow.tasks(step.dag_id, step.run_id):
            _report(each, known, screen)
            if each["task_id"] == task and each["state"] in ASKING:
                return screen.say(f"waits for a decision: {airflow.address}/required_actions")
        if airflow.run_state(step.dag_id, step.run_id) in ("success", "failed"):
            return None
        time.sleep(POLL_SECONDS)
    return screen.say(f"nobody is asked yet; see {airflow.address}/dags/{step.dag_id}/runs/{step.run_id}")


def _report(task: dict[str, Any], known: dict[str, str], screen: Screen) -> None:
    """One line when a task changes to a state that says something."""
    name = task["task_id"] + (f"[{task['map_index']}]" if task.get("map_index", -1) >= 0 else "")
    state = task["state"]
    if state not in REPORTED or known.get(name) == state:
        return
    known[name] = state
    duration = f" ({task['duration']:.0f} s)" if state in ("success", "failed") and task.get("duration") else ""
    screen.say(f"{name:<32} {state}{duration}")
