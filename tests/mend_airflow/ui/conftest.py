"""The pages inside Airflow's own API app, in this process: real login tokens and middleware, no server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Template, fresh_home
from tests.mend_airflow.ui.airflow_app import AirflowApp, fab, simple
from tests.mend_airflow.ui.code_rows import put_code_rows
from tests.mend_airflow.ui.list_rows import put_list_rows
from tests.mend_airflow.ui.month_rows import put_month_rows
from tests.mend_airflow.ui.rows import put_rows
from tests.mend_airflow.ui.work_rows import put_work

from mend.foundation.home import Home


@pytest.fixture(scope="session")
def page_home(template: Template) -> Iterator[Home]:
    """A home with the rows that the pages of the tests show."""
    with tempfile.TemporaryDirectory() as folder, fresh_home(template, Path(folder)) as home:
        put_rows(home)
        put_month_rows(home)
        put_list_rows(home)
        put_work(home)
        put_code_rows(home)
        yield home


@pytest.fixture(scope="session")
def simple_app(page_home: Home) -> Iterator[AirflowApp]:
    """Airflow with SimpleAuthManager."""
    with simple(page_home) as app:
        yield app


@pytest.fixture(scope="session")
def fab_app(page_home: Home) -> Iterator[AirflowApp]:
    """Airflow with FAB, its roles and permissions created by our own command."""
    with fab(page_home) as app:
        yield app


@pytest.fixture(params=["simple", "fab"])
def app(request: pytest.FixtureRequest) -> AirflowApp:
    """Both, one after the other."""
    found: AirflowApp = request.getfixturevalue(f"{request.param}_app")
    return found
