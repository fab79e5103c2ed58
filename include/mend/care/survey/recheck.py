"""The contact rules once more, when the relay claims: what has changed since a message was queued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection, text

from mend.foundation.pipeline import model as models


class Claimed(Protocol):
    """What the check wants to know of a message."""

    @property
    def message_id(self) -> int: ...


def recheck(connection: Connection, candidates: Sequence[Claimed], at: dt.datetime) -> dict[int, str]:
    """Why these messages are not to be sent now, by message id: consent withdrawn, customer gone, opted out, a ticket
    opened on the matter.

    A guard for the relay: it runs in the transaction of the claim, and in that of the last look before the write.
    Messages that no survey stands behind have no reason.
    """
    if not candidates:
        return {}
    values = {"ids": [each.message_id for each in candidates], "at": at}
    return {row[0]: row[1] for row in connection.execute(text(models.load("care/survey", "recheck")), values)}
