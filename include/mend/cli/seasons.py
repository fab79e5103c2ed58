"""`mend seasons`: whom the seasonal themes of a month are for."""

from __future__ import annotations

import argparse
import sys

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.home import require
from mend.foundation.home import Home


def add(subparsers: Subparsers) -> None:
    """`mend seasons`."""
    parser = add_command(subparsers, "seasons", "say whom the seasonal themes of a month are for", seasons)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM", help="a closed month")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def seasons(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.repair.seasons import match_month, said

    require(home)
    with Workbench.open(home) as bench:
        match_month(home, bench, arguments.month)
        lines = said(home, bench, arguments.month, arguments.lang)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
