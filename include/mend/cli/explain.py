"""`mend explain`: a customer's month in words, with every point."""

from __future__ import annotations

import argparse
import sys

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.house import require
from mend.foundation.home import Home


def add(subparsers: Subparsers) -> None:
    """`mend explain`."""
    parser = add_command(subparsers, "explain", "say why a customer has the score of a month, point by point", explain)
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def explain(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.query.explain import explain as explained_month

    require(home)
    with Workbench.open(home) as bench:
        explained = explained_month(home, bench, arguments.customer, arguments.month, arguments.lang)
    sys.stdout.write(f"{explained.text()}\n")
