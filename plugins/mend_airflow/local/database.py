"""The home's PostgreSQL, kept running beside the components that need it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from mend.foundation import server
from mend.foundation.home import Home

RETRY_SECONDS: Final = 5


class Database:
    """Brings the home's own PostgreSQL up again when it died; where the databases are elsewhere there is nothing to
    do.
    """

    def __init__(self, home: Home, say: Callable[[str], None]) -> None:
        self._home, self._say = home, say
        self._next_try = 0.0

    def is_up(self) -> bool:
        """Whether the components can work, after a try to make it so. The server's process tells: one that is busy is
        none that died.
        """
        if not self._home.needs_embedded_server or server.is_alive(self._home):
            return True
        if time.monotonic() < self._next_try:
            return False
        return self._bring_up()

    def _bring_up(self) -> bool:
        self._say("PostgreSQL ended; starting it again")
        try:
            server.start(self._home)
        except Exception as error:  # whatever it is, the next try may succeed, and the supervisor must live
            self._next_try = time.monotonic() + RETRY_SECONDS
            self._say(f"PostgreSQL does not start: {error}")
            return False
        self._say("PostgreSQL runs again")
        return True
