"""The one file that Airflow's plugin manager runs. It must stay light: every Airflow process reads it at its start."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from mend_airflow.nightly import NightlyTimetable
from mend_airflow.ui.place import address


class MendPlugin(AirflowPlugin):
    """Registers Mend with Airflow: the nightly timetable, and the pages with their two places in the UI."""

    name = "mend"
    timetables = [NightlyTimetable]  # noqa: RUF012 - Airflow declares it so
    external_views = [  # noqa: RUF012
        {"name": "Mend", "href": address("/"), "destination": "nav", "url_route": "mend"},
        {
            "name": "Mend",
            "href": address("/runs/{DAG_ID}/{RUN_ID}"),
            "destination": "dag_run",
            "url_route": "mend_run",
        },
    ]

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """The app; the API server alone asks for it, so no other process imports the pages."""
        from mend_airflow.ui.app import create_app
        from mend_airflow.ui.place import PREFIX

        return [{"app": create_app(), "url_prefix": PREFIX, "name": "mend"}]
