"""Outages and bursts: hours in which a source failed far more customers than is usual for that hour of the week.

Counts of failed customers vary more than Poisson's: their spread is measured over windows of each length, and a
window's chance is that of a negative binomial count of this spread. Windows that are an outage by themselves say
nothing of what is usual, so they are left out of it, and what is usual is worked out again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mend.prevention.trouble.rules import OutageRules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDS: Final = 10
LEFT_OUT_BELOW: Final = 1e-5  # so rare a window is no measure of what is usual
OWN_SPREAD_FROM: Final = 50  # usual customers in all from which on a source's own spread is measured
DAYS_OF_WEEK: Final = 7
HOURS_OF_DAY: Final = 24


@dataclass(frozen=True)
class Hours:
    """Failed customers of the sources of one dimension, a row a source, a column an hour.

    Args:
        first: the first hour of the month that is looked at; those before it are history.
        hours_of_day, weekdays: of each hour in the business zone, from 0.
    """

    dimension: str
    sources: Sequence[str]
    callers: Floats
    first: int
    hours_of_day: NDArray[np.int64]
    weekdays: NDArray[np.int64]

    def windows(self, lengths: Sequence[int]) -> int:
        """How many windows of the month are tested."""
        hours = int(self.callers.shape[1]) - self.first
        return len(self.sources) * sum(max(0, hours - length + 1) for length in lengths)


@dataclass(frozen=True)
class Outage:
    """Hours of one source, from `began` to before `ended`, with the chance of its strongest window."""

    dimension: str
    source: str
    began: int
    ended: int
    observed: int
    expected: float
    p_value: float
    adjusted_p_value: float
    explained_by: tuple[str, str] | None = None

    @property
    def beyond(self) -> float:
        return self.observed - self.expected


@dataclass(frozen=True)
class _Window:
    source: int
    began: int
    ended: int
    p_value: float


def find_outages(dimensions: Sequence[Hours], rules: OutageRules) -> list[Outage]:
    """The outages of the month. In a clean month `rules.false_alarms` are expected at most, over all dimensions."""
    windows = sum(hours.windows(rules.window_hours) for hours in dimensions)
    if not windows:
        return []
    bound = rules.false_alarms / windows
    found = [outage for hours in dimensions for outage in _of_dimension(hours, rules, bound, windows)]
    return sorted(found, key=lambda each: (each.began, each.dimension, each.source))


def explained(outages: Sequence[Outage], share: float) -> dict[int, tuple[str, str]]:
    """Of each outage, by its place, the narrower one of another dimension at the same time in which most of it is."""
    found = {}
    for place, outage in enumerate(outages):
        others = [
            other
            for other in outages
            if other.dimension != outage.dimension
            and other.began < outage.ended
            and outage.began < other.ended
            and other.expected / (other.ended - other.began) < outage.expected / (outage.ended - outage.began)
            and other.beyond >= share * outage.beyond
        ]
        if others:
            best = max(others, key=lambda each: (each.beyond, each.dimension, each.source))
            found[place] = best.dimension, best.source
    return found


def _of_dimension(hours: Hours, rules: OutageRules, bound: float, windows: int) -> list[Outage]:
    usual, spreads = _usual(hours, rules)
    alarms = _windows(hours, usual, spreads, rules, hours.first, bound)
    found = []
    for source in range(len(hours.sources)):
        strongest = _strongest([each for each in alarms if each.source == source])
        found += [_outage(hours, usual, each, windows) for each in _joined(strongest, rules.gap_hours)]
    return found


def _usual(hours: Hours, rules: OutageRules) -> tuple[Floats, Mapping[int, Floats]]:
    """Usual customers by source and hour; by length of window and source how much more than Poisson's they vary."""
    import numpy as np

    is_usual = np.ones(hours.callers.shape, dtype=bool)
    # From Poisson's spread upwards: an outage that counted at first would make so wide a spread that it hid itself.
    spreads = {length: np.ones(len(hours.sources)) for length in rules.window_hours}
    for number in range(ROUNDS):
        usual = _expected(hours, is_usual)
        if number:
            spreads = {length: _spread(hours.callers, usual, is_usual, length) for length in rules.window_hours}
        still = ~_rare(hours, usual, spreads, rules)
        if number and (still == is_usual).all():
            break
        is_usual = still
    return usual, spreads


def _expected(hours: Hours, is_usual: NDArray[np.bool_]) -> Floats:
    """Level of the source, times the hour of the day, times the day of the week: the latter two of all sources
    together. The level is that of the month or of all, whichever is higher: a source that became worse is no outage."""
    import numpy as np

    kept = np.where(is_usual, hours.callers, 0.0)
    by_hour = _share(kept, is_usual, hours.hours_of_day, HOURS_OF_DAY, np.ones(hours.callers.shape[1]))
    shape = by_hour[hours.hours_of_day]
    by_day = _share(kept, is_usual, hours.weekdays, DAYS_OF_WEEK, shape)
    shape = shape * by_day[hours.weekdays]
    levels = [
        kept[:, first:].sum(axis=1) / np.maximum((is_usual[:, first:] * shape[first:]).sum(axis=1), 1e-12)
        for first in (0, hours.first)
    ]
    usual: Floats = np.maximum(np.maximum(*levels)[:, None] * shape[None, :], 1e-6)
    return usual


def _share(kept: Floats, is_usual: NDArray[np.bool_], key: NDArray[np.int64], size: int, shape: Floats) -> Floats:
    """Customers of each hour of the day (or weekday) for each that the shape so far says, half a customer in all added:
    an hour in which nobody was ever failed is rare, not impossible."""
    import numpy as np

    volume = np.bincount(key, weights=kept.sum(axis=0), minlength=size)
    weight = np.bincount(key, weights=is_usual.sum(axis=0) * shape, minlength=size)
    mean = max(volume.sum(), 0.5) / max(weight.sum(), 1e-12)
    result: Floats = (volume + 0.5) / (weight + 0.5 / mean)
    return result


def _spread(callers: Floats, usual: Floats, is_usual: NDArray[np.bool_], length: int) -> Floats:
    """Pearson's ratio of each source over windows side by side, not under that of all sources, nor under 1."""
    import numpy as np

    count = callers.shape[1] // length
    if count < 2:
        return np.ones(callers.shape[0])

    def cut(values: Any) -> Any:
        return values[:, : count * length].reshape(values.shape[0], count, length)

    whole = cut(is_usual).all(axis=2)
    expected = np.where(whole, cut(usual).sum(axis=2), 0.0)
    squares = np.where(whole, (cut(callers).sum(axis=2) - expected) ** 2, 0.0)
    pooled = max(1.0, float(squares.sum() / max(expected.sum(), 1e-12)))
    own = squares.sum(axis=1) / np.maximum(expected.sum(axis=1), 1e-12)
    result: Floats = np.where(expected.sum(axis=1) >= OWN_SPREAD_FROM, np.maximum(own, pooled), pooled)
    return result


def _rare(hours: Hours, usual: Floats, spreads: Mapping[int, Floats], rules: OutageRules) -> NDArray[np.bool_]:
    """Hours that are in a rare window."""
    import numpy as np

    rare = np.zeros(hours.callers.shape, dtype=bool)
    for window in _windows(hours, usual, spreads, rules, 0, LEFT_OUT_BELOW):
        rare[window.source, window.began : window.ended] = True
    return rare


def _windows(
    hours: Hours, usual: Floats, spreads: Mapping[int, Floats], rules: OutageRules, first: int, bound: float
) -> list[_Window]:
    """The windows from an hour on whose chance is below the bound."""
    import numpy as np

    found = []
    for length in rules.window_hours:
        observed, expected = (_summed(values[:, first:], length) for values in (hours.callers, usual))
        sources, places = np.nonzero(np.round(observed) >= rules.least_callers)
        chances = _chances(np.round(observed[sources, places]), expected[sources, places], spreads[length][sources])
        for source, place, chance in zip(sources, places, chances, strict=True):
            if chance < bound:
                began = first + int(place)
                found.append(_Window(int(source), began, began + length, float(chance)))
    return found


def _chances(observed: Floats, expected: Floats, spread: Floats) -> Floats:
    """The chance of so many or more: Poisson's, or with more spread a negative binomial's of the same mean."""
    import numpy as np
    from scipy.special import betainc, gammainc

    is_wide = spread > 1 + 1e-9
    size = expected / np.where(is_wide, spread - 1, 1.0)
    wide = betainc(observed, size, 1 - 1 / np.where(is_wide, spread, 2.0))
    result: Floats = np.where(is_wide, wide, gammainc(observed, expected))
    return result


def _summed(values: Floats, length: int) -> Floats:
    """Sums over every window of a length."""
    import numpy as np

    summed = np.concatenate([np.zeros((values.shape[0], 1)), values.cumsum(axis=1)], axis=1)
    result: Floats = summed[:, length:] - summed[:, : max(0, summed.shape[1] - length)]
    return result


def _likelihood(seen: float, expected: float) -> float:
    """How much likelier so many are at their own rate than at the usual one (Kulldorff's logarithm of the ratio)."""
    return seen * math.log(seen / expected) - (seen - expected) if seen > expected else 0.0


def _strongest(alarms: Sequence[_Window]) -> list[_Window]:
    """The strongest window, then the strongest of those that do not touch it, and so on: a window about an outage is
    rare, too, but begins too early or ends too late."""
    chosen: list[_Window] = []
    for each in sorted(alarms, key=lambda window: (window.p_value, window.ended - window.began, window.began)):
        if all(each.ended <= other.began or other.ended <= each.began for other in chosen):
            chosen.append(each)
    return sorted(chosen, key=lambda window: window.began)


def _joined(alarms: Sequence[_Window], gap: int) -> list[_Window]:
    joined: list[_Window] = []
    for each in alarms:
        if joined and each.began - joined[-1].ended <= gap:
            last = joined.pop()
            each = _Window(each.source, last.began, each.ended, min(last.p_value, each.p_value))
        joined.append(each)
    return joined


def _outage(hours: Hours, usual: Floats, window: _Window, windows: int) -> Outage:
    """Without hours at either end that make the rest less likely to be luck."""
    seen, expected = hours.callers[window.source], usual[window.source]
    began, ended = max(
        ((began, ended) for began in range(window.began, window.ended) for ended in range(began + 1, window.ended + 1)),
        key=lambda part: _likelihood(seen[slice(*part)].sum(), expected[slice(*part)].sum()),
    )
    return Outage(
        hours.dimension,
        hours.sources[window.source],
        began,
        ended,
        int(seen[began:ended].sum()),
        float(expected[began:ended].sum()),
        window.p_value,
        min(1.0, window.p_value * windows),
    )
