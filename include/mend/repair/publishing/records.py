"""Lists, what was decided about them, how far their actions are: from the operations database, for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from mend.foundation.operations.tables import METADATA
from mend.repair.publishing.lists import CAMPAIGN_LIST

CAMPAIGN_DECISION = METADATA.tables["campaign_decision"]
CAMPAIGN_ACTION = METADATA.tables["campaign_action"]
ACCESS_LOG = METADATA.tables["access_log"]


@dataclass(frozen=True)
class ListHead:
    """A list in one line."""

    list_id: str
    month: str
    version: int
    state_code: str
    row_count: int
    registered_at: dt.datetime
    published_at: dt.datetime | None


def lists_known(connection: Connection) -> list[ListHead]:
    """All lists, the latest first."""
    table = CAMPAIGN_LIST.c
    names = [table[name] for name in ListHead.__dataclass_fields__]
    found = connection.execute(select(*names).order_by(table.month.desc(), table.version.desc()))
    return [ListHead(*each) for each in found]


def decisions_about(connection: Connection, list_id: str) -> list[Mapping[str, Any]]:
    """What was decided about a list, in order."""
    table = CAMPAIGN_DECISION.c
    query = select(CAMPAIGN_DECISION).where(table.list_id == list_id).order_by(table.decision_id)
    return [dict(each) for each in connection.execute(query).mappings()]


def looks_at(connection: Connection, list_id: str) -> list[Mapping[str, Any]]:
    """Who exported whole numbers of a list, when and why; the latest first."""
    table = ACCESS_LOG.c
    query = select(ACCESS_LOG).where(table.list_id == list_id).order_by(table.look_id.desc()).limit(20)
    return [dict(each) for each in connection.execute(query).mappings()]


def actions_of(connection: Connection, list_id: str) -> list[tuple[str, str, int]]:
    """Rows of a published list by strategy and state."""
    table = CAMPAIGN_ACTION.c
    query = select(table.strategy_code, table.state_code, func.count()).where(table.list_id == list_id)
    grouped = query.group_by(table.strategy_code, table.state_code)
    return [tuple(each) for each in connection.execute(grouped.order_by(table.strategy_code, table.state_code))]
