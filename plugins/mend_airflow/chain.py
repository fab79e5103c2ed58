"""A DAG's tasks in this process, one after the other in the DAG's own order: no scheduler, no metadata database.

The order is written once, in the DAG file. The caller sets AIRFLOW_HOME before anything of Airflow is imported
(`keep_airflow_under`).
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mend.foundation.home import Home
from mend_airflow.business_date import DEFAULT_ZONE, Period, Run

if TYPE_CHECKING:
    from airflow.sdk import DAG

    from mend_airflow.operators import StepOperator
    from mend_airflow.operators.counts import Counts

DAGS_FOLDER = Path(__file__).resolve().parents[2] / "dags"


@dataclass(frozen=True)
class Done:
    """One task that came to its end. `part` says of which source it was, where there is a task for each; `error` is why
    it failed.
    """

    task_id: str
    period: Period
    counts: Counts
    seconds: float
    part: str = ""
    error: Exception | None = None


def keep_airflow_under(home: Home) -> None:
    """Point Airflow, which writes where it is imported, into the home; and keep it quiet."""
    is_debugging = bool(os.environ.get("MEND_DEBUG"))
    os.environ |= {
        "AIRFLOW_HOME": str(home.airflow_folder),
        "AIRFLOW_CONFIG": str(home.airflow_folder / "airflow.cfg"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home.airflow_folder / "no-plugins"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.airflow_folder}/unused.db",  # never connected to
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO" if is_debugging else "ERROR",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home.airflow_folder / "logs"),
        "MEND_HOME": str(home.root),
    }


def map_catalog() -> None:
    """Map PyIceberg's catalog tables while Airflow is not imported: SQLAlchemy's first mapping after that imports all
    of Airflow's models, which a walk has no use for."""
    from pyiceberg.catalog import sql as _  # noqa: F401
    from sqlalchemy.orm import configure_mappers

    configure_mappers()


def walk(
    dag_id: str, home: Home, params: Mapping[str, Any], now: dt.datetime, only: Collection[str] | None = None
) -> Iterator[Done]:
    """Run the DAG's tasks in topological order; each is given back when done. After one that failed those go on whose
    trigger rule says so; at the end the error is raised: the last task's, which names all that is missing, else the
    first.

    Args:
        only: ids of the tasks to run; all when None. LookupError when the DAG lacks one.
    """
    map_catalog()
    dag = load_dag(dag_id)
    if missing := set(only or ()) - set(dag.task_ids):
        raise LookupError(f"{dag_id} has no task {', '.join(sorted(missing))}")
    values = dag.params.dump() | dict(params)
    run = Run(now, params=values)
    ended: dict[str, list[Done]] = {}
    for task in tasks(dag):
        if only is not None and task.task_id not in only:
            continue
        if not _may_run(task, ended):
            ended[task.task_id] = []
            continue
        done: list[Done] = []
        for part, each in _parts(task, ended):
            done.append(_run(each, part, home, run, values))
            yield done[-1]
        ended[task.task_id] = done
    failed = [done for each in ended.values() for done in each if done.error is not None]
    if failed:
        told = failed[-1] if failed[-1].task_id == list(ended)[-1] else failed[0]
        assert told.error is not None
        raise told.error


def _run(task: StepOperator, part: str, home: Home, run: Run, values: Mapping[str, Any]) -> Done:
    began = time.monotonic()
    task.render_template_fields({"params": values})  # type: ignore[typeddict-item]
    period = task.period_of(run, home.business_zone or DEFAULT_ZONE)
    try:
        counts, error = task.run(home, period), None
    except Exception as raised:
        counts, error = {}, raised
    return Done(task.task_id, period, counts, time.monotonic() - began, part, error)


def _may_run(task: StepOperator, ended: Mapping[str, Sequence[Done]]) -> bool:
    """Whether the task's trigger rule lets it run. Of a task that could not run, nothing has ended."""
    before = [ended[name] for name in task.upstream_task_ids if name in ended]
    return task.trigger_rule == "all_done" or all(done and not any(each.error for each in done) for done in before)


def _parts(task: StepOperator, ended: Mapping[str, Sequence[Done]]) -> Iterator[tuple[str, StepOperator]]:
    """The task itself, or one for each word of the list that the task it is mapped over has given."""
    from airflow.sdk.definitions.mappedoperator import MappedOperator

    if not isinstance(task, MappedOperator):
        yield "", task
        return
    (name, words), *_ = task.expand_input.value.items()
    for done in ended.get(words.operator.task_id, []):
        for word in done.counts.get(words.operator.task_id, []):
            yield word, task.unmap({name: word})


def say(done: Done) -> None:
    """A line about a task that is done, as soon as it is, and one for each of its warnings."""
    from mend_airflow.operators.counts import WARNINGS, in_words

    words = in_words(done.counts) if done.error is None else f"failed: {str(done.error).strip()}"
    name = f"{done.task_id} {done.part}".strip()
    warnings = done.counts.get(WARNINGS, [])
    warned = [f"    warning: {each}" for each in warnings]  # type: ignore[union-attr]
    lines = [f"{name:<12} {done.period}  {done.seconds:6.1f} s  {words}", *warned]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def tasks(dag: DAG) -> list[StepOperator]:
    """The DAG's tasks, each after those it waits for."""
    ordered: list[StepOperator] = list(dag.topological_sort())  # type: ignore[no-untyped-call]
    return ordered


def load_dag(dag_id: str) -> DAG:
    """The DAG of the file dags/<dag_id>.py."""
    path = DAGS_FOLDER / f"{dag_id}.py"
    spec = importlib.util.spec_from_file_location(dag_id, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    dag: DAG = module.dag
    return dag
