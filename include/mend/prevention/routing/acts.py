"""What people do with a problem: acknowledge, pass on, return, answer. Events are only added.

Every step is looked at under a lock of the problem: two at once are one after the other, and the same step twice
changes nothing. The lake is not read: a problem carries what it needs. Moments are in the business zone: who may act is
said by the rules of that day.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement
from mend.prevention.routing.errors import ProblemError
from mend.prevention.routing.problem import Event, Part, Place, Problem, fold, fold_all
from mend.prevention.routing.rules import EVERYWHERE, LEVELS, RoutingRules, routing_rules_on

ROOM: Final = "prevention/routing"
LONGEST: Final = 1000  # signs of a reason or a measure


def read_events(connection: Connection, problem_id: str | None = None) -> list[Event]:
    """What happened to one problem, or to all, in order."""
    if problem_id is None:
        rows = connection.execute(statement(ROOM, "all_events")).mappings()
    else:
        rows = connection.execute(statement(ROOM, "events"), {"problem_id": problem_id}).mappings()
    return [_event(dict(row)) for row in rows]


def read_problems(
    connection: Connection, versions: Sequence[RoutingRules], until: dt.datetime | None = None
) -> list[Problem]:
    """All problems as of a moment."""
    return fold_all(read_events(connection), versions, until)


def read_problem(connection: Connection, problem_id: str, versions: Sequence[RoutingRules]) -> Problem:
    """One problem; ProblemError when there is none of that id."""
    problem = fold(read_events(connection, problem_id), versions)
    if problem is None:
        raise ProblemError(f"there is no problem {problem_id!r}; `mend problems --month YYYY-MM` lists them")
    return problem


def acknowledge(
    connection: Connection, problem_id: str, place: Place, by: str, versions: Sequence[RoutingRules],
    at: dt.datetime, through: str,
) -> Problem:  # fmt: skip
    """Take note of a part. Of a part that was acknowledged, by whomever, nothing changes."""
    problem, part = _mine(connection, problem_id, place, by, versions, at)
    if part.acknowledged_at:
        return problem
    _put(connection, problem, "acknowledged", by, through, at, place)
    return read_problem(connection, problem_id, versions)


def answer(
    connection: Connection, problem_id: str, place: Place, by: str, measure: str,
    versions: Sequence[RoutingRules], at: dt.datetime, through: str,
) -> Problem:  # fmt: skip
    """Say what is done. The answer goes back up to who passed the part.

    Raises ProblemError: it was answered otherwise, it waits for others, or no measure is named.
    """
    problem, part = _mine(connection, problem_id, place, by, versions, at)
    words = _words(measure, "an answer says what is done (--measure)")
    if part.state == "answered" and part.measure_text == words:
        return problem
    _require_living(part, problem_id)
    _require_no_waiting(part, problem_id)
    _put(connection, problem, "answered", by, through, at, place, measure_text=words)
    return read_problem(connection, problem_id, versions)


def pass_on(
    connection: Connection, problem_id: str, place: Place, to: Place, by: str, reason: str,
    versions: Sequence[RoutingRules], at: dt.datetime, through: str,
) -> Problem:  # fmt: skip
    """Pass a part across to another department, a level down, or as a demand a level up."""
    problem, part = _mine(connection, problem_id, place, by, versions, at)
    words = _words(reason, "a part is passed on with a reason (--reason)")
    _require_one_way(place, to)
    if to in part.waits_for:
        return problem
    _require_living(part, problem_id)
    theirs = problem.part(to)
    if theirs is not None and theirs.state != "returned":
        raise ProblemError(f"problem {problem_id}: {to} has its part already ({theirs.state}); ask them to answer it")
    _put(connection, problem, "passed", by, through, at, place, to=to, reason=words)
    return read_problem(connection, problem_id, versions)


def give_back(
    connection: Connection, problem_id: str, place: Place, by: str, reason: str,
    versions: Sequence[RoutingRules], at: dt.datetime, through: str,
) -> Problem:  # fmt: skip
    """Return a part to who passed it, with a reason."""
    problem, part = _mine(connection, problem_id, place, by, versions, at)
    words = _words(reason, "a part is returned with a reason (--reason)")
    if part.state == "returned":
        return problem
    if part.giver is None:
        raise ProblemError(
            f"problem {problem_id}: nobody passed it to {place}: the figures did. Answer it, or pass it on (--pass)"
        )
    _require_living(part, problem_id)
    _require_no_waiting(part, problem_id)
    _put(connection, problem, "returned", by, through, at, place, reason=words)
    return read_problem(connection, problem_id, versions)


def place_of(problem: Problem, department: str | None, level: str | None, city: str | None) -> Place:
    """The one part that the words name; ProblemError when there are several, or none."""
    named = [
        part.place
        for part in problem.current
        if department in (None, part.place.department)
        and level in (None, part.place.level)
        and city in (None, part.place.city)
    ]
    living = [place for place in named if (part := problem.part(place)) and part.is_living]
    chosen = list(dict.fromkeys(living or named))
    if len(chosen) == 1:
        return chosen[0]
    all_parts = ", ".join(dict.fromkeys(str(part.place) for part in problem.current))
    raise ProblemError(
        f"problem {problem.problem_id}: say whose part with --department (and --level, --city): {all_parts}"
    )


def passed_to(place: Place, department: str | None, level: str | None, city: str | None) -> Place:
    """Where a part is passed to: what is not said stays as it is; the province is of all cities."""
    to_level = level or place.level
    to_city = EVERYWHERE if to_level == LEVELS[0] else city or place.city
    if to_level != LEVELS[0] and to_city == EVERYWHERE:
        raise ProblemError(f"say which city with --to-city: a {to_level} is of a city")
    return Place(department or place.department, to_level, to_city)


def people_of(part: Part, versions: Sequence[RoutingRules], at: dt.datetime) -> tuple[str, ...]:
    """Who may act on a part: its own people, and who it went to when it was overdue."""
    rules = routing_rules_on(at.date(), versions)  # deadlines are the round's; people come and go
    people = rules.department(part.place.department).people(part.place.level, part.place.city)
    return (*people, rules.told_when_overdue(*part.place)) if part.is_overdue(at) else people


def lock(connection: Connection, name: str) -> None:
    """Until the transaction's end nobody else takes a step there."""
    connection.execute(statement(ROOM, "lock_problem"), {"name": name})


def put_event(connection: Connection, problem_id: str, values: Mapping[str, Any]) -> None:
    """One more event of a problem, whose lock the caller holds."""
    empty = dict.fromkeys(
        ("department_code", "level_code", "city_code", "to_department_code", "to_level_code", "to_city_code", "month",
         "reason", "measure_text", "details")
    )  # fmt: skip
    place = len(read_events(connection, problem_id)) + 1
    row: dict[str, Any] = {**empty, **values, "problem_id": problem_id, "event_place": place}
    row["details"] = None if row["details"] is None else json.dumps(row["details"], ensure_ascii=False, sort_keys=True)
    connection.execute(statement(ROOM, "put_event"), row)


def _mine(
    connection: Connection, problem_id: str, place: Place, by: str, versions: Sequence[RoutingRules], at: dt.datetime
) -> tuple[Problem, Part]:
    """The problem, locked, and the part, which the person may act on: its own people, and who it went to when it was
    overdue."""
    lock(connection, problem_id)
    problem = read_problem(connection, problem_id, versions)
    part = problem.part(place)
    if part is None:
        named = ", ".join(str(each.place) for each in problem.current)
        raise ProblemError(f"problem {problem_id} has no part of {place}; its parts are {named}")
    people = people_of(part, versions, at)
    if by not in people:
        raise ProblemError(
            f"{by!r} may not act for {place}; those who may are {', '.join(people)} "
            "(owners in the rules, <home>/rules/routing/)"
        )
    return problem, part


def _require_living(part: Part, problem_id: str) -> None:
    if not part.is_living:
        raise ProblemError(f"problem {problem_id}: the part of {part.place} was {part.state} already")


def _require_no_waiting(part: Part, problem_id: str) -> None:
    if part.waits_for:
        named = ", ".join(map(str, part.waits_for))
        raise ProblemError(f"problem {problem_id}: it is with {named}; their answer, or what they return, comes first")


def _require_one_way(place: Place, to: Place) -> None:
    """Across, or one level down or up."""
    if place.level == to.level and place.city == to.city and place.department != to.department:
        return
    steps = LEVELS.index(to.level) - LEVELS.index(place.level)
    is_place_right = (to.city == EVERYWHERE) == (to.level == LEVELS[0])
    is_same_city = EVERYWHERE in (place.city, to.city) or place.city == to.city
    if place.department == to.department and abs(steps) == 1 and is_place_right and is_same_city:
        return
    raise ProblemError(
        f"{place} passes a problem across (--to-department), or one level down or up in its own department "
        f"(--to-level, and --to-city for a city): not to {to}"
    )


def _words(text: str | None, otherwise: str) -> str:
    words = (text or "").strip()
    if not words:
        raise ProblemError(otherwise)
    if len(words) > LONGEST:
        raise ProblemError(f"the text has {len(words)} signs, over {LONGEST}; say it shorter")
    return words


def _put(
    connection: Connection, problem: Problem, code: str, by: str, through: str, at: dt.datetime, place: Place,
    to: Place | None = None, reason: str | None = None, measure_text: str | None = None,
) -> None:  # fmt: skip
    department, level, city = place
    values: dict[str, Any] = {
        "round_number": problem.round_number, "event_code": code, "department_code": department, "level_code": level,
        "city_code": city, "at": at, "decided_by": by, "decided_through": through, "reason": reason,
        "measure_text": measure_text, "rules_from": problem.rules.valid_from,
    }  # fmt: skip
    if to is not None:
        values |= {"to_department_code": to.department, "to_level_code": to.level, "to_city_code": to.city}
    put_event(connection, problem.problem_id, values)


def _event(row: Mapping[str, Any]) -> Event:
    return Event(
        row["problem_id"], row["event_place"], row["round_number"], row["event_code"],
        _place(row["department_code"], row["level_code"], row["city_code"]),
        _place(row["to_department_code"], row["to_level_code"], row["to_city_code"]),
        row["month"], row["at"], row["decided_by"], row["reason"], row["measure_text"], row["details"] or {},
        row["rules_from"],
    )  # fmt: skip


def _place(department: str | None, level: str | None, city: str | None) -> Place | None:
    return Place(department, level, city) if department and level and city else None
