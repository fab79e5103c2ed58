"""Rows from a step to the operations database and back, through a file of the scratch folder that nobody else reads."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from psycopg.sql import SQL, Composable
from sqlalchemy import Connection

from mend.foundation.home import Home
from mend.foundation.pipeline.runner import Step

BLOCK_BYTES: Final = 1 << 20


def copy_rows(home: Home, step: Step, connection: Connection, name: str, target: str) -> None:
    """Copy a table of the step into one of the operations database: `table`, or `table (columns)`."""
    with _scratch_file(home) as path:
        step.to_csv(name, path)
        with _cursor(connection).copy(f"copy {target} from stdin (format csv)") as copy, path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                copy.write(block)


def copy_back(
    home: Home, step: Step, connection: Connection, query: Composable | str, name: str, columns: Mapping[str, str]
) -> None:
    """Copy what a query of the operations database gives into a table of the step.

    Args:
        query: a table, or a select in brackets.
        columns: name and DuckDB type of each column, in order.
    """
    text = query if isinstance(query, Composable) else SQL(query)
    with _scratch_file(home) as path:
        statement = SQL("copy {} to stdout (format csv, header)").format(text)
        with _cursor(connection).copy(statement) as copy, path.open("wb") as file:
            for block in copy:
                file.write(block)
        step.from_csv(name, columns, path)


@contextmanager
def _scratch_file(home: Home) -> Iterator[Path]:
    home.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.scratch) as folder:
        yield Path(folder) / "rows.csv"


def _cursor(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()
