"""One round of the relay in the database: what happened since the last one is stored, and what may be written next is
marked.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from mend.care.sms.errors import TextError
from mend.care.sms.faults import is_of_the_value
from mend.care.sms.inbound import Inbox
from mend.care.sms.policy import Guard, objections
from mend.care.sms.receipts import adopt_parked, apply_receipts, is_sound
from mend.care.sms.sending import Result, Sender
from mend.care.sms.transport import Incoming, Part, Receipt, Reply
from mend.foundation.operations.statements import statement


@dataclass
class Happened:
    """Since the last round: how sending ended, what came in, and the messages (as parts) that there is room for."""

    results: list[Result] = field(default_factory=list)
    incoming: list[Incoming] = field(default_factory=list)
    next: list[list[Part]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.results or self.incoming or self.next)


@dataclass(frozen=True)
class Round:
    """Stores rounds for one account. Guards are the checks of other rooms."""

    sender: Sender
    inbox: Inbox
    guards: tuple[Guard, ...] = ()

    def store(
        self, connection: Connection, happened: Happened, at: dt.datetime, day: dt.date
    ) -> tuple[list[Part], Counter[str]]:
        """All of it, in the caller's transaction. Returns the parts that may be written after the commit, and
        counts.
        """
        self._results(connection, happened.results, at)
        counts = self._incoming(connection, happened.incoming, at)
        parts = self.sender.begin(connection, self._unobjected(connection, happened.next, at), at, day)
        counts.update(outcome.kind for _, outcome in happened.results)
        return parts, counts

    def _unobjected(
        self, connection: Connection, messages: Sequence[Sequence[Part]], at: dt.datetime
    ) -> list[Sequence[Part]]:
        """Without those that another room objects to by now: since the claim a number may have gone to another, or a
        person opted out.
        """
        refused = objections(self.guards, connection, [parts[0] for parts in messages], at) if messages else {}
        if refused:
            values = {
                "message_ids": list(refused),
                "reasons": list(refused.values()),
                "owner": self.sender.owner,
                "at": at,
            }
            connection.execute(statement("care/sms", "suppress"), values)
        return [parts for parts in messages if parts[0].message_id not in refused]

    def _results(self, connection: Connection, results: Sequence[Result], at: dt.datetime) -> None:
        self.sender.record(connection, results, at)
        accepted = [
            (outcome.smsc_message_id, part.phone_number) for part, outcome in results if outcome.smsc_message_id
        ]
        # A receipt may have come before the answer that names its message.
        reported = adopt_parked(connection, self.sender.account_code, accepted, at)
        self.sender.settle(connection, reported, at, "receipt")
        self.sender.settle(connection, {part.message_id for part, _ in results} - reported, at)

    def _incoming(self, connection: Connection, incoming: Sequence[Incoming], at: dt.datetime) -> Counter[str]:
        receipts = [each for each in incoming if isinstance(each.item, Receipt)]
        parked = self._receipts(connection, receipts, at)
        others = [each for each in incoming if not isinstance(each.item, Receipt)]
        stored = [self._stored(connection, each, at) for each in others]
        self._prove_arrival(connection, {message_id for each in stored if each for message_id in each}, at)
        return Counter(receipts=len(receipts), inbound=len(others), parked=parked + stored.count(None))

    def _receipts(self, connection: Connection, incoming: Sequence[Incoming], at: dt.datetime) -> int:
        """Apply receipts together; where one of them cannot be, each by itself, and that one is parked as it came. How
        many were parked.
        """
        if not incoming:
            return 0
        try:
            with connection.begin_nested():
                self._apply(connection, incoming, at)
            return 0
        except Exception as error:
            if not is_of_the_value(error):
                raise
            if len(incoming) == 1:
                self.inbox.park(connection, incoming[0], "receipt", at)
                return 1
            return sum(self._receipts(connection, [each], at) for each in incoming)

    def _apply(self, connection: Connection, incoming: Sequence[Incoming], at: dt.datetime) -> None:
        receipts = [each.item for each in incoming if isinstance(each.item, Receipt)]
        if not all(map(is_sound, receipts)):
            raise TextError("a receipt whose fields cannot be kept")
        reported = apply_receipts(connection, self.sender.account_code, receipts, at)
        self.sender.settle(connection, reported, at, "receipt")

    def _stored(self, connection: Connection, incoming: Incoming, at: dt.datetime) -> set[int] | None:
        """Store one message; what cannot be stored as a text is parked (None) as it came, and acknowledged like any
        other.
        """
        reason = "malformed"
        if isinstance(incoming.item, Reply):
            try:
                with connection.begin_nested():
                    return self.inbox.store(connection, incoming.item, incoming.raw, at)
            except Exception as error:
                if not is_of_the_value(error):
                    raise
                reason = "no_text" if isinstance(error, TextError) else "not_storable"
        self.inbox.park(connection, incoming, reason, at)
        return None

    def _prove_arrival(self, connection: Connection, message_ids: set[int], at: dt.datetime) -> None:
        if message_ids:
            connection.execute(statement("care/sms", "prove_arrival"), {"message_ids": sorted(message_ids), "at": at})
            self.sender.settle(connection, message_ids, at, "reply")
