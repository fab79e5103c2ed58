"""Levels 1 to 5 from four parts, in the stated shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.rules import LEVELS, Rules


def grade(bench: Workbench, rules: Rules) -> None:
    """Make the temp table `graded` (night, grumble, parts, points, level) from `open_grumble` and `feature`."""
    parts = rules.parts
    _code_table(bench, "solved_part", parts.solved.points)
    _code_table(bench, "tolerance_part", parts.tolerance.points)
    values = {
        **{f"duration_{part}": days for part, days in enumerate(parts.duration.from_days, start=2)},
        **{f"association_{part}": value for part, value in enumerate(parts.association.from_coefficients, start=2)},
        "association_neutral": parts.association.neutral,
        "tolerance_neutral": parts.tolerance.neutral,
        **{
            f"{name}_weight": getattr(parts, name).weight for name in ("duration", "solved", "association", "tolerance")
        },
        **_permille(rules),
    }
    bench.execute(f"create or replace temp table graded as {models.load('grumbles/warning', 'graded')}", values)


def _permille(rules: Rules) -> dict[str, int]:
    """Share of the grumbles at each level or above, in thousandths: permille_5 to permille_2."""
    shares: dict[str, int] = {}
    reached = 0.0
    for level in LEVELS[:-1]:
        reached += rules.percent_of(level)
        shares[f"permille_{level}"] = round(reached * 10)
    return shares


def _code_table(bench: Workbench, name: str, parts: Mapping[Any, int]) -> None:
    bench.execute(f"create or replace temp table {name} (code varchar, part integer)")
    bench.engine.connection.executemany(f"insert into {name} values (?, ?)", sorted(parts.items()))
