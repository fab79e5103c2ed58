"""`mend list`: the ranked list of a month, as files."""

from __future__ import annotations

import argparse
import sys

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.home import require
from mend.foundation.home import Home


def add(subparsers: Subparsers) -> None:
    """`mend list`."""
    parser = add_command(
        subparsers, "list", "write the list of a month's damaged customers, a CSV file per city", write
    )
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    parser.add_argument("--unmasked", action="store_true", help="whole phone numbers")


def write(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.repair.campaign import damage_list

    require(home)
    with Workbench.open(home) as bench:
        report = damage_list(home, bench, arguments.month, unmasked=arguments.unmasked)
    sys.stdout.write(f"{report.customers:,} customers in {report.cities} cities: {report.folder}\n")
