"""`mend run`, `mend month`, `mend recompute`: the steps of a night or a month, in this process."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from mend import chain
from mend.cli.arguments import Subparsers, add_command, day, month
from mend.cli.home import prepare, require
from mend.errors import CommandError, UsageError
from mend.foundation.counts import WARNINGS, in_words
from mend.foundation.files import FOLDERS_SETTING
from mend.foundation.home import Home
from mend.foundation.periods import Period, whole_month


def add(commands: Subparsers) -> None:
    """`mend run`, `mend month`, `mend recompute`."""
    command = add_command(
        commands, "run", "run the nightly chain for days, in this process and in the DAG's order", run
    )
    command.add_argument("--source", required=True, metavar="NAME", help="a source, as its YAML file is called")
    command.add_argument(
        "--path", nargs="+", default=[], metavar="FILE", help="files to read instead of the source's own"
    )
    command.add_argument(
        "--from", dest="first", type=day, required=True, metavar="DAY", help="first business day, YYYY-MM-DD"
    )
    command.add_argument("--to", dest="last", type=day, metavar="DAY", help="last business day (default: the first)")
    command = add_command(
        commands, "month", "close a month, write its list and draft its campaign, in this process", close_month
    )
    command.add_argument("month", type=month, metavar="YYYY-MM")
    add_command(
        commands, "recompute", "make the days again that `mend withdraw` and `mend accept` have marked", recompute
    )


def run(arguments: argparse.Namespace, home: Home) -> None:
    """`mend run`."""
    last = arguments.last or arguments.first
    if home.as_of:
        raise CommandError(f"{home.root} shows {home.as_of.root} as of {home.as_of.day}: nothing new is loaded into it")
    if arguments.first > last:
        raise UsageError(f"--from {arguments.first} is after --to {last}")
    paths = [str(Path(path).resolve()) for path in arguments.path]
    params = {"sources": [arguments.source], "paths": paths}
    walk(chain.NIGHT, _with_paths(home, paths), Period(arguments.first, last), params)


def _with_paths(home: Home, paths: Sequence[str]) -> Home:
    """The home with these among the places where deliveries may be: a person reads here with their own rights."""
    allowed = [*home.settings.get(FOLDERS_SETTING, "").split(os.pathsep), *paths]
    return Home(home.root, {**home.settings, FOLDERS_SETTING: os.pathsep.join(path for path in allowed if path)})


def recompute(_: argparse.Namespace, home: Home) -> None:
    """`mend recompute`: the nightly chain's steps after the extraction, for the marked days."""
    from mend.foundation import operations

    require(home)
    if home.as_of:
        raise CommandError(f"{home.root} shows {home.as_of.root} as of {home.as_of.day}: nothing is made again in it")
    prepare(home)
    due = operations.due_days(home.database_url)
    if not due:
        sys.stdout.write("no day is marked: nothing to make again\n")
        return
    # One run takes all that are marked; the first of them is as good a name for it as any.
    walk(chain.NIGHT, home, Period(due[0], due[0]), {"sources": []}, only=chain.RECOMPUTING)


def close_month(arguments: argparse.Namespace, home: Home) -> None:
    """`mend month`."""
    require(home)
    walk(chain.MONTH, home, whole_month(arguments.month), {})
    # The campaign's list, as a draft: what comes after waits for a person.
    walk(chain.CAMPAIGN[:2], home, whole_month(arguments.month), {})


def walk(
    steps: Sequence[chain.Step],
    home: Home,
    period: Period,
    params: dict[str, Any],
    only: Collection[str] | None = None,
) -> None:
    """Run the steps, and say of each what it did as soon as it is done."""
    # A step's line says what a person should look at; its log is for those who ask for it.
    logging.basicConfig(level=logging.INFO if os.environ.get("MEND_DEBUG") else logging.ERROR)
    prepare(home)
    for done in chain.walk(steps, home, period, params, only):
        _say(done)


def _say(done: chain.Done) -> None:
    """A line about a step that is done, and one for each of its warnings."""
    words = in_words(done.counts) if done.error is None else f"failed: {str(done.error).strip()}"
    name = f"{done.name} {done.part}".strip()
    warnings = done.counts.get(WARNINGS, [])
    warned = [f"    warning: {each}" for each in warnings]  # type: ignore[union-attr]
    lines = [f"{name:<12} {done.period}  {done.seconds:6.1f} s  {words}", *warned]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
