"""What the DAG files share: schedules, parameters, and what a task does when it fails. No DAG file holds a number of
its own.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any, Final

from airflow.sdk import (
    CronTriggerTimetable,
    Param,
    PartitionedAssetTimetable,
    PartitionedAtRuntime,
)

from mend_airflow import assets
from mend_airflow.business_date import business_zone
from mend_airflow.failures import say_why
from mend_airflow.schedule_switch import nightly_schedule_enabled

if TYPE_CHECKING:
    from mend_airflow.nightly import NightlyTimetable

DEFAULT_SOURCE: Final = "simulator"
OWN_ANSWERS: Final = "sms_survey"  # the answers to our own surveys: read every night, whatever else is
START: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)  # before any day that is loaded; nothing is caught up on
# Outages: four tries within about seven minutes. Bad data fails at once, see mend_airflow.failures.
DEFAULT_ARGS: Final[dict[str, Any]] = {
    "owner": "mend",
    "retries": 3,
    "retry_delay": dt.timedelta(minutes=1),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": dt.timedelta(minutes=30),
    "execution_timeout": dt.timedelta(hours=12),
    "on_failure_callback": say_why,
    "on_retry_callback": say_why,
}

# So long a list may wait for a person; then the task fails, is asked again, and whoever is on call hears of it.
TIME_TO_DECIDE: Final = dt.timedelta(days=14)
# Places of departments in the review of a plan: as many tasks, of which those without a department ask nobody.
PLACES_OF_DEPARTMENTS: Final = range(1, 6)


def nightly() -> NightlyTimetable | PartitionedAtRuntime:
    """At 01:30 in the business zone, for the day before; by hand alone where the environment says so."""
    if not nightly_schedule_enabled():
        return PartitionedAtRuntime()  # with None a run by hand could carry no partition key
    from mend_airflow.nightly import NightlyTimetable  # Airflow's core: imported where a schedule runs

    return NightlyTimetable(business_zone())


def every_few_minutes() -> CronTriggerTimetable | None:
    """Every two minutes: what ended is asked about within five. None where the environment says so."""
    return CronTriggerTimetable("*/2 * * * *", timezone=business_zone()) if nightly_schedule_enabled() else None


def weekly() -> CronTriggerTimetable | None:
    """On Sundays at 05:00 in the business zone; None where the environment says so."""
    return CronTriggerTimetable("0 5 * * 0", timezone=business_zone()) if nightly_schedule_enabled() else None


def when_a_month_is_closed() -> PartitionedAssetTimetable:
    """A run for each month that the monthly chain has closed and clustered, and again when it closes it again."""
    return PartitionedAssetTimetable(assets=assets.DAMAGE_MONTH & assets.CUSTOMER_CLUSTER)


def after_the_campaigns_month() -> CronTriggerTimetable | None:
    """On the 5th at 06:00 in the business zone: the last month is closed by then, and the snapshots of the 1st are
    there. None where the environment says so.
    """
    return CronTriggerTimetable("0 6 5 * *", timezone=business_zone()) if nightly_schedule_enabled() else None


def when_a_month_is_due() -> PartitionedAssetTimetable:
    """A run for each month that the nightly chain says is complete, and again when one of its days changed later."""
    return PartitionedAssetTimetable(assets=assets.MONTH_DUE)


def day_params() -> dict[str, Param]:
    """A range of business days and what to read; without them a run is for its own day and the enabled sources."""
    day: dict[str, Any] = {"type": ["null", "string"], "format": "date"}
    return {
        "from_day": Param(None, title="First business day", description="Empty: the day of the run", **day),
        "to_day": Param(None, title="Last business day", description="Empty: the first day", **day),
        "sources": Param([*enabled_sources(), OWN_ANSWERS], type="array", items={"type": "string"}, title="Sources"),
        "paths": Param([], type="array", items={"type": "string"}, title="Files to read instead of the source's own"),
    }


def month_params() -> dict[str, Param]:
    """The month to close; without it the last that is over."""
    words: dict[str, Any] = {"title": "Month", "description": "YYYY-MM; empty: the last that is over"}
    return {"month": Param(None, type=["null", "string"], pattern="^[0-9]{4}-[0-9]{2}$", **words)}


def trial_params() -> dict[str, Param]:
    """The question about a list that is to be answered."""
    return {"trial_id": Param(0, type="integer", minimum=1, title="Question · 试算编号")}


def campaign_params() -> dict[str, Param]:
    """The damage month whose campaign is meant; without it the one before the last that is over."""
    words: dict[str, Any] = {"title": "Damage month", "description": "YYYY-MM; empty: two months ago"}
    return {"month": Param(None, type=["null", "string"], pattern="^[0-9]{4}-[0-9]{2}$", **words)}


def enabled_sources() -> list[str]:
    """The sources of MEND_SOURCES_ENABLED (comma-separated), by default the simulator's.

    >>> os.environ["MEND_SOURCES_ENABLED"] = "bank, tickets"
    >>> enabled_sources()
    ['bank', 'tickets']
    >>> del os.environ["MEND_SOURCES_ENABLED"]
    """
    listed = os.environ.get("MEND_SOURCES_ENABLED") or DEFAULT_SOURCE
    return [name.strip() for name in listed.split(",") if name.strip()]
