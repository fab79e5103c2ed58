"""Decisions about a batch: it is withdrawn, taken back, or let through the quality gate's stop."""

from __future__ import annotations

import argparse
import getpass
import sys

from mend.cli.arguments import Subparsers, add_command, count
from mend.cli.home import prepare, require
from mend.errors import CommandError, UsageError
from mend.foundation.home import Home


def add(subparsers: Subparsers) -> None:
    """`mend withdraw`, `mend accept`."""
    does = "let a batch's rows not count any more: what they replaced returns, and its days are made again"
    command = add_command(subparsers, "withdraw", does, withdraw)
    _add_batch(command)
    command.add_argument("--undo", action="store_true", help="take a withdrawal back: the rows count again")
    command = add_command(
        subparsers, "accept", "lift the quality gate's stop of a batch; its bad rows stay in quarantine", accept
    )
    _add_batch(command)


def _add_batch(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "batch", type=count, metavar="BATCH", help="its number, as messages and `mend check --batches` give it"
    )
    command.add_argument(
        "--why", required=True, metavar="WORDS", help="the reason, kept on record with your name and the time"
    )


def withdraw(arguments: argparse.Namespace, home: Home) -> None:
    """`mend withdraw`."""
    from mend.foundation import operations

    why = _reason(arguments, home)
    decide = operations.take_back if arguments.undo else operations.withdraw
    batch, is_new = decide(home.database_url, arguments.batch, why, getpass.getuser())
    state = "counts again" if arguments.undo else "is withdrawn"
    sys.stdout.write(
        f"batch {batch.batch_number} ({batch.record_code} of {batch.arrived_on}, {batch.place}) {state}\n"
        if is_new
        else ""
    )
    sys.stdout.write(
        _next(batch.arrived_on) if is_new else f"batch {batch.batch_number} {state} already; nothing changed\n"
    )


def accept(arguments: argparse.Namespace, home: Home) -> None:
    """`mend accept`."""
    from mend.foundation import operations

    batch, is_new = operations.accept(home.database_url, arguments.batch, _reason(arguments, home), getpass.getuser())
    if not is_new:
        sys.stdout.write(f"batch {batch.batch_number} was accepted before; nothing changed\n")
        return
    sys.stdout.write(
        f"batch {batch.batch_number} ({batch.record_code} of {batch.arrived_on}, {batch.place}) is accepted\n"
    )
    sys.stdout.write(f"run the failed task `quality` again with what follows it, or: {_next(batch.arrived_on)}")


def _reason(arguments: argparse.Namespace, home: Home) -> str:
    require(home)
    if home.as_of:
        raise CommandError(f"{home.root} shows {home.as_of.root} as of {home.as_of.day}: nothing is decided in it")
    if not arguments.why.strip():
        raise UsageError("--why is empty: say in a few words why")
    prepare(home)
    return str(arguments.why.strip())


def _next(day: object) -> str:
    return f"{day} is made again by the next nightly run, or now by `mend recompute`\n"
