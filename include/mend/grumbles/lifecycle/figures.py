"""What counts say: key points of a stage, and how many of a group leave. Pure: counts in, results out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mend.foundation.statistics import Interval, agresti_caffo, holm, wilson
from mend.grumbles.lifecycle.rules import LifecycleRules

STAGES: Final = ("exploration", "formation", "stable", "decline")
UNKNOWN: Final = "unknown"
ALL: Final = "all"
LEVELS: Final = range(5)
UNDAMAGED: Final = 0


@dataclass(frozen=True)
class PointCount:
    """A point at a stage: grumbles, and the customers behind them. `point` is None where it is unclassified; as a whole
    of the stage it counts everybody who grumbled, once."""

    stage: str
    point: str | None
    grumbles: int
    customers: int


@dataclass(frozen=True)
class Point:
    """A point at a stage beside the other stages.

    Attributes:
        whole: all of the stage's grumbles, and the customers who grumbled.
        others, other_whole: customers of the other known stages with this point, and who grumbled at all; None where
            nothing is compared.
    """

    count: PointCount
    whole: PointCount
    rank: int
    others: int | None = None
    other_whole: int | None = None
    difference: Interval | None = None
    adjusted_p_value: float | None = None
    verdict: str = "not_compared"

    @property
    def share(self) -> float:
        return self.count.customers / self.whole.customers

    @property
    def other_share(self) -> float | None:
        return self.others / self.other_whole if self.others is not None and self.other_whole else None


def judge_points(counts: Sequence[PointCount], wholes: Sequence[PointCount], rules: LifecycleRules) -> list[Point]:
    """Every point of every stage, ranked by grumbles, with its verdict. Customers are compared, not grumbles: who calls
    five times about one thing is one. Holm over all comparisons of the month: in a month in which the stages grumble
    alike, the chance of any key point is at most 1 - confidence.
    """
    whole = {each.stage: each for each in wholes}
    found = [_compared(each, counts, whole, rank, rules) for each, rank in _ranked(counts)]
    tested = [each.difference.p_value for each in found if each.difference is not None]
    adjusted = iter(holm(tested))
    return [each if each.difference is None else _judged(each, next(adjusted), rules) for each in found]


def _ranked(counts: Sequence[PointCount]) -> list[tuple[PointCount, int]]:
    ranked = []
    for stage in (*STAGES, UNKNOWN):
        own = [each for each in counts if each.stage == stage]
        own.sort(key=lambda each: (-each.grumbles, -each.customers, each.point or ""))
        ranked += [(each, place) for place, each in enumerate(own, start=1)]
    return ranked


def _compared(
    count: PointCount, counts: Sequence[PointCount], wholes: Mapping[str, PointCount], rank: int, rules: LifecycleRules
) -> Point:
    point = Point(count, wholes[count.stage], rank)
    if count.stage == UNKNOWN or count.point is None:
        return point
    others = sum(
        each.customers
        for each in counts
        if each.point == count.point and each.stage != count.stage and each.stage in STAGES
    )
    other_whole = sum(each.customers for stage, each in wholes.items() if stage in STAGES and stage != count.stage)
    point = replace(point, others=others, other_whole=other_whole, verdict="too_little_data")
    if min(point.whole.customers, other_whole) < rules.points.least_customers:
        return point
    found = agresti_caffo(count.customers, point.whole.customers, others, other_whole, rules.confidence)
    return replace(point, difference=found)


def _judged(point: Point, adjusted: float, rules: LifecycleRules) -> Point:
    found = point.difference
    assert found is not None
    verdict = "no_proof"
    if adjusted <= 1 - rules.confidence and found.low > 0:
        verdict = "key" if point.count.customers >= rules.points.least_with_point else "too_little_data"
    elif adjusted <= 1 - rules.confidence and found.high < 0:
        verdict = "less"
    return replace(point, adjusted_p_value=adjusted, verdict=verdict)


@dataclass(frozen=True)
class Group:
    """Customers of a stage and level. `customers` and `eased` are of this month's close; the others go by stage and
    level at the close of the month before: how many there were, were followed to this month's snapshot, left; regular
    callers, and those of them who stopped calling."""

    stage: str
    level: int
    customers: int = 0
    eased: int = 0
    before: int = 0
    followed: int = 0
    left: int = 0
    callers: int = 0
    stopped: int = 0


@dataclass(frozen=True)
class Leaving:
    """How many of a group left: share with Wilson's interval, and its difference to the undamaged of the stage; None
    where that is unknown."""

    group: Group
    share: float | None = None
    low: float | None = None
    high: float | None = None
    difference: Interval | None = None
    verdict: str = "not_observed"


def groups_of(counted: Mapping[tuple[str, int], Mapping[str, int]]) -> list[Group]:
    """Every stage and level, those without anybody too, and all stages together."""
    own = [Group(stage, level, **counted.get((stage, level), {})) for stage in (*STAGES, UNKNOWN) for level in LEVELS]
    return own + [together(ALL, level, [each for each in own if each.level == level]) for level in LEVELS]


def together(stage: str, level: int, groups: Sequence[Group]) -> Group:
    """The sum of groups that share nobody."""
    names = ("customers", "eased", "before", "followed", "left", "callers", "stopped")
    return Group(stage, level, **{name: sum(getattr(each, name) for each in groups) for name in names})


def measure_leaving(groups: Sequence[Group], rules: LifecycleRules) -> list[Leaving]:
    """Each group's share of those who left."""
    undamaged = {each.stage: each for each in groups if each.level == UNDAMAGED}
    return [leaving_of(each, undamaged[each.stage], rules) for each in groups]


def leaving_of(group: Group, undamaged: Group, rules: LifecycleRules) -> Leaving:
    """A group's share of those who left, beside the undamaged."""
    if not group.followed:
        return Leaving(group)
    if group.followed < rules.leaving.least_followed:
        return Leaving(group, verdict="too_little_data")
    low, high = wilson(group.left, group.followed, rules.confidence)
    difference = None
    if group.level != UNDAMAGED and undamaged.followed >= rules.leaving.least_followed:
        difference = agresti_caffo(group.left, group.followed, undamaged.left, undamaged.followed, rules.confidence)
    return Leaving(group, group.left / group.followed, low, high, difference, "measured")


@dataclass(frozen=True)
class Tendency:
    """What is expected of a damaged customer of a stage and level: the share of the group that `basis` names."""

    stage: str
    level: int
    basis: str
    leaving: Leaving


def tendencies(leavings: Sequence[Leaving]) -> list[Tendency]:
    """Of each stage and level from 1 on: its own share; where its group is too small, that of its level over all
    stages; else unknown."""
    by_group = {(each.group.stage, each.group.level): each for each in leavings}
    return [_tendency(by_group, stage, level) for stage in (*STAGES, UNKNOWN) for level in LEVELS if level != UNDAMAGED]


def _tendency(by_group: Mapping[tuple[str, int], Leaving], stage: str, level: int) -> Tendency:
    for basis, place in (("stage_level", stage), ("level", ALL)):
        if (found := by_group[place, level]).verdict == "measured":
            return Tendency(stage, level, basis, found)
    return Tendency(stage, level, "none", Leaving(Group(stage, level)))
