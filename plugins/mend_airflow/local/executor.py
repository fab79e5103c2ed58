"""The executor of Airflow on one machine. Its tasks find the libraries in memory."""

from __future__ import annotations

import importlib
from typing import Final

from airflow.executors.local_executor import LocalExecutor

# What steps import, the slowest first. Libraries alone: code of Mend that is changed in place must count with the next
# task.
LIBRARIES: Final = (
    "great_expectations",
    "pyiceberg.catalog.sql",
    "pyiceberg.io.pyarrow",
    "sklearn.linear_model",
    "duckdb",
    "sqlglot",
)


class WarmLocalExecutor(LocalExecutor):
    """A LocalExecutor that has imported the libraries of the steps before it makes its workers.

    A task is a fork of a worker, and so has them at once. To import them takes a task 2 s of processor time, the
    quality gate 8: for a small centre longer than most steps work. What threads they start on import (OpenBLAS's,
    jemalloc's) see to forks by themselves.
    """

    def start(self) -> None:
        """Import the libraries, then start the workers."""
        for name in LIBRARIES:
            importlib.import_module(name)
        super().start()
