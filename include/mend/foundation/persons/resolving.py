"""Chains of ids that became others, followed to their end. Pure, and the same in whatever order the aliases are
given.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Doubt = Literal["two_survivors", "circle"]
Links: TypeAlias = Mapping[str, set[str]]


@dataclass(frozen=True)
class Alias:
    """An id that became another from a day on."""

    old_id: str
    new_id: str
    merged_on: dt.date


@dataclass(frozen=True)
class Person:
    """By which id a customer goes. In doubt it is the customer's own: nobody is taken for another on a guess."""

    person_id: str
    merged_on: dt.date
    doubt: Doubt | None = None


def resolved(aliases: Iterable[Alias], on: dt.date) -> dict[str, Person]:
    """The person of each id that became another by a day. Ids that are not in it go by their own.

    >>> may, june = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
    >>> chain = [Alias("a", "b", may), Alias("b", "c", june)]
    >>> {name: person.person_id for name, person in resolved(chain, may).items()}
    {'a': 'b'}
    >>> {name: person.person_id for name, person in resolved(chain, june).items()}
    {'a': 'c', 'b': 'c'}
    """
    known = [alias for alias in aliases if alias.merged_on <= on and alias.old_id != alias.new_id]
    links: dict[str, set[str]] = defaultdict(set)
    since: dict[str, dt.date] = {}
    for alias in known:
        links[alias.old_id].add(alias.new_id)
        since[alias.old_id] = min(alias.merged_on, since.get(alias.old_id, alias.merged_on))
    found: dict[str, tuple[str, Doubt | None]] = {name: (name, "circle") for name in _circling(links)}
    _follow(links, found)
    return {name: Person(found[name][0], since[name], found[name][1]) for name in sorted(links)}


def _circling(links: Links) -> set[str]:
    """The ids that become themselves in the end, and those between two such circles: what is left when the ends of all
    chains, from both sides, are taken away."""
    left, turned = set(links), _turned(links)
    for following, before in ((links, turned), (turned, links)):
        waits = {name: len(following.get(name, set()) & left) for name in left}
        ends = [name for name in left if not waits[name]]
        while ends:
            end = ends.pop()
            left.remove(end)
            for name in before.get(end, set()) & left:
                waits[name] -= 1
                if not waits[name]:
                    ends.append(name)
    return left


def _turned(links: Links) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = defaultdict(set)
    for old, news in links.items():
        for new in news:
            turned[new].add(old)
    return turned


def _follow(links: Links, found: dict[str, tuple[str, Doubt | None]]) -> None:
    """Fill in the end of every chain, from the ends backwards, so that no chain is too long."""
    turned = _turned(links)
    waits = {name: len(news) for name, news in links.items() if name not in found}
    ready = [name for name in turned if name not in links or name in found]
    while ready:
        done = ready.pop()
        for old in turned.get(done, ()):
            if old in waits:
                waits[old] -= 1
                if waits[old] == 0:
                    found[old] = _end(old, links[old], found)
                    ready.append(old)


def _end(old: str, news: set[str], found: Mapping[str, tuple[str, Doubt | None]]) -> tuple[str, Doubt | None]:
    """Where an id ends whose next ids are known. Ways that meet again are one."""
    ends = {found[new][0] if new in found else new for new in news}
    return (ends.pop(), None) if len(ends) == 1 else (old, "two_survivors")
