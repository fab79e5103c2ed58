"""Connections to the operations database, and locks held in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection

from mend.foundation import sessions

LOCK_CLASS = 0x6D6F7073  # "mops": our own class of advisory locks, apart from the lake's


@contextmanager
def transaction(url: str) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on an exception."""
    with sessions.engine(url).begin() as connection:
        yield connection


def locked(url: str, name: str) -> AbstractContextManager[None]:
    """One process at a time does what `name` stands for."""
    return sessions.locked(url, LOCK_CLASS, name)
