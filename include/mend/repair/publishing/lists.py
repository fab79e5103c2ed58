"""A list as the operations database knows it: which state it is in, and which states can follow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement
from mend.foundation.operations.tables import METADATA
from mend.repair.publishing.errors import ListStateError, NoListError

ROOM: Final = "repair/publishing"
CAMPAIGN_LIST: Final = METADATA.tables["campaign_list"]
LIST_ID: Final = re.compile(r"([0-9]{4}-(?:0[1-9]|1[0-2]))-v([1-9][0-9]{0,8})")
# State → the states that may follow. What is refused or recalled stays so: other content is another version.
TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"approved", "refused"}),
    "approved": frozenset({"published", "refused"}),
    "published": frozenset({"recalled"}),
    "refused": frozenset(),
    "recalled": frozenset(),
}


@dataclass(frozen=True)
class CampaignList:
    """A version of a month's campaign and what became of it."""

    list_id: str
    month: str
    version: int
    content_sha256: str
    state_code: str
    row_count: int
    summary: Mapping[str, Any]
    needs_bias_reason: bool
    published_at: dt.datetime | None
    folder: str | None
    draft_folder: str | None
    published: Mapping[str, Any] | None


def list_id_of(month: str, version: int) -> str:
    """
    >>> list_id_of("2026-03", 2)
    '2026-03-v2'
    """
    return f"{month}-v{version}"


def month_and_version(list_id: str) -> tuple[str, int]:
    """
    >>> month_and_version("2026-03-v2")
    ('2026-03', 2)
    """
    found = LIST_ID.fullmatch(list_id)
    if found is None:
        raise NoListError(f"{list_id!r} names no list; write month and version, such as 2026-03-v1")
    return found[1], int(found[2])


def read_list(connection: Connection, list_id: str, is_locked: bool = False) -> CampaignList:
    """The list; with `is_locked` nobody else changes it before the transaction ends.

    Raises NoListError when there is none.
    """
    month_and_version(list_id)
    columns = [CAMPAIGN_LIST.c[name] for name in CampaignList.__dataclass_fields__]
    query = CAMPAIGN_LIST.select().with_only_columns(*columns).where(CAMPAIGN_LIST.c.list_id == list_id)
    row = connection.execute(query.with_for_update() if is_locked else query).first()
    if row is None:
        raise NoListError(
            f"list {list_id} is not before the approvers; `mend campaign-summary {list_id}` puts it there"
        )
    return CampaignList(*row)


def require_next(listed: CampaignList, state: str) -> None:
    """ListStateError unless this state may follow the list's."""
    if state not in TRANSITIONS[listed.state_code]:
        possible = ", ".join(sorted(TRANSITIONS[listed.state_code])) or "nothing: make a new version of the month"
        raise ListStateError(
            f"list {listed.list_id} is {listed.state_code} and cannot be {state}; what can follow: {possible}"
        )


def record_decision(
    connection: Connection,
    list_id: str,
    decision: str,
    who: str,
    through: str,
    at: dt.datetime,
    reason: str | None = None,
    bias_reason: str | None = None,
) -> None:
    """Add what was decided to the record."""
    values = {"list_id": list_id, "decision": decision, "who": who, "through": through, "at": at}
    connection.execute(statement(ROOM, "put_decision"), values | {"reason": reason, "bias_reason": bias_reason})
