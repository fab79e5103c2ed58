"""What the hazard model says of each grumble type: coefficient, 95 % interval, p-value; and the correction for many
tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mend.grumbles.association.hazard import Cells, Fit, Floats, NotFitted, fit
from mend.grumbles.association.rules import AssociationSettings

NORMAL_95: Final = 1.959963984540054
WALD_IS_FINE_ABOVE: Final = 0.2  # the likelihood ratio is exacter in the tail, and only the tail decides;
WALD_IS_FINE_FROM: Final = 100  # from so many complaints under a type's days on, both say the same
NO_EXPOSURE: Final = "no grumble of this type"


@dataclass(frozen=True)
class Estimate:
    """One type's influence, or the reason why there is none. Counts: complaints, those under the grumble's days, and
    those days.
    """

    type_no: int
    event_count: int
    exposed_event_count: int
    exposed_day_count: int
    coefficient: float | None = None
    coefficient_low: float | None = None
    coefficient_high: float | None = None
    p_value: float | None = None
    not_fitted_reason: str | None = None


def estimates(cells: Cells, settings: AssociationSettings, days: Floats | None = None) -> list[Estimate]:
    """The influence of every grumble type (column of the cells) with the others held fixed.

    Args:
        days: at risk under each type, where they are known already.
    """
    days = cells.under(cells.at_risk) if days is None else days
    events, seen = cells.events.sum(), cells.events_under()
    blank = [
        Estimate(number, int(events), int(seen[number]), int(days[number])) for number in range(cells.is_open.shape[1])
    ]
    if events < settings.minimum_events:
        return [
            replace(each, not_fitted_reason=f"too few complaints: {int(events)} of {settings.minimum_events}")
            for each in blank
        ]
    telling = cells.informative()
    expected = telling.expected()
    chosen = np.flatnonzero(expected >= settings.minimum_expected_events)
    reasons = {each.type_no: _too_few(expected[each.type_no], settings) for each in blank if each.type_no not in chosen}
    try:
        fitted = {each.type_no: each for each in _fitted(_with_rest(telling, chosen, expected), chosen, blank)}
    except NotFitted as error:
        return [replace(each, not_fitted_reason=reasons.get(each.type_no, str(error))) for each in blank]
    return [fitted.get(each.type_no) or replace(each, not_fitted_reason=reasons[each.type_no]) for each in blank]


def q_values(p_values: Sequence[float]) -> Floats:
    """Benjamini and Hochberg: the smallest rate of false discoveries at which each test is significant.

    >>> q_values([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    corrected = np.empty(len(values))
    corrected[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return corrected


def _too_few(expected: float, settings: AssociationSettings) -> str:
    if expected == 0:
        return NO_EXPOSURE
    return f"too few complaints expected under it: {expected:.1f} of {settings.minimum_expected_events:g}"


def _with_rest(cells: Cells, chosen: np.ndarray, expected: Floats) -> Cells:
    """The chosen types, and one more column for any of the rest, lest their days count as days without a grumble."""
    rest = np.setdiff1d(np.arange(cells.is_open.shape[1]), chosen)
    columns = cells.is_open[:, chosen]
    if expected[rest].sum() >= 1:
        columns = np.column_stack([columns, cells.is_open[:, rest].max(axis=1)])
    return cells.with_types(columns)


def _fitted(cells: Cells, chosen: np.ndarray, blank: Sequence[Estimate]) -> Iterator[Estimate]:
    full = fit(cells)
    for place, number in enumerate(chosen):
        value, error = float(full.coefficients[place]), float(full.errors[place])
        yield replace(
            blank[number],
            coefficient=round(value, 6),
            coefficient_low=round(value - NORMAL_95 * error, 6),
            coefficient_high=round(value + NORMAL_95 * error, 6),
            p_value=float(f"{_p_value(cells, full, place, blank[number].exposed_event_count):.6g}"),
        )


def _p_value(cells: Cells, full: Fit, place: int, seen: int) -> float:
    """Of no influence: by the normal distribution, and by the likelihood ratio in the tail where few complaints were
    seen.
    """
    from scipy.stats import chi2

    wald = float(chi2.sf((full.coefficients[place] / full.errors[place]) ** 2, 1))
    if wald > WALD_IS_FINE_ABOVE or seen >= WALD_IS_FINE_FROM:
        return wald
    others = np.delete(np.arange(cells.is_open.shape[1]), place)
    # Where the others would go without it, by the covariance: a good start.
    moved = (
        full.coefficients[others]
        - full.covariance[others, place] / full.covariance[place, place] * full.coefficients[place]
    )
    without = fit(replace(cells, is_open=cells.is_open[:, others]), (full.base, moved))
    at_zero = without.likelihood - np.log(2)  # the penalty of a coefficient of 0
    return float(chi2.sf(max(0.0, 2 * (full.likelihood - at_zero)), 1))
