"""Waiting for Airflow to be healthy, with progress and an early end when it will not be."""

from __future__ import annotations

import time

from mend_airflow.local.errors import LocalError
from mend_airflow.local.rest import Airflow
from mend_airflow.local.screen import Screen
from mend_airflow.local.services import Services

HEALTHY_SECONDS = 300
TAIL_LINES = 15


def client_of(services: Services) -> Airflow:
    return Airflow(services.address, "admin", services.keys.passwords["admin"])


def wait_until_healthy(services: Services, airflow: Airflow, screen: Screen) -> None:
    """Raises LocalError with the end of the logs if Airflow ends or is not healthy after five minutes."""
    screen.step("waiting for Airflow (about a minute)")
    deadline = time.monotonic() + HEALTHY_SECONDS
    known: list[str] = []
    while waiting := airflow.unhealthy():
        if waiting != known:
            screen.say(f"waiting for {', '.join(waiting)}")
            known = waiting
        if not services.is_running() or time.monotonic() > deadline:
            raise LocalError(f"Airflow did not start: {', '.join(waiting)} not healthy.\n{_end_of_logs(services)}")
        time.sleep(1)
    screen.say(f"healthy at {services.address}")


def _end_of_logs(services: Services) -> str:
    ends = []
    for path in sorted(services.log_folder.glob("*.log")):
        lines = path.read_text("utf-8", errors="replace").splitlines()
        ends.append("\n".join([f"── {path}", *lines[-TAIL_LINES:]]))
    return "\n".join(ends)
