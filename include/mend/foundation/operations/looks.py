"""Who looked at whole personal data: on record, committed, before anything is shown. Rows are only added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal

from sqlalchemy import Connection, insert

from mend.foundation.operations.tables import METADATA

ACCESS_LOG: Final = METADATA.tables["access_log"]


@dataclass(frozen=True)
class Look:
    """One look: by whom, through which command or page, at what, and why in their words."""

    viewer: str
    through: str
    at: dt.datetime
    what: Literal["export", "reveal", "search"]
    reason: str
    rows: int
    rows_sha256: str
    filter: Mapping[str, Any]
    list_id: str | None = None
    customer_id: str | None = None


def record_look(connection: Connection, look: Look) -> int:
    """Put the look on record; its number. The caller commits before it shows anything."""
    values = {
        "viewer": look.viewer,
        "viewed_through": look.through,
        "looked_at": look.at,
        "what_code": look.what,
        "list_id": look.list_id,
        "customer_id": look.customer_id,
        "filter": dict(look.filter),
        "row_count": look.rows,
        "rows_sha256": look.rows_sha256,
        "reason": look.reason,
    }
    made = connection.execute(insert(ACCESS_LOG).values(**values).returning(ACCESS_LOG.c.look_id))
    return int(made.scalar_one())


def digest_of(customer_id: str) -> str:
    """The SHA-256 of a look at one customer: as an export's, of a row without a strategy."""
    return sha256(f"\n{customer_id}\n".encode()).hexdigest()
