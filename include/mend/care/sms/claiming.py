"""Claiming: the relay takes a batch of due messages from the outbox, each through the contact policy once more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from mend.care.sms.policy import Candidate, Guard, Policy, Verdict, objections
from mend.care.sms.rules import Account, Claim
from mend.foundation.operations.statements import statement

NO_LIMIT = 2**31 - 1


@dataclass(frozen=True)
class Claimed:
    """A message that is this relay's to send. Neither number nor text is in its repr."""

    message_id: int
    phone_number: str = field(repr=False)
    sender_number: str
    text: str = field(repr=False)
    attempts: int
    valid_until: dt.datetime


@dataclass(frozen=True)
class Claimer:
    """Claims for one account. `owner` names the relay process; guards are the checks of other rooms."""

    account_code: str
    account: Account
    rules: Claim
    policy: Policy
    owner: str
    guards: tuple[Guard, ...] = ()

    def claim(self, connection: Connection, at: dt.datetime, day: dt.date) -> tuple[list[Claimed], int]:
        """The batch claimed, and how many due messages were looked at (0: there is nothing to do now).

        `day` is the business date of `at`, for the budget a day. Within the caller's transaction.
        """
        room, promised_room = self._room(connection, day)
        candidates = self._candidates(connection, at, room, promised_room)
        if not candidates:
            return [], 0
        refused = objections(self.guards, connection, candidates, at)
        verdicts = self.policy.verdicts(candidates, refused, at)
        self._apply(connection, candidates, verdicts, at)
        pairs = zip(candidates, verdicts, strict=True)
        return [_claimed(candidate, verdict) for candidate, verdict in pairs if verdict.state == "claimed"], len(
            candidates
        )

    def _room(self, connection: Connection, day: dt.date) -> tuple[int, int]:
        """How many messages of any kind, and how many promised ones, may still be claimed today."""
        most = self.account.max_a_day
        if most is None:
            return NO_LIMIT, NO_LIMIT
        used = connection.execute(
            statement("care/sms", "used_today"), {"account": self.account_code, "day": day}
        ).scalar_one()
        return max(0, most - self.account.reserved_a_day - used), max(0, most - used)

    def _candidates(self, connection: Connection, at: dt.datetime, room: int, promised_room: int) -> list[Candidate]:
        values = {
            "account": self.account_code,
            "at": at,
            "limit": self.rules.batch_count,
            "room": room,
            "promised_room": promised_room,
            "same_number_since": at - self.policy.same_number,
        }
        return [
            Candidate(**row) for row in connection.execute(statement("care/sms", "claim_candidates"), values).mappings()
        ]

    def _apply(
        self, connection: Connection, candidates: Sequence[Candidate], verdicts: Sequence[Verdict], at: dt.datetime
    ) -> None:
        values = {
            "message_ids": [candidate.message_id for candidate in candidates],
            "states": [verdict.state for verdict in verdicts],
            "reasons": [verdict.reason for verdict in verdicts],
            "due_ats": [verdict.due_at for verdict in verdicts],
            "extensions": [verdict.extension for verdict in verdicts],
            "owner": self.owner,
            "lease_until": at + dt.timedelta(seconds=self.rules.lease_seconds),
            "at": at,
        }
        connection.execute(statement("care/sms", "apply_verdicts"), values)


def _claimed(candidate: Candidate, verdict: Verdict) -> Claimed:
    return Claimed(
        message_id=candidate.message_id,
        phone_number=candidate.phone_number,
        sender_number=candidate.sender_number + (verdict.extension or ""),
        text=candidate.text,
        attempts=candidate.attempts,
        valid_until=candidate.valid_until,
    )


def record_account(connection: Connection, code: str, account: Account) -> None:
    """Publish the account's rules where other rooms and people can read them (sms_account)."""
    values = {
        "account_code": code,
        "transport_code": account.transport,
        "sender_number": account.sender_number,
        "window_size": account.window,
        "max_a_second": account.max_a_second,
        "max_a_day": account.max_a_day,
        "reserved_a_day": account.reserved_a_day,
    }
    connection.execute(statement("care/sms", "account"), values)
