"""The relay: the only sender of an account. It claims, writes, hears, and stores each of these before it goes on."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import socket
import uuid
from asyncio import Event, Future
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mend.care.sms.breaker import Breaker
from mend.care.sms.claiming import Claimed, Claimer, record_account
from mend.care.sms.errors import LinkError, NumberError, TextError
from mend.care.sms.inbound import Inbox
from mend.care.sms.policy import AsksToStop, Guard, Policy
from mend.care.sms.receipts import drop_old
from mend.care.sms.round import Happened, Round
from mend.care.sms.rules import Rules
from mend.care.sms.sending import Sender
from mend.care.sms.settings import Sending
from mend.care.sms.store import Store, StoreError
from mend.care.sms.transport import Incoming, Outcome, Part, Transport
from mend.foundation.operations.statements import statement

LOG: Final = logging.getLogger(__name__)
HOUSEKEEPING_SECONDS: Final = 5.0
STOPPING_SECONDS: Final = 5.0
GATHER_SECONDS: Final = 0.002
ROUND_COUNT: Final = 100  # messages that arrived, in one transaction at most
ROUND_OCTETS: Final = 1 << 18
Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """The clock of a relay at work; tests bring their own."""
    return dt.datetime.now(dt.UTC)


def owner_name() -> str:
    """A name for this relay process that no other has had."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@dataclass
class Relay:
    """One account's relay. `transport` is None in a dry run: then messages are only decided on. `zone` cuts business
    days.
    """

    url: str
    account_code: str
    rules: Rules
    sending: Sending
    transport: Transport | None
    zone: str
    guards: tuple[Guard, ...] = ()
    asks_to_stop: AsksToStop | None = None
    clock: Clock = utc_now
    owner: str = field(default_factory=owner_name)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        account = self.rules.account(self.account_code)
        policy = Policy(self.sending, self.rules.extensions, dt.timedelta(seconds=self.rules.claim.same_number_seconds))
        self._account = account
        self._claimer = Claimer(self.account_code, account, self.rules.claim, policy, self.owner, self.guards)
        self._sender = Sender(self.account_code, self.owner, self.rules.retry)
        digits, link = len(self.rules.extensions[0]), self.rules.link
        self._inbox = Inbox(self.account_code, account.sender_number, digits, self.rules.inbound, self.asks_to_stop)
        self._round = Round(self._sender, self._inbox, self.guards)
        self._store = Store(self.url)
        self._breaker = Breaker(link.reconnect_first_seconds, link.doubt_most_seconds)
        self._paused_until, self._pause_seconds = 0.0, self.rules.retry.first_seconds
        self._forget()

    def _forget(self) -> None:
        """Begin a link with nothing under way."""
        self._queue: deque[list[Part]] = deque()
        self._happened = Happened()
        self._arrived: deque[Incoming] = deque()
        self._under_way: set[tuple[int, int]] = set()
        self._woken, self._is_lost, self._is_proven, self._is_in_doubt = Event(), False, False, False
        self._claim_at = self._housekeeping_at = 0.0
        self._breaker.begin()
        self._allowance = float(self._account.max_a_second or 0)
        self._allowance_at = 0.0

    async def run(self, stopping: Event) -> None:
        """Send until `stopping` is set: stands by while another relay owns the account, and makes every broken link
        again.
        """
        first, most = self.rules.link.reconnect_first_seconds, self.rules.link.reconnect_most_seconds
        backoff = first
        while not stopping.is_set():
            wait = first
            try:
                if await self._store.take_lock(self.account_code):
                    await self._link(stopping)
                else:
                    wait = self.rules.claim.poll_seconds
            except (LinkError, StoreError) as error:
                backoff = first if self._is_proven else backoff
                # One lost over a message: the breaker holds the next message back, and what arrives meanwhile is heard.
                wait, backoff = (first, backoff) if self._is_in_doubt else (backoff, min(backoff * 2, most))
                self._is_proven = self._is_in_doubt = False
                LOG.warning("sms account=%s link=down reason=%s again_in=%.1fs", self.account_code, error, wait)
            await _sleep(stopping, wait)
        await self._store.close()

    async def _link(self, stopping: Event) -> None:
        """One link from bind to end."""
        self._forget()
        found = await self._store.run(self._take_over)
        LOG.info(
            "sms account=%s owner=%s freed=%d unknown=%d",
            self.account_code,
            self.owner,
            found["freed"],
            found["unknown"],
        )
        try:
            if self.transport is not None:
                await self.transport.open(self._receive, self._lose)
            bound_at = self._now()
            await self._store.run(lambda connection: self._seen(connection, "bound"))
            await self._work(stopping)
            # A link that outlives a question whether it lives, and the wait for the answer, has answered it.
            self._is_proven |= (
                self._now() - bound_at > self.rules.link.enquire_seconds + self.rules.link.response_seconds
            )
        finally:
            await self._end_link()
        if self._is_lost:
            raise LinkError("the link broke")

    def _take_over(self, connection: Connection) -> Counter[str]:
        record_account(connection, self.account_code, self._account)
        self._seen(connection, "connecting")
        return self._sender.recover(connection, self.clock())

    def _seen(self, connection: Connection, state: str) -> None:
        values = {"account": self.account_code, "owner": self.owner, "state": state, "at": self.clock()}
        connection.execute(statement("care/sms", "seen"), values)

    async def _end_link(self) -> None:
        """Close it, and store what was still learned on it; what cannot be stored is found as unknown by the next
        owner.
        """
        if self.transport is not None:
            await self.transport.close()
        await asyncio.sleep(0)  # what the close resolved is heard of
        with suppress(StoreError):
            await self._store_round(self._taken(room=False))
            await self._store.run(lambda connection: self._seen(connection, "closed"))
            await self._store.run(lambda connection: self._sender.recover(connection, self.clock()))

    async def _work(self, stopping: Event) -> None:
        """Rounds, until the link is lost or all that was under way at the stop has ended."""
        deadline: float | None = None
        while not self._is_lost:
            if stopping.is_set():
                deadline = deadline or self._now() + STOPPING_SECONDS
                if not (self._under_way or self._arrived) or self._now() > deadline:
                    break
            await self._housekeeping()
            if not stopping.is_set():
                await self._claim()
            await self._store_round(self._taken(room=not stopping.is_set()))
            if not (self._happened or self._arrived or self._can_go_on(stopping)):
                await self._wait(stopping)
                await self._gather()

    async def _gather(self) -> None:
        """A commit costs the same for one result and for ten: give the others that are about to come a moment."""
        waiting = len(self._under_way) - len(self._happened.results)
        if 0 < len(self._happened.results) < waiting:
            await asyncio.sleep(GATHER_SECONDS)

    def _can_go_on(self, stopping: Event) -> bool:
        return bool(self._queue) and not stopping.is_set() and self._fits(self._queue[0], len(self._under_way))

    async def _wait(self, stopping: Event) -> None:
        """Until something happens, or it is time to look into the outbox or to write on."""
        seconds = 0.05 if stopping.is_set() else max(0.001, self._next_look() - self._now())
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, self.rules.claim.poll_seconds)):
                await self._woken.wait()
        self._woken.clear()

    def _next_look(self) -> float:
        if not self._queue:
            return min(self._housekeeping_at, self._claim_at)
        if (paused_until := max(self._paused_until, self._breaker.until)) > self._now():
            return min(self._housekeeping_at, paused_until)
        if self._account.max_a_second is not None:
            return self._now() + 1 / self._account.max_a_second
        return self._housekeeping_at

    async def _claim(self) -> None:
        """Take more from the outbox when the queue runs low."""
        if len(self._queue) > self._account.window or self._now() < self._claim_at:
            return
        at = self.clock()
        claimed, seen = await self._store.run(lambda connection: self._claimer.claim(connection, at, self._day(at)))
        self.counts.update(claimed=len(claimed), looked_at=seen)
        reasons = [(message.message_id, self._enqueue(message)) for message in claimed]
        if unsendable := {message_id: reason for message_id, reason in reasons if reason is not None}:
            await self._store.run(lambda connection: self._refuse(connection, unsendable, at))
        # Nothing due now: look again a little later, not at once.
        self._claim_at = self._now() + (self.rules.claim.poll_seconds if seen < self.rules.claim.batch_count else 0.0)

    def _enqueue(self, message: Claimed) -> str | None:
        """Queue it; gives the reason when it can never be sent."""
        assert self.transport is not None, "a dry run claims nothing"
        try:
            parts = self.transport.parts(
                message.message_id, message.phone_number, message.sender_number, message.text, message.valid_until
            )
        except NumberError:
            return "number"
        except TextError:
            return "text"
        self._queue.append(parts)
        return None

    def _refuse(self, connection: Connection, reasons: Mapping[int, str], at: dt.datetime) -> None:
        connection.execute(
            statement("care/sms", "refuse"), {"message_ids": list(reasons), "reasons": list(reasons.values()), "at": at}
        )

    def _taken(self, room: bool) -> Happened:
        """What happened so far, with the next messages that there is room for."""
        happened, self._happened = self._happened, Happened()
        happened.incoming = self._next_arrived()
        under_way = len(self._under_way) - len(happened.results)
        while room and self._queue and self._fits(self._queue[0], under_way):
            parts = self._queue.popleft()
            under_way += len(parts)
            self._allowance -= len(parts)
            happened.next.append(parts)
        return happened

    def _next_arrived(self) -> list[Incoming]:
        """What came first, as much as one transaction stores quickly: in a flood there is sending in between."""
        found: list[Incoming] = []
        octets = 0
        while self._arrived and len(found) < ROUND_COUNT and octets < ROUND_OCTETS:
            found.append(self._arrived.popleft())
            octets += len(found[-1].raw)
        return found

    def _fits(self, parts: list[Part], under_way: int) -> bool:
        """Whether a message may be written now: within the window (one larger than the window alone), the rate, and no
        pause.
        """
        now = self._now()
        window = self._breaker.window(self._account.window)
        if now < max(self._paused_until, self._breaker.until) or (under_way and under_way + len(parts) > window):
            return False
        if self._account.max_a_second is None:
            return True
        most = float(self._account.max_a_second)
        self._allowance = min(most, self._allowance + (now - self._allowance_at) * most)
        self._allowance_at = now
        return self._allowance >= min(len(parts), most)

    async def _store_round(self, happened: Happened) -> None:
        """Commit, and only then acknowledge and write. A slot of the window is free when its result is committed."""
        if not happened:
            return
        self.counts["rounds"] += 1
        at = self.clock()
        parts, counts = await self._store.run(
            lambda connection: self._round.store(connection, happened, at, self._day(at))
        )
        self.counts += counts
        self._under_way -= {(part.message_id, part.part_number) for part, _ in happened.results}
        if self.transport is not None:
            self.transport.acknowledge(happened.incoming)
        for part in parts:
            self._write(part)

    def _write(self, part: Part) -> None:
        assert self.transport is not None, "a dry run writes nothing"
        self._under_way.add((part.message_id, part.part_number))
        self.transport.send(part).add_done_callback(lambda future: self._ended(part, future))

    def _ended(self, part: Part, future: Future[Outcome]) -> None:
        outcome = Outcome("unknown", error_code="stopped") if future.cancelled() else future.result()
        self._happened.results.append((part, outcome))
        if outcome.kind in ("refused_for_now", "never_written"):
            self._pause()
        elif outcome.kind == "accepted":
            self._pause_seconds = self.rules.retry.first_seconds
            self._is_proven = True
            self._breaker.accepted()
        elif outcome.kind == "unknown":
            self._is_in_doubt = True
            self._breaker.doubt(self._now())
        self._woken.set()

    def _pause(self) -> None:
        """The message centre wants less: write nothing for a while, longer each time until it takes one."""
        if self._now() >= self._paused_until:
            self._paused_until = self._now() + self._pause_seconds
            self._pause_seconds = min(self._pause_seconds * 2, self.rules.retry.most_seconds)

    def _receive(self, incoming: Incoming) -> None:
        self._arrived.append(incoming)
        self._woken.set()

    def _lose(self) -> None:
        self._is_lost = True
        self._woken.set()

    async def _housekeeping(self) -> None:
        if self._now() < self._housekeeping_at:
            return
        self._housekeeping_at = self._now() + HOUSEKEEPING_SECONDS
        at, wait = self.clock(), dt.timedelta(seconds=self.rules.receipts.wait_seconds)
        self.counts += await self._store.run(lambda connection: self._sender.close_overdue(connection, at, wait))
        await self._store.run(lambda connection: self._inbox.give_up_on_parts(connection, at))
        kept = dt.timedelta(seconds=self.rules.receipts.parked_seconds)
        await self._store.run(lambda connection: drop_old(connection, self.account_code, at - kept))
        await self._store.run(lambda connection: self._seen(connection, "bound"))
        LOG.info(
            "sms account=%s %s",
            self.account_code,
            " ".join(f"{name}={count}" for name, count in sorted(self.counts.items())),
        )

    def _day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


async def _sleep(stopping: Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopping.wait()
