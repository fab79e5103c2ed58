"""The overview's figures, from the operations database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.query.pages.reading import Rows, row, rows

SOON: Final = dt.timedelta(hours=2)
LOOKED_BACK: Final = dt.timedelta(days=7)


@dataclass(frozen=True)
class Overview:
    """Last night in one look. `night` is None when no night was published yet."""

    night: Mapping[str, Any] | None
    arrivals: Rows
    damage: Rows
    months: Rows
    nights: Rows
    warnings: Rows
    follow_ups: Rows
    failures: Rows
    stopped: Rows
    undelivered: Rows

    @property
    def month(self) -> str | None:
        """The month that `damage` counts."""
        return str(self.damage[0]["month"]) if self.damage else None

    @property
    def damaged(self) -> int:
        """Customers with damage in that month."""
        return sum(row["customer_count"] for row in self.damage if row["level"] > 0)

    def arrived(self, name: str) -> int:
        """Rows of all sources: arrived, accepted, quarantined or superseded."""
        return sum(row[name] for row in self.arrivals)

    def total(self, name: str) -> int:
        """Follow-ups of all teams: open_count, late_count, soon_count or paused_count."""
        return sum(row[name] for row in self.follow_ups)


def read_overview(connection: Connection, now: dt.datetime) -> Overview:
    """What the latest night and month say, and what waits at this moment."""
    night = row(connection, "latest_night")
    return Overview(
        night,
        rows(connection, "arrivals", day=night["through_on"]) if night else [],
        rows(connection, "damage_now"),
        rows(connection, "damage_months"),
        rows(connection, "damage_nights"),
        rows(connection, "warnings"),
        rows(connection, "follow_ups", now=now, soon=now + SOON),
        rows(connection, "failures", since=now - LOOKED_BACK),
        rows(connection, "stopped_batches"),
        rows(connection, "failed_deliveries"),
    )
