"""`mend simulate`: files of a telecom centre that never was, with their known truth."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mend.cli.arguments import Subparsers, add_command, count, month
from mend.cli.text import table
from mend.home import Home


def add(subparsers: Subparsers) -> None:
    """`mend simulate`."""
    does = "write the deliveries of a simulated telecom centre, dirt and truth included"
    parser = add_command(subparsers, "simulate", does, simulate)
    parser.add_argument("--customers", type=count, required=True, metavar="N")
    parser.add_argument("--months", type=count, default=1, metavar="M")
    parser.add_argument("--first-month", type=month, default="2026-01", metavar="YYYY-MM")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same files")
    parser.add_argument("--clean", action="store_true", help="without dirty rows")
    parser.add_argument("--into", type=Path, metavar="DIR", help="folder for the files (default: the home's inbox)")


def simulate(arguments: argparse.Namespace, home: Home) -> None:
    from mend.simulate import simulate as deliver

    into = (arguments.into or home.inbox).resolve()
    truth = deliver(
        into,
        arguments.customers,
        arguments.first_month,
        arguments.months,
        arguments.seed,
        dirty=not arguments.clean,
        memory_limit=home.memory_limit,
        threads=home.threads,
        progress=_say,
    )
    rows = [[record, count, truth.rows_accepted.get(record)] for record, count in truth.rows_delivered.items()]
    sys.stdout.write(table(["record", "rows", "without dirt"], rows))
    sys.stdout.write(f"{into}\n")


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()
