"""`mend as-of`: the tables as of a past business date, rebuilt in a second home by the night's own steps."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mend import chain
from mend.cli import house, run
from mend.cli.arguments import Subparsers, add_command, day
from mend.foundation.home import Home
from mend.foundation.periods import Period

WORDS: Final = """\
Rebuilds the core tables, the ledger, the exposure and the month to date as they were
when DAY was the last business date loaded, from
what had arrived by then, in a second home in DIR. The first home is only read.

The second home has its own PostgreSQL and its own lake. Its raw_
and core_quarantine tables name the first home's files and are readable
for as long as these are there: the first home's housekeeping keeps a file that was replaced for 30 days. Neither
home's housekeeping
removes a file of the other. Nothing new can be loaded into it. A repeated call begins anew;
when you are done with it, stop its server
with `mend --home DIR stop` and delete DIR.
"""


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    does = "rebuild core, ledger and month to date as of a past day, in a second home"
    command = add_command(
        commands, "as-of", does, as_of, epilog=WORDS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.add_argument(
        "day", type=day, metavar="DAY", help="the last business date that counts, YYYY-MM-DD; it must be loaded"
    )
    command.add_argument("--into", type=Path, required=True, metavar="DIR", help="a new folder for the second home")


def as_of(arguments: argparse.Namespace, home: Home) -> None:
    """`mend as-of`."""
    from mend import asof

    house.require(home)
    second = asof.begin(home, arguments.into, arguments.day)
    house.prepare(second)
    found = asof.reference(home, second, arguments.day)
    sys.stdout.write(
        f"{found.batches} batches in {found.files} files had arrived by {arguments.day}; {len(found.days)} days were "
        f"loaded\n"
    )
    _rebuild(second, found.days)
    sys.stdout.write(
        f"{second.root} shows {home.root} as of {arguments.day}; read it with `mend --home {second.root} sql ...`\n"
    )


def _rebuild(second: Home, days: Sequence[dt.date]) -> None:
    from mend import asof

    for first, last in asof.stretches(days):
        run.walk(chain.NIGHT, second, Period(first, last), {}, only=chain.REBUILDING)
