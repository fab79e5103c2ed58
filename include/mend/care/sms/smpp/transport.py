"""The link to a message centre: bound as transceiver, each part answered or resolved as unknown."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import socket
from asyncio import Future, StreamReader, StreamWriter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from mend.care.sms.errors import LinkError, NumberError
from mend.care.sms.phone import NUMBER
from mend.care.sms.rules import Account, Link
from mend.care.sms.settings import Address
from mend.care.sms.smpp import codec
from mend.care.sms.smpp.codec import Frame
from mend.care.sms.smpp.fields import DATA_SM, DELIVER_SM
from mend.care.sms.smpp.incoming import incoming
from mend.care.sms.text import pieces
from mend.care.sms.transport import Incoming, Outcome, Part

SUBMIT_SM, BIND_TRANSCEIVER, UNBIND, ENQUIRE_LINK = 0x04, 0x09, 0x06, 0x15
INTERNATIONAL, ISDN = 1, 1
READ_OCTETS: Final = 65536
UNKNOWN: Final = Outcome("unknown", error_code="no_answer")
# Messages that wait to be stored: some 100 MB at most. Until some are, no more is read; before that all is, for answers
# are among it.
MOST_HELD: Final = 100_000
MOST_HELD_OCTETS: Final = 1 << 25
LONGEST_ID: Final = 255
MOST_RENEWALS: Final = 20


@dataclass
class _Waiting:
    """A written part that has no answer yet."""

    future: Future[Outcome]
    timer: asyncio.TimerHandle
    renewals: int = 0


class SmppTransport:
    """One SMPP account. `retry_codes` are the refusals for now; `region` completes numbers without a country code."""

    def __init__(
        self, address: Address, account: Account, link: Link, retry_codes: frozenset[int], region: str
    ) -> None:
        self._address, self._account, self._link = address, account, link
        self._retry_codes, self._region = retry_codes, region
        self._writer: StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def parts(
        self, message_id: int, phone_number: str, sender_number: str, text: str, valid_until: dt.datetime
    ) -> list[Part]:
        """The message as SMS parts; the message's number ties them together."""
        if not NUMBER.fullmatch(phone_number):
            raise NumberError(f"message {message_id} goes to what is no number")
        return [
            Part(
                message_id,
                number,
                phone_number,
                sender_number,
                piece.content,
                piece.data_coding,
                piece.esm_class,
                valid_until,
            )
            for number, piece in enumerate(pieces(text, message_id), 1)
        ]

    async def open(self, receive: Callable[[Incoming], None], lost: Callable[[], None]) -> None:
        """Connect and bind. LinkError when the message centre is not there or refuses."""
        self._receive, self._lost = receive, lost
        self._sequence, self._frames = codec.Sequence(), codec.Frames()
        self._waiting: dict[int, _Waiting] = {}
        self._asked: dict[int, Future[Frame]] = {}
        self._held, self._held_octets, self._has_room = 0, 0, asyncio.Event()
        self._is_silent, self._full_read_at = False, -math.inf
        try:
            async with asyncio.timeout(self._link.connect_seconds):
                reader, self._writer = await asyncio.open_connection(self._address.host, self._address.port)
                self._writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._tasks = [asyncio.create_task(self._read(reader))]
                await self._bind()
        except (OSError, TimeoutError) as error:
            await self.close()
            raise LinkError(f"the message centre is not reached: {type(error).__name__}") from None
        except LinkError:
            await self.close()
            raise
        self._tasks.append(asyncio.create_task(self._enquire()))

    async def _bind(self) -> None:
        address = self._address
        answer = await self._ask(
            "bind_transceiver",
            system_id=address.user,
            password=address.password,
            system_type=address.options.get("system_type", ""),
        )
        if answer.status != codec.OK:
            raise LinkError(f"the message centre refuses the bind with {answer.status:#010x}")

    def _ask(self, name: str, **fields: object) -> Future[Frame]:
        sequence, octets = codec.request(name, self._sequence, **fields)
        answer = self._asked[sequence] = asyncio.get_running_loop().create_future()
        self._write(octets)
        return answer

    def _write(self, octets: bytes) -> None:
        if self._writer is None or self._writer.is_closing():
            raise LinkError("the link is closed")
        self._writer.write(octets)

    def send(self, part: Part) -> Future[Outcome]:
        """Write a part now; resolved with the answer, or as unknown when none comes in time."""
        loop = asyncio.get_running_loop()
        future: Future[Outcome] = loop.create_future()
        sequence, octets = codec.request("submit_sm", self._sequence, **self._fields(part))
        try:
            self._write(octets)
        except LinkError:
            future.set_result(Outcome("never_written", error_code="no_link"))
            return future
        self._waiting[sequence] = _Waiting(
            future, loop.call_later(self._link.response_seconds, self._overdue, sequence)
        )
        return future

    def _overdue(self, sequence: int) -> None:
        """No answer in time: unknown. While more has arrived than was read, the answer may be among that."""
        waiting = self._waiting[sequence]
        if self._is_behind() and waiting.renewals < MOST_RENEWALS:
            waiting.renewals += 1
            waiting.timer = asyncio.get_running_loop().call_later(self._link.response_seconds, self._overdue, sequence)
        else:
            self._resolve(sequence, UNKNOWN)

    def _is_behind(self) -> bool:
        """Whether more has arrived, or did a moment ago, than was read."""
        recent = self._full_read_at > asyncio.get_running_loop().time() - self._link.response_seconds
        return recent or self._is_full()

    def _is_full(self) -> bool:
        return self._held >= MOST_HELD or self._held_octets >= MOST_HELD_OCTETS

    def _fields(self, part: Part) -> dict[str, object]:
        return {
            "source_addr_ton": self._account.sender_ton,
            "source_addr_npi": self._account.sender_npi,
            "source_addr": part.sender_number,
            "dest_addr_ton": INTERNATIONAL,
            "dest_addr_npi": ISDN,
            "destination_addr": part.phone_number.lstrip("+"),
            "esm_class": part.esm_class,
            "data_coding": part.data_coding,
            "short_message": part.content,
            "validity_period": codec.absolute_time(part.valid_until),
            "registered_delivery": 1,
        }

    def acknowledge(self, incoming: Sequence[Incoming]) -> None:
        """Answer deliver_sm. On a link that is gone there is nobody to tell; the message centre sends them again."""
        with suppress(LinkError):
            for each in incoming:
                if isinstance(each.token, Frame):
                    self._held, self._held_octets = self._held - 1, self._held_octets - len(each.token.octets)
                    self._write(codec.response(each.token, body=b"\0"))
        self._has_room.set()

    async def _read(self, reader: StreamReader) -> None:
        try:
            while octets := await reader.read(READ_OCTETS):
                self._is_silent = False
                if len(octets) == READ_OCTETS:
                    self._full_read_at = asyncio.get_running_loop().time()
                for frame in self._frames.cut(octets):
                    self._handle(frame)
                await self._room()
        except (OSError, LinkError):
            pass
        finally:  # whatever ends the reading ends the link: nobody else would notice
            self._end()

    async def _room(self) -> None:
        """Wait while too much is held: a flood stays with the message centre, not in our memory."""
        while self._is_full():
            self._has_room.clear()
            await self._has_room.wait()

    def _handle(self, frame: Frame) -> None:
        if frame.command_id & codec.RESPONSE:
            self._answered(frame)
        elif frame.command_id in (DELIVER_SM, DATA_SM):
            self._held, self._held_octets = self._held + 1, self._held_octets + len(frame.octets)
            self._receive(incoming(frame, self._region))
        elif frame.command_id == ENQUIRE_LINK:
            self._write(codec.response(frame))
        elif frame.command_id == UNBIND:
            self._write(codec.response(frame))
            raise LinkError("the message centre unbinds")
        else:
            self._write(codec.nack(frame))

    def _answered(self, frame: Frame) -> None:
        asked = self._asked.pop(frame.sequence, None)
        if asked is not None and not asked.done():
            asked.set_result(frame)
        elif frame.sequence in self._waiting:
            self._resolve(frame.sequence, self._outcome(frame))

    def _outcome(self, frame: Frame) -> Outcome:
        if frame.status in self._retry_codes:
            return Outcome("refused_for_now", error_code=f"{frame.status:#010x}")
        if frame.status != codec.OK or frame.command_id == codec.GENERIC_NACK:
            return Outcome("refused", error_code=f"{frame.status:#010x}")
        name = frame.octets[codec.HEADER.size :].partition(b"\0")[0].decode("latin-1")
        return Outcome("accepted", name if 0 < len(name) <= LONGEST_ID and name.isprintable() else None)

    def _resolve(self, sequence: int, outcome: Outcome) -> None:
        waiting = self._waiting.pop(sequence, None)
        if waiting is not None:
            waiting.timer.cancel()
            if not waiting.future.done():
                waiting.future.set_result(outcome)

    async def _enquire(self) -> None:
        """Ask whether the other end lives; close the link when it is silent. In a flood its answer may come late, but
        it is not silent.
        """
        with suppress(LinkError):
            while True:
                await asyncio.sleep(self._link.enquire_seconds)
                self._is_silent = True
                try:
                    async with asyncio.timeout(self._link.response_seconds):
                        await self._ask("enquire_link")
                except TimeoutError:
                    if self._is_silent and not self._is_behind():
                        break
        self._end()

    def _end(self) -> None:
        """The link is over: what was written and not answered is unknown."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        writer.close()
        for sequence in list(self._waiting):
            self._resolve(sequence, Outcome("unknown", error_code="link_lost"))
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(LinkError("the link broke"))
                asked.exception()  # whoever asked may be gone
        self._lost()

    async def close(self) -> None:
        """Unbind, and let go of the socket."""
        self._lost = _nothing
        if self._writer is not None:
            with suppress(LinkError, TimeoutError, OSError):
                async with asyncio.timeout(min(1.0, self._link.response_seconds)):
                    await self._ask("unbind")
        self._end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []


def _nothing() -> None:
    return None
