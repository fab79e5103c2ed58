"""Commands for the home itself: its databases, its server, and whether every line is accounted for."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict

from mend.cli.arguments import Subparsers, add_command
from mend.cli.errors import CommandError
from mend.cli.text import table
from mend.home import Home


def add(subparsers: Subparsers) -> None:
    """`mend init`, `mend check`. (`mend stop` asks first whether Airflow runs: mend_airflow.stop.)"""
    add_command(subparsers, "init", "make the home: databases and empty tables; safe to repeat", init)
    add_command(subparsers, "check", "account for every line: rows in = accepted + quarantined + superseded", check)


def prepare(home: Home) -> None:
    """Make what the home lacks: folder, server, the operations database's tables. The lake's tables come with its first
    use.
    """
    from mend import operations
    from mend.opening import open_home

    home.prepare()
    open_home(home)
    operations.upgrade(home.database_url)
    open_home(home)  # the operations database has the table for its identity now


def require(home: Home) -> None:
    """Raises CommandError when there is no home yet; reading must not make one in whatever folder it is called from."""
    if home.needs_embedded_server and not home.root.exists():
        raise CommandError(f"there is no home in {home.root}; name it with --home or MEND_HOME, or make one with `mend init`")


def init(_: argparse.Namespace, home: Home) -> None:
    from mend.workbench import Workbench

    prepare(home)
    with Workbench.open(home):
        pass
    sys.stdout.write(f"{home.root} is ready\n")


def stop(_: argparse.Namespace, home: Home) -> None:
    from mend import server

    require(home)
    was_running = home.needs_embedded_server and server.is_running(home)
    if was_running:
        server.stop(home)
    sys.stdout.write("stopped; everything is kept\n" if was_running else "nothing was running\n")


def check(_: argparse.Namespace, home: Home) -> None:
    """Raises ReconciliationError when a line is missing."""
    from mend import core, operations
    from mend.workbench import Workbench

    require(home)
    with Workbench.open(home) as bench:
        days = {batch.arrived_on for batch in operations.batches(home.database_url)}
        batches = core.reconcile(home, bench, days)
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    for batch in batches:
        counts = (1, batch.lines, batch.accepted, batch.quarantined, batch.superseded)
        key = (batch.source, batch.record)
        sums[key] = [total + count for total, count in zip(sums[key], counts, strict=True)]
    header = ["source", "record", "batches", "lines", "accepted", "quarantined", "superseded"]
    sys.stdout.write(table(header, [[*key, *counts] for key, counts in sorted(sums.items())]))
    sys.stdout.write(f"every line of {len(batches)} batches is accounted for\n")
