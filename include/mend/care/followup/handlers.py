"""Who takes follow-up tickets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from mend.foundation.operations.tables import METADATA

HANDLER = METADATA.tables["follow_up_handler"]


@dataclass(frozen=True)
class Handler:
    """Somebody of a team who takes tickets of a tier, on some topics (separated by commas) or on all (None)."""

    handler_id: str
    team_code: str
    tier: int
    topic_codes: str | None = None
    is_active: bool = True


def has_handlers(connection: Connection) -> bool:
    """Whether anybody takes tickets."""
    return connection.execute(select(HANDLER.c.handler_id).limit(1)).first() is not None


def put_handlers(connection: Connection, handlers: Iterable[Handler]) -> None:
    """Enter people, or what has changed about them."""
    rows = [asdict(handler) for handler in handlers]
    if rows:
        put = insert(HANDLER)
        changed = {name: put.excluded[name] for name in rows[0] if name != "handler_id"}
        connection.execute(put.on_conflict_do_update(index_elements=["handler_id"], set_=changed), rows)
