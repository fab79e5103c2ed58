"""A look at a number or at words, put on record before they are shown."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from starlette.requests import Request

from mend.foundation.operations.looks import Look, digest_of, record_look
from mend_airflow.ui import place
from mend_airflow.ui.needs import database_of, user_of


def put_look(
    request: Request,
    page: str,
    of: str,
    reason: str,
    customer: str | None,
    what: Literal["reveal", "search"] = "reveal",
) -> None:
    """Committed when this returns.

    Args:
        of: what was looked at; its digest alone is kept.
        reason: why, in words.
    """
    look = Look(
        viewer=user_of(request),
        through=f"page {place.PREFIX}/{page}",
        at=dt.datetime.now(dt.UTC),
        what=what,
        reason=reason,
        rows=1,
        rows_sha256=digest_of(of),
        filter={"page": page},
        customer_id=customer,
    )
    with database_of(request).record() as connection:
        record_look(connection, look)
