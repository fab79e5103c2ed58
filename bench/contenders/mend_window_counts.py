"""The counts of the association alone, as Mend makes them: everything before the models."""

from __future__ import annotations

import datetime as dt

from bench.association_data import MONTH, parse
from bench.measure import costing, report
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.association.inputs import open_inputs
from mend.grumbles.association.measure import count
from mend.grumbles.association.rules import settings_on

COUNTS = """
select window_days, grumble_type_code, coalesce(complaint_type_code, 'any') as complaint_type_code,
    cast(sum(grumble_day_count) as bigint) as grumble_day_count,
    cast(sum(complaint_day_count) as bigint) as complaint_day_count,
    cast(sum(both_day_count) as bigint) as both_day_count, cast(sum(before_count) as bigint) as before_count,
    cast(sum(nearest_count) as bigint) as nearest_count
from window_count
join grumble_type using (type_no)
left join complaint_type using (complaint_no)
group by all
"""


def main() -> None:
    given = parse(__doc__)
    home, settings = given.month.home, settings_on(dt.date(2026, 5, 31))
    with Workbench.open(home) as bench, costing(home) as cost, open_step(bench, "association") as step:
        period = open_inputs(step, MONTH, settings.longest)
        assert period is not None
        count(step, period, settings)
        bench.execute(f"copy ({COUNTS}) to '{given.output / 'counts.parquet'}' (format parquet)")
    report(cost, given.answer)


if __name__ == "__main__":
    main()
