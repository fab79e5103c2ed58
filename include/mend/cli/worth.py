"""`mend worth`: what a month's repairs are worth by their speed."""

from __future__ import annotations

import argparse
import sys

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.home import require
from mend.foundation.home import Home


def add(subparsers: Subparsers) -> None:
    """`mend worth`."""
    parser = add_command(subparsers, "worth", "say what a month's repairs are worth by their speed", worth)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM", help="a closed month")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def worth(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.repair.worth import said, value_month

    require(home)
    with Workbench.open(home) as bench:
        value_month(home, bench, arguments.month)
        lines = said(bench, arguments.month, arguments.lang)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
