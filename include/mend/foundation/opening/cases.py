"""What a home is, told from one look at it: a pure function of what was seen."""

from __future__ import annotations

from enum import Enum
from typing import Final

from mend.foundation.home import HomeError
from mend.foundation.opening.seen import Original, Seen

PLACES: Final = {"operations": "the operations database", "catalog": "the catalog's database", "lake": "the lake"}
STORES: Final = frozenset(PLACES)


class Case(Enum):
    """What to do when it is opened."""

    SETTLED = "nothing"
    MARK = "write the identity into the parts that lack it"
    MOVED = "write the tables' paths again"
    COPY = "give it an identity of its own, and write the tables' paths again"


class Refused(HomeError):
    """Nothing is read, written or removed until a person has said what this home is."""


class Mixed(Refused):
    """Parts of more than one home."""


def decide(seen: Seen) -> Case:
    """The one case that it can be. Refused where it can be more than one, or none."""
    _require_one_home(seen)
    if seen.identity is None:
        return _without_identity(seen)
    if seen.identity.root != seen.root and seen.original is not Original.SAME and seen.inside:
        return _at_another_path(seen)
    return _at_its_path(seen)


def _require_one_home(seen: Seen) -> None:
    """All identities are one, and the catalog knows the lake."""
    ours = (
        {seen.identity.home_id, *seen.identity.leaves}
        if seen.identity
        else {mark for mark in seen.marks.values() if mark}
    )
    found = {mark for mark in seen.marks.values() if mark}
    if found - ours or (seen.identity is None and len(found) > 1):
        raise Mixed(
            f"{_told(seen)}. These are parts of different homes. Check MEND_HOME, MEND_DATABASE_URL, MEND_CATALOG_URL "
            f"and MEND_LAKE; "
            "`mend home` shows each part"
        )
    if not seen.catalog and (seen.lake or seen.has_unknown_tables):
        raise Mixed(
            f"the lake in {seen.warehouse} holds tables that the catalog's database does not know: its files would be "
            f"taken for waste. "
            "Put the catalog's database back from its backup, or name an empty place for the lake"
        )


def _without_identity(seen: Seen) -> Case:
    """An empty home, one of an earlier version, or one whose folder is made again wherever it runs (its stores are
    elsewhere).
    """
    marked = {name for name, mark in seen.marks.items() if mark}
    if marked and marked != STORES:
        raise Refused(f"{_told(seen)}. {_what_next('moved')}")
    if not seen.lay_in:
        return Case.MARK
    if marked or seen.inside != STORES:
        raise Refused(f"{_told(seen)}. Its tables are in {seen.lay_in[0]}. {_what_next('moved')}, {_what_next('copy')}")
    return Case.COPY if seen.lake_was_left else Case.MOVED


def _at_its_path(seen: Seen) -> Case:
    assert seen.identity is not None
    if seen.lay_in and seen.lake_was_left and not seen.identity.leaves:
        raise Refused(
            f"the tables are in {seen.lay_in[0]}, and this home's lake is to be {seen.warehouse}. Set "
            f"MEND_LAKE={seen.lay_in[0]}; "
            f"or, when the lake was brought to {seen.warehouse} for good, say so: `mend home moved`"
        )
    if seen.lay_in:
        return Case.MOVED
    lacking = [name for name, mark in seen.marks.items() if mark != seen.identity.home_id]
    if lacking and seen.identity.is_complete:
        raise Refused(
            f"{' and '.join(PLACES[name] for name in lacking)} of {seen.root} should bear the identity of this home, "
            f"and has none: it is "
            f"another or a new one. Put it back from its backup, or choose a new folder for a new home. "
            f"{_what_next('moved')}"
        )
    return Case.MARK if lacking or not seen.identity.is_complete else Case.SETTLED


def _at_another_path(seen: Seen) -> Case:
    """The folder was moved or copied. That is settled at once where every store came along, or none is in question."""
    assert seen.identity is not None
    is_copy, then = seen.original is Original.PRESENT, seen.identity.root
    if seen.inside == STORES:
        return Case.COPY if is_copy else Case.MOVED
    shared = " and ".join(PLACES[name] for name in sorted(STORES - seen.inside))
    if is_copy:
        raise Refused(
            f"{seen.root} is a copy of the home in {then}, and {shared} would be shared by both: each would remove "
            f"the other's files. "
            f"Give this one its own (MEND_DATABASE_URL, MEND_CATALOG_URL, MEND_LAKE), then say so: `mend home copy`. "
            f"{_what_next('moved')}"
        )
    raise Refused(
        f"{seen.root} was in {then} when it was last seen, and {shared} is not in the folder: whether it was moved, "
        f"or copied from another "
        f"machine that goes on to use {shared}, cannot be told. {_what_next('moved')}, {_what_next('copy')}"
    )


def _what_next(word: str) -> str:
    told = {
        "moved": "When this is the home itself, and nothing uses another folder of it any more: `mend home moved`",
        "copy": "when it is a copy with stores of its own: `mend home copy`",
    }
    return told[word]


def _told(seen: Seen) -> str:
    """Each part and the home it names."""
    folder = (
        f"the folder {seen.root} is home {seen.identity.home_id}"
        if seen.identity
        else f"the folder {seen.root} has no identity"
    )
    return ", ".join(
        [
            folder,
            *(f"{PLACES[name]} is {f'of home {mark}' if mark else 'of none'}" for name, mark in seen.marks.items()),
        ]
    )
