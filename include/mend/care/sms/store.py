"""The relay's own session with the operations database: it holds the link's lock, and every write of the relay goes
through it.

One session for both is the fence: when it is gone, so is the lock, and nothing can be committed that another relay
would not know of.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from mend.care.sms.errors import SmsError

LOCK_CLASS: Final = 0x6D736D73  # "msms": links of SMS accounts
T = TypeVar("T")


class StoreError(SmsError):
    """The database cannot be reached, or a session broke; the message has the error's class and SQLSTATE alone."""


class BrokenStoreError(SmsError):
    """The database refuses what the relay says: trying again would not mend it."""


# The database is gone, going or busy; all else is a fault of ours.
PASSING: Final = (OperationalError, InterfaceError)


def _named(error: SQLAlchemyError) -> str:
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return f"{type(error).__name__} {state or ''}".strip()


class Store:
    """One session, used from one thread, so that the event loop never waits for the database."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sms-store")
        self._connection: Connection | None = None

    async def take_lock(self, account: str) -> bool:
        """Become the account's only sender; False while another process is."""
        return await self._call(lambda: self._take_lock(account))

    def _take_lock(self, account: str) -> bool:
        if self._connection is None:
            self._connection = self._engine.connect()
        values = {"class": LOCK_CLASS, "key": zlib.crc32(account.encode()) - 2**31}
        with self._connection.begin():
            return bool(
                self._connection.execute(text("select pg_try_advisory_lock(:class, :key)"), values).scalar_one()
            )

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one transaction, committed when this returns. StoreError when that is not sure."""
        return await self._call(lambda: self._run(work))

    def _run(self, work: Callable[[Connection], T]) -> T:
        if self._connection is None:
            raise StoreError("no session")
        with self._connection.begin():
            return work(self._connection)

    async def _call(self, call: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except SQLAlchemyError as error:
            await self.close()
            # The error itself quotes the values.
            raise (StoreError if isinstance(error, PASSING) else BrokenStoreError)(_named(error)) from None

    async def close(self) -> None:
        """Let the session and its lock go."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except SQLAlchemyError:
                connection.invalidate()
