"""Runs the components, Airflow's and what runs beside them, starts again one that died, and takes all down with it.
PostgreSQL, which outlives it, is brought up again when it died.

python -m mend_airflow.local.supervisor LOG_FOLDER COMPONENTS HOME      (in Airflow's environment, in a session of its
own)
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from types import FrameType

from mend.foundation.home import Home
from mend_airflow.local.components import Component, recorded
from mend_airflow.local.database import Database

PATIENCE_SECONDS = 5
RESTART_SECONDS = 5
POLL_SECONDS = 0.5


class Supervisor:
    """Starts and watches.

    Args:
        home: the home whose PostgreSQL is watched; None where that is not this one's to start.
    """

    """Owns one process per component; each writes to a log file of its own."""

    def __init__(
        self,
        log_folder: Path,
        components: dict[str, Component],
        restart_seconds: float = RESTART_SECONDS,
        home: Home | None = None,
    ) -> None:
        self.log_folder = log_folder
        self.components = components
        self.restart_seconds = restart_seconds
        self.database = Database(home, _say) if home else None
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.not_before: dict[str, float] = {}
        self.is_stopping = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        while not self.is_stopping:
            # Without PostgreSQL a component would only end again.
            if self.database is None or self.database.is_up():
                for component in self.components:
                    self._ensure(component)
            time.sleep(POLL_SECONDS)
        self._end()

    def _ensure(self, component: str) -> None:
        """Start it if it does not run; one that ended, after a pause in which the others are looked after."""
        process = self.processes.get(component)
        if process is not None and process.poll() is None:
            return
        if process is not None and component not in self.not_before:
            _say(f"{component} ended with {process.returncode}; starting it again")
            self.not_before[component] = time.monotonic() + self.restart_seconds
        if not self.is_stopping and time.monotonic() >= self.not_before.get(component, 0.0):
            self.not_before.pop(component, None)
            self.processes[component] = self._start(component)

    def _start(self, component: str) -> subprocess.Popen[bytes]:
        with (self.log_folder / f"{component}.log").open("ab") as log:
            its = self.components[component]
            environment = {**os.environ, **its.environment}
            return subprocess.Popen(its.command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _end(self) -> None:
        """Ask all to end and give them a moment; whoever started us kills what is left."""
        for process in self.processes.values():
            process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


def _say(text: str) -> None:
    sys.stdout.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Supervisor(Path(sys.argv[1]), recorded(Path(sys.argv[2])), home=Home.at(sys.argv[3])).run()
