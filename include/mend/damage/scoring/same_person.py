"""Ids of one person, and from which day to which: an id that became another stays the same person's."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from mend.foundation.persons import Alias, aliases, resolved
from mend.foundation.pipeline.runner import Step

ONE_DAY = dt.timedelta(days=1)
Pair = tuple[str, str, dt.date, dt.date]
COLUMNS = {"customer_id": "varchar", "other_id": "varchar", "first_on": "date", "last_on": "date"}


def put_same_person(step: Step, first: dt.date, last: dt.date) -> None:
    """Make `same_person`: pairs of two ids of one person, with the days (`first` to `last`) on which they are."""
    step.put("same_person", COLUMNS, same_persons(aliases(step.bench, last), first, last))


def same_persons(known: Iterable[Alias], first: dt.date, last: dt.date) -> list[Pair]:
    """Pairs of two ids of one person, both ways round.

    >>> day = dt.date(2026, 5, 1)
    >>> [pair[:2] for pair in same_persons([Alias("a", "b", day)], day, day)]
    [('a', 'b'), ('b', 'a')]
    """
    return sorted(pair for linked in _linked(known) for pair in _pairs(linked, first, last))


def _pairs(linked: list[Alias], first: dt.date, last: dt.date) -> Iterator[Pair]:
    starts = sorted({first, *(alias.merged_on for alias in linked if first < alias.merged_on <= last)})
    for start, end in zip(starts, [*(day - ONE_DAY for day in starts[1:]), last], strict=True):
        ids_of: dict[str, set[str]] = defaultdict(set)
        for name, person in resolved(linked, start).items():
            ids_of[person.person_id] |= {name, person.person_id}
        yield from ((one, other, start, end) for ids in ids_of.values() for one in ids for other in ids if one != other)


def _linked(known: Iterable[Alias]) -> Iterator[list[Alias]]:
    """The aliases in groups that share no id, so that each group is followed by itself."""
    group_of: dict[str, list[Alias]] = {}
    ids_of: dict[int, set[str]] = {}
    for alias in known:
        old, new = group_of.get(alias.old_id, []), group_of.get(alias.new_id, [])
        merged = old if old is new and old else [*old, *new]
        merged.append(alias)
        ids = ids_of.pop(id(old), set()) | ids_of.pop(id(new), set()) | {alias.old_id, alias.new_id}
        ids_of[id(merged)] = ids
        group_of |= dict.fromkeys(ids, merged)
    seen: set[int] = set()
    for group in group_of.values():
        if id(group) not in seen:
            seen.add(id(group))
            yield group
