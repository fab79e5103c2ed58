"""Whether schedules run. Read by DAG files and by what starts Airflow, so nothing of Airflow is imported here."""

from __future__ import annotations

import os
from collections.abc import Mapping


def nightly_schedule_enabled(environment: Mapping[str, str] = os.environ) -> bool:
    """False (MEND_SCHEDULE=off) where runs are only started by hand, as in the demo, whose months lie in the past."""
    return environment.get("MEND_SCHEDULE", "on").lower() not in ("off", "false", "0", "no")
