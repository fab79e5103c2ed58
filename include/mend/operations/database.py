"""Connections to the operations database, and locks held in it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from mend.sessions import engine

LOCK_CLASS = 0x6D6F7073  # "mops": our own class of advisory locks, apart from the lake's


@contextmanager
def transaction(url: str) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on an exception."""
    with engine(url).begin() as connection:
        yield connection


@contextmanager
def locked(url: str, name: str) -> Iterator[None]:
    """One process at a time does what `name` stands for. The lock ends with the block, or with the process, however that ends."""
    key = zlib.crc32(name.encode()) - 2**31
    with engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("select pg_advisory_lock(:class, :key)"), {"class": LOCK_CLASS, "key": key})
        yield
