"""Levels: nights' open grumbles with their parts, level 1 to 5 and probabilities, from what was known at each end."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import one_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.cut_in_force import COLUMNS as CUT_COLUMNS
from mend.grumbles.warning.cut_in_force import cut_rows
from mend.grumbles.warning.nights import (
    ROOM,
    find_open_grumbles,
    make_features,
    nights_at_once,
    open_nights,
    shares_of,
    spans,
)
from mend.grumbles.warning.probability import estimate
from mend.grumbles.warning.registry import InForce, in_force_by_day
from mend.grumbles.warning.rules import LEVELS, Rules, rules_on

TABLE: Final = "mart_grumble_level"
COUNTED: Final = (
    "open_grumbles",
    "without_cluster",
    "without_association",
    "without_taxonomy",
    "from_model",
    "from_rate",
    "without_probability",
    "level_5",
    "level_4",
    "level_3",
    "level_2",
    "level_1",
)


def grade_nights(
    bench: Workbench, versions: Sequence[Rules], days: Sequence[dt.date], shares: int | None = None
) -> dict[str, int]:
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
        with open_step(bench, "warning levels") as step:
            _grade_span(step, rules[span[0]], in_force[span[0]], span, shares)
            files += step.write(TABLE, "grumble_level")
            total.update(dict(zip(COUNTED, step.rows(read_model(ROOM, "level_count"))[0], strict=True)))
    bench.lake.replace(TABLE, one_of("day_on", days), files)
    return dict(total)


def _grade_span(
    step: Step, rules: Rules, versions: Mapping[int, InForce | None], span: Sequence[dt.date], shares: int | None
) -> None:
    """Make `grumble_level` of nights that share rules and models."""
    open_nights(step, rules, span)
    areas = tuple(sorted({area for version in versions.values() if version for area in version.model.areas}))
    for _ in shares_of(step, shares):
        find_open_grumbles(step, rules)
        make_features(step, rules, areas)
    grade(step, rules, span)
    for horizon, version in versions.items():
        estimate(step, rules, span, horizon, version, areas)
    step.run(read_model(ROOM, "grumble_level"), {"rule_version": rules.valid_from})


def grade(step: Step, rules: Rules, days: Sequence[dt.date] = ()) -> None:
    """Make `graded` (night, grumble, parts, points, level) from `open_grumble` and `feature`.

    Args:
        days: the nights, by the cut points in force on them; without any, each night has the shares of its own.
    """
    weigh(step, rules)
    step.put("cut", CUT_COLUMNS, cut_rows(step.bench, rules, days) if days else [])
    step.run(read_model(ROOM, "graded"), _permille(rules))


def weigh(step: Step, rules: Rules) -> None:
    """Make `weighed` (night, grumble, parts, points) from `open_grumble` and `feature`."""
    parts = rules.parts
    for name, points in (("solved_part", parts.solved.points), ("tolerance_part", parts.tolerance.points)):
        step.put(name, {"code": "varchar", "part": "integer"}, sorted(points.items()))
    values = {
        **{f"duration_{part}": days for part, days in enumerate(parts.duration.from_days, start=2)},
        **{f"association_{part}": value for part, value in enumerate(parts.association.from_coefficients, start=2)},
        "association_neutral": parts.association.neutral,
        "tolerance_neutral": parts.tolerance.neutral,
        **{
            f"{name}_weight": getattr(parts, name).weight for name in ("duration", "solved", "association", "tolerance")
        },
    }
    step.run(read_model(ROOM, "weighed"), values)


def _permille(rules: Rules) -> dict[str, int]:
    """Share of the grumbles at each level or above, in thousandths: permille_5 to permille_2."""
    shares: dict[str, int] = {}
    reached = 0.0
    for level in LEVELS[:-1]:
        reached += rules.percent_of(level)
        shares[f"permille_{level}"] = round(reached * 10)
    return shares
