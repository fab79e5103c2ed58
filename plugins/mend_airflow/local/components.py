"""What the supervisor runs, by name: recorded in a file, so that a later command knows what was started."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mend_airflow.local.ports import HOST

AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer")
# Their own log servers listen on all of the machine's addresses, and no setting of Airflow's says otherwise: ours
# serves instead.
SERVE_LOGS = ("scheduler", "triggerer")
LOG_SERVER = "airflow.utils.serve_logs.log_server:get_app"


@dataclass(frozen=True)
class Component:
    """A command that runs until it is ended, and its variables beside those of the supervisor."""

    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def of_airflow() -> dict[str, Component]:
    """Airflow's four."""
    return {name: Component((sys.executable, "-m", "airflow", name, *_options(name))) for name in AIRFLOW}


def log_server(port: int) -> dict[str, Component]:
    """Airflow's server of the logs of tasks and triggers under way, for this machine alone."""
    options = ("--factory", "--host", HOST, "--port", str(port), "--no-access-log", "--log-level", "warning")
    return {"log-server": Component((sys.executable, "-m", "uvicorn", *options, LOG_SERVER))}


def _options(name: str) -> tuple[str, ...]:
    return ("--skip-serve-logs",) if name in SERVE_LOGS else ()


def record(path: Path, components: Mapping[str, Component]) -> None:
    path.write_text(json.dumps({name: asdict(component) for name, component in components.items()}), "utf-8")


def recorded(path: Path) -> dict[str, Component]:
    """The components of a file of `record`."""
    content = json.loads(path.read_text("utf-8"))
    return {name: Component(tuple(words["command"]), words["environment"]) for name, words in content.items()}
