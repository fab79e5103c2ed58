"""The states of a message while it is sent. Everything here runs in a transaction of the relay, on the session that
owns the link.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.care.sms.rules import Retry
from mend.care.sms.transport import Outcome, OutcomeKind, Part
from mend.foundation.operations.statements import statement

PART_STATE: Final[dict[OutcomeKind, str]] = {
    "accepted": "submitted",
    "refused_for_now": "refused",
    "never_written": "refused",
    "refused": "failed",
    "unknown": "unknown",
}
Result = tuple[Part, Outcome]


@dataclass(frozen=True)
class Sender:
    """Moves an account's messages through their states. `owner` names the relay process."""

    account_code: str
    owner: str
    retry: Retry

    def begin(
        self, connection: Connection, messages: Sequence[Sequence[Part]], at: dt.datetime, day: dt.date
    ) -> list[Part]:
        """Mark messages (each given as its parts) as submitting; returns the parts that may be written once this is
        committed.

        A message that was opted out or went out of date since it was claimed is closed instead; a part that the message
        centre already took, at an earlier attempt, is not among them.
        """
        if not messages:
            return []
        numbers = [parts[0].message_id for parts in messages]
        values = {
            "message_ids": numbers,
            "part_counts": [len(parts) for parts in messages],
            "owner": self.owner,
            "at": at,
        }
        begun = {row.message_id: row.attempts for row in _run(connection, "begin", values)}
        if left := [number for number in numbers if number not in begun]:
            _run(connection, "release", {"message_ids": left, "owner": self.owner, "at": at})
        planned = [part for parts in messages for part in parts if part.message_id in begun]
        writable = self._begin_parts(connection, planned, at)
        self._count(
            connection, sum(attempts == 1 for attempts in begun.values()), day
        )  # a second attempt is no second message
        return [part for part in planned if (part.message_id, part.part_number) in writable]

    def _begin_parts(self, connection: Connection, parts: Sequence[Part], at: dt.datetime) -> set[tuple[int, int]]:
        values = {
            "message_ids": [part.message_id for part in parts],
            "part_numbers": [part.part_number for part in parts],
            "references": [part.reference for part in parts],
            "at": at,
        }
        return {(row[0], row[1]) for row in _run(connection, "begin_parts", values)}

    def _count(self, connection: Connection, count: int, day: dt.date) -> None:
        if count:
            _run(connection, "count_sent", {"account": self.account_code, "day": day, "count": count})

    def record(self, connection: Connection, results: Sequence[Result], at: dt.datetime) -> None:
        """Store how the sending of parts ended, and what that makes of their messages."""
        if not results:
            return
        values = {
            "message_ids": [part.message_id for part, _ in results],
            "part_numbers": [part.part_number for part, _ in results],
            "states": [PART_STATE[outcome.kind] for _, outcome in results],
            "smsc_message_ids": [outcome.smsc_message_id for _, outcome in results],
            "error_codes": [outcome.error_code for _, outcome in results],
            "at": at,
        }
        _run(connection, "record_parts", values)

    def settle(
        self, connection: Connection, message_ids: Collection[int], at: dt.datetime, reason: str | None = None
    ) -> None:
        """Let the messages' states follow from their parts; `reason` says how it became known (receipt, reply, ...)."""
        if not message_ids:
            return
        values = {
            "message_ids": sorted(message_ids),
            "reason": reason,
            "at": at,
            "first_seconds": self.retry.first_seconds,
            "most_seconds": self.retry.most_seconds,
        }
        _run(connection, "settle", values)

    def recover(self, connection: Connection, at: dt.datetime) -> Counter[str]:
        """After taking over the link: what a dead relay had claimed is free again, what it was submitting is
        unknown.
        """
        freed = _run(connection, "free_claimed", {"account": self.account_code}).rowcount
        unknown = set(_run(connection, "doubt_submitting", {"account": self.account_code, "at": at}).scalars())
        self.settle(connection, unknown, at, "relay_died")
        return Counter(freed=freed, unknown=len(unknown))

    def close_overdue(self, connection: Connection, at: dt.datetime, wait: dt.timedelta) -> Counter[str]:
        """Close what nothing will be heard of any more: no receipt within `wait` after the validity is unknown for
        good.
        """
        closed = _run(
            connection, "close_overdue", {"account": self.account_code, "at": at, "before": at - wait}
        ).rowcount
        expired = _run(connection, "expire_overdue", {"account": self.account_code, "at": at}).rowcount
        return Counter(closed=closed, expired=expired)


def _run(connection: Connection, name: str, values: dict[str, Any]) -> Any:
    return connection.execute(statement("care/sms", name), values)
