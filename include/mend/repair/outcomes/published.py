"""Which versions of a month's list were published: those alone have outcomes."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from mend.foundation.home import Home
from mend.foundation.operations.database import transaction
from mend.foundation.operations.tables import METADATA

LIST: Final = METADATA.tables["campaign_list"].c


def published_versions(home: Home, month: str) -> list[int]:
    """Versions that were published, in order; a recalled one was in force for a while, so it is followed, too."""
    query = (
        select(LIST.version)
        .where(LIST.month == month, LIST.state_code.in_(("published", "recalled")))
        .order_by(LIST.version)
    )
    with transaction(home.database_url) as connection:
        return [int(version) for version in connection.execute(query).scalars()]
