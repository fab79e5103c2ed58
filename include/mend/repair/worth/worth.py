"""What a month's repairs are worth: pure functions of counts and settings. A range in, a range out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mend.foundation.statistics import wilson
from mend.repair.worth.rules import Range, WorthRules

SPEEDS: Final = ("at_once", "later", "unsolved")
ALL: Final = "all"


@dataclass(frozen=True)
class SpeedCount:
    """What is counted of a speed in a month; the columns of the model worth_count."""

    speed_code: str
    problem_count: int = 0
    customer_count: int = 0
    arpu_count: int = 0
    arpu_sum: float = 0.0


@dataclass(frozen=True)
class Worth:
    """Customers of a speed: expected kept and lost, people told, yuan. None: not known.

    Args:
        all_customers: of all speeds together.
        share: of them those of this speed, as counted here, with its interval (Wilson); None of fewer customers than
            the settings ask for.
        kept_share: of those of this speed, as published.
    """

    counted: SpeedCount
    all_customers: int
    share: Range | None
    kept_share: Range | None
    kept: Range
    lost: Range
    told: Range
    arpu: float | None
    value: Range | None
    gain: Range | None
    lost_cost: Range | None


def worth_of(counts: Sequence[SpeedCount], rules: WorthRules, keeping_cost: float | None) -> list[Worth]:
    """Of each speed, and of all together. Spend that is not known is taken as the mean of the speeds' known ones.

    Args:
        keeping_cost: yuan that keeping one customer costs; None: not known.
    """
    known = {each.speed_code: each for each in counts}
    all_spent, all_known = sum(each.arpu_sum for each in counts), sum(each.arpu_count for each in counts)
    mean = all_spent / all_known if all_known else None
    customers = sum(each.customer_count for each in counts)
    found = [_of_speed(known.get(speed, SpeedCount(speed)), customers, rules, mean, keeping_cost) for speed in SPEEDS]
    return [*found, _of_all(found, mean)]


def share_of(part: int, whole: int, least: int) -> Range | None:
    """The interval of a share of customers; None of too few.

    >>> found = share_of(20, 100, 30)
    >>> f"{found.low:.3f} {found.high:.3f}", share_of(6, 29, 30)
    ('0.133 0.289', None)
    """
    if whole < least:
        return None
    low, high = wilson(part, whole)
    return Range.model_construct(low=low, high=high)


def _of_speed(
    counted: SpeedCount, all_customers: int, rules: WorthRules, mean: float | None, keeping_cost: float | None
) -> Worth:
    share: Range = getattr(rules.kept, counted.speed_code)
    kept = _times(share, counted.customer_count)
    customers = counted.customer_count
    lost = Range.model_construct(low=customers - kept.high, high=customers - kept.low)
    arpu = counted.arpu_sum / counted.arpu_count if counted.arpu_count else mean
    worth = None if arpu is None else arpu * rules.value_months
    return Worth(
        counted,
        all_customers,
        share_of(customers, all_customers, rules.least_customers),
        share,
        kept,
        lost,
        _times(_told(counted.speed_code, rules), counted.customer_count),
        arpu,
        None if worth is None else _times(kept, worth),
        None if worth is None else _times(_gained(counted.speed_code, rules), counted.customer_count * worth),
        None if keeping_cost is None else _product(lost, _times(rules.lost_cost_times, keeping_cost)),
    )


def _told(speed: str, rules: WorthRules) -> Range:
    """Who is told. Of problems that were solved later nobody published it: from good news to bad."""
    if speed == "later":
        return Range(low=rules.told_by_good.low, high=rules.told_by_bad.high)
    return rules.told_by_bad if speed == "unsolved" else rules.told_by_good


def _gained(speed: str, rules: WorthRules) -> Range:
    """The share that stays because the problem was solved: beside those who stay without."""
    if speed == "unsolved":
        return Range(low=0, high=0)
    share: Range = getattr(rules.kept, speed)
    without = rules.kept.unsolved
    return Range(low=max(0.0, share.low - without.high), high=max(0.0, share.high - without.low))


def _of_all(found: Sequence[Worth], mean: float | None) -> Worth:
    counts = [each.counted for each in found]
    counted = SpeedCount(
        ALL,
        sum(each.problem_count for each in counts),
        sum(each.customer_count for each in counts),
        sum(each.arpu_count for each in counts),
        sum(each.arpu_sum for each in counts),
    )
    kept = _sum([each.kept for each in found])
    assert kept is not None
    share = _times(kept, 1 / counted.customer_count) if counted.customer_count else None
    lost, told = _sum([each.lost for each in found]), _sum([each.told for each in found])
    assert lost is not None
    assert told is not None
    return Worth(
        counted, counted.customer_count, None, share, kept, lost, told, mean,
        _sum([each.value for each in found]), _sum([each.gain for each in found]),
        _sum([each.lost_cost for each in found]),
    )  # fmt: skip


def _times(of: Range, by: float) -> Range:
    return Range.model_construct(low=of.low * by, high=of.high * by)


def _product(one: Range, other: Range) -> Range:
    return Range.model_construct(low=one.low * other.low, high=one.high * other.high)


def _sum(ranges: Sequence[Range | None]) -> Range | None:
    """None when one of them is not known."""
    if any(each is None for each in ranges):
        return None
    known = [each for each in ranges if each is not None]
    return Range.model_construct(low=sum(each.low for each in known), high=sum(each.high for each in known))
