"""May this message go out now? Each check is a guard that returns a verdict or nothing; the first that speaks
decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias

from sqlalchemy import Connection

from mend.care.sms.faults import REFUSED_BEFORE
from mend.care.sms.hours import next_allowed
from mend.care.sms.settings import Sending

VerdictState: TypeAlias = Literal["claimed", "pending", "suppressed", "expired"]


@dataclass(frozen=True)
class Candidate:
    """A due message and what the database knows about its number. Neither number nor text is in its repr."""

    message_id: int
    phone_number: str = field(repr=False)
    sender_number: str
    extension: str | None
    text: str = field(repr=False)
    attempts: int
    valid_until: dt.datetime
    reply_until: dt.datetime | None
    quiet_zones: Sequence[str]
    allowed_from: str | None
    allowed_until: str | None
    is_promised: bool
    customer_id: str
    purpose_code: str
    purpose_kind_code: str
    campaign_code: str | None
    about_kind_code: str | None
    about_id: str | None
    due_at: dt.datetime
    is_opted_out: bool
    last_to_number_at: dt.datetime | None
    extensions_in_use: Sequence[str]


@dataclass(frozen=True)
class Verdict:
    """What becomes of a candidate: claimed, pending (looked at again at `due_at`), suppressed or expired, with the
    reason.
    """

    state: VerdictState
    reason: str | None
    due_at: dt.datetime
    extension: str | None = None


class Named(Protocol):
    """A message that may be about to go: a candidate for claiming, or a part about to be written."""

    @property
    def message_id(self) -> int: ...


class Guard(Protocol):
    """A check of another room, for a whole batch at once: message_id → reason not to send.

    It runs in the transaction of the claim, and once more in that of the last look before the write.
    """

    def __call__(self, connection: Connection, candidates: Sequence[Named], at: dt.datetime) -> Mapping[int, str]: ...


def objections(
    guards: Sequence[Guard], connection: Connection, messages: Sequence[Named], at: dt.datetime
) -> dict[int, str]:
    """What other rooms have against these messages, by message_id."""
    return {key: reason for guard in guards for key, reason in guard(connection, messages, at).items()}


# Of another room: whether a customer's text asks for no more messages.
AsksToStop: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True)
class Policy:
    """The room's own checks. `same_number` is the time between two messages to one number."""

    sending: Sending
    extensions: tuple[str, ...]
    same_number: dt.timedelta

    def verdicts(self, candidates: Sequence[Candidate], refused: Mapping[int, str], at: dt.datetime) -> list[Verdict]:
        """A verdict for each candidate, in their order; `refused` holds the other rooms' reasons by message_id."""
        found: list[Verdict] = []
        numbers: set[str] = set()
        for candidate in candidates:
            verdict = self._refusal(candidate, refused, numbers, at) or self._claim(candidate, at)
            if verdict.state == "claimed":
                numbers.add(candidate.phone_number)
            found.append(verdict)
        return found

    def _refusal(
        self, candidate: Candidate, refused: Mapping[int, str], numbers: Collection[str], at: dt.datetime
    ) -> Verdict | None:
        if candidate.is_opted_out:
            return Verdict("suppressed", "opt_out", candidate.due_at)
        if candidate.valid_until <= at:
            return Verdict("expired", "validity", candidate.due_at)
        if (reason := self.sending.reason_not_to_send(candidate.phone_number)) or (
            reason := refused.get(candidate.message_id)
        ):
            return Verdict("suppressed", reason, candidate.due_at)
        return self._not_yet(candidate, numbers, at)

    def _not_yet(self, candidate: Candidate, numbers: Collection[str], at: dt.datetime) -> Verdict | None:
        try:
            allowed = next_allowed(at, candidate.quiet_zones, candidate.allowed_from, candidate.allowed_until)
        except REFUSED_BEFORE:  # a zone or an hour that is none: this message alone does not go
            return Verdict("suppressed", "hours_unreadable", candidate.due_at)
        if allowed is None:
            return Verdict("suppressed", "no_hour_suits_all_zones", candidate.due_at)
        if allowed > at:
            return _later(candidate, allowed, "quiet_hours")
        if candidate.phone_number in numbers:
            return _later(candidate, at + self.same_number, "same_number")
        if candidate.last_to_number_at is not None and candidate.last_to_number_at + self.same_number > at:
            return _later(candidate, candidate.last_to_number_at + self.same_number, "same_number")
        return None

    def _claim(self, candidate: Candidate, at: dt.datetime) -> Verdict:
        if candidate.reply_until is None:
            return Verdict("claimed", None, candidate.due_at)
        if candidate.extension is not None and candidate.extension not in candidate.extensions_in_use:
            return Verdict("claimed", None, candidate.due_at, candidate.extension)
        free = next((each for each in self.extensions if each not in candidate.extensions_in_use), None)
        if free is None:
            return _later(candidate, at + EXTENSION_RETRY, "no_free_extension")
        return Verdict("claimed", None, candidate.due_at, free)


EXTENSION_RETRY: Final = dt.timedelta(hours=1)


def _later(candidate: Candidate, due_at: dt.datetime, reason: str) -> Verdict:
    """Looked at again at the latest when its validity ends, so that it is closed then."""
    return Verdict("pending", reason, min(due_at, candidate.valid_until), candidate.extension)
