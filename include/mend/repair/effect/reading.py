"""Sums of a month's comparisons out of the lake: the only place of this room that runs models."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mend.foundation.lake.filters import equal, one_of
from mend.foundation.periods import days_of, first_day_of, month_of, next_month_begins
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.repair.effect.errors import EffectError
from mend.repair.effect.moments import Sums
from mend.repair.effect.outcomes import CUMULATIVE, FIGURES, OUTCOMES, Outcome
from mend.repair.outcomes import followed as followed_in
from mend.repair.outcomes import is_seen_after

ROOM: Final = "repair/effect"
NOT_KNOWN: Final = "cast(null as bigint)"
# What is not known of persons over a season, in whose months the campaigns' own figures differ.
SEASON_FIGURES: Final = ("baseline_score", "baseline_spend", "was_explicit")


@dataclass(frozen=True)
class Key:
    """A comparison: strategy ("all": the whole programme) and estimand."""

    strategy: str
    estimand: str


@dataclass(frozen=True)
class Before:
    """An arm's same figure before and after, over the customers of whom both are known."""

    count: int
    before: int
    after: int


@dataclass(frozen=True)
class Arms:
    """Both arms of a comparison in one figure."""

    treated: Sums
    control: Sums
    treated_before: Before
    control_before: Before


@dataclass(frozen=True)
class GroupArms:
    """Both arms of a comparison in one group and half."""

    grouping: str
    group: str
    half: int
    treated: Sums
    control: Sums


@dataclass(frozen=True)
class ArmCount:
    """Customers of a comparison who were drawn in a month and go by so many ids."""

    month: str
    ids: int
    treated: int
    control: int


@dataclass
class Read:
    """All sums of a month: by comparison and outcome; of the figures before; by group."""

    outcomes: dict[Key, dict[str, Arms]] = field(default_factory=lambda: defaultdict(dict))
    figures: dict[Key, dict[str, Arms]] = field(default_factory=lambda: defaultdict(dict))
    groups: dict[Key, dict[str, list[GroupArms]]] = field(default_factory=lambda: defaultdict(dict))
    arms: dict[Key, list[ArmCount]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Followed:
    """A campaign of which outcomes are known: its month and version, and how far everybody is followed."""

    month: str
    version: int
    followed_until: dt.date


@dataclass(frozen=True)
class Opened:
    """A month's inputs, open: the campaigns of its season that are followed, and whether the month after is closed."""

    of_month: Followed
    followed: tuple[Followed, ...]
    is_after_closed: bool


def open_month(step: Step, month: str, season: Sequence[str]) -> Opened:
    """Open the inputs of a month and of the season before it.

    Raises:
        EffectError: no outcomes are known of the month.
    """
    after = month_after(month)
    step.view("mart_campaign_outcome", "outcome_file", where=one_of("month", season))
    step.run(read_model(ROOM, "outcome_version"))
    followed = {row[0]: Followed(*row) for row in step.read("outcome_version")}
    if month not in followed:
        raise EffectError(
            f"no outcomes are known of the campaign of {month}: run the step outcomes of {month} first, after "
            f"its list was published"
        )
    step.view("mart_campaign_gate", "gate_file", where=one_of("month", season))
    step.view("mart_campaign_gate_pattern", "pattern_file", where=one_of("month", season))
    step.view("mart_damage_month", "month_file", where=one_of("month", [*season, after]))
    put_persons(step, persons_of(step.bench, days_of(after)[-1]))
    _put_id_counts(step, month)
    is_after_closed = step.view("mart_closed_month", "closed_month", where=equal("month", after)) > 0
    return Opened(followed[month], tuple(followed.values()), is_after_closed)


def read_month(step: Step, followed: Followed, is_after_closed: bool) -> Read:
    """The sums of the month's own comparisons."""
    values: dict[str, Any] = {
        "month": followed.month,
        "version": followed.version,
        "month_after": month_after(followed.month),
        "is_after_closed": is_after_closed,
    }
    step.make(read_model(ROOM, "unit"), "unit", values)
    step.make(read_model(ROOM, "compared"), "compared", values)
    found = Read()
    _take(step, found, OUTCOMES, tuple(FIGURES))
    for each in OUTCOMES:
        if each.by_group:
            _take_groups(step, found, each)
    step.drop("unit", "compared")
    return found


def read_season(step: Step, month: str, is_after_closed: bool) -> Read:
    """The sums of the whole programme since the season began."""
    step.run(read_model(ROOM, "season_entry"))
    entries = [row[0] for row in step.bench.sql("select min(month) from season_entry")]
    when = followed_in(month)
    view_snapshots(step, days_of(entries[0] or month)[0], when.after_on)
    values = {
        "month_after": month_after(month),
        "after_on": when.after_on,
        "is_after_closed": is_after_closed,
        "is_seen_after": is_seen_after(step.bench, when),
    }
    step.make(read_model(ROOM, "season_unit"), "unit", values)
    step.make(read_model(ROOM, "season_compared"), "compared")
    found = Read()
    _take(step, found, CUMULATIVE, SEASON_FIGURES)
    return found


def month_after(month: str) -> str:
    """
    >>> month_after("2026-12")
    '2027-01'
    """
    return month_of(next_month_begins(first_day_of(month)))


def _put_id_counts(step: Step, month: str) -> None:
    """By how many ids a person went when the arms were drawn, of those who go by several: each id is a draw."""
    counts = Counter(person.person_id for person in persons_of(step.bench, days_of(month)[-1]).values())
    rows = [(name, count + 1) for name, count in sorted(counts.items())]
    step.put("id_count", {"customer_id": "varchar", "id_count": "integer"}, rows)


def _take(step: Step, found: Read, outcomes: Iterable[Outcome], figures: Iterable[str]) -> None:
    for each in outcomes:
        for key, arms in _arms(step, each.code, each.baseline, each.before or NOT_KNOWN).items():
            found.outcomes[key][each.code] = arms
    for strategy, estimand, *counts in step.rows(read_model(ROOM, "arm_count")):
        found.arms[Key(strategy, estimand)].append(ArmCount(*counts))
    for name in figures:
        for key, arms in _arms(step, name, NOT_KNOWN, NOT_KNOWN).items():
            found.figures[key][name] = arms


def _arms(step: Step, outcome: str, baseline: str, before: str) -> dict[Key, Arms]:
    """Columns are those of `outcomes.py`, never a value of the data."""
    fills = {"outcome": outcome, "baseline": baseline, "before": before}
    sides: dict[Key, dict[bool, tuple[Sums, Before]]] = defaultdict(dict)
    for strategy, estimand, is_treated, *sums in step.rows(read_model(ROOM, "moment"), fills=fills):
        sides[Key(strategy, estimand)][is_treated] = Sums(*map(int, sums[:9])), Before(*map(int, sums[9:]))
    none = Sums(0, 0, 0, 0), Before(0, 0, 0)
    return {
        key: Arms(*(side.get(is_treated, none)[part] for part in (0, 1) for is_treated in (True, False)))  # type: ignore[arg-type]
        for key, side in sides.items()
    }


def _take_groups(step: Step, found: Read, outcome: Outcome) -> None:
    fills = {"outcome": outcome.code, "baseline": outcome.baseline}
    sides: dict[tuple[Key, str, str, int], dict[bool, Sums]] = defaultdict(dict)
    for strategy, estimand, grouping, group, half, is_treated, *sums in step.rows(
        read_model(ROOM, "group_moment"), fills=fills
    ):
        sides[Key(strategy, estimand), grouping, group, half][is_treated] = Sums(*map(int, sums))
    none = Sums(0, 0, 0, 0)
    for (key, grouping, group, half), side in sides.items():
        arms = GroupArms(grouping, group, half, side.get(True, none), side.get(False, none))
        found.groups[key].setdefault(outcome.code, []).append(arms)


def make_up(groups: Mapping[str, Sequence[GroupArms]]) -> dict[str, tuple[dict[str, int], dict[str, int]]]:
    """Customers by grouping and group in both arms, whether or not their outcome is known."""
    counts: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
    for arms in next(iter(groups.values()), ()):
        for side, sums in zip(counts.setdefault(arms.grouping, ({}, {})), (arms.treated, arms.control), strict=True):
            side[arms.group] = side.get(arms.group, 0) + sums.count + sums.missing
    return counts
