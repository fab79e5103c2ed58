"""The days on which something happened that Mend knows of: what a month's close is about, damage or none."""

from __future__ import annotations

import datetime as dt
from typing import Final

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

SCORED: Final = {"mart_exposure_day": "subject_on", "mart_damage_ledger": "posted_on"}
EVENTS: Final = {
    "core_contact": "started_on",
    "core_ticket": "opened_on",
    "core_survey_reply": "replied_on",
    "core_callback_booking": "requested_on",
    "core_repair_action": "done_on",
    "core_customer": "month_on",
}


def fact_days(home: Home, bench: Workbench) -> set[dt.date]:
    """Days with rows of any record, and those that scoring found damage or exposure on.

    A ticket that was opened years before the first loaded day makes no months of the years between: the rows of the
    core tables count from the month of the first business date that was loaded to the last one.
    """
    scored = {day for table, column in SCORED.items() for day in bench.lake.days(table, column)}
    loaded = operations.loaded_dates(home.database_url)
    if not loaded:
        return scored
    happened = {day for table, column in EVENTS.items() for day in bench.lake.days(table, column)}
    return scored | {day for day in happened if loaded[0].replace(day=1) <= day <= loaded[-1]}
