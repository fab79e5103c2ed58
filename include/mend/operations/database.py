"""Connections to the operations database, and locks held in it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

LOCK_CLASS = 0x6D6F7073  # "mops": our own class of advisory locks, apart from the lake's


@lru_cache(maxsize=8)
def engine(url: str) -> Engine:
    """An engine without a pool: a task asks seldom, and holds nothing open in between."""
    return create_engine(url, poolclass=NullPool)


@contextmanager
def transaction(url: str) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on an exception."""
    with engine(url).begin() as connection:
        yield connection


@contextmanager
def locked(url: str, name: str) -> Iterator[None]:
    """One process at a time does what `name` stands for. The lock ends with its session, however that ends."""
    key = zlib.crc32(name.encode()) - 2**31
    with engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("select pg_advisory_lock(:class, :key)"), {"class": LOCK_CLASS, "key": key})
        yield
