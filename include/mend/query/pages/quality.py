"""What the quality page shows: quarantine, broken rules, stopped batches. No value of a row is in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from mend.query.pages.published import Document, parts_of, read_document
from mend.query.pages.reading import Rows, row, rows

DAYS_SHOWN: Final = 31


@dataclass(frozen=True)
class Quality:
    """The last 31 business dates of arrival, and one month's reasons. `through` is None before anything arrived."""

    through: dt.date | None
    trend: Rows
    sources: Rows
    broken: Rows
    stopped: Rows
    undelivered: Rows
    decisions: Rows
    months: list[str]
    reasons: Document | None

    @property
    def warnings(self) -> Rows:
        """Broken rules that stopped nothing."""
        return [each for each in self.broken if each["severity_code"] != "critical"]

    @property
    def critical(self) -> Rows:
        """Broken rules that stop a batch until a person accepts it."""
        return [each for each in self.broken if each["severity_code"] == "critical"]


def read_quality(connection: Connection, month: str | None = None) -> Quality:
    """What is known now; `month` of the reasons, the latest by default."""
    last = row(connection, "last_arrival")
    through: dt.date | None = last["arrived_on"] if last else None
    since = (through or dt.date.max) - dt.timedelta(days=DAYS_SHOWN)
    return Quality(
        through,
        rows(connection, "quarantine_trend", since=since),
        rows(connection, "quarantine_by_source", since=since),
        rows(connection, "broken_rules", since=since),
        rows(connection, "stopped_batches"),
        rows(connection, "failed_deliveries"),
        rows(connection, "batch_decisions"),
        parts_of(connection, "quarantine"),
        read_document(connection, "quarantine", month),
    )
