"""What each contact's debits still have, of incidents that were repaired as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from mend.damage.scoring.credit_entries import carry_over_of
from mend.damage.scoring.rules import RuleSet
from mend.damage.scoring.settlement import AccountRow, left_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step

COLUMNS: Final = {"subject_id": "varchar", "left_points": "decimal(18, 12)", "credited_on": "date"}


def put_incident_left(step: Step, room: str, versions: Sequence[RuleSet], first_day: dt.date) -> None:
    """Make `incident_left` at the end of the month that begins on this day: few incidents, settled as credits are."""
    rows = map(AccountRow._make, step.rows(read_model(room, "repaired_incident")))
    month_number = 12 * first_day.year + first_day.month
    found = left_of(rows, carry_over_of(versions), month_number)
    step.put(
        "incident_left",
        COLUMNS,
        [(each.subject_id, Decimal(each.thousandths) / 1000, _first_day(each.credited_month)) for each in found],
    )


def _first_day(month_number: int | None) -> dt.date | None:
    if month_number is None:
        return None
    year, month = divmod(month_number - 1, 12)
    return dt.date(year, month + 1, 1)
