"""A limit for the time that an engine works: the statement that is over it is interrupted."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from mend.errors import CommandError

PAUSE: Final = 0.2  # seconds between interrupts: one that comes between two statements is lost
GRACE: Final = (
    10.0  # seconds in which an interrupted statement must end: a few functions of the engine look for no interrupt
)


class TimeLimitError(CommandError):
    """A query took longer than it may; the message says how long that is and how to allow more."""


class TimeLimit:
    """So many seconds for all that runs within `on`; the time between does not count, such as that of a reader who
    turns pages.

    Args:
        seconds: how long in all.
        folder: removed when the process has to be ended because a statement does not stop.
    """

    def __init__(self, seconds: float, folder: Path | None = None) -> None:
        self.seconds = seconds
        self._left = seconds
        self._folder = folder

    @contextmanager
    def on(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Within: the engine's statements count, and are interrupted at the limit. TimeLimitError then."""
        begun, done, over = time.monotonic(), threading.Event(), threading.Event()
        watch = threading.Thread(target=self._watch, args=(connection, done, over), daemon=True)
        watch.start()
        try:
            yield
        except duckdb.InterruptException:
            if over.is_set():
                raise TimeLimitError(self.message) from None
            raise
        finally:
            done.set()
            watch.join()
            self._left = max(0.0, self._left - (time.monotonic() - begun))

    @property
    def message(self) -> str:
        return (
            f"the query was ended: it ran for more than {self.seconds:g} s. Ask for fewer days or columns, or allow "
            f"more with "
            "--limit-seconds or MEND_SQL_LIMIT_SECONDS"
        )

    def _watch(self, connection: duckdb.DuckDBPyConnection, done: threading.Event, over: threading.Event) -> None:
        if done.wait(self._left):
            return
        over.set()
        last = time.monotonic() + GRACE
        while time.monotonic() < last:
            connection.interrupt()
            if done.wait(PAUSE):
                return
        self._end()

    def _end(self) -> None:
        """End the process: a statement that looks for no interrupt would run on for hours."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        sys.stderr.write(f"mend: {self.message}\n")
        sys.stderr.flush()
        os._exit(1)
