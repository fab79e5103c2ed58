"""What the relay asks of a way to send messages. SMPP and HTTP are two; another (CMPP) needs only this."""

from __future__ import annotations

import datetime as dt
from asyncio import Future
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

OutcomeKind: TypeAlias = Literal["accepted", "refused_for_now", "refused", "never_written", "unknown"]


@dataclass(frozen=True)
class Outcome:
    """How sending one part ended.

    accepted: the message centre has it, under `smsc_message_id`. refused_for_now: refused in so many words, may be sent
    again.
    refused: for good. never_written: not a byte left us. unknown: it may have arrived, so it is never sent again.
    """

    kind: OutcomeKind
    smsc_message_id: str | None = None
    error_code: str | None = None


@dataclass(frozen=True)
class Part:
    """One part of a message as a transport sends it. `reference` is the id its receipts will carry, where that is known
    before.
    """

    message_id: int
    part_number: int
    phone_number: str = field(repr=False)
    sender_number: str
    content: bytes = field(repr=False)
    data_coding: int
    esm_class: int
    valid_until: dt.datetime
    reference: str | None = None


@dataclass(frozen=True)
class Receipt:
    """A delivery receipt. `outcome` is delivered, undelivered, or the centre's own word for what is neither (yet)."""

    smsc_message_id: str
    phone_number: str = field(repr=False)
    to_number: str
    outcome: str
    error_code: str | None


@dataclass(frozen=True)
class Reply:
    """A message from a subscriber, or a part of one, as it came."""

    phone_number: str = field(repr=False)
    to_number: str
    content: bytes = field(repr=False)
    data_coding: int
    has_header: bool


@dataclass(frozen=True)
class Incoming:
    """Something that arrived and waits for our acknowledgement. `raw` is all of it; `item` is None when it cannot be
    read.

    `token` is the transport's own.
    """

    raw: bytes = field(repr=False)
    item: Receipt | Reply | None
    token: object = field(repr=False)


class Transport(Protocol):
    """One link at a time. `receive` is called for whatever arrives, and `lost` once when the link ends by itself."""

    def parts(
        self, message_id: int, phone_number: str, sender_number: str, text: str, valid_until: dt.datetime
    ) -> list[Part]:
        """The message as parts. TextError, NumberError when it cannot be one."""

    async def open(self, receive: Callable[[Incoming], None], lost: Callable[[], None]) -> None:
        """Make the link. LinkError when that fails."""

    def send(self, part: Part) -> Future[Outcome]:
        """Write one part now; the future is always resolved in the end, never with an exception."""

    def acknowledge(self, incoming: Sequence[Incoming]) -> None:
        """Tell the message centre that these are stored."""

    async def close(self) -> None:
        """End the link in good order; what is under way is resolved first. Does nothing without one."""
