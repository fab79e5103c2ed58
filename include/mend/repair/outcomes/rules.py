"""How a campaign is followed: which month, by which indicator, and when a high-value customer counts as kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from mend.foundation.periods import ONE_DAY, first_day_of, next_month_begins

REPEAT_INDICATOR: Final = "RES-01"  # had to call again: one definition, the ledger's
KEPT_SHARE: Final = 0.7  # a fall of 30 % is the decline of the life cycle: kept is who is above it


@dataclass(frozen=True)
class Followed:
    """The time in which a campaign is followed, the same for every arm: the month after the damage.

    Args:
        before_on: the snapshot that shows the damage month's spend: it is made as the next month begins.
        after_on: the snapshot that shows the followed month's.
    """

    first_day: dt.date
    last_day: dt.date
    before_on: dt.date
    after_on: dt.date


def followed(month: str) -> Followed:
    """The time followed of a campaign.

    >>> followed("2026-01").last_day, followed("2026-01").after_on
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 1))
    """
    first = next_month_begins(first_day_of(month))
    after = next_month_begins(first)
    return Followed(first, after - ONE_DAY, first, after)
