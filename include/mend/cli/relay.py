"""`mend relay`: the process that alone sends an account's messages. `mend smsc`: a message centre that is none, for
trials.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mend.cli.arguments import Subparsers, add_command, count
from mend.cli.home import require
from mend.cli.text import table
from mend.errors import CommandError
from mend.foundation.home import Home

if TYPE_CHECKING:
    from mend.care.sms.smsc import Centre


def add(subparsers: Subparsers) -> None:
    """`mend relay`, `mend smsc`."""
    parser = add_command(
        subparsers, "relay", "send an account's messages and take in receipts and replies, until stopped", relay
    )
    parser.add_argument("--account", default="main", metavar="NAME", help="an account of the SMS rules (default: main)")
    parser.add_argument("--for", dest="seconds", type=count, metavar="SECONDS", help="stop by itself after so long")
    parser.add_argument(
        "--to-simulator", action="store_true", help="the message centre is simulated: a copy of a home may send to it"
    )
    parser.add_argument(
        "--clock-offset", type=int, default=0, metavar="SECONDS", help="with --to-simulator: its time is not now"
    )
    parser = add_command(subparsers, "smsc", "simulate a message centre (SMPP 3.4) with subscribers who answer", smsc)
    parser.add_argument("--host", default="127.0.0.1", metavar="HOST")
    parser.add_argument("--port", type=int, default=2775, metavar="PORT")
    parser.add_argument(
        "--world", type=Path, metavar="FILE", help="YAML: delays, throttling, lost links, and who answers what"
    )
    parser.add_argument("--journal", type=Path, metavar="FILE", help="what it keeps when it is killed")


def relay(arguments: argparse.Namespace, home: Home) -> None:
    from mend.care.contact_rules import reasons_at_claim
    from mend.care.sms import run_relay
    from mend.care.sms.settings import sending
    from mend.care.survey.reply import asks_to_stop
    from mend.foundation.opening import open_home, require_sender

    if arguments.clock_offset and not arguments.to_simulator:
        raise CommandError("--clock-offset is for the simulated message centre: people are asked at their own hour")
    require(home)
    open_home(home)
    if sending(home.settings).mode != "dry_run" and not arguments.to_simulator:
        require_sender(home)
    _log()
    stop_after = dt.timedelta(seconds=arguments.seconds) if arguments.seconds else None
    guards = (reasons_at_claim,)
    offset = dt.timedelta(seconds=arguments.clock_offset)
    counts = run_relay(
        home, arguments.account, guards=guards, stop_after=stop_after, asks_to_stop=asks_to_stop, offset=offset
    )
    sys.stdout.write(table(["what", "count"], [[name, number] for name, number in sorted(counts.items())]))


def smsc(arguments: argparse.Namespace, _: Home) -> None:
    from mend.care.sms.smsc import Centre, World, read_world
    from mend.care.sms.smsc.journal import Journal

    world = read_world(arguments.world) if arguments.world else World()
    centre = Centre(world, Journal(arguments.journal))
    asyncio.run(_serve(centre, arguments.host, arguments.port))


async def _serve(centre: Centre, host: str, port: int) -> None:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopping.set)
    listening = await centre.start(host, port)
    sys.stdout.write(f"message centre on {host}:{listening}\n")
    sys.stdout.flush()
    await stopping.wait()
    await centre.stop()
    sys.stdout.write(f"accepted {len(centre.journal.accepted)} messages, {centre.journal.duplicates()} of them twice\n")


def _log() -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
