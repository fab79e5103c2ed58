"""The few calls of Airflow's REST API that the demo makes."""

from __future__ import annotations

import datetime as dt
import json
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from mend_airflow.local.errors import LocalError

TIMEOUT_SECONDS = 30
PATIENCE_SECONDS = 180  # of a machine with other work, or while the API server starts again
# Never through a proxy of the environment: Airflow is on this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
COMPONENTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")


class NotFound(LocalError):
    """The API answered 404."""


class Conflict(LocalError):
    """The API answered 409: what was to be created is there."""


ANSWERS: dict[int, type[LocalError]] = {404: NotFound, 409: Conflict}


@dataclass
class Airflow:
    """A client; logs in at its first call."""

    address: str
    user: str
    password: str = field(repr=False)
    _token: str | None = field(default=None, repr=False)

    def unhealthy(self) -> list[str]:
        """The components that are not healthy yet, `api-server` alone if nothing answers."""
        try:
            answer = self._send("GET", "/api/v2/monitor/health", token=None)
        except (OSError, LocalError):
            return ["api-server"]
        return [name for name in COMPONENTS if (answer.get(name) or {}).get("status") != "healthy"]

    def import_errors(self) -> list[str]:
        """DAG files that Airflow could not read, with the last line of each error."""
        errors = self.call("GET", "/importErrors")["import_errors"]
        return [f"{error['filename']}: {error['stack_trace'].strip().splitlines()[-1]}" for error in errors]

    def unpause(self, dag_id: str) -> None:
        self.call("PATCH", f"/dags/{dag_id}?update_mask=is_paused", {"is_paused": False})

    def run_state(self, dag_id: str, run_id: str) -> str | None:
        """The state of a run; None if there is no such run."""
        try:
            return str(self.call("GET", f"/dags/{dag_id}/dagRuns/{run_id}")["state"])
        except NotFound:
            return None

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any], at: dt.datetime | None = None) -> None:
        """Start a run, which looks at another moment than now where one is given; nothing happens if there is one of
        this name.
        """
        moment = None if at is None else at.isoformat()
        body: dict[str, Any] = {"dag_run_id": run_id, "logical_date": moment, "conf": conf}
        if moment is not None:
            body |= {"data_interval_start": moment, "data_interval_end": moment}
        with suppress(Conflict):  # also when an answer was lost and the call repeated
            self.call("POST", f"/dags/{dag_id}/dagRuns", body)

    def page(self, path: str) -> str:
        """One of our pages, in English."""
        headers = {"Authorization": f"Bearer {self._logged_in()}", "Accept": "text/html", "Accept-Language": "en"}
        request = urllib.request.Request(self.address + path, headers=headers)  # noqa: S310 - our own http URL
        try:
            with OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise LocalError(f"{path}: the pages answer {error.code}; see airflow/logs/api-server.log") from error

    def clear_failed(self, dag_id: str, run_id: str) -> None:
        """Run the failed tasks of a run again, and what waited for them."""
        options = {"dry_run": False, "dag_run_id": run_id, "only_failed": True, "reset_dag_runs": True}
        self.call("POST", f"/dags/{dag_id}/clearTaskInstances", options)

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The task instances of a run."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances?limit=200&order_by=start_date"
        return list(self.call("GET", path)["task_instances"])

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One call of the API's version 2, repeated while nothing answers. Raises LocalError, NotFound for 404."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._send(method, f"/api/v2{path}", body, self._logged_in())
            except OSError as error:
                if time.monotonic() > deadline:
                    raise LocalError(f"Airflow at {self.address} does not answer any more: {error}") from error
                time.sleep(1)

    def token(self) -> str:
        """What a browser's session cookie holds."""
        return self._logged_in()

    def _logged_in(self) -> str:
        if self._token is None:
            login = {"username": self.user, "password": self.password}
            self._token = str(self._send("POST", "/auth/token", login)["access_token"])
        return self._token

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(self.address + path, data, headers, method=method)  # noqa: S310 - our own http URL
        try:
            with OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            text = f"Airflow answered {error.code} to {method} {path}: {error.read(500).decode(errors='replace')}"
            raise ANSWERS.get(error.code, LocalError)(text) from error
