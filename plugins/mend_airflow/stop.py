"""`mend stop`, which leaves PostgreSQL alone while Airflow runs on it."""

from __future__ import annotations

import argparse

from mend.cli import house
from mend.cli.arguments import Subparsers, add_command
from mend.errors import CommandError
from mend.foundation.home import Home


def add(subparsers: Subparsers) -> None:
    """`mend stop`."""
    add_command(subparsers, "stop", "stop the home's own PostgreSQL; everything stays", stop)


def stop(arguments: argparse.Namespace, home: Home) -> None:
    """Raises CommandError while Airflow of this home runs: it would bring PostgreSQL up again."""
    from mend_airflow.local.services import is_running

    if is_running(home):
        raise CommandError("Airflow runs on this home, and keeps PostgreSQL running: `make stop` ends both")
    house.stop(arguments, home)
