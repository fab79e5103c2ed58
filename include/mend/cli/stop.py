"""`mend stop`, which leaves PostgreSQL alone while something else runs on it."""

from __future__ import annotations

import argparse
from importlib.metadata import entry_points
from typing import Final

from mend.cli import house
from mend.cli.arguments import Subparsers, add_command
from mend.foundation.home import Home

# Functions of installed packages that are asked first, each with the home: one raises CommandError to say no.
BEFORE_STOP: Final = "mend.before_stop"


def add(subparsers: Subparsers) -> None:
    """`mend stop`."""
    add_command(subparsers, "stop", "stop the home's own PostgreSQL; everything stays", stop)


def stop(arguments: argparse.Namespace, home: Home) -> None:
    """Raises CommandError while Airflow of this home runs: it would bring PostgreSQL up again."""
    for each in entry_points(group=BEFORE_STOP):
        each.load()(home)
    house.stop(arguments, home)
