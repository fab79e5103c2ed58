"""Commands for the home itself: its databases, its server, and whether every line is accounted for."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mend.cli.arguments import Subparsers, add_command
from mend.cli.text import table
from mend.errors import CommandError
from mend.foundation.home import Home

if TYPE_CHECKING:
    from mend.foundation.operations import Batch
    from mend.intake.core import Reconciled


def add(subparsers: Subparsers) -> None:
    """`mend init`, `mend check`. (`mend stop` asks first whether Airflow runs: mend.cli.stop.)"""
    add_command(subparsers, "init", "make the home: databases and empty tables; safe to repeat", init)
    command = add_command(
        subparsers, "check", "account for every line: rows in = accepted + quarantined + superseded", check
    )
    command.add_argument("--batches", action="store_true", help="a line for each batch instead of each record")


def prepare(home: Home) -> None:
    """Make what the home lacks: folder, server, the operations database's tables. The lake's tables come with its first
    use.
    """
    from mend.foundation import operations
    from mend.foundation.opening import open_home

    home.prepare()
    open_home(home)
    operations.upgrade(home.database_url)
    open_home(home)  # the operations database has the table for its identity now


def require(home: Home) -> None:
    """Raises CommandError when there is no home yet; reading must not make one in whatever folder it is called from."""
    if home.needs_embedded_server and not home.root.exists():
        raise CommandError(
            f"there is no home in {home.root}; name it with --home or MEND_HOME, or make one with `mend init`"
        )


def init(_: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench

    prepare(home)
    with Workbench.open(home):
        pass
    sys.stdout.write(f"{home.root} is ready\n")


def stop(_: argparse.Namespace, home: Home) -> None:
    from mend.foundation import server

    require(home)
    was_running = home.needs_embedded_server and server.is_running(home)
    if was_running:
        server.stop(home)
    sys.stdout.write("stopped; everything is kept\n" if was_running else "nothing was running\n")


def check(arguments: argparse.Namespace, home: Home) -> None:
    """Raises ReconciliationError when a line is missing."""
    from mend.foundation import operations
    from mend.foundation.pipeline.workbench import Workbench
    from mend.intake import core

    require(home)
    with Workbench.open(home) as bench:
        operations.upgrade(home.database_url)
        known = {batch.batch_number: batch for batch in operations.batches(home.database_url)}
        found = core.reconcile(home, bench, {batch.arrived_on for batch in known.values()}, may_wait=True)
    counts = (
        "lines",
        "accepted",
        "quarantined",
        "superseded",
        *(("waiting",) if any(each.waiting for each in found) else ()),
    )
    if arguments.batches:
        header = ["batch", "day", "source", "record", "file", *counts]
        rows = [_of_batch(known[each.batch_number], [getattr(each, name) for name in counts]) for each in found]
    else:
        header, rows = ["source", "record", "batches", *counts], _by_record(found, counts)
    sys.stdout.write(table(header, rows))
    for words in _notes(home, list(known.values())):
        sys.stdout.write(f"{words}\n")
    sys.stdout.write(f"every line of {len(found)} batches is accounted for\n")


def _of_batch(batch: Batch, counts: list[int]) -> list[Any]:
    return [batch.batch_number, batch.arrived_on, batch.source_code, batch.record_code, batch.place, *counts]


def _by_record(found: Iterable[Reconciled], names: Sequence[str]) -> list[list[Any]]:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(names) + 1))
    for batch in found:
        counts = (1, *(getattr(batch, name) for name in names))
        key = (batch.source, batch.record)
        sums[key] = [total + count for total, count in zip(sums[key], counts, strict=True)]
    return [[*key, *counts] for key, counts in sorted(sums.items())]


def _notes(home: Home, batches: Sequence[Batch]) -> list[str]:
    """What a person should know beside the counts: batches that do not count and why, days to be made again, deliveries
    not read.
    """
    from mend.foundation import operations

    url = home.database_url
    said = operations.latest(operations.decisions(url))
    notes = []
    for batch in batches:
        decision = said.get(batch.batch_number)
        why = f": {decision.why} ({decision.decided_by}, {decision.decided_at:%Y-%m-%d %H:%M})" if decision else ""
        name = f"batch {batch.batch_number} ({batch.record_code} of {batch.arrived_on}, {batch.place})"
        if batch.is_withdrawn:
            notes.append(f"{name} is withdrawn{why}")
        elif batch.is_accepted:
            notes.append(f"{name} was stopped by the quality gate and accepted{why}")
        elif batch.is_stopped:
            number = batch.batch_number
            ways = f"mend accept {number} --why ..., or mend withdraw {number} --why ..."
            notes.append(f"{name} is stopped by the quality gate, all of it in quarantine; {ways}")
    if due := operations.due_days(url):
        notes.append(f"to be made again by the next nightly run or `mend recompute`: {', '.join(map(str, due))}")
    missing = operations.stretches(operations.missing_deliveries(url))
    return notes + [
        f"{each.source_code} of {each.days} is missing: {each.message or 'not read to its end'}" for each in missing
    ]
