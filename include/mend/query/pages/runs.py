"""What steps did in a stretch of time, from the run history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection

from mend.query.pages.reading import Rows, rows


def read_steps(connection: Connection, steps: Sequence[str], first: dt.datetime, last: dt.datetime | None) -> Rows:
    """Steps that began between two moments; `last` None: until now."""
    return rows(connection, "steps_between", steps=list(steps), first=first, last=last)
