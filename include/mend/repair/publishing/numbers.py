"""Which numbers a list may show by now: asked of the contact rules, in the operations database alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from mend.care.contact_rules import numbers_now, open_requests
from mend.foundation.operations.statements import statement
from mend.repair.publishing.lists import ROOM
from mend.repair.strategies.hold_out import UNIVERSAL, is_withheld


@dataclass(frozen=True)
class HoldOut:
    """By what the arms of a list were drawn: season, seed, the universal arm's share and each strategy's."""

    season: str
    seed: str
    universal_share: float
    shares: Mapping[str, float]


def ask_numbers(connection: Connection, drawn: HoldOut, at: dt.datetime) -> None:
    """For each row of campaign_row its number, or the reason why it is not shown: the temporary table shown_number."""
    _put_kept_aside(connection, drawn)
    open_requests(connection)
    connection.execute(statement(ROOM, "ask_numbers"), {"at": at})
    numbers_now(connection, at)
    connection.execute(statement(ROOM, "shown_number"))


def _put_kept_aside(connection: Connection, drawn: HoldOut) -> None:
    """Look at the hold-out once more for people who have come to go by several ids: one that is held out is enough."""
    connection.execute(statement(ROOM, "kept_aside"))

    def is_kept(row: Any) -> bool:
        arms = ((UNIVERSAL, drawn.universal_share), (row.strategy_code, drawn.shares[row.strategy_code]))
        return any(is_withheld(row.ids, drawn.season, what, share, drawn.seed) for what, share in arms)

    merged = connection.execute(statement(ROOM, "merged_row")).all()
    kept = [{"strategy_code": row.strategy_code, "customer_id": row.customer_id} for row in merged if is_kept(row)]
    if kept:
        connection.execute(statement(ROOM, "put_kept_aside"), kept)
