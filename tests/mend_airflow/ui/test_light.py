"""What the API server imports: neither engine nor lake, even after every page was shown. Other processes: no pages."""

from __future__ import annotations

import subprocess
import sys

from tests.mend_airflow.ui.paths import PATHS

from mend.foundation.home import Home

HEAVY = ("duckdb", "pyiceberg", "pandas", "altair")
WALK = """
import sys
from unittest import mock
from starlette.testclient import TestClient
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
import mend_airflow.ui.gate as gate
from mend.foundation.home import Home
from mend_airflow.ui.app import create_app

async def admin(request):
    return SimpleAuthManagerUser(username="admin", role="admin")

from airflow import models, settings
from airflow.models.base import Base
models.import_all_models()
Base.metadata.create_all(settings.engine)
gate.signed_in = admin
with TestClient(create_app(Home.from_environment())) as client:
    for path in {paths!r}:
        answer = client.get(path.removeprefix("/mend"), headers={{"accept": "text/html"}})
        assert answer.status_code == 200, (path, answer.text)
print([name for name in {heavy!r} if name in sys.modules])
"""
PLUGIN = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("mend_plugin", {path!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print([name for name in ("fastapi", "jinja2", "mend_airflow.ui.app") if name in sys.modules])
"""


def run(code: str, home: Home, tmp_path: str) -> str:
    import os

    environment = {**os.environ, **home.settings, "MEND_HOME": str(home.root), "AIRFLOW_HOME": tmp_path}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_no_page_brings_the_engine_or_the_lake_into_the_api_server(page_home: Home, tmp_path: str) -> None:
    paths = [path for path in PATHS if "/runs/" not in path]  # Airflow's own database has no such run here
    assert run(WALK.format(paths=paths, heavy=HEAVY), page_home, str(tmp_path)) == "[]"


def test_the_plugin_file_brings_no_page_into_other_processes(page_home: Home, tmp_path: str) -> None:
    from tests.mend_airflow.ui.airflow_app import PLUGINS

    found = run(PLUGIN.format(path=str(PLUGINS / "mend_plugin.py")), page_home, str(tmp_path))
    assert "mend_airflow.ui.app" not in found
