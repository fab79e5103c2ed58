"""Opens a home, and settles what a move or a copy of its folder left open."""

from __future__ import annotations

import dataclasses
from typing import Final

from mend.foundation import identity, operations, server, sessions
from mend.foundation.home import Home
from mend.foundation.identity import Identity, Origin
from mend.foundation.opening.cases import Case, Mixed, Refused, decide
from mend.foundation.opening.seen import Seen, look, whereabouts_of

LOCK_CLASS: Final = 0x6D686F6D  # "mhom": our own class of advisory locks


def open_home(home: Home) -> None:
    """Start what the home needs (the embedded server, when it has one), and make sure that its parts are one home, at
    this path.

    A folder that was moved or copied whole is settled: its tables' paths are written again, and a copy becomes a home
    of its own. Raises Refused where a person must say what it is, ServerError when the server does not start.
    """
    server.start(home)
    if decide(look(home)) is Case.SETTLED:
        return
    with sessions.locked(home.catalog_url, LOCK_CLASS, "opening"):
        seen = look(home)  # another process may have been faster
        _settle(home, seen, decide(seen))


def as_moved(home: Home) -> None:
    """A person says: this is the home itself, and nothing uses another folder of it. Raises Mixed for parts of
    different homes.
    """
    server.start(home)
    with sessions.locked(home.catalog_url, LOCK_CLASS, "opening"):
        seen = look(home)
        _decided(seen)
        known = seen.identity or _adopted(seen)
        _relocate(home)
        _mark(home, dataclasses.replace(known, root=home.root, copy_of=None))


def as_copy(home: Home) -> None:
    """A person says: this is a copy, with databases and a lake of its own. Raises Refused where the lake is the first
    home's.
    """
    server.start(home)
    with sessions.locked(home.catalog_url, LOCK_CLASS, "opening"):
        seen = look(home)
        _decided(seen)
        if "lake" not in seen.inside and not seen.lay_in and seen.catalog:
            raise Refused(
                f"the tables are in {seen.warehouse}, which is the first home's lake, too. Copy that folder, and name "
                f"the copy: MEND_LAKE. "
                "(The paths in a bucket are not written again: a lake in a bucket has one home)"
            )
        _become_own(home, seen)


def require_sender(home: Home) -> None:
    """Raises Refused for a copy: what waits in its outbox is sent by the home that it was copied from."""
    known = identity.recorded(home.root)
    if known and known.copy_of:
        raise Refused(
            f"{home.root} is a copy of the home in {known.copy_of.root}: what waits in its outbox is sent by that "
            f"home, and would be sent "
            "twice. When this one takes that home's place: `mend home moved`. To look on: MEND_SMS_MODE=dry_run"
        )


def _decided(seen: Seen) -> None:
    """A doubt is what the person settles; that parts of different homes are there is none."""
    try:
        decide(seen)
    except Mixed:
        raise
    except Refused:
        pass


def _settle(home: Home, seen: Seen, case: Case) -> None:
    if case is Case.COPY:
        return _become_own(home, seen)
    if case is Case.MOVED:
        _relocate(home)
    if case is not Case.SETTLED:
        _mark(home, dataclasses.replace(seen.identity or _adopted(seen), root=home.root))
    return None


def _become_own(home: Home, seen: Seen) -> None:
    """The new identity is written first: a kill leaves a copy on its way, which no longer takes itself for the first
    home.
    """
    known = seen.identity
    leaves = (*known.leaves, known.home_id) if known else tuple(sorted({mark for mark in seen.marks.values() if mark}))
    origin = Origin(known.home_id if known else next(iter(leaves), None), seen.root_then)
    own = identity.new(home.root, origin, leaves)
    _require_files(home)
    identity.record(home, own)
    _relocate(home)
    _mark(home, own)


def _adopted(seen: Seen) -> Identity:
    """The identity that the stores bear, else a new one."""
    made = identity.new(seen.root)
    marks = [mark for mark in seen.marks.values() if mark]
    return dataclasses.replace(made, home_id=marks[0]) if marks else made


def _require_files(home: Home) -> None:
    whereabouts = whereabouts_of(home)
    for lying in whereabouts.elsewhere():
        whereabouts.require_complete(lying)


def _relocate(home: Home) -> None:
    """Nothing is written unless all files are there. After a kill, the tables that are done are not looked at again."""
    _require_files(home)
    whereabouts = whereabouts_of(home)
    for lying in whereabouts.elsewhere():
        whereabouts.relocate(lying)


def _mark(home: Home, known: Identity) -> None:
    """The folder first, the lake last, and the folder once more when all bear it: an operations database without tables
    comes later.
    """
    whereabouts = whereabouts_of(home)
    identity.record(home, dataclasses.replace(known, is_complete=False))
    has_table = operations.mark(home.database_url, known.home_id)
    whereabouts.mark_catalog(known.home_id)
    whereabouts.mark_lake(known.home_id)
    if has_table:
        identity.record(home, known.completed())
