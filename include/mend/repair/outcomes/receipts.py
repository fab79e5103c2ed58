"""What the relay knows of a list's messages: delivered, or not. No number and no text leaves its tables."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement, statement_text
from mend.foundation.pipeline.runner import Step

ROOM: Final = "repair/outcomes"
COLUMNS: Final = dict.fromkeys(("strategy_code", "customer_id", "state_code"), "varchar") | {"final_at": "timestamptz"}


def put_receipts(step: Step, home: Home, list_id: str) -> None:
    """The table `receipt`: each message of the list of which nothing more is awaited."""
    home.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.scratch) as folder:
        path = Path(folder) / "receipts.csv"
        _write(home, list_id, path)
        step.from_csv("receipt", COLUMNS, path)


def _write(home: Home, list_id: str, path: Path) -> None:
    with operations.transaction(home.database_url) as connection, path.open("wb") as file:
        connection.execute(statement(ROOM, "asked_list"))
        connection.execute(statement(ROOM, "ask_list"), {"list_id": list_id})
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(statement_text(ROOM, "receipts")) as copy:
            for block in copy:
                file.write(block)
