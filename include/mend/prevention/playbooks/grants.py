"""Compensation on record: asked for, granted or declined, each once; nobody decides on their own request."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement
from mend.prevention.playbooks.authority import Allowed, Answer, NextLevel, Refused, authorise
from mend.prevention.playbooks.errors import GrantError
from mend.prevention.playbooks.found import ROOM, Found, ids_of_person
from mend.prevention.playbooks.playbook import PlaybookSet
from mend.prevention.playbooks.rules import playbooks_on

SAME: Final = ("about_code", "about_id", "amount", "acted_by")  # what a key stands for


@dataclass(frozen=True)
class Person:
    """Who acts, when (in the business zone, whose day says which playbooks count), how it came, why in their words."""

    name: str
    at: dt.datetime
    through: str
    reason: str


@dataclass(frozen=True)
class Given:
    """What a customer was given within so many days; from some number on a person looks, and nothing is withheld."""

    grants: int
    yuan: int
    days: int
    is_look_due: bool


@dataclass(frozen=True)
class Asked:
    """What became of a request. `key` is None when nobody may give it: nothing is on record then."""

    key: str | None
    answer: Answer
    given: Given
    is_new: bool


def ask(
    connection: Connection, found: Found, amount: int, by: Person, versions: Sequence[PlaybookSet],
    key: str | None = None,
) -> Asked:  # fmt: skip
    """Ask for a compensation: within the own authority it is granted, over it it waits for the next level. The same key
    again changes nothing.

    Args:
        key: names the request; without one its case, amount, person and reason do.

    Raises:
        GrantError: without a name or reason; the key is another request's.
    """
    _require_words(by)
    connection.execute(statement(ROOM, "lock_grants"))
    request = key or _key(found, amount, by)
    if before := _events(connection, request):
        return _as_before(connection, request, before, found, amount, by, versions)
    limits = found.chosen.playbook.limits[found.chosen.severity]
    levels = [each.code for each in found.playbooks.levels]
    level = playbooks_on(by.at.date(), versions).level_of(by.name).code
    ids = ids_of_person(connection, found.customer_id)
    case = {"about_code": found.about_code, "about_id": found.about_id, "customer_ids": ids}
    before_yuan = int(connection.execute(statement(ROOM, "given_for_case"), case).scalar_one())
    answer = authorise(amount, _known(level, levels), limits, levels, before_yuan)
    given = _given(connection, ids, by.at, found.playbooks)
    if isinstance(answer, Refused):
        return Asked(None, answer, given, is_new=True)
    row = {
        "request_key": request, "customer_id": found.customer_id, "about_code": found.about_code,
        "about_id": found.about_id, "playbook_code": found.chosen.playbook.code,
        "playbooks_valid_from": found.playbooks.valid_from, "severity": found.chosen.severity, "amount": amount,
        "limits": json.dumps(dict(limits)), "given_before": before_yuan,
    }  # fmt: skip
    waits_for = answer.level_code if isinstance(answer, NextLevel) else None
    _put(connection, row, 1, "asked", level, by, given, waits_for)
    if waits_for is None:
        _put(connection, row, 2, "granted", level, by, given)
    return Asked(request, answer, given, is_new=True)


def decide(connection: Connection, key: str, is_granted: bool, by: Person, versions: Sequence[PlaybookSet]) -> bool:
    """Grant or decline what waits for a decision; False when the same was decided by the same person before.

    Raises:
        GrantError: there is no such request; it was decided otherwise; it is the person's own; their level may not.
    """
    _require_words(by)
    connection.execute(statement(ROOM, "lock_grants"))
    events = _events(connection, key)
    if not events:
        raise GrantError(f"there is no request {key}; `mend compensate --waiting` lists those that wait")
    asked, *decided = events
    code = "granted" if is_granted else "declined"
    if decided:
        return _decided_before(decided[0], code, by)
    if by.name == asked["acted_by"]:
        raise GrantError(f"{by.name} asked for it: nobody decides on their own request; ask {asked['to_level_code']}")
    playbooks = playbooks_on(by.at.date(), versions)
    level, given_before = _require_level(connection, asked, playbooks, by, is_granted)
    ids = ids_of_person(connection, asked["customer_id"])
    row = dict(asked) | {"limits": json.dumps(asked["limits"]), "given_before": given_before}
    _put(connection, row, 2, code, level, by, _given(connection, ids, by.at, playbooks))
    return True


def waiting(connection: Connection) -> list[Mapping[str, Any]]:
    """Requests that wait for a decision, the oldest first: columns of compensation_grant."""
    return [dict(row) for row in connection.execute(statement(ROOM, "waiting_requests")).mappings()]


def history(connection: Connection, customer_id: str) -> list[Mapping[str, Any]]:
    """All events of a person's compensations, in order."""
    ids = ids_of_person(connection, customer_id)
    found = connection.execute(statement(ROOM, "grants_of_customer"), {"customer_ids": ids}).mappings()
    return [dict(row) for row in found]


def given_to(connection: Connection, customer_id: str, at: dt.datetime, versions: Sequence[PlaybookSet]) -> Given:
    """What a person was given within the days of the look, up to a moment."""
    return _given(connection, ids_of_person(connection, customer_id), at, playbooks_on(at.date(), versions))


def _require_level(
    connection: Connection, asked: Mapping[str, Any], playbooks: PlaybookSet, by: Person, is_granted: bool
) -> tuple[str, int]:
    """The person's level and what was given for the case by now, unless the level may not decide. To decline it is
    enough to have the level that was asked; to grant, the limit must hold what was given meanwhile, too."""
    levels = [each.code for each in playbooks.levels]
    level = playbooks.level_of(by.name).code
    asked_level = asked["to_level_code"]
    ids = ids_of_person(connection, asked["customer_id"])
    case = {"about_code": asked["about_code"], "about_id": asked["about_id"], "customer_ids": ids}
    given = int(connection.execute(statement(ROOM, "given_for_case"), case).scalar_one())
    if level not in asked["limits"] or levels.index(level) < levels.index(_known(asked_level, levels)):
        raise GrantError(f"{by.name} has level {level}: {asked['request_key']} waits for {asked_level} or above")
    if is_granted and not isinstance(
        answer := authorise(asked["amount"], level, asked["limits"], levels, given), Allowed
    ):
        whole = given + asked["amount"]
        who = f"ask {answer.level_code}" if isinstance(answer, NextLevel) else "no level may give so much: decline it"
        raise GrantError(
            f"{level} may give {asked['limits'][level]} yuan for the case, with what was given before it would be "
            f"{whole}: {who}"
        )
    return level, given


def _known(level: str, levels: Sequence[str]) -> str:
    """The level, unless the playbooks of the case do not have it."""
    if level not in levels:
        raise GrantError(
            f"there is no authority level {level} in the playbooks that count here, only {', '.join(levels)}: "
            "somebody of one of these decides"
        )
    return level


def _decided_before(row: Mapping[str, Any], code: str, by: Person) -> bool:
    if row["event_code"] != code or row["acted_by"] != by.name:
        at = row["acted_at"].astimezone(by.at.tzinfo)
        raise GrantError(
            f"{row['request_key']} was {row['event_code']} by {row['acted_by']} on {at:%Y-%m-%d %H:%M}: a decision is "
            "not changed"
        )
    return False


def _as_before(
    connection: Connection, key: str, before: list[Mapping[str, Any]], found: Found, amount: int, by: Person,
    versions: Sequence[PlaybookSet],
) -> Asked:  # fmt: skip
    """What became of the request when it first came."""
    asked = before[0]
    same = {"about_code": found.about_code, "about_id": found.about_id, "amount": amount, "acted_by": by.name}
    if differing := [name for name in SAME if asked[name] != same[name]]:
        raise GrantError(f"the key {key} is another request's ({', '.join(differing)} differ): give another --key")
    limits, waits_for = asked["limits"], asked["to_level_code"]
    left = limits[asked["level_code"]] - asked["given_before"] - amount
    answer = Allowed(left) if waits_for is None else NextLevel(waits_for, limits[waits_for])
    return Asked(key, answer, given_to(connection, found.customer_id, by.at, versions), is_new=False)


def _given(connection: Connection, ids: list[str], at: dt.datetime, playbooks: PlaybookSet) -> Given:
    look = playbooks.look
    values = {"customer_ids": ids, "since": at - dt.timedelta(days=look.days), "until": at}
    grants, yuan = connection.execute(statement(ROOM, "given_to_customer"), values).one()
    return Given(int(grants), int(yuan), look.days, look.is_due(int(grants), int(yuan)))


def _events(connection: Connection, key: str) -> list[Mapping[str, Any]]:
    found = connection.execute(statement(ROOM, "request"), {"request_key": key}).mappings()
    return [dict(row) for row in found]


def _put(
    connection: Connection, row: Mapping[str, Any], number: int, code: str, level: str, by: Person, given: Given,
    waits_for: str | None = None,
) -> None:  # fmt: skip
    event = {
        "event_number": number, "event_code": code, "level_code": level, "to_level_code": waits_for,
        "customer_grants": given.grants, "customer_yuan": given.yuan, "is_look_due": given.is_look_due,
        "acted_by": by.name, "acted_through": by.through, "acted_at": by.at, "reason": by.reason.strip(),
    }  # fmt: skip
    connection.execute(statement(ROOM, "put_grant"), {**row, **event})


def _key(found: Found, amount: int, by: Person) -> str:
    words = "\n".join((found.about_code, found.about_id, found.customer_id, str(amount), by.name, by.reason.strip()))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _require_words(by: Person) -> None:
    if not by.name.strip() or not by.reason.strip():
        raise GrantError("a compensation is on record with a name and a reason: who, and why")
