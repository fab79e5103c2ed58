"""Grading: the open grumbles of nights with their parts, level and probabilities, each night from what was known at its
end.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import one_of
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.levels import grade
from mend.grumbles.warning.nights import make_features, open_nights
from mend.grumbles.warning.probability import estimate
from mend.grumbles.warning.registry import InForce, in_force_by_day
from mend.grumbles.warning.rules import Rules, rules_on
from mend.grumbles.warning.spans import nights_at_once, spans

TABLE = "mart_grumble_level"
COUNTED: Mapping[str, str] = {
    "open_grumbles": "true",
    "without_cluster": "behaviour_code is null",
    "without_association": "association_coefficient is null",
    "without_taxonomy": "not is_in_taxonomy",
    "from_model": "probability_source_code = 'model'",
    "from_rate": "probability_source_code = 'rate'",
    "without_probability": "probability_7_days is null",
}


def grade_nights(bench: Workbench, versions: Sequence[Rules], days: Sequence[dt.date]) -> dict[str, int]:
    """Write mart_grumble_level of these nights in one commit; gives the counts of the report.

    Nights with the same rules and models in force are graded together, as many as fit in memory.
    """
    total = Counter(dict.fromkeys(COUNTED, 0))
    if not days:
        return dict(total)
    rules = {day: rules_on(day, versions) for day in days}
    horizons = sorted({horizon for each in rules.values() for horizon in each.model.horizons})
    in_force = in_force_by_day(bench, horizons, days)
    most = nights_at_once(bench, max(each.open.days for each in rules.values()), days)

    def rests_on(day: dt.date) -> object:
        return rules[day].valid_from, [version and version.version for version in in_force[day].values()]

    files: list[StoredFile] = []
    for span in spans(days, rests_on, most):
        _grade(bench, rules[span[0]], in_force[span[0]], span)
        files += bench.write(TABLE, "select * from graded_row")
        total.update(_counts(bench))
    bench.lake.replace(TABLE, one_of("day_on", days), files)
    return dict(total)


def _grade(bench: Workbench, rules: Rules, versions: Mapping[int, InForce | None], span: Sequence[dt.date]) -> None:
    """Make the temp table `graded_row` of nights that share rules and models."""
    open_nights(bench, rules, span)
    areas = tuple(sorted({area for version in versions.values() if version for area in version.model.areas}))
    make_features(bench, rules, areas)
    grade(bench, rules)
    for horizon, version in versions.items():
        estimate(bench, rules, span, horizon, version, areas)
    query = models.load("grumbles/warning", "grumble_level")
    bench.execute(f"create or replace temp table graded_row as {query}", {"rule_version": rules.valid_from})


def _counts(bench: Workbench) -> dict[str, int]:
    columns = ", ".join(f"count(case when {condition} then 1 end) as {name}" for name, condition in COUNTED.items())
    row = bench.sql(f"select {columns} from graded_row")[0]
    return {name: int(value) for name, value in zip(COUNTED, row, strict=True)}
