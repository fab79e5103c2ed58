"""`mend stages`: grumble points by life-cycle stage, the tendency to leave, forms of grumbling."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.home import require
from mend.cli.text import table
from mend.foundation.home import Home

SHOWN: Final = 5  # points of each stage; all of them are in mart_lifecycle_grumble and on the page


def add(subparsers: Subparsers) -> None:
    """`mend stages`."""
    does = "say a month's grumbles by life-cycle stage, who tends to leave, and how grumbling shows"
    parser = add_command(subparsers, "stages", does, stages)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM", help="a closed month")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def stages(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.grumbles.lifecycle import find_stages, lines, point_table, remake_later, report_of

    require(home)
    with Workbench.open(home) as bench:
        page = find_stages(home, bench, arguments.month)
        remake_later(home, bench, arguments.month)
    header, rows = point_table(page, arguments.lang, SHOWN)
    sys.stdout.write(table(header, rows) if rows else "")
    sys.stdout.write("".join(f"{line}\n" for line in lines(page, arguments.lang)))
    sys.stdout.write(f"{report_of(home, page).folder}\n")
