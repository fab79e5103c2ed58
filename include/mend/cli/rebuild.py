"""`mend rebuild-ledger`: the ledger of an older version made again, and all that rests on it."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from mend import chain
from mend.cli.arguments import Subparsers, add_command
from mend.cli.home import prepare, require
from mend.cli.run import walk
from mend.errors import CommandError
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.periods import Period, whole_month

STEPS: Final = ("quality", "core", "score")
MONTH_STEPS: Final = ("close_month", "damage_list")


def add(commands: Subparsers) -> None:
    """`mend rebuild-ledger`."""
    words = "make the ledger of an older version again: score every loaded day, close every closed month"
    add_command(commands, "rebuild-ledger", words, rebuild)


def rebuild(_: argparse.Namespace, home: Home) -> None:
    """Every loaded day is marked first: a run that dies leaves the rest to the next nightly run or `mend recompute`.
    Months that were closed have a list: they are closed again by the close of the last one.
    """
    require(home)
    if home.as_of:
        raise CommandError(f"{home.root} shows {home.as_of.root} as of {home.as_of.day}: rebuild the ledger there")
    prepare(home)
    url = home.database_url
    days, months = operations.loaded_dates(url), operations.listed_months(url)
    operations.mark_due_days(url, days)
    sys.stdout.write(f"the ledger is emptied; {len(days)} days are scored again\n")
    _empty(home)
    if days:
        period = Period(days[0], days[0])
        walk(chain.NIGHT, home, period, {"sources": []}, only=STEPS)
        operations.settle_due_days(
            url, period.first, period.last, operations.taken_days(url, period.first, period.last)
        )
    if months:
        sys.stdout.write(f"closed again: {', '.join(months)}\n")
        walk(chain.MONTH, home, whole_month(months[-1]), {}, only=MONTH_STEPS)


def _empty(home: Home) -> None:
    """The ledger goes last: as long as it is the old one, every other command says what to do."""
    from mend.foundation.lake.evolution import LEDGER, is_made_by_rebuild
    from mend.foundation.pipeline.workbench import Workbench
    from mend.foundation.schema import TABLES

    with Workbench.open(home, with_old_ledger=True) as bench:
        other = [name for name in TABLES if name != LEDGER and is_made_by_rebuild(TABLES[name])]
        for name in [*other, LEDGER]:
            bench.lake.recreate(name)
