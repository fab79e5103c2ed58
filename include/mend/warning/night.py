"""The nightly warning: grade the open grumbles, put them on the warning list, route the problems, publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mend import models, operations
from mend.home import Home
from mend.lake.filters import equal
from mend.warning.files import write_files
from mend.warning.levels import grade
from mend.warning.lists import derive_lists
from mend.warning.nights import make_features, open_nights
from mend.warning.probability import estimate
from mend.warning.publication import publish
from mend.warning.registry import in_force
from mend.warning.rules import Rules, load_rules, rules_on
from mend.workbench import Workbench


@dataclass(frozen=True)
class WarningReport:
    """A run's warnings, over all its nights.

    Attributes:
        without_cluster, without_association, without_taxonomy: grumbles whose part stood at neutral, or department at the default.
        from_model, from_rate, without_probability: what the 7-day probability rests on.
        derived_nights: nights whose list was made again, the run's own and later ones that an earlier list changed.
        published: customers in the operations database afterwards.
    """

    nights: int
    open_grumbles: int
    without_cluster: int
    without_association: int
    without_taxonomy: int
    from_model: int
    from_rate: int
    without_probability: int
    listed: int
    new: int
    derived_nights: tuple[str, ...]
    published: int
    folder: str


def warn(home: Home, bench: Workbench, days: Sequence[dt.date], unmasked: bool = False) -> WarningReport:
    """Write mart_grumble_level of the nights, then the lists of these and of the later nights they reach, and publish the latest.

    A rerun at any later date gives the same; nights may come in any order.

    Args:
        unmasked: write whole phone numbers into the lists' files, in a folder that only its owner can read.
    """
    versions = load_rules(home.root / "rules" / "warning")
    counted = [grade_night(bench, rules_on(day, versions), day) for day in sorted(set(days))]
    with operations.locked(home.database_url, "warning"):
        derived = derive_lists(home, bench, versions, days)
        published = publish(home, bench, versions)
    folders = [write_files(home, bench, night, unmasked) for night in derived.nights]
    return WarningReport(
        nights=len(counted),
        **{name: sum(each[name] for each in counted) for name in counted[0]} if counted else _NOTHING,
        listed=derived.listed,
        new=derived.new,
        derived_nights=tuple(night.isoformat() for night in derived.nights),
        published=published,
        folder=str(folders[-1]) if folders else "",
    )


def grade_night(bench: Workbench, rules: Rules, day: dt.date) -> dict[str, int]:
    """Write mart_grumble_level of one night from what was known at its end; gives the counts of the report."""
    open_nights(bench, rules, [day])
    versions = {horizon: in_force(bench, horizon, day) for horizon in rules.model.horizons}
    areas = tuple(sorted({area for version in versions.values() if version for area in version.model.areas}))
    make_features(bench, rules, areas)
    grade(bench, rules)
    for horizon, version in versions.items():
        estimate(bench, rules, day, horizon, version, areas)
    bench.execute(
        f"create or replace temp table graded_row as {models.load('warning', 'grumble_level')}", {"rule_version": rules.valid_from}
    )
    bench.replace("mart_grumble_level", "select * from graded_row", equal("day_on", day))
    return _counts(bench)


_COUNTED: Mapping[str, str] = {
    "open_grumbles": "true",
    "without_cluster": "behaviour_code is null",
    "without_association": "association_coefficient is null",
    "without_taxonomy": "not is_in_taxonomy",
    "from_model": "probability_source_code = 'model'",
    "from_rate": "probability_source_code = 'rate'",
    "without_probability": "probability_7_days is null",
}
_NOTHING: Mapping[str, Any] = dict.fromkeys(_COUNTED, 0)


def _counts(bench: Workbench) -> dict[str, int]:
    columns = ", ".join(f"count(case when {condition} then 1 end) as {name}" for name, condition in _COUNTED.items())
    row = bench.sql(f"select {columns} from graded_row")[0]
    return {name: int(value) for name, value in zip(_COUNTED, row, strict=True)}
