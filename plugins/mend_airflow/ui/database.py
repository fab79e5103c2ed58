"""The pages' two ways to the operations database: one that only reads and is cut off after three seconds, and a small
one that records looks and actions. Opened once a process, when Airflow starts the app.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, text

SECONDS: Final = 3  # after which a statement is cut off
RECORDING: Final = f"-c statement_timeout={1000 * SECONDS} -c lock_timeout=1000"
READ_ONLY: Final = f"-c default_transaction_read_only=on {RECORDING}"
CONNECT_SECONDS: Final = 5
CUT_OFF: Final = text(
    "select set_config('statement_timeout', :cut_off, true), set_config('lock_timeout', :cut_off, true)"
)


@dataclass(frozen=True)
class Database:
    """Both engines. Connections of a process: at most 10 to read and 4 to record."""

    reading: Engine
    recording: Engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look at the tables."""
        options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"}
        with self.reading.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def record(self, seconds: int = SECONDS) -> Iterator[Connection]:
        """One transaction that writes: committed at the end, rolled back on an exception.

        Args:
            seconds: after which a statement, or its wait for a lock, is cut off.
        """
        with self.recording.begin() as connection:
            if seconds != SECONDS:
                connection.execute(CUT_OFF, {"cut_off": f"{seconds}s"})
            yield connection

    def close(self) -> None:
        """End all connections."""
        self.reading.dispose()
        self.recording.dispose()


def open_database(url: str) -> Database:
    """Engines for the URL; nothing is connected before the first request. Errors show no bound values."""
    return Database(_engine(url, READ_ONLY, 5, 5), _engine(url, RECORDING, 2, 2))


def _engine(url: str, options: str, size: int, more: int) -> Engine:
    given: Mapping[str, Any] = {"options": options, "connect_timeout": CONNECT_SECONDS}
    return create_engine(
        url,
        pool_size=size,
        max_overflow=more,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=dict(given),
    )
