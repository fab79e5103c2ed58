"""Airflow of one home as background processes: start, find, stop."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from mend.foundation.home import Home, locked
from mend_airflow.local import clock, components, messages, session
from mend_airflow.local.environment import USERS, Ports, airflow_environment
from mend_airflow.local.errors import LocalError
from mend_airflow.local.keys import Keys
from mend_airflow.local.ports import DEFAULT_PORT, free_ports, port_from, require_free

STOP_SECONDS = 15
SESSION_FILE = "session.json"
Say = Callable[[str], None]


class Services:
    """The Airflow of one home. Its processes are known by a variable in their environment, so none is missed."""

    def __init__(self, home: Home, environment: Mapping[str, str] = os.environ) -> None:
        self.home = home
        self._user_environment = environment
        self.keys = Keys.of(home.airflow_folder, USERS)

    @property
    def log_folder(self) -> Path:
        return self.home.airflow_folder / "logs"

    @property
    def address(self) -> str:
        return f"http://localhost:{self.ports.api}"

    @property
    def ports(self) -> Ports:
        """The ports of the last start. Raises LocalError if there was none."""
        try:
            return Ports(**json.loads(self._record.read_text("utf-8")))
        except FileNotFoundError:
            raise LocalError("Airflow has not been started in this home; run `make demo` or `make up`") from None

    def environment(self) -> dict[str, str]:
        """What Airflow's programs need to work on this home."""
        return airflow_environment(self.home, self.ports, self.keys, self._user_environment)

    def start(self, say: Say, with_messages: bool = False) -> None:
        """Start in the background, on MEND_PORT; does nothing if it runs. Raises LocalError, also for a taken port.

        Args:
            with_messages: with a relay in any case, to the simulated message centre unless the user's settings name
                another.
        """
        messages.require_complete(self._user_environment)
        with locked(self._lock):
            if self.is_running():
                self._require_same_port()
                if not with_messages or self._runs_messages():
                    return
                say("it runs without messages: starting it again with them")
            self._end()  # also what an earlier supervisor left when it was killed
            self._start(say, with_messages)

    def _start(self, say: Say, with_messages: bool) -> None:
        self._choose_ports(with_messages and not messages.is_configured(self._user_environment))
        self._prepare_database(say)
        clock.set_clock(self.home, dt.datetime.now(dt.UTC))
        beside = messages.components(self.home, self.ports, self._user_environment)
        components.record(
            self._components_record, components.of_airflow() | components.log_server(self.ports.worker_logs) | beside
        )
        self.log_folder.mkdir(parents=True, exist_ok=True)
        places = (self.log_folder, self._components_record, self.home.root)
        command = [sys.executable, "-m", "mend_airflow.local.supervisor", *map(str, places)]
        with (self.log_folder / "supervisor.log").open("ab") as log:
            leader = subprocess.Popen(
                command,
                env=self.environment(),
                cwd=self.home.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        session.Session.led_by(leader.pid, str(self.home.root)).record(self._session_record)

    def _runs_messages(self) -> bool:
        """Whether what was started has the relay, and the simulator or not, that the user's settings ask for now."""
        running = (
            components.recorded(self._components_record).keys() if self._components_record.exists() else set[str]()
        )
        return "relay" in running and ("smsc" in running) != messages.is_configured(self._user_environment)

    def is_running(self) -> bool:
        return is_running(self.home)

    def processes(self) -> list[psutil.Process]:
        """All processes of this home's Airflow, those of tasks included, but not this one."""
        return list(session.processes(self._session(), str(self.home.root)))

    def stop(self) -> int:
        """End all processes; how many there were. A task under way is repeated after the next start."""
        with locked(self._lock):
            return self._end()

    def _end(self) -> int:
        found = self.processes()
        leader = self._session()
        if leader is not None and leader.is_led():
            # It ends the components, and would start them again if they were ended first.
            session.end([psutil.Process(leader.leader)], kill=False)
            psutil.wait_procs([process for process in found if process.pid == leader.leader], timeout=STOP_SECONDS)
        deadline = time.monotonic() + STOP_SECONDS
        while (left := self.processes()) and time.monotonic() < deadline:
            session.end(left, kill=True)
            psutil.wait_procs(left, timeout=2)
        return len(found)

    @property
    def _lock(self) -> Path:
        return self.home.airflow_folder / "airflow.lock"

    def _session(self) -> session.Session | None:
        return session.Session.recorded(self._session_record, str(self.home.root))

    @property
    def _session_record(self) -> Path:
        return self.home.airflow_folder / SESSION_FILE

    @property
    def _record(self) -> Path:
        return self.home.airflow_folder / "ports.json"

    @property
    def _components_record(self) -> Path:
        return self.home.airflow_folder / "components.json"

    def _wanted_port(self) -> int:
        """MEND_PORT, else the port of last time, so that `make demo` after `make stop` is the same address."""
        if text := self._user_environment.get("MEND_PORT"):
            return port_from(text)
        return self.ports.api if self._record.exists() else DEFAULT_PORT

    def _require_same_port(self) -> None:
        if self._wanted_port() != self.ports.api:
            raise LocalError(f"Airflow already runs at {self.address}; `make stop` first to change the port")

    def _choose_ports(self, with_centre: bool) -> None:
        port = self._wanted_port()
        require_free(port)
        logs, *centre = free_ports(2 if with_centre else 1)
        ports = {"api": port, "worker_logs": logs, "trigger_logs": logs} | ({"smsc": centre[0]} if centre else {})
        self._record.write_text(json.dumps(ports), "utf-8")

    def _prepare_database(self, say: Say) -> None:
        """Migrations and pools; half a minute the first time, so it is skipped when nothing changed since."""
        mark, wanted = self.home.airflow_folder / "prepared.txt", _fingerprint()
        if mark.exists() and mark.read_text("utf-8") == wanted:
            return
        say("preparing Airflow's database (15-30 s, once)")
        command = [sys.executable, "-m", "mend_airflow.local.prepare"]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True)
        if done.returncode != 0:
            raise LocalError(f"Airflow's database could not be prepared:\n{(done.stderr or done.stdout)[-3000:]}")
        mark.write_text(wanted, "utf-8")


def is_running(home: Home) -> bool:
    """Whether the home's Airflow runs; nothing is written to tell."""
    found = session.Session.recorded(home.airflow_folder / SESSION_FILE, str(home.root))
    return found is not None and found.is_led()


def _fingerprint() -> str:
    """Changes when the database may need another preparation: a new Airflow or other pools."""
    from importlib.metadata import version

    from mend_airflow.pools import FILE

    return f"{version('apache-airflow')}\n{FILE.read_text('utf-8')}"
