"""Airflow's API app with the pages mounted, and people who are signed in to it."""

from __future__ import annotations

import datetime as dt
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from starlette.testclient import TestClient
from tests.mend_airflow.ui.rows import NOW

from mend.foundation.home import Home

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
ORIGIN = "http://testserver"
SIMPLE = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
PASSWORD = "of everybody in these tests"  # FAB's login page asks for it
# Who asks, by the name that the tests use: SimpleAuthManager's role, FAB's role.
PEOPLE = {
    "viewer": ("viewer", "Viewer"),
    "oncall": ("op", "Mend on call"),
    "admin": ("admin", "Admin"),
    "handler": ("viewer", "Mend handler"),
    "desktop": ("viewer", "Mend card"),
    "nobody": (None, "Public"),
}


@dataclass
class AirflowApp:
    """A client of the app, and a token for each of PEOPLE."""

    client: TestClient
    manager: Any
    settings: Mapping[str, str]
    tokens: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> AbstractContextManager[Any]:
        """The app's settings, while something is asked of it: other tests of this process have theirs."""
        return mock.patch.dict(os.environ, self.settings)

    def as_user(self, who: str | None, language: str = "en", **headers: str) -> dict[str, str]:
        """Headers of a browser: the session's cookie, and a language."""
        from airflow.api_fastapi.app import _AuthManagerState

        _AuthManagerState.instance = self.manager  # one of both managers is in force at a time
        cookie = {"cookie": f"_token={self.tokens[who]}"} if who else {}
        tag = {"en": "en-GB,en", "zh": "zh-CN,zh;q=0.9"}[language]
        return {"accept": "text/html,*/*", "accept-language": tag, **cookie, **headers}

    def get(self, path: str, who: str | None, language: str = "en", **headers: str) -> Any:
        """A page, as one of PEOPLE or as nobody."""
        return self.send("get", path, headers=self.as_user(who, language, **headers))

    def post(self, path: str, who: str | None, data: Mapping[str, str] | None = None, **headers: str) -> Any:
        """A form, sent from one of our pages unless the headers say otherwise."""
        sent = {"origin": ORIGIN} | headers
        sent = {name: value for name, value in sent.items() if value}
        return self.send("post", path, data=data or {}, headers=self.as_user(who, **sent))

    def send(self, method: str, path: str, **given: Any) -> Any:
        """A request as it is given; redirects are not followed."""
        with self.environment():
            return self.client.request(method, path, follow_redirects=False, **given)


@contextmanager
def simple(home: Home) -> Iterator[AirflowApp]:
    """With SimpleAuthManager."""
    with _app(home, SIMPLE) as app:
        with app.environment():
            app.tokens = _simple_tokens(app.manager)
        yield app


def _simple_tokens(manager: Any) -> dict[str, str]:
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    users = {who: SimpleAuthManagerUser(username=who, role=roles[0]) for who, roles in PEOPLE.items()}
    return {who: manager.generate_jwt(user) for who, user in users.items()}


@contextmanager
def fab(home: Home) -> Iterator[AirflowApp]:
    """With FAB: its tables and roles, ours, and a user of each."""
    with _app(home, FAB, prepare=_prepare_fab) as app:
        with app.environment():
            app.tokens = _fab_tokens(app.manager)
        yield app


def _fab_tokens(manager: Any) -> dict[str, str]:
    users = {who: manager.security_manager.find_user(username=who) for who in PEOPLE}
    return {who: manager.generate_jwt(user) for who, user in users.items()}


def _prepare_fab() -> None:
    from airflow import settings
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
    from airflow.providers.fab.auth_manager.models import Model

    from mend_airflow.ui import roles

    Model.metadata.create_all(settings.engine)
    with get_application_builder() as builder:
        builder.sm.sync_roles()
    roles.create()
    with get_application_builder() as builder:
        for who, (_, role) in PEOPLE.items():
            names = {"username": who, "first_name": who, "last_name": who, "email": f"{who}@example.org"}
            if builder.sm.find_user(username=who) is None:  # an app of this process may have made them
                builder.sm.add_user(**names, role=builder.sm.find_role(role), password=PASSWORD)


@contextmanager
def _app(home: Home, manager: str, prepare: Callable[[], None] = lambda: None) -> Iterator[AirflowApp]:
    settings = _settings(home, manager, ORIGIN)
    with ExitStack() as client_ends:
        with _made(settings, prepare) as made:
            from airflow.api_fastapi.app import get_auth_manager

            client = client_ends.enter_context(TestClient(made, base_url=ORIGIN))
            app = AirflowApp(client, get_auth_manager(), settings)
        yield app


@contextmanager
def served(home: Home, manager: str = SIMPLE) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The app behind a real server: its address, and a token for each of PEOPLE."""
    import uvicorn

    port = free_port()
    origin = f"http://localhost:{port}"
    with _made(_settings(home, manager, origin), _prepare_fab if manager == FAB else lambda: None) as made:
        from airflow.api_fastapi.app import get_auth_manager

        server = uvicorn.Server(uvicorn.Config(made, host="127.0.0.1", port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.1)
            assert thread.is_alive(), "the server ended"
        tokens = _fab_tokens if manager == FAB else _simple_tokens
        yield origin, tokens(get_auth_manager())
        server.should_exit = True
        thread.join(20)


def free_port() -> int:
    """A TCP port that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _settings(home: Home, manager: str, origin: str) -> dict[str, str]:
    return {
        **home.settings,
        "MEND_HOME": str(home.root),
        "AIRFLOW__CORE__AUTH_MANAGER": manager,
        "AIRFLOW__API__BASE_URL": f"{origin}/",
        "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of this test run alone, long enough for SHA-512 to be content",
        "AIRFLOW__API__SECRET_KEY": "another",
    }


@contextmanager
def _made(settings: Mapping[str, str], prepare: Callable[[], None]) -> Iterator[Any]:
    """Airflow's API app with our plugin, on a database of its own; the settings are in force meanwhile."""
    with mock.patch.dict(os.environ, settings):
        from airflow import models
        from airflow import settings as airflow_settings
        from airflow.api_fastapi.app import create_app, purge_cached_app
        from airflow.models.base import Base
        from airflow.utils.db import synchronize_log_template

        airflow_settings.configure_orm()
        models.import_all_models()
        Base.metadata.create_all(airflow_settings.engine)
        synchronize_log_template()  # runs name a row of it, as after `airflow db migrate`
        _put_run()
        purge_cached_app()
        prepare()
        with _our_plugin():
            yield create_app(apps="core")


@contextmanager
def _our_plugin() -> Iterator[None]:
    """Airflow looks for plugins in our folder, whatever it looked for before in this process."""
    from airflow import plugins_manager, settings

    with mock.patch.object(settings, "PLUGINS_FOLDER", str(PLUGINS)):
        _forget_plugins(plugins_manager)
        yield
    _forget_plugins(plugins_manager)


def _forget_plugins(manager: Any) -> None:
    for each in vars(manager).values():
        getattr(each, "cache_clear", lambda: None)()


def _put_run() -> None:
    """One run of the nightly DAG in Airflow's own database: the one that RUN of the paths names."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunType
    from sqlalchemy import select

    with create_session() as session:
        if session.execute(select(DagRun.id).where(DagRun.run_id == "night")).first() is None:
            began = NOW - dt.timedelta(minutes=5)
            run = DagRun(dag_id="mend_nightly", run_id="night", run_type=DagRunType.MANUAL, start_date=began)
            run.end_date = NOW
            session.add(run)
