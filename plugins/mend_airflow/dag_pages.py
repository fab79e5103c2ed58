"""docs/dags.md: each DAG's page as the UI shows it, with its tasks. Generated from the DAG files.

python -m mend_airflow.dag_pages [--check]
"""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mend.docs import markdown
from mend.docs.pages import Page, run
from mend_airflow.dag_files import DAGS_FOLDER, keep_airflow_under, load_dag

if TYPE_CHECKING:
    from airflow.sdk import DAG, BaseOperator

# What a DAG file reads of the environment, at its default: a page is the same on every machine.
READ_BY_DAGS: Final = ("MEND_SCHEDULE", "MEND_SOURCES_ENABLED", "MEND_ZONE")
INTRODUCTION: Final = """\
What runs, when and in what order: the page that each DAG shows in Airflow's UI, and its tasks. `mend run` and
`mend month` run the same steps in the same order without a scheduler (`mend.chain`; a test holds the two together)."""


def dags_page(dags: list[DAG]) -> Page:
    """The page of these DAGs."""
    return Page("dags.md", markdown.page("DAGs", INTRODUCTION, *(_dag(dag) for dag in dags)))


def _dag(dag: DAG) -> str:
    parts = [
        f"## {dag.dag_display_name}",
        f"`{dag.dag_id}` · tags {', '.join(sorted(dag.tags))} · at most {_runs(dag.max_active_runs)} at a time",
        (dag.doc_md or "").strip(),
        "### Tasks",
        markdown.table(
            ["task", "operator", "what it does", "pool", "tries", "assets"], [_task(task) for task in _ordered(dag)]
        ),
    ]
    return "\n\n".join(parts)


def _runs(count: int) -> str:
    return "one run" if count == 1 else f"{count} runs"


def _ordered(dag: DAG) -> list[BaseOperator]:
    """Each task after those it waits for."""
    tasks: list[BaseOperator] = list(dag.topological_sort())  # type: ignore[no-untyped-call]
    return tasks


def _task(task: BaseOperator) -> list[str]:
    assets = ", ".join(markdown.code(asset.name) for asset in task.outlets)
    kind = getattr(task, "operator_class", type(task))  # of a task that there is one of for each source, the operator's
    first_paragraph = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0]
    operator = markdown.code(kind.__name__)
    return [
        markdown.code(task.task_id),
        operator,
        first_paragraph,
        markdown.code(task.pool),
        str((task.retries or 0) + 1),
        assets,
    ]


def load() -> list[DAG]:
    """Every DAG of dags/, by file name, as it is without settings of this machine."""
    for name in READ_BY_DAGS:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="mend-docs-") as folder:
        keep_airflow_under(Path(folder))
        os.environ["MEND_HOME"] = folder
        return [load_dag(path.stem) for path in sorted(DAGS_FOLDER.glob("*.py"))]


if __name__ == "__main__":
    sys.exit(run([dags_page(load())], sys.argv[1:]))
