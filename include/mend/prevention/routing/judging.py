"""Which grumbles have become worse than luck explains: pure functions of frozen sums.

Counted are customers who grumbled about a survey item in a month, of all customers. The rate is held against the same
in the months before **and** against how the rest moved meanwhile: of the whole the other items, of a city the other
cities. Without a month before nothing is said: cities and items differ for good.

A customer who grumbles in many months is no independent draw, nor is a bad day: the standard error of the logarithm of
the ratio is worked out over customers and over days, and the larger counts. Few customers have an exact test beside it
(binomial, given both counts). What a customer grumbled about elsewhere is left out of the error: it would lower it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from mend.foundation.statistics import Interval, from_standard_error, holm
from mend.prevention.routing.rules import EVERYWHERE, Judging

Verdict = Literal["worse", "no_proof", "too_little_data", "nothing_before"]
HALF: Final = 0.5  # in place of a count of nobody, of which no ratio can be made


class Key(NamedTuple):
    """A department in charge, a survey item, a city or "all"."""

    department: str
    item: str
    city: str


@dataclass(frozen=True)
class Tally:
    """Customers who grumbled in the month and before it (once a month), sums of squares and products over customers,
    and customers by day.
    """

    now: float
    before: float
    now_now: float
    now_before: float
    before_before: float
    days_now: tuple[int, ...]
    days_before: tuple[int, ...]

    def minus(self, part: Tally) -> Tally:
        """The rest."""
        return Tally(
            self.now - part.now, self.before - part.before, self.now_now - part.now_now,
            self.now_before - part.now_before, self.before_before - part.before_before,
            tuple(a - b for a, b in zip(self.days_now, part.days_now, strict=True)),
            tuple(a - b for a, b in zip(self.days_before, part.days_before, strict=True)),
        )  # fmt: skip


@dataclass(frozen=True)
class Exposure:
    """Customers in the month, and customer-months before it."""

    now: int
    before: int

    def minus(self, part: Exposure) -> Exposure:
        """The rest."""
        return Exposure(self.now - part.now, self.before - part.before)


@dataclass(frozen=True)
class Figure:
    """What is said of one key in a month."""

    key: Key
    tally: Tally
    exposure: Exposure
    expected: float | None = None
    ratio: Interval | None = None
    rest_ratio: float | None = None
    p_worse: float | None = None
    adjusted_p_value: float | None = None
    verdict: Verdict = "nothing_before"
    explained_by: str | None = None
    rank: int | None = None
    is_top: bool = False

    @property
    def is_proven(self) -> bool:
        return self.verdict == "worse"

    @property
    def beyond(self) -> float:
        """Customers beyond those expected."""
        return self.tally.now - self.expected if self.expected is not None else 0.0


def judge(
    tallies: Mapping[Key, Tally],
    whole: Tally,
    exposures: Mapping[str, Exposure],
    rules: Judging,
    under_way: Collection[Key] = (),
) -> list[Figure]:
    """Every key of the month; those that are routed have a rank and `is_top`.

    Args:
        whole: all departments and items together.
        exposures: by city, and "all".
        under_way: keys of problems that are open. A city among them explains the whole also while it is no longer
            proven: the months it is held against have the problem in them.
    """
    measured = [_measured(key, tallies, whole, exposures, rules) for key in sorted(tallies)]
    tested = [each for each in measured if each.p_worse is not None]
    adjusted = dict(zip((each.key for each in tested), holm([_p(each) for each in tested]), strict=True))
    judged = [_with_verdict(each, adjusted.get(each.key), rules) for each in measured]
    return _ranked([_with_explanation(each, judged, rules, under_way) for each in judged], rules.most_problems)


def _p(figure: Figure) -> float:
    assert figure.p_worse is not None
    return figure.p_worse


def _measured(
    key: Key, tallies: Mapping[Key, Tally], whole: Tally, exposures: Mapping[str, Exposure], rules: Judging
) -> Figure:
    own, at = tallies[key], exposures.get(key.city, Exposure(0, 0))
    everywhere = exposures.get(EVERYWHERE, Exposure(0, 0))
    rest, rest_at = whole.minus(own), everywhere
    if key.city != EVERYWHERE:
        rest, rest_at = tallies[key._replace(city=EVERYWHERE)].minus(own), everywhere.minus(at)
    figure = Figure(key, own, at)
    if at.now == 0 or own.now < rules.least_customers:
        return replace(figure, verdict="too_little_data")
    return _against_before(figure, rest, rest_at, rules) if at.before > 0 else figure


def _against_before(figure: Figure, rest: Tally, rest_at: Exposure, rules: Judging) -> Figure:
    own, at = figure.tally, figure.exposure
    before = max(own.before, HALF)
    log_ratio = math.log(own.now / at.now) - math.log(before / at.before)
    customers = _over_customers(own)
    days = _scatter(own.days_now) + _scatter(own.days_before)
    found = _interval(log_ratio, customers, days, own, rules.confidence)
    chances = [_chance(found), _exact(own.now, own.before, at.now / (at.now + at.before))]
    rest_ratio = None
    if min(rest.now, rest.before) >= rules.least_customers and min(rest_at.now, rest_at.before) > 0:
        rest_ratio = (rest.now / rest_at.now) / (rest.before / rest_at.before)
        days = _scatter(own.days_now, rest.days_now) + _scatter(own.days_before, rest.days_before)
        customers += _over_customers(rest)
        chances.append(_chance(_interval(log_ratio - math.log(rest_ratio), customers, days, own, rules.confidence)))
    return replace(
        figure,
        expected=own.before * at.now / at.before,
        ratio=_ratio(found),
        rest_ratio=rest_ratio,
        p_worse=max(chances),
    )


def still_worse(
    key: Key, tallies: Mapping[Key, Tally], whole: Tally, exposures: Mapping[str, Exposure], rules: Judging
) -> bool:
    """Whether one key is worse than in the months before its problem, and than the rest moved: a test by itself."""
    if key not in tallies:
        return False
    found = _measured(key, tallies, whole, exposures, rules)
    return found.p_worse is not None and _with_verdict(found, found.p_worse, rules).is_proven


def moved(own: Tally, at: Exposure, confidence: float) -> Interval | None:
    """The ratio of a month's rate to that of the month before it that opened the problem, with its interval; None where
    one of them is not known.
    """
    if min(at.now, at.before) <= 0 or own.before <= 0:
        return None
    now = max(own.now, HALF)
    log_ratio = math.log(now / at.now) - math.log(own.before / at.before)
    squares = replace(own, now=now, now_now=max(own.now_now, HALF))
    days = _scatter(own.days_now) + _scatter(own.days_before)
    return _ratio(_interval(log_ratio, _over_customers(squares), days, squares, confidence))


def share_moved(now: tuple[int, int], then: tuple[int, int], confidence: float) -> Interval | None:
    """The same of two shares: customers hurt and customers, of a month and of the month that opened the problem.

    >>> found = share_moved((30, 200), (90, 200), 0.95)
    >>> round(found.estimate, 2), round(found.low, 2), round(found.high, 2)
    (0.33, 0.23, 0.48)
    """
    (hurt, customers), (hurt_then, customers_then) = now, then
    if min(customers, customers_then, hurt_then) <= 0:
        return None
    counted = max(float(hurt), HALF)
    log_ratio = math.log(counted / customers) - math.log(hurt_then / customers_then)
    variance = 1 / counted - 1 / customers + 1 / hurt_then - 1 / customers_then
    error = math.sqrt(max(0.0, variance))
    return _ratio(from_standard_error(log_ratio, error, confidence, max(1.0, min(customers, customers_then) - 1)))


def _over_customers(tally: Tally) -> float:
    before = max(tally.before, HALF)
    return max(
        0.0,
        tally.now_now / tally.now**2
        - 2 * tally.now_before / (tally.now * before)
        + max(tally.before_before, HALF) / before**2,
    )


def _scatter(days: Sequence[int], against: Sequence[int] = ()) -> float:
    """How far the shares of the days are from those of the rest, or from even ones: the variance of the logarithm of
    their sum, the days being the draws.
    """
    total, count, rest = sum(days), len(days), sum(against)
    if total == 0 or count < 2:
        return 0.0
    usual = [each / rest for each in against] if rest > 0 else [1 / count] * count
    return sum((each / total - other) ** 2 for each, other in zip(days, usual, strict=True)) * count / (count - 1)


def _interval(log_ratio: float, customers: float, days: float, own: Tally, confidence: float) -> Interval:
    """With the larger error of the two, and its degrees of freedom."""
    by_customers = (math.sqrt(customers), max(1.0, own.now + own.before - 1))
    by_days = (math.sqrt(days), max(1.0, len(own.days_now) - 1.0))
    error, freedom = max(by_customers, by_days)
    return from_standard_error(log_ratio, error, confidence, freedom)


def _ratio(of_log: Interval) -> Interval:
    low, estimate, high = (math.exp(each) for each in (of_log.low, of_log.estimate, of_log.high))
    return Interval(estimate, low, high, of_log.p_value, of_log.confidence)


def _chance(of_log: Interval) -> float:
    """The chance of so much more by luck."""
    return of_log.p_value / 2 if of_log.estimate > 0 else 1 - of_log.p_value / 2


def _exact(now: float, before: float, share: float) -> float:
    """The chance that of all who grumbled so many or more did so now, when each does with this share."""
    from scipy.special import betainc  # scipy.stats takes seconds to import

    return float(betainc(now, before + 1, share)) if now > 0 else 1.0


def _with_verdict(figure: Figure, adjusted: float | None, rules: Judging) -> Figure:
    if adjusted is None or figure.ratio is None:
        return figure
    is_worse = adjusted < rules.alpha and figure.ratio.estimate >= rules.least_ratio
    return replace(figure, adjusted_p_value=adjusted, verdict="worse" if is_worse else "no_proof")


def _with_explanation(figure: Figure, judged: Sequence[Figure], rules: Judging, under_way: Collection[Key]) -> Figure:
    """A whole whose excess is in cities that stand out: theirs to solve."""
    if figure.key.city != EVERYWHERE or not figure.is_proven:
        return figure
    cities = [
        each
        for each in judged
        if each.key[:2] == figure.key[:2] and each.key != figure.key and (each.is_proven or each.key in under_way)
    ]
    if not cities or sum(each.beyond for each in cities) < rules.explained_share * figure.beyond:
        return figure
    return replace(figure, explained_by=max(cities, key=lambda each: (each.beyond, each.key)).key.city)


def _ranked(figures: Sequence[Figure], most: int) -> list[Figure]:
    """Proven ones by customers beyond the expected; those that cities explain last."""
    proven = sorted(
        (each for each in figures if each.is_proven),
        key=lambda each: (each.explained_by is not None, -each.beyond, each.key),
    )
    ranks = {each.key: rank for rank, each in enumerate(proven, 1)}
    return [
        replace(each, rank=ranks[each.key], is_top=each.explained_by is None and ranks[each.key] <= most)
        if each.key in ranks
        else each
        for each in figures
    ]
