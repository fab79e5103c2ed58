"""Every DAG as Airflow reads it: it imports, fast, and has what the people on call need."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mend_airflow.dag_files import load_dag
from mend_airflow.pools import pools

REPOSITORY = Path(__file__).resolve().parents[2]
DAGS = sorted(path.stem for path in (REPOSITORY / "dags").glob("*.py"))
HEAVY = ("great_expectations", "pandas", "sklearn", "duckdb", "pyiceberg", "pyarrow", "statsmodels", "scipy")
# Parsed twice: the first time pays for Python's bytecode and Airflow's own imports.
PARSE = """
import json, sys, time
from airflow.dag_processing.dagbag import DagBag
DagBag(sys.argv[1])
for name in [name for name in sys.modules if name.startswith("mend")]:
    del sys.modules[name]
began = time.process_time()
bag = DagBag(sys.argv[1])
print("RESULT" + json.dumps({
    "errors": bag.import_errors, "dags": sorted(bag.dags), "seconds": time.process_time() - began,
    "modules": sorted({name.split(".")[0] for name in sys.modules}),
}))
"""


@pytest.fixture(scope="module")
def parsed() -> dict[str, Any]:
    """What a process of its own sees that reads dags/ as Airflow's processor does."""
    command = [sys.executable, "-c", PARSE, str(REPOSITORY / "dags")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    return dict(json.loads(line.removeprefix("RESULT")))


def test_every_dag_file_imports_and_its_name_is_its_dag_id(parsed: dict[str, Any]) -> None:
    assert parsed["errors"] == {}
    assert parsed["dags"] == DAGS


def test_parsing_imports_nothing_heavy(parsed: dict[str, Any]) -> None:
    assert [name for name in HEAVY if name in parsed["modules"]] == []


def test_all_dag_files_are_parsed_within_two_seconds_of_processor_time(parsed: dict[str, Any]) -> None:
    assert parsed["seconds"] < 2


@pytest.fixture(params=DAGS)
def dag(request: pytest.FixtureRequest) -> Any:
    return load_dag(request.param)


def test_a_dag_has_a_page_an_owner_and_tags(dag: Any) -> None:
    assert len(dag.doc_md.strip().splitlines()) > 5
    assert "### What it does" in dag.doc_md
    assert "### When it fails" in dag.doc_md
    assert {task.owner for task in dag.tasks} == {"mend"}
    assert "mend" in dag.tags


def test_a_dags_page_names_every_task_and_parameter(dag: Any) -> None:
    names = {task.task_id for task in dag.tasks} if len(dag.tasks) > 1 else set()
    assert {name for name in {*names, *dag.params} if name not in dag.doc_md} == set()


def test_a_dag_never_overtakes_itself_and_catches_nothing_up(dag: Any) -> None:
    # Several plans wait for people side by side; each is locked by itself.
    is_alone = dag.dag_id != "mend_plan_review"
    assert ((dag.max_active_runs == 1) == is_alone, dag.catchup) == (True, False)


def test_a_task_is_tried_again_later_and_later_and_ends_at_last(dag: Any) -> None:
    for task in dag.tasks:
        assert task.retries >= 3
        assert task.retry_exponential_backoff > 1
        assert task.execution_timeout is not None


def test_a_task_stands_in_a_pool_that_exists(dag: Any) -> None:
    # In a pool that does not exist a task waits for ever, with a line in the scheduler's log alone.
    assert {task.pool for task in dag.tasks} <= {pool.name for pool in pools()}


def test_every_task_can_be_cleared_and_run_again(dag: Any) -> None:
    from mend_airflow.operators import ApproveListOperator, PlanReviewOperator, StepOperator, WhatIfOperator

    known = StepOperator | ApproveListOperator | PlanReviewOperator | WhatIfOperator

    # What one source did wrong holds up no other: see the page of mend_nightly.
    others = {"quality": "all_done", "core": "all_done", "deliveries": "none_failed"}
    for task in dag.tasks:
        assert issubclass(getattr(task, "operator_class", type(task)), known)
        assert not task.depends_on_past
        assert task.trigger_rule == others.get(task.task_id, "all_success")


def test_a_dag_file_is_wiring_alone() -> None:
    """No SQL, no number, no condition, no function."""
    for name in DAGS:
        tree = ast.parse((REPOSITORY / "dags" / f"{name}.py").read_text("utf-8"))
        kinds = (ast.If, ast.For, ast.While, ast.FunctionDef, ast.Compare, ast.BoolOp)
        assert [node for node in ast.walk(tree) if isinstance(node, kinds)] == []
        constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        assert {value for value in constants if isinstance(value, int | float) and not isinstance(value, bool)} <= {1}
        assert [value for value in constants if isinstance(value, str) and "select " in value.lower()] == []
