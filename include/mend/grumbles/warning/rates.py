"""What share of earlier grumbles became complaints, by area: what a night rests on while no model is in force, and a
model's baseline.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from mend.foundation.lake.filters import all_of, at_least, at_most
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.rule_tables import make
from mend.grumbles.warning.rules import Rules

LEAN = 20  # grumbles of the overall rate that a type's own rate leans on


def make_type_rates(bench: Workbench, rules: Rules, days: Sequence[dt.date], horizon: int) -> None:
    """Make the temp table `type_rate` (day_on, area_code, rate): for each day, the share of the grumbles of a month
    that were followed by a complaint within the horizon, by area; '*' is all of them.

    The month ends a horizon before the day, so that every outcome is known at its end. A day with too few grumbles, or
    too few complaints among them, has no row: that nobody has complained yet is no probability of zero.
    """
    first, last = min(days) - (horizon + 29) * ONE_DAY, max(days)
    make(bench, "rate_night", "day_on date", [(day,) for day in days])
    bench.view(
        "mart_grumble",
        where=all_of(at_least("grumbled_on", first), at_most("grumbled_on", last)),
        as_name="rated_grumble",
    )
    bench.view(
        "mart_complaint",
        where=all_of(at_least("complained_on", first), at_most("complained_on", last)),
        as_name="rated_complaint",
    )
    bench.view("mart_grumble_type", as_name="every_taxonomy")
    values = {
        "horizon": horizon,
        "lean": LEAN,
        "least": rules.model.least_rate_grumbles,
        "least_complaints": rules.model.least_rate_complaints,
    }
    bench.execute(f"create or replace temp table type_rate as {models.load('grumbles/warning', 'type_rate')}", values)
