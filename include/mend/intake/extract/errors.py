"""What can be wrong with a source as a whole. A fault of one row is no exception: it becomes a row of core_quarantine.

Messages name the file and what to do. They never hold a value of the data: it may be personal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from mend.errors import BadDataError, RetryableError


class ExtractError(BadDataError):
    """A source could not be loaded; nothing of the file was. `day` is the business date whose delivery is wrong, None
    when it may be any."""

    day: dt.date | None = None

    def by_day(self, days: Collection[dt.date]) -> dict[dt.date, str]:
        """Which of the days asked for are not complete for it, each with what is wrong; the others are loaded."""
        return dict.fromkeys([self.day] if self.day is not None and self.day in days else days, str(self))


class ConfigError(ExtractError):
    """A source's configuration is wrong; the message names file and key."""


class MissingFileError(ExtractError):
    """A file that must be there is not."""


class PlaceError(ExtractError):
    """A file is outside of the folders that deliveries may be in."""


class EmptyFileError(ExtractError):
    """A file has no content at all."""


class NotDataError(ExtractError):
    """A file is something else than its configuration says, such as an HTML page."""


class CorruptFileError(ExtractError):
    """A compressed file is cut short or damaged."""


class TooLargeError(ExtractError):
    """A file unpacks to more than the limits allow."""


class EncodingError(ExtractError):
    """A file is not in the stated encoding; the message names line, byte and, where it can be told, what the file looks
    like.
    """


class HeaderError(ExtractError):
    """A header lacks columns that the configuration maps, or names one twice."""


class NothingFitsError(ExtractError):
    """No row of a file could be read: the file does not fit its description."""


class DatabaseSourceError(RetryableError, ExtractError):
    """A source database could not be read."""


class SeveralFailures(ExtractError):
    """Several deliveries of a source could not be loaded; the message has a line for each, and the rest was loaded."""

    failures: tuple[ExtractError, ...] = ()

    def by_day(self, days: Collection[dt.date]) -> dict[dt.date, str]:
        """The same of all failures."""
        found: dict[dt.date, list[str]] = {}
        for failure in self.failures:
            for day, words in failure.by_day(days).items():
                found.setdefault(day, []).append(words)
        return {day: "; ".join(words) for day, words in found.items()} or super().by_day(days)


class SeveralOutages(SeveralFailures, DatabaseSourceError):
    """The same, and a source database is among them: a later try may succeed."""


class ReconciliationError(ExtractError):
    """Lines in are not lines accounted for. This is a fault of Mend, not of the file."""


class SourceParameterError(ExtractError):
    """A run's parameters `sources` and `paths` do not fit together."""


class IncompleteDayError(ExtractError):
    """Deliveries of a run's days are missing; the message names each, why, and what to do."""
