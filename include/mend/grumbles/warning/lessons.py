"""What a month's model learns from: the rows before the hold-out while it is judged, then all that is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from mend.foundation.periods import ONE_DAY
from mend.grumbles.warning.by_customer import group_of, numbered
from mend.grumbles.warning.calibration import Labels, moved, recent_rows, shift_of
from mend.grumbles.warning.complaint_model import ComplaintModel, Floats
from mend.grumbles.warning.fit import Fitted, Lesson, fit
from mend.grumbles.warning.history import History, Split, everything, split
from mend.grumbles.warning.judging import Judging
from mend.grumbles.warning.rules import Rules

FOLDS: Final = 3
DIGITS: Final = 6


def fitted(
    rules: Rules, judging: Judging, past: History, chosen: Split, horizon: int, only: tuple[str, ...] | None = None
) -> ComplaintModel:
    """The model of a split's teaching rows: what is judged. `only`: these features alone."""
    near = None
    if only is None and horizon > min(rules.model.horizons):
        near = _near(rules, past, chosen)
    found = fit(horizon, past.areas, _lesson(*chosen.teaching), penalty(rules, past), only, near)
    return _shifted(judging, found.model, *chosen.teaching)


def _near(rules: Rules, past: History, chosen: Split) -> Fitted | None:
    """For the longer horizon, models of the shorter one from all nights whose outcome was known by the same hold-out:
    many more nights show by then what comes within 7 days than what comes within 30."""
    shorter = min(rules.model.horizons)
    known = split(past, rules, shorter, chosen.held_out_nights)
    if known is None or not known.teaching[1].any():
        return None
    return fit(shorter, past.areas, _lesson(*known.teaching), penalty(rules, past))


def brought_up_to_date(rules: Rules, judging: Judging, past: History, horizon: int, near: Fitted | None) -> Fitted:
    """The model that is put in force: learned as that which was judged, from all that is known.

    Its shift is the base rate of the latest nights; a model that stopped at the hold-out would be months old. For the
    longer horizon the latest nights are long past: where the shorter one has moved since, the longer one moves along.

    Args:
        near: this month's models of the shorter horizon, up to date.
    """
    rows, happened = everything(past, horizon)
    found = fit(horizon, past.areas, _lesson(rows, happened), penalty(rules, past), near=near)
    model = _shifted(judging, found.model, rows, happened)
    if near is not None:
        nights = rows["day_on"].filter(pa.array(latest(judging, model, rows, happened))).unique().to_pylist()
        since = _moved_since(judging, past, near.model, nights, horizon)
        model = model.model_copy(update={"shift": round(model.shift + since, DIGITS)})
    return Fitted(model, found.without)


def penalty(rules: Rules, past: History) -> float:
    """The ridge penalty of these nights: where they are closer together, more rows say the same."""
    return rules.model.penalty * rules.model.every_days / past.every_days


def latest(judging: Judging, model: ComplaintModel, rows: pa.Table, happened: Labels) -> Labels:
    """Which rows say what the base rate is today."""
    limits, day = judging.calibration, rows["day_on"].to_numpy().astype("datetime64[D]")
    return recent_rows(
        _sloped(model, rows), happened, numbered(rows)[0], day, limits.recent_complaints, limits.change_confidence
    )


def _lesson(rows: pa.Table, happened: Labels) -> Lesson:
    customer, names = numbered(rows)
    return Lesson(rows, happened, np.array([group_of(name, FOLDS) for name in names], dtype=np.int64)[customer], FOLDS)


def _shifted(judging: Judging, model: ComplaintModel, rows: pa.Table, happened: Labels) -> ComplaintModel:
    """The model with the base rate of the latest of these nights. The shift belongs to the weights that are kept: one
    learned for other weights counts a drift twice."""
    chosen = latest(judging, model, rows, happened)
    log_odds = _sloped(model, rows.filter(pa.array(chosen)))
    return model.model_copy(update={"shift": shift_of(log_odds, happened[chosen])})


def _sloped(model: ComplaintModel, rows: pa.Table) -> Floats:
    return np.asarray(model.slope * model.log_odds(rows))


def _moved_since(
    judging: Judging, past: History, near: ComplaintModel, nights: Sequence[dt.date], horizon: int
) -> float:
    """How far the shorter horizon's base rate is today from what it was while the outcomes of these nights came about.

    A night of the shorter horizon counts once for each of these nights whose horizon holds its own: days that many of
    the nights saw say more. Counted alike, the first days before a drift would make it count twice.
    """
    rows, happened = everything(past, near.horizon_days)
    day, within = rows["day_on"].to_numpy().astype("datetime64[D]"), horizon - near.horizon_days
    before = np.zeros(len(day))
    for night in nights:
        before += (day >= np.datetime64(night)) & (day <= np.datetime64(night + within * ONE_DAY))
    after = latest(judging, near, rows, happened)
    return moved(_sloped(near, rows), happened, numbered(rows)[0], before, after, judging.calibration.change_confidence)
