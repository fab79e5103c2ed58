"""The steps `answers` and `surveys` of a night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from mend.care.service_events.night import Night, take_night
from mend.care.survey.answers import export_answers
from mend.foundation.home import Home
from mend.foundation.periods import Period, day_ends
from mend.foundation.pipeline.workbench import Workbench


def hand_over_answers(home: Home, _: Workbench, days: Sequence[dt.date]) -> dict[str, Any]:
    """Hand the days' answers to our own surveys to the extract step: how many."""
    return {"answers": sum(export_answers(home, day).answers for day in days)}


def take_in_night(home: Home, bench: Workbench, period: Period) -> Night:
    """Refresh addresses and consents, and take in what the run's days, and the days made again, give to ask about."""
    again = set(period.days) - set(period.own_days)
    return take_night(home, bench, period.own_days, day_ends(period.last, bench.zone), again=again)
