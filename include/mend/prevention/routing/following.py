"""What a month's close puts on record: measures of answered problems, problems that go on, new rounds, new problems.

Each is recorded once: a second close of the month, and two at once, add nothing. What was put on record stays when late
rows change the month's figures: people have worked on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.foundation.periods import days_of, local_day
from mend.foundation.statistics import Interval
from mend.prevention.routing.acts import lock, put_event, read_events
from mend.prevention.routing.opening import Found
from mend.prevention.routing.problem import RUNS_FROM, STEP, Problem, fold_all, key_of
from mend.prevention.routing.rules import RoutingRules

ALL: Final = "all problems"


@dataclass(frozen=True)
class Followed:
    """What the month says of an open problem.

    Args:
        ratio: of its rate to that of the month that opened it; None where one of them is not known.
        numbers: what the ratio is made of.
        stands_out: it is still worse than in the months before the problem.
    """

    ratio: Interval | None
    numbers: Mapping[str, Any]
    stands_out: bool


Figures = Mapping[str, Followed]


@dataclass(frozen=True)
class Moment:
    """The month that is closed, and its moments.

    Args:
        ends: the first instant after the month.
        clock: when what it opens begins to run.
        known_from: the first moment that the home does not hold yet: time runs from then, where that is later.
    """

    month: str
    ends: dt.datetime
    clock: dt.datetime
    zone: str
    known_from: dt.datetime | None = None

    @property
    def opening(self) -> dict[str, str | None]:
        """What an opening says of its time."""
        is_late = self.known_from is not None and self.known_from > self.clock
        return {RUNS_FROM: self.known_from.isoformat() if self.known_from and is_late else None}


@dataclass(frozen=True)
class Recorded:
    """What was put on record: problems opened, gone on, and measured, each by its id."""

    opened: tuple[str, ...] = ()
    goes_on: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    not_moved: tuple[str, ...] = ()
    not_sure: tuple[str, ...] = ()
    not_measurable: tuple[str, ...] = ()


def under_way(problems: Sequence[Problem], moment: Moment) -> list[Problem]:
    """Of the problems as of the month's end those that an earlier month opened, and that are not over."""
    return [each for each in problems if each.month < moment.month and not each.is_over]


def record(
    connection: Connection,
    found: Sequence[Found],
    figures: Figures,
    rules: RoutingRules,
    versions: Sequence[RoutingRules],
    moment: Moment,
) -> Recorded:
    """Put the month on record, in one transaction, one close at a time."""
    lock(connection, ALL)
    done: dict[str, list[str]] = {name: [] for name in Recorded.__dataclass_fields__}
    events = read_events(connection)
    latest = {each.problem_id: each for each in fold_all(events, versions)}
    for problem in under_way(fold_all(events, versions, moment.ends), moment):
        now, followed = latest[problem.problem_id], figures.get(problem.problem_id)
        if followed is None or problem.round_number != now.round_number:
            continue
        if _is_measured_by(problem, moment):
            _measure(connection, now, followed, rules, moment, done)
        elif followed.stands_out:
            _go_on(connection, now, followed.numbers, rules, moment, done)
    _open(connection, found, fold_all(read_events(connection), versions), rules, moment, done)
    return Recorded(**{name: tuple(ids) for name, ids in done.items()})


def _is_measured_by(problem: Problem, moment: Moment) -> bool:
    answered_at = problem.answered_at
    if problem.state != "answered" or answered_at is None:
        return False
    days = days_of(moment.month)
    after = [day for day in days if day > local_day(answered_at, moment.zone)]
    return len(after) >= problem.rules.clock.measured_days


def _measure(
    connection: Connection, problem: Problem, followed: Followed, rules: RoutingRules, moment: Moment,
    done: dict[str, list[str]],
) -> None:  # fmt: skip
    if _is_recorded(problem, "measured", moment.month):
        return
    ratio = followed.ratio
    if ratio is None:
        done["not_measurable"].append(problem.problem_id)
        return
    lock(connection, problem.problem_id)
    watched = 1 + sum(
        each.event_code == "measured" and each.round_number == problem.round_number for each in problem.events
    )
    is_worse = followed.stands_out or ratio.low > 1
    result = "moved" if ratio.high < 1 else "not_moved" if is_worse else "not_sure"
    is_over = result == "moved" or (result == "not_sure" and watched >= problem.rules.clock.watched_months)
    details = {**followed.numbers, "result": result, "is_over": is_over, "ratio": ratio.estimate, "low": ratio.low,
               "high": ratio.high}  # fmt: skip
    _put(connection, problem.problem_id, problem.round_number, "measured", moment, moment.ends, rules, details)
    done[result].append(problem.problem_id)
    if result == "not_moved":
        _put(connection, problem.problem_id, problem.round_number + 1, "opened", moment, moment.clock, rules,
             {**problem.details, **moment.opening})  # fmt: skip


def _open(
    connection: Connection, found: Sequence[Found], problems: Sequence[Problem], rules: RoutingRules, moment: Moment,
    done: dict[str, list[str]],
) -> None:  # fmt: skip
    """New problems; one that is open already goes on, and is not doubled. One that comes back names the one before."""
    known = {each.problem_id for each in problems}
    for each in found:
        of_key = [problem for problem in problems if problem.key == key_of(each.details)]
        living = [problem for problem in of_key if not problem.is_over]
        if each.problem_id in known:
            continue
        if living:
            _go_on(connection, living[-1], each.details, rules, moment, done)
            continue
        before = [problem.problem_id for problem in of_key if problem.month < moment.month]
        details = {**each.details, "linked_to": max(before, default=None), **moment.opening}
        lock(connection, each.problem_id)
        _put(connection, each.problem_id, 1, "opened", moment, moment.clock, rules, details)
        done["opened"].append(each.problem_id)


def _go_on(
    connection: Connection, problem: Problem, numbers: Mapping[str, Any], rules: RoutingRules, moment: Moment,
    done: dict[str, list[str]],
) -> None:  # fmt: skip
    if problem.month >= moment.month or any(
        _is_recorded(problem, code, moment.month) for code in ("goes_on", "measured")
    ):
        return
    lock(connection, problem.problem_id)
    _put(connection, problem.problem_id, problem.round_number, "goes_on", moment, moment.ends, rules, numbers)
    done["goes_on"].append(problem.problem_id)


def _is_recorded(problem: Problem, code: str, month: str) -> bool:
    """Of that month, or of a later one: what came later was known then."""
    return any(each.event_code == code and each.month is not None and each.month >= month for each in problem.events)


def _put(
    connection: Connection, problem_id: str, number: int, code: str, moment: Moment, at: dt.datetime,
    rules: RoutingRules, details: Mapping[str, Any],
) -> None:  # fmt: skip
    values = {
        "round_number": number, "event_code": code, "month": moment.month, "at": at, "decided_by": STEP,
        "decided_through": STEP, "details": dict(details), "rules_from": rules.valid_from,
    }  # fmt: skip
    put_event(connection, problem_id, values)
