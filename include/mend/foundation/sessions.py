"""Sessions with PostgreSQL: a process keeps one of a database open while it has nothing to ask, and a user gets it as
good as new.

A new session costs the server three milliseconds and the client one; a night asks a hundred and forty times.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import Engine, PoolResetState, create_engine, event, text

# Not `discard all`: psycopg goes on to use the statements that it has prepared, and that would drop them.
AS_NEW: Final = "select pg_advisory_unlock_all(); discard temp; reset all"

_engines: Final[dict[str, Engine]] = {}
_adopted: Final[WeakSet[Engine]] = WeakSet()


def engine(url: str) -> Engine:
    """The process's engine for the database. A session that the server has ended meanwhile is replaced."""
    return _engines.get(url) or _engines.setdefault(url, _made(url))


@contextmanager
def locked(url: str, lock_class: int, name: str) -> Iterator[None]:
    """One process at a time does what the name stands for, among the names of its class. The lock ends with the block,
    or with the process, however that ends."""
    key = zlib.crc32(name.encode()) - 2**31
    with engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        session.execute(text("select pg_advisory_lock(:class, :key)"), {"class": lock_class, "key": key})
        yield


def adopt(made: Engine) -> None:
    """Look after an engine that a library made: its idle sessions end with ours, and a forked process leaves them
    alone.
    """
    _adopted.add(made)


def close_idle() -> None:
    """End the sessions that nobody uses; later users get new ones."""
    for each in _all():
        each.dispose()


def _all() -> list[Engine]:
    return [*_engines.values(), *_adopted]


def _made(url: str) -> Engine:
    made = create_engine(url, pool_size=1, max_overflow=-1, pool_pre_ping=True, pool_reset_on_return=None)
    event.listen(made, "reset", _as_new)
    return made


def _as_new(session: Any, _: Any, state: PoolResetState) -> None:
    """Roll back, and let go of all that a session holds: locks, temporary tables, settings."""
    session.rollback()
    if not state.terminate_only:
        session.autocommit = True
        session.execute(AS_NEW, prepare=False)
        session.autocommit = False


def _forget() -> None:
    """A forked process leaves its parent's sessions alone."""
    for each in _all():
        each.dispose(close=False)


os.register_at_fork(after_in_child=_forget)
