"""What answers questions about a grumble that comes in: one reader a process, loaded beside the start of Airflow's API
server and again after each night, so that no agent waits for it.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from mend.query.pages.story import person_of
from mend_airflow.ui.database import Database

if TYPE_CHECKING:
    from pathlib import Path

    from mend.grumbles.incoming.basis import PointWords
    from mend.grumbles.incoming.reading import IncomingReader, Told
    from mend_airflow.ui.asked import Asked

AGAIN_SECONDS: Final = 60
ENDING_SECONDS: Final = 5

log = logging.getLogger(__name__)


class Grumbles:
    """Answers, and a thread that keeps what they need loaded. `taxonomy_folder`: the home's own taxonomies."""

    def __init__(self, taxonomy_folder: Path) -> None:
        self._folder = taxonomy_folder
        self._reader: IncomingReader | None = None
        self._points: Mapping[str, PointWords] = {}
        self._making = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, database: Database) -> None:
        """Begin to load; returns at once."""
        self._over.clear()
        self._thread = threading.Thread(target=self._keep_warm, args=(database,), name="mend-grumbles", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that is loading is not waited for longer than a few seconds."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(ENDING_SECONDS)

    def tell(self, connection: Connection, customer: str, asked: Asked, now: dt.datetime, zone: str) -> Told:
        """The answer for the person by whose id the customer goes now.

        Raises:
            QuestionError: a word of the question is none that is known.
            NothingPublishedError: no night has published yet.
        """
        person = person_of(connection, customer)
        return self.reader().tell(connection, asked.question(person, now, zone))

    def reader(self) -> IncomingReader:
        """The process's reader."""
        with self._making:
            if self._reader is None:
                from mend.grumbles.incoming.reading import IncomingReader  # half a second: not at the server's start

                self._reader = IncomingReader(self._folder)
            return self._reader

    def points(self) -> Mapping[str, PointWords]:
        """The taxonomy's points in words, as they are loaded now; none before the first night or while they load."""
        return self._points

    def warm(self, database: Database) -> bool:
        """Load what the next answer needs, where it is not loaded; whether there is something to load."""
        from mend.grumbles.incoming.errors import NothingPublishedError

        try:
            with database.read() as connection:
                self.reader().warm(connection)
                self._points = self.reader().basis(connection).points
        except NothingPublishedError:
            return False  # before the first night
        return True

    def _keep_warm(self, database: Database) -> None:
        while True:
            try:
                self.warm(database)
            except Exception as error:  # a database that is away is away for the questions, too, and they say so
                log.warning("answers about grumbles are not loaded: %s", type(error).__name__)
            if self._over.wait(AGAIN_SECONDS):
                return
