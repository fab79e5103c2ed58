"""The message centre: binds, takes messages, sends receipts and answers, throttles and drops links as its world
says.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from asyncio import StreamReader, StreamWriter
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any, Final

from mend.care.sms.errors import LinkError
from mend.care.sms.smpp import codec
from mend.care.sms.smpp.codec import Frame
from mend.care.sms.smsc.journal import Delivery, Journal
from mend.care.sms.smsc.world import Answer, Received, World
from mend.care.sms.text import Concatenation, Piece, decoded, pieces, without_header

SUBMIT_SM, UNBIND, ENQUIRE_LINK = 0x04, 0x06, 0x15
BINDS: Final = (0x01, 0x02, 0x09)
BAD_PASSWORD, THROTTLED, REFUSED, NOT_BOUND = 0x0E, 0x58, 0x0B, 0x04
RECEIPT: Final = 0x04
IDLE_SECONDS: Final = 3600.0
CLIENT_WINDOW: Final = 20  # deliver_sm without an answer at most


class Centre:
    """One message centre. `answer` says what subscribers do; by default what the world's rules say."""

    def __init__(
        self, world: World, journal: Journal | None = None, password: str | None = None, answer: Answer | None = None
    ) -> None:
        self.world, self.journal = world, journal or Journal(None)
        self._password, self._answer = password, answer or world.answer
        self._ids = count(self.journal.last_id + 1)
        self._deliveries = count(max(self.journal.owed, default=0) + self.journal.acknowledged + 1)
        self._parts: dict[tuple[str, str, int], dict[int, tuple[bytes, int]]] = {}
        self._taken_at: deque[float] = deque(maxlen=world.parts_a_second or 1)
        self._submitted = 0
        self._links: set[Link] = set()
        self._server: asyncio.Server | None = None
        self.refused: dict[str, int] = {}

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Drop every link and stop listening."""
        self.drop_links()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def drop_links(self) -> None:
        """Lose every link as a broken line would: without a word."""
        for link in list(self._links):
            link.drop()

    @property
    def link_count(self) -> int:
        """Clients bound at present."""
        return sum(link.is_bound for link in self._links)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        link = Link(self, writer)
        self._links.add(link)
        try:
            await link.run(reader)
        finally:
            self._links.discard(link)

    def accepts(self, password: str) -> bool:
        return self._password is None or password == self._password

    def verdict(self, reference: str) -> int:
        """The status that a submit_sm gets: 0, or the reason it is refused. A message refused for now is taken the next
        time.
        """
        world, seen = self.world, self.refused.get(reference, 0)
        if world.parts_a_second is not None and self._is_too_fast(world.parts_a_second):
            return THROTTLED
        if not seen and world.draw("throttled", reference) < world.throttled_share:
            self.refused[reference] = 1
            return THROTTLED
        if world.draw("refused", reference) < world.refused_share:
            return REFUSED
        self._taken_at.append(time.monotonic())
        return codec.OK

    def _is_too_fast(self, most: int) -> bool:
        return len(self._taken_at) == most and self._taken_at[0] > time.monotonic() - 1

    def take(self, pdu: Any, reference: str) -> int:
        """Accept a submit_sm: owe its receipt, and the subscriber's answer once the message is whole. Returns the
        message's number.
        """
        number = next(self._ids)
        source, destination = codec.words(pdu.source_addr), codec.words(pdu.destination_addr)
        owed = self._receipt(number, source, destination)
        whole = self._whole(pdu, source, destination)
        answer = self._answer(Received(f"+{destination}", source, whole)) if whole is not None else None
        if answer is not None:
            owed += self._reply(source, destination, *answer)
        self.journal.accept(reference, number, owed)
        for link in self._links:
            link.owe(owed)
        self._submitted += 1
        return number

    def is_link_to_be_lost(self) -> bool:
        every = self.world.link_lost_every
        return every is not None and self._submitted % every == every - 1

    def _receipt(self, number: int, source: str, destination: str) -> list[Delivery]:
        if self.world.receipt_ids == "none":
            return []
        stat = "UNDELIV" if self.world.draw("undelivered", number) < self.world.undelivered_share else "DELIVRD"
        written = str(number) if self.world.receipt_ids == "decimal" else f"{number:08x}"
        date = time.strftime("%y%m%d%H%M")
        words = f"id:{written} sub:001 dlvrd:001 submit date:{date} done date:{date} stat:{stat} err:000 text:"
        due_at = time.time() + self.world.seconds(self.world.receipt_seconds, "receipt", number)
        return [self._delivery(due_at, destination, source, Piece(words.encode(), 0, RECEIPT))]

    def _reply(self, source: str, destination: str, words: str, seconds: float) -> list[Delivery]:
        stripped = self.world.draw("stripped", destination, source) < self.world.strips_extension_share
        to, due_at = source[:-2] if stripped else source, time.time() + seconds
        return [self._delivery(due_at, destination, to, piece) for piece in pieces(words, sum(map(ord, words)))]

    def _delivery(self, due_at: float, source: str, destination: str, piece: Piece) -> Delivery:
        return Delivery(
            next(self._deliveries), due_at, source, destination, piece.content.hex(), piece.data_coding, piece.esm_class
        )

    def _whole(self, pdu: Any, source: str, destination: str) -> str | None:
        """The text, once all parts of it are here."""
        content, coding = bytes(pdu.short_message or b""), pdu.data_coding or 0
        if not (pdu.esm_class or 0) & 0x40:
            return decoded(content, coding)
        place, rest = without_header(content)
        place = place or Concatenation(0, 1, 1)
        parts = self._parts.setdefault((source, destination, place.reference), {})
        parts[place.number] = (rest, coding)
        if len(parts) < place.total:
            return None
        del self._parts[(source, destination, place.reference)]
        return decoded(b"".join(parts[number][0] for number in sorted(parts)), coding)


class Link:
    """One client's link."""

    def __init__(self, centre: Centre, writer: StreamWriter) -> None:
        self.is_bound = False
        self._centre, self._writer = centre, writer
        self._frames, self._sequence = codec.Frames(), codec.Sequence()
        self._sent: dict[int, int] = {}  # sequence → delivery
        # A new link starts with all that was never acknowledged.
        self._due = [(each.due_at, each.number) for each in centre.journal.owed.values()]
        heapify(self._due)
        self._woken = asyncio.Event()

    async def run(self, reader: StreamReader) -> None:
        """Until the client goes or the link is dropped."""
        delivering = asyncio.create_task(self._deliver())
        with suppress(OSError, LinkError, codec.MalformedError):
            while octets := await reader.read(65536):
                for frame in self._frames.cut(octets):
                    await self._handle(frame)
        delivering.cancel()
        self.is_bound = False
        self._writer.close()

    def drop(self) -> None:
        self._writer.transport.abort()

    def owe(self, deliveries: Sequence[Delivery]) -> None:
        """More to deliver."""
        for delivery in deliveries:
            heappush(self._due, (delivery.due_at, delivery.number))
        self._woken.set()

    async def _handle(self, frame: Frame) -> None:
        if frame.command_id in BINDS:
            self._bind(frame)
        elif frame.command_id == SUBMIT_SM:
            await self._submit(frame)
        elif frame.command_id & codec.RESPONSE:
            self._acknowledged(frame)
        elif frame.command_id == ENQUIRE_LINK:
            self._writer.write(codec.response(frame))
        elif frame.command_id == UNBIND:
            self._writer.write(codec.response(frame))
            await self._writer.drain()
            raise LinkError("the client unbinds")
        else:
            self._writer.write(codec.nack(frame))

    def _bind(self, frame: Frame) -> None:
        self.is_bound = self._centre.accepts(codec.words(codec.parsed(frame).password))
        status = codec.OK if self.is_bound else BAD_PASSWORD
        self._writer.write(codec.response(frame, status, b"mend-smsc\0" if self.is_bound else b""))
        self._woken.set()

    async def _submit(self, frame: Frame) -> None:
        if not self.is_bound:
            self._writer.write(codec.response(frame, NOT_BOUND))
            return
        pdu = codec.parsed(frame)
        reference = hashlib.sha256(
            b"\0".join([pdu.source_addr, pdu.destination_addr, pdu.short_message or b""])
        ).hexdigest()
        status = self._centre.verdict(reference)
        if status != codec.OK:
            self._writer.write(codec.response(frame, status))
            return
        number = self._centre.take(pdu, reference)
        if self._centre.is_link_to_be_lost():
            self.drop()
            raise LinkError("lost as the world wants it")
        answer = codec.response(frame, codec.OK, f"{number:08x}\0".encode())
        seconds = self._centre.world.seconds(self._centre.world.response_seconds, "response", number)
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._write, answer)
        else:
            self._write(answer)

    def _write(self, octets: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(octets)

    def _acknowledged(self, frame: Frame) -> None:
        number = self._sent.pop(frame.sequence, None)
        if number is not None and frame.status == codec.OK:
            self._centre.journal.acknowledge(number)
        self._woken.set()

    async def _deliver(self) -> None:
        """Send what is due, as far as the client keeps up."""
        while True:
            self._woken.clear()
            wait = self._send_due(time.time()) if self.is_bound else IDLE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()

    def _send_due(self, now: float) -> float:
        """Send; returns the seconds until the next is due."""
        while self._due and self._due[0][0] <= now and len(self._sent) < CLIENT_WINDOW:
            delivery = self._centre.journal.owed[heappop(self._due)[1]]
            sequence, octets = codec.request("deliver_sm", self._sequence, **_fields(delivery))
            self._sent[sequence] = delivery.number
            self._write(octets)
        is_full = len(self._sent) >= CLIENT_WINDOW
        return IDLE_SECONDS if is_full or not self._due else max(0.001, self._due[0][0] - now)


def _fields(delivery: Delivery) -> dict[str, object]:
    return {
        "source_addr_ton": 1,
        "source_addr_npi": 1,
        "source_addr": delivery.source,
        "destination_addr": delivery.destination,
        "esm_class": delivery.esm_class,
        "data_coding": delivery.data_coding,
        "short_message": bytes.fromhex(delivery.content),
    }
