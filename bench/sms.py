"""Messages a second over SMPP through outbox and relay, and how long enqueuing a million surveys takes.

    python -m bench.sms                                   # windows 10 and 50, 20 000 messages each; a million enqueued
    python -m bench.sms --messages 5000 --enqueue 100000

The message centre is ours, in a process of its own: it answers at once, receipts each part, and one subscriber in six
answers.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from sqlalchemy import text

from bench.measure import costing
from mend.care.sms import NewMessage, Rules, enqueue, relay_of, rules_on
from mend.care.sms.smsc import Centre, World
from mend.care.sms.smsc.world import Answers
from mend.foundation import operations, server
from mend.foundation.home import Home

ANSWERS = (Answers(when="7", share=1 / 6, texts={"7": 1, "1": 1}, after_seconds=(0.1, 1.0)),)


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.sms", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--windows", type=int, nargs="+", default=[10, 50])
    parser.add_argument("--enqueue", type=int, default=1_000_000)
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="mend-bench-sms-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        home = Home.at(Path(folder) / "home", {"MEND_ZONE": "Asia/Shanghai"})
        home.prepare()
        server.start(home)
        operations.upgrade(home.database_url)
        try:
            for window in arguments.windows:
                _sending(home, arguments.messages, window)
            if arguments.enqueue:
                _enqueuing(home, arguments.enqueue)
        finally:
            server.stop(home)
            shutil.rmtree(home.root, ignore_errors=True)


def _messages(count: int, at: dt.datetime, run: str) -> Iterator[NewMessage]:
    for number in range(count):
        yield NewMessage(
            dedup_key=f"{run}:{number}",
            account_code="main",
            purpose_code="survey",
            purpose_kind_code="service",
            customer_id=f"C{number}",
            phone_number=f"+86139{number:08d}",
            text=f"您的问题解决了吗？已解决回1，未解决回7。{number}",
            sender_number="10086",
            not_before=at,
            valid_until=at + dt.timedelta(days=1),
            reply_until=at + dt.timedelta(days=3),
            quiet_zones=("Asia/Shanghai", "Asia/Urumqi"),
            survey_id=f"{run}-{number}",
        )


def _enqueuing(home: Home, count: int) -> None:
    at = dt.datetime.now(dt.UTC)
    for what in ("new", "all known"):
        with costing(home) as cost, operations.transaction(home.database_url) as connection:
            added = enqueue(connection, _messages(count, at, "million"), at)
        rate, cpu, peak = count / cost.wall, cost.cpu, _mib(cost.peak)
        print(
            f"enqueue {count} ({what}): {added} added, {cost.wall:.1f} s, {rate:.0f} a second, CPU {cpu:.1f} s, peak "
            f"{peak} MiB"
        )


def _sending(home: Home, count: int, window: int) -> None:
    at = dt.datetime.now(dt.UTC)
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("truncate sms_outbox, sms_part, sms_inbound, sms_receipt, sms_account_day"))
        enqueue(connection, _messages(count, at, f"window{window}"), at)
    ours, theirs = multiprocessing.Pipe()
    centre = multiprocessing.get_context("spawn").Process(target=_centre, args=(theirs,))
    centre.start()
    with costing(home) as cost:
        seconds = asyncio.run(_relay(home, ours.recv(), window, count))
    ours.send("stop")
    accepted, duplicates, memory = ours.recv()
    centre.join()
    print(
        f"window {window}: {count} messages in {seconds:.1f} s, {count / seconds:.0f} a second; {accepted} accepted, "
        f"{duplicates} twice; "
        f"relay and PostgreSQL: CPU {cost.cpu:.1f} s, peak {_mib(cost.peak)} MiB (relay {_mib(_own())}, centre "
        f"{_mib(memory)})"
    )


async def _relay(home: Home, port: int, window: int, count: int) -> float:
    settings = {**home.settings, "MEND_SMS_MODE": "live", "MEND_SMS_URL_MAIN": f"smpp://mend:secret@127.0.0.1:{port}"}
    relay = relay_of(Home.at(home.root, settings), "main", rules=_rules(window))
    stopping = asyncio.Event()
    begun = time.perf_counter()
    task = asyncio.create_task(relay.run(stopping))
    while relay.counts["accepted"] < count:
        await asyncio.sleep(0.02)
    seconds = time.perf_counter() - begun
    while relay.counts["receipts"] < count:
        await asyncio.sleep(0.02)
    stopping.set()
    await task
    return seconds


def _rules(window: int) -> Rules:
    words = rules_on(dt.date(2026, 5, 1)).model_dump()
    words["accounts"]["main"] |= {"window": window, "max_a_day": None, "reserved_a_day": 0}
    return Rules.model_validate(words)


def _centre(pipe: Pipe) -> None:
    async def serve() -> None:
        centre = Centre(World(answers=ANSWERS))
        pipe.send(await centre.start())
        await asyncio.to_thread(pipe.recv)
        pipe.send((len(centre.journal.accepted), centre.journal.duplicates(), _own()))
        await centre.stop()

    asyncio.run(serve())


def _own() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _mib(octets: int) -> str:
    return f"{octets / 2**20:.0f}"


if __name__ == "__main__":
    main()
