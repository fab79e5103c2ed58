"""What runs Airflow on one machine, for real: PostgreSQL that dies comes up again, nothing listens for others, a copy
ends no process.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from mend.cli import stop
from mend.errors import CommandError
from mend.foundation import server
from mend.foundation.home import Home
from mend.foundation.home import server_layout as layouts
from mend_airflow.local import components, session
from mend_airflow.local.components import Component
from mend_airflow.local.environment import USERS, Ports, airflow_environment
from mend_airflow.local.keys import Keys
from mend_airflow.local.ports import HOST, free_ports
from mend_airflow.local.services import Services

# A component that needs PostgreSQL: it notes each second that it is there, and ends when it is not.
NEEDS = """
import sys, time, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    while True:
        connection.execute("select 1")
        open(sys.argv[2], "a").write("up\\n")
        time.sleep(0.2)
"""


@pytest.fixture
def home() -> Iterator[Home]:
    """A home with a server of its own, in a folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="ms-", dir="/tmp"))
    folder.chmod(0o755)
    made = Home.at(folder / "h", {})
    server.start(made)
    yield made
    server.stop(made)
    shutil.rmtree(folder)


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert holds()


def kill_all(leader: subprocess.Popen[bytes]) -> None:
    with suppress(psutil.Error):
        for child in psutil.Process(leader.pid).children(recursive=True):
            child.kill()
    leader.kill()
    leader.wait()


def postmaster(home: Home) -> psutil.Process:
    return psutil.Process(int((layouts.layout_of(home).data / "postmaster.pid").read_text().splitlines()[0]))


def test_postgresql_that_dies_comes_up_again_and_what_needs_it_goes_on(home: Home) -> None:
    folder = home.root.parent
    noted, log = folder / "noted", folder / "supervisor.log"
    url = server.url(home, "airflow").replace("+psycopg", "")
    needs = Component((sys.executable, "-c", NEEDS, url, str(noted)))
    components.record(folder / "components.json", {"needs": needs})
    command = [
        sys.executable,
        "-m",
        "mend_airflow.local.supervisor",
        str(folder),
        str(folder / "components.json"),
        str(home.root),
    ]
    with log.open("wb") as out:
        leader = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        for _ in range(2):
            until(noted.exists)
            first = postmaster(home)
            first.send_signal(signal.SIGKILL)
            psutil.wait_procs([first], timeout=30)
            noted.unlink()
            until(lambda: server.is_running(home))
            until(noted.exists)
            assert postmaster(home).pid != first.pid
        leader.send_signal(signal.SIGTERM)
        assert leader.wait(30) == 0
        assert server.is_running(home)  # it is not the supervisor's to end
    finally:
        kill_all(leader)
    said = log.read_text()
    assert said.count("PostgreSQL runs again") == 2
    assert "needs ended with 1; starting it again" in said


def test_a_server_that_cannot_start_is_tried_again_and_the_supervisor_lives(home: Home) -> None:
    folder, conf = home.root.parent, layouts.layout_of(home).data / "postgresql.conf"
    whole = conf.read_bytes()
    components.record(folder / "components.json", {})
    command = [
        sys.executable,
        "-m",
        "mend_airflow.local.supervisor",
        str(folder),
        str(folder / "components.json"),
        str(home.root),
    ]
    log = folder / "supervisor.log"
    with log.open("wb") as out:
        leader = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        with conf.open("ab") as file:
            file.write(b"no_such_setting = 1\n")
        postmaster(home).kill()
        until(lambda: "PostgreSQL does not start" in log.read_text())
        assert leader.poll() is None
        conf.write_bytes(whole)
        until(lambda: server.is_running(home))
    finally:
        kill_all(leader)


def test_the_log_server_listens_on_this_machine_alone(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    home = Home.at(tmp_path, {})
    (tmp_path / "airflow" / "logs" / "tasks").mkdir(parents=True)
    ports = Ports(api=8123, worker_logs=port, trigger_logs=port)
    environment = airflow_environment(home, ports, Keys.of(home.airflow_folder, USERS), os.environ)
    environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = f"sqlite:///{tmp_path}/unused.db"
    (component,) = components.log_server(port).values()
    leader = subprocess.Popen(component.command, env=environment, start_new_session=True)
    try:
        until(lambda: bool(listening(leader.pid)), 120)
        assert listening(leader.pid) == {(HOST, port)}
        with pytest.raises(urllib.error.HTTPError) as refused:  # it serves, and not to anybody
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://{HOST}:{port}/log/x", timeout=30)
        assert refused.value.code == 403
    finally:
        kill_all(leader)


def listening(pid: int) -> set[tuple[str, int]]:
    """Addresses on which the process and its children listen."""
    found: set[tuple[str, int]] = set()
    with suppress(psutil.Error):
        leader = psutil.Process(pid)
        for process in (leader, *leader.children(recursive=True)):
            found |= {
                tuple(each.laddr) for each in process.net_connections("inet") if each.status == psutil.CONN_LISTEN
            }
    return found


def test_airflow_s_own_log_servers_are_not_started() -> None:
    with_logs = {name: "--skip-serve-logs" in component.command for name, component in components.of_airflow().items()}
    assert with_logs == {"api-server": False, "scheduler": True, "dag-processor": False, "triggerer": True}


def test_a_copied_record_of_a_running_airflow_is_not_the_copy_s(tmp_path: Path) -> None:
    first, copy = tmp_path / "first", tmp_path / "copy"
    (first / "airflow").mkdir(parents=True)
    mark = {**os.environ, session.MARK: str(first)}
    leader = subprocess.Popen(["sleep", "60"], start_new_session=True, env=mark)
    try:
        session.Session.led_by(leader.pid, str(first)).record(first / "airflow" / "session.json")
        shutil.copytree(first, copy)
        assert Services(Home.at(copy, {}), {}).stop() == 0
        assert leader.poll() is None
        assert Services(Home.at(first, {}), {}).is_running()
        assert not Services(Home.at(copy, {}), {}).is_running()
    finally:
        kill_all(leader)


def test_a_record_of_an_earlier_version_is_known_by_its_leader(tmp_path: Path) -> None:
    leader = subprocess.Popen(["sleep", "60"], start_new_session=True, env={**os.environ, session.MARK: "/a"})
    try:
        while not psutil.Process(leader.pid).environ():  # just after its start the kernel does not show it yet
            time.sleep(0.01)
        known = session.Session.led_by(leader.pid)
        (tmp_path / "session.json").write_text(json.dumps({"leader": known.leader, "began": known.began}))
        assert session.Session.recorded(tmp_path / "session.json", "/a") == known
        assert session.Session.recorded(tmp_path / "session.json", "/b") is None
    finally:
        kill_all(leader)


def test_mend_stop_leaves_postgresql_to_an_airflow_that_runs(home: Home) -> None:
    leader = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        home.airflow_folder.mkdir()
        session.Session.led_by(leader.pid, str(home.root)).record(home.airflow_folder / "session.json")
        with pytest.raises(CommandError, match="make stop"):
            stop.stop(argparse.Namespace(), home)
        assert server.is_running(home)
    finally:
        kill_all(leader)
    stop.stop(argparse.Namespace(), home)
    assert not server.is_running(home)
