"""The one file that Airflow's plugin manager runs. It must stay light: every Airflow process reads it at its start."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from mend_airflow.nightly import NightlyTimetable


class MendPlugin(AirflowPlugin):
    """Registers Mend with Airflow. Pages in the UI are added here, each behind a lazy import."""

    name = "mend"
    timetables = [NightlyTimetable]  # noqa: RUF012 - Airflow declares it so
