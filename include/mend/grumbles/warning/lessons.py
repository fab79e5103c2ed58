"""What a month's model learns from: the rows before the hold-out while it is judged, then all that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from mend.foundation.periods import ONE_DAY
from mend.grumbles.warning.by_customer import group_of, numbered
from mend.grumbles.warning.calibration import Labels, recent_rows, shift_of
from mend.grumbles.warning.complaint_model import ComplaintModel, Floats
from mend.grumbles.warning.fit import Fitted, Lesson, fit, is_enough_for_folds
from mend.grumbles.warning.history import History, Split, everything, split
from mend.grumbles.warning.judging import Judging
from mend.grumbles.warning.rules import Rules

FOLDS: Final = 3
DIGITS: Final = 6


@dataclass(frozen=True)
class Learned:
    """A horizon's models, with the base rate of the latest nights, and what they learned from."""

    fitted: Fitted
    rows: pa.Table
    happened: Labels

    @property
    def model(self) -> ComplaintModel:
        """The model of all rows."""
        return self.fitted.model


def fitted(
    rules: Rules, judging: Judging, past: History, chosen: Split, horizon: int, only: tuple[str, ...] | None = None
) -> ComplaintModel:
    """The model of a split's teaching rows: what is judged. `only`: these features alone."""
    near = None
    if only is None and (known := split(past, rules, min(rules.model.horizons), chosen.held_out_nights)):
        near = _near(rules, judging, past, horizon, *known.teaching)
    return _learned(rules, judging, past, horizon, *chosen.teaching, only=only, near=near).model


def _near(
    rules: Rules, judging: Judging, past: History, horizon: int, rows: pa.Table, happened: Labels
) -> Learned | None:
    """For the longer horizon, models of the shorter one from all nights whose outcome is known by then: many more show
    what comes within 7 days than what comes within 30. None where a fold of customers has no complaint to learn from:
    its model would have seen what it says of others."""
    shorter = min(rules.model.horizons)
    if horizon == shorter or not is_enough_for_folds(_lesson(rows, happened)):
        return None
    return _learned(rules, judging, past, shorter, rows, happened)


def brought_up_to_date(rules: Rules, judging: Judging, past: History, horizon: int, near: Learned | None) -> Learned:
    """The models that are put in force: learned as those which were judged, from all that is known.

    Their base rate is that of the latest nights; a model that stopped at the hold-out would be months old.

    Args:
        near: this month's models of the shorter horizon, up to date; None where it is too little to be put in force.
    """
    if near is None:
        near = _near(rules, judging, past, horizon, *everything(past, min(rules.model.horizons)))
    return _learned(rules, judging, past, horizon, *everything(past, horizon), near=near)


def penalty(rules: Rules, past: History) -> float:
    """The ridge penalty of these nights: where they are closer together, more rows say the same."""
    return rules.model.penalty * rules.model.every_days / past.every_days


def latest(judging: Judging, model: ComplaintModel, rows: pa.Table, happened: Labels) -> Labels:
    """Which rows say what the base rate is today."""
    limits = judging.calibration
    return recent_rows(
        _sloped(model, rows), happened, numbered(rows)[0], _days(rows), limits.recent_complaints,
        limits.change_confidence,
    )  # fmt: skip


def _lesson(rows: pa.Table, happened: Labels) -> Lesson:
    customer, names = numbered(rows)
    return Lesson(rows, happened, np.array([group_of(name, FOLDS) for name in names], dtype=np.int64)[customer], FOLDS)


def _learned(
    rules: Rules, judging: Judging, past: History, horizon: int, rows: pa.Table, happened: Labels, *,
    only: tuple[str, ...] | None = None, near: Learned | None = None,
) -> Learned:  # fmt: skip
    """The models of these rows. The shift belongs to the weights that are kept: one learned for other weights counts a
    drift twice."""
    lesson = _lesson(rows, happened)
    found = fit(horizon, past.areas, lesson, penalty(rules, past), only, near.fitted if near else None)
    chosen = latest(judging, found.model, rows, happened)
    shift = shift_of(_sloped(found.model, rows)[chosen], happened[chosen])
    if near is not None:
        shift = shift_beside(judging, near, found.model, rows, happened, shift)
    return Learned(Fitted(found.model.model_copy(update={"shift": shift}), found.without), rows, happened)


def shift_beside(
    judging: Judging, near: Learned, model: ComplaintModel, rows: pa.Table, happened: Labels, own: float
) -> float:
    """The shift of the longer horizon: the shorter one's, which knows later nights, plus their usual difference.

    A drift moves both and leaves the difference about as it is (where 18 % complain within 7 days and more later, a
    drift of 0.8 log odds makes it some 7 % too low or too high); so that is learned on as many nights as hold enough
    complaints, before a drift or after. A night of the shorter horizon counts once for each of these whose horizon
    holds its own: both say what came in the same days.

    Args:
        own: the shift of the longer horizon's own latest nights, where too few complaints of one of the two are known.
    """
    log_odds, day = _sloped(model, rows), _days(rows)
    chosen = recent_rows(log_odds, happened, numbered(rows)[0], day, judging.calibration.recent_complaints, None)
    near_day, within = _days(near.rows), (model.horizon_days - near.model.horizon_days) * ONE_DAY
    counts = np.zeros(len(near_day))
    for night in np.unique(day[chosen]):
        counts += (near_day >= night) & (near_day <= night + np.timedelta64(within))
    held = counts > 0
    if not all(_says(judging, each.filter(pa.array(which)), truth[which]) for each, truth, which in (
        (near.rows, near.happened, held), (rows, happened, chosen))):  # fmt: skip
        return own
    of_near = shift_of(_sloped(near.model, near.rows)[held], near.happened[held], counts[held])
    difference = shift_of(log_odds[chosen], happened[chosen]) - of_near
    return round(near.model.shift + difference, DIGITS)


def _says(judging: Judging, rows: pa.Table, happened: Labels) -> bool:
    """Whether a tenth of the wanted complaints is there: what fewer say is mostly luck."""
    complained = len(np.unique(numbered(rows)[0][happened]))
    return 10 * complained >= judging.calibration.recent_complaints and not bool(happened.all())


def _days(rows: pa.Table) -> Any:
    return rows["day_on"].to_numpy().astype("datetime64[D]")


def _sloped(model: ComplaintModel, rows: pa.Table) -> Floats:
    return np.asarray(model.slope * model.log_odds(rows))
