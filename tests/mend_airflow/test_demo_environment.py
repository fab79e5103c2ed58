"""Airflow on one machine: its environment, keys, ports and processes. The whole demo is in tests/end_to_end."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mend.foundation.home import Home
from mend_airflow import pools
from mend_airflow.local import demo, ports, session
from mend_airflow.local.environment import USERS, Ports, airflow_environment
from mend_airflow.local.errors import LocalError
from mend_airflow.local.keys import Keys
from mend_airflow.local.services import Services
from mend_airflow.local.world import DemoWorld, latest_lists
from mend_airflow.schedule_switch import nightly_schedule_enabled

PORTS = Ports(api=8123, worker_logs=40001, trigger_logs=40002)


def environment_of(folder: Path, base: dict[str, str] | None = None) -> dict[str, str]:
    home = Home.at(folder, base or {})
    return airflow_environment(home, PORTS, Keys.of(folder / "airflow", USERS), base or {}, repository=Path("/repo"))


def test_everything_of_airflow_is_in_the_home(tmp_path: Path) -> None:
    found = environment_of(tmp_path)
    assert found["AIRFLOW_HOME"] == f"{tmp_path}/airflow"
    assert found["AIRFLOW__LOGGING__BASE_LOG_FOLDER"].startswith(f"{tmp_path}/airflow/")
    assert found["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith("postgresql+psycopg2://mend@/airflow?host=")
    assert found["MEND_HOME"] == str(tmp_path)


def test_no_path_of_the_configuration_file_counts_so_that_a_home_can_move(tmp_path: Path) -> None:
    from airflow.configuration import retrieve_configuration_description

    described = retrieve_configuration_description(include_providers=False)
    of_the_home = [
        f"AIRFLOW__{section}__{name}".upper()
        for section, of_section in described.items()
        for name, option in of_section["options"].items()
        if "AIRFLOW_HOME" in str(option.get("default"))
    ]
    found = environment_of(tmp_path)
    assert "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY" in of_the_home
    assert [name for name in of_the_home if name not in found] == []


def test_nothing_is_on_the_path_but_what_is_installed(tmp_path: Path) -> None:
    found = environment_of(tmp_path, {"PYTHONPATH": "/elsewhere"})
    assert "PYTHONPATH" not in found
    assert (found["AIRFLOW__CORE__DAGS_FOLDER"], found["AIRFLOW__CORE__PLUGINS_FOLDER"]) == (
        "/repo/dags",
        "/repo/plugins",
    )


def test_settings_of_another_airflow_and_postgresql_are_left_out(tmp_path: Path) -> None:
    other = {"AIRFLOW__CORE__EXECUTOR": "KubernetesExecutor", "AIRFLOW_CONN_X": "x", "PGPORT": "6543", "LANG": "C"}
    found = environment_of(tmp_path, other)
    assert found["AIRFLOW__CORE__EXECUTOR"] == "mend_airflow.local.executor.WarmLocalExecutor"
    assert ("AIRFLOW_CONN_X" in found, "PGPORT" in found, found["LANG"]) == (False, False, "C")


def test_two_homes_share_no_port_key_or_folder(tmp_path: Path) -> None:
    one, other = environment_of(tmp_path / "one"), environment_of(tmp_path / "other")
    separate = (
        "AIRFLOW_HOME",
        "AIRFLOW__CORE__FERNET_KEY",
        "AIRFLOW__API_AUTH__JWT_SECRET",
        "AIRFLOW__API__SECRET_KEY",
    )
    assert [name for name in separate if one[name] == other[name]] == []


def test_the_connections_name_mends_stores(tmp_path: Path) -> None:
    url = "postgresql+psycopg://mend:secret@db:6000/mend"
    found = environment_of(tmp_path, {"MEND_DATABASE_URL": url})
    assert json.loads(found["AIRFLOW_CONN_MEND_OPERATIONS"]) == {
        "conn_type": "postgres",
        "login": "mend",
        "password": "secret",
        "host": "db",
        "port": 6000,
        "schema": "mend",
    }
    embedded = json.loads(environment_of(tmp_path)["AIRFLOW_CONN_MEND_OPERATIONS"])
    assert (embedded["port"], embedded["schema"], Path(embedded["host"]).is_absolute()) == (5432, "mend", True)
    lake = json.loads(found["AIRFLOW_CONN_MEND_LAKE"])["extra"]
    assert (lake["home"], lake["warehouse"]) == (str(tmp_path), f"file://{tmp_path}/lake")


@pytest.mark.parametrize(("value", "expected"), [(None, "False"), ("off", "False"), ("on", "True")])
def test_no_schedule_fires_unless_asked_for(tmp_path: Path, value: str | None, expected: str) -> None:
    found = environment_of(tmp_path, {} if value is None else {"MEND_SCHEDULE": value})
    assert found["AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE"] == expected
    assert nightly_schedule_enabled(found) == (expected == "True")


def test_in_production_the_schedule_is_on() -> None:
    assert nightly_schedule_enabled({})


def test_keys_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first, second = Keys.of(tmp_path, USERS), Keys.of(tmp_path, USERS)
    assert first == second
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert set(first.passwords) == {"admin", "oncall", "viewer", "desktop"}
    assert first.passwords["admin"] not in repr(first)


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalError, match=rf"Port {port} is taken .* MEND_PORT={port + 1} make demo"):
            ports.require_free(port)


@pytest.mark.parametrize("text", ["http", "0", "80", "70000", "-1"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(LocalError, match="MEND_PORT"):
        ports.port_from(text)


def test_free_ports_differ() -> None:
    assert len(set(ports.free_ports(5))) == 5


def test_a_start_on_a_taken_port_says_so_and_starts_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        services = Services(Home.at(tmp_path, {}), {"MEND_PORT": str(taken.getsockname()[1])})
        with pytest.raises(LocalError, match="taken by another program"):
            services.start(lambda _: None)
    assert (services.processes(), services.is_running()) == ([], False)


def test_the_session_finds_children_of_other_groups_and_marked_strangers_only(tmp_path: Path) -> None:
    # The child leaves the group; the marked one leaves the session too; the third has nothing to do with us.
    code = "import os, subprocess, time; subprocess.Popen(['sleep', '60'], process_group=0); time.sleep(60)"
    leader = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    marked = subprocess.Popen(["sleep", "60"], start_new_session=True, env={**os.environ, session.MARK: str(tmp_path)})
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        ours = session.Session.led_by(leader.pid)
        deadline = time.monotonic() + 10
        while len(found := list(session.processes(ours, str(tmp_path)))) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        pids = {process.pid for process in found}
        assert len(found) == 3
        assert {leader.pid, marked.pid} < pids
        assert stranger.pid not in pids
        session.end(found, kill=True)
        psutil.wait_procs(found, timeout=5)
        assert list(session.processes(ours, str(tmp_path))) == []
        assert stranger.poll() is None
        assert not ours.is_led()
    finally:
        for process in (leader, marked, stranger):
            process.kill()
            process.wait()


def test_a_process_number_that_was_given_again_is_not_ours() -> None:
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        old = session.Session(process.pid, time.time() - 3600)
        assert not old.is_led()
        assert not old.holds(psutil.Process(process.pid))
    finally:
        process.kill()
        process.wait()


def test_the_demo_runs_each_month_and_closes_it_before_the_next() -> None:
    steps = list(demo._steps(DemoWorld(months=2, first_month="2025-12")))
    assert [(step.dag_id, step.run_id, step.conf) for step in steps] == [
        ("mend_nightly", "demo-2025-12", {"from_day": "2025-12-01", "to_day": "2025-12-31", "sources": ["simulator"]}),
        ("mend_monthly", "demo-2025-12", {"month": "2025-12"}),
        ("mend_nightly", "demo-2026-01", {"from_day": "2026-01-01", "to_day": "2026-01-31", "sources": ["simulator"]}),
        ("mend_monthly", "demo-2026-01", {"month": "2026-01"}),
    ]


def test_the_demo_shows_the_latest_version_of_a_month_s_lists(tmp_path: Path) -> None:
    assert latest_lists(tmp_path / "2026-01") == []
    for version in ("v2", "v10", "v10-unmasked"):
        (tmp_path / "2026-01" / version).mkdir(parents=True)
        (tmp_path / "2026-01" / version / "nanjing.csv").touch()
    assert latest_lists(tmp_path / "2026-01") == [tmp_path / "2026-01" / "v10" / "nanjing.csv"]


def test_the_demos_size_can_be_chosen() -> None:
    yesterday = dt.date(2026, 6, 30)
    assert DemoWorld.from_environment({"MEND_DEMO_CUSTOMERS": "100", "MEND_DEMO_MONTHS": ""}, yesterday) == DemoWorld(
        customers=100, last_day="2026-06-30"
    )
    with pytest.raises(LocalError, match="MEND_DEMO_MONTHS must be a whole number"):
        DemoWorld.from_environment({"MEND_DEMO_MONTHS": "many"}, yesterday)
    with pytest.raises(LocalError, match="MEND_DEMO_FIRST_MONTH must be YYYY-MM"):
        DemoWorld.from_environment({"MEND_DEMO_FIRST_MONTH": "2026-13"}, yesterday)


def test_the_pools_are_those_that_the_dags_name() -> None:
    named = {"mend_sources": 4, "mend_engine": 2, "mend_people": 4, "mend_sms": 1}
    assert {pool.name: pool.slots for pool in pools.pools()} == named
