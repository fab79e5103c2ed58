"""The environment variables that make Airflow run for one home, apart from any other Airflow of the machine."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from mend.foundation import server
from mend.foundation.home import Home
from mend_airflow.local.keys import Keys
from mend_airflow.local.session import MARK
from mend_airflow.schedule_switch import nightly_schedule_enabled

REPOSITORY = Path(__file__).resolve().parents[3]
# name: role. desktop is the service account of agents' desktops: of Mend it has the card alone (MEND_RIGHTS).
USERS = {"admin": "admin", "oncall": "op", "viewer": "viewer", "desktop": "viewer"}
LOCAL_HOSTS = "localhost,127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """TCP ports of one Airflow: the UI's and API's, those on which logs of running tasks and triggers are read (one
    server serves both), and that of the simulated message centre, where there is one.
    """

    api: int
    worker_logs: int
    trigger_logs: int
    smsc: int | None = None


def airflow_environment(
    home: Home, ports: Ports, keys: Keys, base: Mapping[str, str] = os.environ, repository: Path = REPOSITORY
) -> dict[str, str]:
    """All variables for Airflow's processes: the user's own without those of other installations, then ours."""
    kept = {name: value for name, value in base.items() if not name.startswith(("AIRFLOW", "_AIRFLOW", "PG", "PYTHON"))}
    schedule = "on" if nightly_schedule_enabled({"MEND_SCHEDULE": base.get("MEND_SCHEDULE") or "off"}) else "off"
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{base.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "NO_PROXY": LOCAL_HOSTS,
        "no_proxy": LOCAL_HOSTS,
        "MEND_HOME": str(home.root),
        "MEND_SCHEDULE": schedule,
        MARK: str(home.root),
        "AIRFLOW_HOME": str(home.airflow_folder),
        **connections(home),
        **_airflow_settings(home, ports, keys, repository, schedule),
    }


def connections(home: Home) -> dict[str, str]:
    """Mend's two stores as Airflow connections, `mend_operations` and `mend_lake`."""
    lake = {"home": str(home.root), "warehouse": home.warehouse, "catalog_url": home.catalog_url}
    return {
        "AIRFLOW_CONN_MEND_OPERATIONS": json.dumps(_postgres_connection(home.database_url)),
        "AIRFLOW_CONN_MEND_LAKE": json.dumps({"conn_type": "generic", "extra": lake}),
    }


def _postgres_connection(url: str) -> dict[str, object]:
    """An Airflow connection of type postgres from a SQLAlchemy URL; its host may be a socket's folder in the query."""
    parts = make_url(url)
    query = {name: value for name, value in parts.query.items() if name not in ("host", "port")}
    connection: dict[str, object] = {
        "conn_type": "postgres",
        "login": parts.username,
        "password": parts.password,
        "host": parts.host or parts.query.get("host"),
        "port": parts.port or int(str(parts.query.get("port", server.PORT))),
        "schema": parts.database,
        "extra": query,
    }
    return {name: value for name, value in connection.items() if value}


def _airflow_settings(home: Home, ports: Ports, keys: Keys, repository: Path, schedule: str) -> dict[str, str]:
    folder = home.airflow_folder
    address = f"http://localhost:{ports.api}"
    metadata = home.airflow_database_url
    settings = {
        ("core", "executor"): "mend_airflow.local.executor.WarmLocalExecutor",
        ("core", "parallelism"): "4",
        ("core", "load_examples"): "False",
        ("core", "dags_folder"): home.settings.get("MEND_DAGS") or str(repository / "dags"),
        ("core", "plugins_folder"): str(repository / "plugins"),
        ("core", "execution_api_server_url"): f"{address}/execution/",
        ("core", "auth_manager"): "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        ("core", "simple_auth_manager_users"): ",".join(f"{user}:{role}" for user, role in USERS.items()),
        ("core", "simple_auth_manager_passwords_file"): str(keys.passwords_file),
        ("core", "hostname_callable"): "mend_airflow.local.ports.this_machine",
        ("core", "fernet_key"): keys.fernet_key,
        ("database", "sql_alchemy_conn"): metadata,
        ("database", "sql_alchemy_conn_async"): metadata.replace("+psycopg2:", "+asyncpg:"),
        ("api", "host"): "127.0.0.1",  # this is a machine's own UI; production is docker-compose.yaml
        ("api", "port"): str(ports.api),
        ("api", "base_url"): address,
        ("api", "workers"): "1",
        ("api", "secret_key"): keys.session_key,
        ("api_auth", "jwt_secret"): keys.token_key,
        ("logging", "base_log_folder"): str(folder / "logs" / "tasks"),
        # airflow.cfg, written at the first start, has whole paths: in a home that was moved or copied they are another
        # folder's.
        ("logging", "dag_processor_child_process_log_directory"): str(folder / "logs" / "dag_processor"),
        ("logging", "worker_log_server_port"): str(ports.worker_logs),
        ("logging", "trigger_log_server_port"): str(ports.trigger_logs),
        ("dag_processor", "parsing_processes"): "1",
        # A file that changes is read soon all the same; to read all of them every half minute takes a tenth of a core.
        ("dag_processor", "min_file_process_interval"): "300",
        # The simulated months are in the past: a schedule that fires would only add empty runs of last night.
        ("scheduler", "use_job_schedule"): str(schedule == "on"),
        ("scheduler", "task_instance_heartbeat_timeout"): "90",
        # So that a task that `make stop` cut off goes on within a minute of the next start, not after five.
        ("scheduler", "orphaned_tasks_check_interval"): "20",
        ("workers", "max_failed_heartbeats"): "20",
        ("usage_data_collection", "enabled"): "False",
    }
    return {f"AIRFLOW__{section}__{name}".upper(): value for (section, name), value in settings.items()}
