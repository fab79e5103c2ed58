"""Cut points of the levels: fitted at a month's close so that the stated shares come out, in force for the month after.

So a grumble has its level the moment it comes in, and no other grumble of its night moves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.cut_in_force import Key
from mend.grumbles.warning.history import permille_of
from mend.grumbles.warning.levels import weigh
from mend.grumbles.warning.nights import ROOM, find_open_grumbles, make_features, open_nights, shares_of
from mend.grumbles.warning.registry import valid_from
from mend.grumbles.warning.rules import LEVELS, Rules, load_rules, rules_on
from mend.grumbles.warning.training import last_loaded_day

TABLE: Final = "mart_grumble_cut"
NOBODY: Final = (501, 0, 0.0)  # over the most points: no grumble reaches the level


@dataclass(frozen=True)
class CutReport:
    """A month's cut points, level → points and the share at or above it; none, and why, where too little is known."""

    month: str
    nights: int
    grumbles: int
    cuts: Mapping[str, str]
    not_fitted: str = ""


def fit_levels(home: Home, bench: Workbench, month: str) -> CutReport:
    """Write mart_grumble_cut of a month (YYYY-MM): from the open grumbles of a few of its nights, graded with what the
    month after uses: the month's own clusters and associations. A rerun takes their place."""
    rules = rules_on(days_of(month)[-1], load_rules(home.root / "rules" / "warning"))
    nights = _nights(rules, month, last_loaded_day(home, bench, month))
    with open_step(bench, "level cut points") as step:
        open_nights(step, rules, nights, permille_of(bench, rules, nights), month)
        for _ in shares_of(step, None):
            find_open_grumbles(step, rules)
            make_features(step, rules, ())
        weigh(step, rules)
        keys = [((points, age, coefficient), count) for points, age, coefficient, count
                in step.rows(read_model(ROOM, "cut_key"))]  # fmt: skip
        total = sum(count for _, count in keys)
        few = total < rules.cuts.least_grumbles
        rows = [] if few else _rows(rules, month, len(nights), keys, total)
        step.put_rows("grumble_cut", TABLE, rows)
        bench.lake.replace(TABLE, equal("month", month), step.write(TABLE, "grumble_cut") if rows else [])
    words = f"{total} open grumbles, {rules.cuts.least_grumbles} are needed" if few else ""
    said = {str(row["level"]): f"{row['points']} points, {100 * row['reached_share']:.1f} %" for row in rows}
    return CutReport(month, len(nights), total, said, words)


def _nights(rules: Rules, month: str, last: dt.date) -> list[dt.date]:
    """Nights of the month every so many days, back from its last loaded day."""
    first = days_of(month)[0]
    back = (last - number * rules.cuts.every_days * ONE_DAY for number in range(rules.cuts.nights))
    return sorted(night for night in back if night >= first) or [last]


def cut_points(rules: Rules, keys: Sequence[tuple[Key, int]]) -> dict[int, tuple[Key, float]]:
    """For each level from 5 to 2 the least place in the order that reaches it, and the share of the grumbles at it or
    above: as near to the stated share as whole places allow.

    Args:
        keys: the places from the first on, with their grumbles.
    """
    total, reached, ends = sum(count for _, count in keys), 0, [(NOBODY, 0)]
    for key, count in keys:
        reached += count
        ends.append((key, reached))
    chosen: dict[int, tuple[Key, float]] = {}
    percent = 0.0
    for level in LEVELS[:-1]:
        percent += rules.percent_of(level)
        key, most = min(ends, key=lambda end: abs(end[1] - total * percent / 100))
        chosen[level] = key, most / total
    return chosen


def _rows(
    rules: Rules, month: str, nights: int, keys: Sequence[tuple[Key, int]], total: int
) -> Iterable[dict[str, Any]]:
    return [
        {
            "month": month,
            "level": level,
            **dict(zip(("points", "age_days", "coefficient"), key, strict=True)),
            "reached_share": share,
            "night_count": nights,
            "grumble_count": total,
            "valid_from": valid_from(rules, month),
            "rule_version": rules.valid_from,
        }
        for level, (key, share) in cut_points(rules, keys).items()
    ]
