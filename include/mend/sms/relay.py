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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mend.models import statement
from mend.sms.claiming import Claimed, Claimer, record_account
from mend.sms.errors import LinkError, TextError
from mend.sms.inbound import Inbox
from mend.sms.policy import Guard, Policy
from mend.sms.round import Happened, Round
from mend.sms.rules import Rules
from mend.sms.sending import Sender
from mend.sms.settings import Sending
from mend.sms.store import Store, StoreError
from mend.sms.transport import Incoming, Outcome, Part, Transport

LOG: Final = logging.getLogger(__name__)
HOUSEKEEPING_SECONDS: Final = 5.0
STOPPING_SECONDS: Final = 5.0
GATHER_SECONDS: Final = 0.002
Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """The clock of a relay at work; tests bring their own."""
    return dt.datetime.now(dt.UTC)


def owner_name() -> str:
    """A name for this relay process that no other has had."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@dataclass
class Relay:
    """One account's relay. `transport` is None in a dry run: then messages are only decided on. `zone` cuts business days."""

    url: str
    account_code: str
    rules: Rules
    sending: Sending
    transport: Transport | None
    zone: str
    guards: tuple[Guard, ...] = ()
    clock: Clock = utc_now
    owner: str = field(default_factory=owner_name)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        account = self.rules.account(self.account_code)
        policy = Policy(self.sending, self.rules.extensions, dt.timedelta(seconds=self.rules.claim.same_number_seconds))
        self._account = account
        self._claimer = Claimer(self.account_code, account, self.rules.claim, policy, self.owner, self.guards)
        self._sender = Sender(self.account_code, self.owner, self.rules.retry)
        self._inbox = Inbox(self.account_code, account.sender_number, len(self.rules.extensions[0]), self.rules.inbound)
        self._round = Round(self._sender, self._inbox)
        self._store = Store(self.url)
        self._was_bound = False
        self._forget()

    def _forget(self) -> None:
        """Begin a link with nothing under way."""
        self._queue: deque[list[Part]] = deque()
        self._happened = Happened()
        self._under_way: set[tuple[int, int]] = set()
        self._woken, self._is_lost = Event(), False
        self._paused_until = self._claim_at = self._housekeeping_at = 0.0
        self._pause_seconds = self.rules.retry.first_seconds
        self._allowance = float(self._account.max_a_second or 0)
        self._allowance_at = 0.0

    async def run(self, stopping: Event) -> None:
        """Send until `stopping` is set: stands by while another relay owns the account, and makes every broken link anew."""
        wait = self.rules.link.reconnect_first_seconds
        while not stopping.is_set():
            self._was_bound = False
            try:
                owns = await self._store.take_lock(self.account_code)
                if owns:
                    await self._link(stopping)
                wait = self.rules.link.reconnect_first_seconds if owns else self.rules.claim.poll_seconds
            except (LinkError, StoreError) as error:
                doubled = min(wait * 2, self.rules.link.reconnect_most_seconds)
                wait = self.rules.link.reconnect_first_seconds if self._was_bound else doubled
                LOG.warning("sms account=%s link=down reason=%s again_in=%.1fs", self.account_code, error, wait)
            await _sleep(stopping, wait)
        await self._store.close()

    async def _link(self, stopping: Event) -> None:
        """One link from bind to end."""
        self._forget()
        found = await self._store.run(self._take_over)
        LOG.info("sms account=%s owner=%s freed=%d unknown=%d", self.account_code, self.owner, found["freed"], found["unknown"])
        try:
            if self.transport is not None:
                await self.transport.open(self._receive, self._lose)
            self._was_bound = True
            await self._store.run(lambda connection: self._seen(connection, "bound"))
            await self._work(stopping)
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
        connection.execute(statement("sms", "seen"), values)

    async def _end_link(self) -> None:
        """Close it, and store what was still learned on it; what cannot be stored is found as unknown by the next owner."""
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
                if not self._under_way or self._now() > deadline:
                    break
            await self._housekeeping()
            if not stopping.is_set():
                await self._claim()
            await self._store_round(self._taken(room=not stopping.is_set()))
            if not self._happened and not self._can_go_on(stopping):
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
        if self._paused_until > self._now():
            return min(self._housekeeping_at, self._paused_until)
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
        unsendable = [message for message in claimed if not self._enqueue(message)]
        if unsendable:
            await self._store.run(lambda connection: self._refuse(connection, unsendable, at))
        # Nothing due now: look again a little later, not at once.
        self._claim_at = self._now() + (self.rules.claim.poll_seconds if seen < self.rules.claim.batch_count else 0.0)

    def _enqueue(self, message: Claimed) -> bool:
        assert self.transport is not None, "a dry run claims nothing"
        try:
            parts = self.transport.parts(message.message_id, message.phone_number, message.sender_number, message.text, message.valid_until)
        except TextError:
            return False
        self._queue.append(parts)
        return True

    def _refuse(self, connection: Connection, messages: list[Claimed], at: dt.datetime) -> None:
        values = {"message_ids": [message.message_id for message in messages], "at": at}
        connection.execute(statement("sms", "refuse_text"), values)

    def _taken(self, room: bool) -> Happened:
        """What happened so far, with the next messages that there is room for."""
        happened, self._happened = self._happened, Happened()
        under_way = len(self._under_way) - len(happened.results)
        while room and self._queue and self._fits(self._queue[0], under_way):
            parts = self._queue.popleft()
            under_way += len(parts)
            self._allowance -= len(parts)
            happened.next.append(parts)
        return happened

    def _fits(self, parts: list[Part], under_way: int) -> bool:
        """Whether a message may be written now: within the window (one larger than the window alone), the rate, and no pause."""
        now = self._now()
        if now < self._paused_until or (under_way and under_way + len(parts) > self._account.window):
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
        parts, counts = await self._store.run(lambda connection: self._round.store(connection, happened, at, self._day(at)))
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
        if outcome.kind == "refused_for_now":
            self._pause()
        elif outcome.kind == "accepted":
            self._pause_seconds = self.rules.retry.first_seconds
        self._woken.set()

    def _pause(self) -> None:
        """The message centre wants less: write nothing for a while, longer each time until it takes one."""
        if self._now() >= self._paused_until:
            self._paused_until = self._now() + self._pause_seconds
            self._pause_seconds = min(self._pause_seconds * 2, self.rules.retry.most_seconds)

    def _receive(self, incoming: Incoming) -> None:
        self._happened.incoming.append(incoming)
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
        await self._store.run(lambda connection: self._seen(connection, "bound"))
        LOG.info("sms account=%s %s", self.account_code, " ".join(f"{name}={count}" for name, count in sorted(self.counts.items())))

    def _day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


async def _sleep(stopping: Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopping.wait()
