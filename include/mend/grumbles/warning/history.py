"""The rows that a complaint model learns from and is judged by: past nights' features with what came after."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mend.foundation.lake.filters import all_of, at_least, at_most
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.nights import ROOM, find_open_grumbles, make_features, open_nights
from mend.grumbles.warning.rules import Rules

LONGEST = 30  # days after a night that an outcome may need


@dataclass(frozen=True)
class History:
    """Features of past nights' open grumbles by night and grumble, and the columns is_complaint_7 and is_complaint_30
    (null: not known). The nights are `every_days` apart.
    """

    rows: pa.Table
    areas: tuple[str, ...]
    last_day: dt.date
    every_days: int = 7


@dataclass(frozen=True)
class Split:
    """One horizon's rows in time: those to learn from, and the nights that judge, which began when all those outcomes
    were known.
    """

    rows: pa.Table
    happened: npt.NDArray[np.bool_]
    is_held_out: npt.NDArray[np.bool_]
    nights: tuple[dt.date, ...]
    held_out_nights: tuple[dt.date, ...]

    @property
    def teaching(self) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
        """What a model may learn from: rows and outcomes."""
        return self.rows.filter(pa.array(~self.is_held_out)), self.happened[~self.is_held_out]

    @property
    def held_out(self) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
        """What a model is judged by: rows and outcomes."""
        return self.rows.filter(pa.array(self.is_held_out)), self.happened[self.is_held_out]


def history(bench: Workbench, rules: Rules, last_day: dt.date, dense_rows: int = 0) -> History | None:
    """Nights of the past whose outcome of 7 days at least is known on `last_day`; None when there is none.

    They are a week apart (`rules.model.every_days`); closer together where that gives no more than `dense_rows` rows,
    down to every night: a small home sees all its complaints, not those alone that a week's one night foresaw.
    """
    weekly = _history(bench, rules, last_day, rules.model.every_days)
    if weekly is None:
        return None
    closest = math.ceil(rules.model.every_days * max(1, len(weekly.rows)) / max(1, dense_rows))
    return weekly if closest >= rules.model.every_days else _history(bench, rules, last_day, closest)


def _history(bench: Workbench, rules: Rules, last_day: dt.date, every_days: int) -> History | None:
    days = bench.lake.days("mart_grumble", "grumbled_on")
    nights = _nights(rules, min(days, default=last_day), last_day, every_days)
    if not nights:
        return None
    with open_step(bench, "complaint history") as step:
        open_nights(step, rules, nights, permille_of(bench, rules, nights))
        if not find_open_grumbles(step, rules):
            return None
        areas = tuple(area for (area,) in step.rows(read_model(ROOM, "open_area")))
        make_features(step, rules, areas)
        window = all_of(at_least("complained_on", nights[0]), at_most("complained_on", last_day))
        step.view("mart_complaint", "complaint_after", where=window)
        step.run(read_model(ROOM, "outcome"), {"last_day": last_day})
        return History(step.arrow(read_model(ROOM, "past")), areas, last_day, every_days)


def _nights(rules: Rules, first: dt.date, last: dt.date, every_days: int) -> list[dt.date]:
    """Nights every so many days, the last one 7 days before the last day."""
    earliest = max(first + rules.model.warm_up_days * ONE_DAY, last - rules.model.history_days * ONE_DAY)
    night, nights = last - min(rules.model.horizons) * ONE_DAY, []
    while night >= earliest:
        nights.append(night)
        night -= every_days * ONE_DAY
    return nights[::-1]


def permille_of(bench: Workbench, rules: Rules, nights: list[dt.date]) -> int:
    """Customers in a thousand to draw, so that the rows stay under the limit: grumbles of the time x nights that each
    can be open.
    """
    days = all_of(at_least("grumbled_on", nights[0] - rules.open.days * ONE_DAY), at_most("grumbled_on", nights[-1]))
    most = bench.lake.rows_matching("mart_grumble", days) * max(1, rules.open.days / rules.model.every_days)
    return 1000 if most <= rules.model.most_rows else max(1, int(1000 * rules.model.most_rows / most))


def split(past: History, rules: Rules, horizon: int, held_out: tuple[dt.date, ...] | None = None) -> Split | None:
    """The horizon's rows in time; None when no night is a whole horizon before the hold-out.

    A row may teach only when its outcome was known on the first night of the hold-out: as it would have been then.

    Args:
        held_out: these nights instead of the last ones.
    """
    rows = past.rows.filter(pc.is_valid(past.rows[f"is_complaint_{horizon}"]))
    nights: list[dt.date] = sorted(pc.unique(rows["day_on"]).to_pylist())
    held_out = held_out or _held_out(nights, horizon, rules.model.held_out_share)
    if held_out is None:
        return None
    teaching = [night for night in nights if night + horizon * ONE_DAY <= held_out[0]]
    kept = rows.filter(
        pc.is_in(rows["day_on"], value_set=pa.array([*teaching, *held_out], rows.schema.field("day_on").type))
    )
    day = kept["day_on"].to_numpy().astype("datetime64[D]")
    is_held_out = day >= np.datetime64(held_out[0])
    return Split(
        kept,
        _truth(kept, horizon),
        is_held_out,
        tuple(teaching),
        held_out,
    )


def everything(past: History, horizon: int) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
    """All rows whose outcome is known, and what happened."""
    rows = past.rows.filter(pc.is_valid(past.rows[f"is_complaint_{horizon}"]))
    return rows, _truth(rows, horizon)


def _held_out(nights: list[dt.date], horizon: int, share: float) -> tuple[dt.date, ...] | None:
    """The last share of the nights; fewer, or more, where a night to learn from must be a horizon before them. None
    without nights.
    """
    if not nights:
        return None
    for count in range(max(1, round(len(nights) * share)), 0, -1):
        held_out = nights[-count:]
        if nights[0] + horizon * ONE_DAY <= held_out[0]:
            return tuple(held_out)
    return None


def _truth(rows: pa.Table, horizon: int) -> npt.NDArray[np.bool_]:
    return np.asarray(rows[f"is_complaint_{horizon}"].to_numpy(), dtype=np.bool_)
