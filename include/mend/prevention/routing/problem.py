"""Where a problem stands, from what happened to it. Pure.

    opened ─► acknowledged ─► answered ─► measured: moved, it is over; not moved, the next round begins;
                   │                      not sure, it is watched
                   └► passed across or down (or up, as a demand): the answer goes back up to who passed it
                   └► returned, with a reason, to who passed it

Each department in charge or in support has its own part. Whoever passes a part on stays answerable for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple

from mend.prevention.routing.rules import RoutingRules, routing_rules_on

State = Literal["open", "acknowledged", "passed", "answered", "returned"]
ProblemState = Literal["open", "acknowledged", "answered", "moved", "not_sure"]
Result = Literal["moved", "not_moved", "not_sure"]
STEP: Final = "step problems"  # who decided, where the figures did
LIVING: Final = ("open", "acknowledged", "passed")
HOUR: Final = dt.timedelta(hours=1)
DAY: Final = dt.timedelta(days=1)
RUNS_FROM: Final = "runs_from"  # of what was opened: when its time begins, where its month was closed late


class Place(NamedTuple):
    """Whose part it is: a department at a level, of a city or ("all") of the province."""

    department: str
    level: str
    city: str

    def __str__(self) -> str:
        return "/".join(self)


@dataclass(frozen=True)
class Event:
    """One thing that happened to a problem."""

    problem_id: str
    event_place: int
    round_number: int
    event_code: str
    place: Place | None
    to: Place | None
    month: str | None
    at: dt.datetime
    decided_by: str
    reason: str | None
    measure_text: str | None
    details: Mapping[str, Any]
    rules_from: dt.date


@dataclass(frozen=True)
class Part:
    """A department's part in a round.

    Args:
        giver: who passed it on; None: it came from the figures.
        waits_for: to whom it was passed and who has neither answered nor returned it.
    """

    place: Place
    role: str
    round_number: int
    began_at: dt.datetime
    acknowledge_by: dt.datetime
    answer_by: dt.datetime
    giver: Place | None = None
    acknowledged_at: dt.datetime | None = None
    acknowledged_by: str | None = None
    answered_at: dt.datetime | None = None
    measure_text: str | None = None
    returned_at: dt.datetime | None = None
    waits_for: tuple[Place, ...] = ()

    @property
    def state(self) -> State:
        if self.returned_at:
            return "returned"
        if self.answered_at:
            return "answered"
        if self.waits_for:
            return "passed"
        return "acknowledged" if self.acknowledged_at else "open"

    @property
    def is_living(self) -> bool:
        return self.state in LIVING

    def due(self) -> dt.datetime | None:
        """The next deadline; None when nothing is left to do."""
        if not self.is_living:
            return None
        return self.answer_by if self.acknowledged_at else min(self.acknowledge_by, self.answer_by)

    def is_overdue(self, at: dt.datetime) -> bool:
        due = self.due()
        return due is not None and due < at


@dataclass(frozen=True)
class Problem:
    """A problem.

    Args:
        details: of its first opening: names, factors, departments, figures.
        parts: of all rounds, in order.
        result: of the latest measure.
        is_over: it moved; or it was watched long enough, and did not stand out again.
        events: all, in order.
    """

    problem_id: str
    month: str
    rules: RoutingRules
    details: Mapping[str, Any]
    round_number: int
    parts: tuple[Part, ...] = ()
    result: Result | None = None
    is_over: bool = False
    events: tuple[Event, ...] = field(default=(), repr=False)

    @property
    def current(self) -> tuple[Part, ...]:
        """The parts of the round that it is in."""
        return tuple(each for each in self.parts if each.round_number == self.round_number)

    @property
    def roots(self) -> tuple[Part, ...]:
        """Of them those that nobody passed on."""
        return tuple(each for each in self.current if each.giver is None)

    @property
    def state(self) -> ProblemState:
        if self.is_over:
            return "moved" if self.result == "moved" else "not_sure"
        if all(each.answered_at for each in self.roots):
            return "answered"
        return "acknowledged" if all(each.acknowledged_at for each in self.roots) else "open"

    @property
    def answered_at(self) -> dt.datetime | None:
        """When its last part was answered; None while one is open."""
        moments = [each.answered_at for each in self.roots]
        return None if None in moments else max(each for each in moments if each)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is about: department in charge, survey item, city, source."""
        return key_of(self.details)

    def part(self, place: Place) -> Part | None:
        """The latest part of that place in this round."""
        return next((each for each in reversed(self.current) if each.place == place), None)


def key_of(details: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """What a problem is about: department in charge, survey item, city, source."""
    return details["department"], details["item"], details["city"], details["source"]


def fold_all(
    events: Iterable[Event], versions: Sequence[RoutingRules], until: dt.datetime | None = None
) -> list[Problem]:
    """All problems, by id, as of a moment; those that were not there yet are left out."""
    by_problem: dict[str, list[Event]] = {}
    for each in events:
        by_problem.setdefault(each.problem_id, []).append(each)
    found = [fold(each, versions, until) for _, each in sorted(by_problem.items())]
    return [each for each in found if each is not None]


def fold(events: Sequence[Event], versions: Sequence[RoutingRules], until: dt.datetime | None = None) -> Problem | None:
    """The problem that the events give, as of a moment (that moment included)."""
    problem: Problem | None = None
    for each in events:
        if until is not None and each.at > until:
            continue
        if each.event_code == "opened":
            problem = _opened(problem, each, versions)
        elif problem is not None and each.round_number == problem.round_number:
            problem = _next(problem, each)
    return None if problem is None else replace(problem, events=tuple(events))


def _opened(before: Problem | None, event: Event, versions: Sequence[RoutingRules]) -> Problem:
    rules = routing_rules_on(event.rules_from, versions)
    runs_from = max(event.at, dt.datetime.fromisoformat(event.details.get(RUNS_FROM) or event.at.isoformat()))
    level, city = event.details["level"], event.details["city"]
    parts = tuple(
        _part(rules, Place(code, level, city), "support" if number else "lead", event.round_number, event.at, runs_from)
        for number, code in enumerate(event.details["departments"])
    )
    if before is None:
        return Problem(event.problem_id, str(event.month), rules, event.details, event.round_number, parts)
    return replace(before, rules=rules, round_number=event.round_number, parts=(*before.parts, *parts))


def _part(
    rules: RoutingRules, place: Place, role: str, round_number: int, at: dt.datetime, runs_from: dt.datetime
) -> Part:
    own = rules.department(place.department)
    seen_by, answer_by = runs_from + own.acknowledge_hours * HOUR, runs_from + own.answer_days * DAY
    return Part(place, role, round_number, at, seen_by, answer_by)


def _next(problem: Problem, event: Event) -> Problem:
    if event.event_code == "measured":
        return replace(problem, result=event.details["result"], is_over=event.details["is_over"])
    part = problem.part(event.place) if event.place else None
    if part is None:
        return problem
    if event.event_code == "acknowledged":
        return _with(problem, part, _seen(part, event))
    if event.event_code == "passed" and event.to is not None:
        giver = replace(_seen(part, event), waits_for=(*part.waits_for, event.to))
        return _with(problem, part, giver, _passed_to(problem, part, event))
    if event.event_code == "answered":
        done = replace(_seen(part, event), answered_at=event.at, measure_text=event.measure_text)
        return _back(_with(problem, part, done), done)
    if event.event_code == "returned":
        done = replace(_seen(part, event), returned_at=event.at)
        return _back(_with(problem, part, done), done)
    return problem


def _seen(part: Part, event: Event) -> Part:
    """Whoever does anything about a part has taken note of it."""
    if part.acknowledged_at:
        return part
    return replace(part, acknowledged_at=event.at, acknowledged_by=event.decided_by)


def _passed_to(problem: Problem, giver: Part, event: Event) -> Part:
    """Passing gives nobody more time: the answer is due when the giver's is, but not before the hours to acknowledge
    are over."""
    assert event.to is not None
    part = _part(problem.rules, event.to, "receiver", problem.round_number, event.at, event.at)
    answer_by = max(min(part.answer_by, giver.answer_by), part.acknowledge_by)
    return replace(part, answer_by=answer_by, giver=giver.place)


def _with(problem: Problem, old: Part, new: Part, *more: Part) -> Problem:
    return replace(problem, parts=(*(new if each is old else each for each in problem.parts), *more))


def _back(problem: Problem, done: Part) -> Problem:
    """An answer, or what is given back, is with the giver again."""
    giver = problem.part(done.giver) if done.giver else None
    if giver is None:
        return problem
    return _with(
        problem, giver, replace(giver, waits_for=tuple(each for each in giver.waits_for if each != done.place))
    )
