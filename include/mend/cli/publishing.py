"""`mend campaign-summary`, `-decide`, `-publish`, `-recall` and `mend export`: from a month's list to what is done."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import sys
from typing import Final

from mend.cli.arguments import Subparsers, add_command
from mend.cli.home import prepare, require
from mend.errors import CommandError
from mend.foundation.home import Home

LIST_HELP: Final = "month and version, such as 2026-03-v1"


def add(subparsers: Subparsers) -> None:
    """The commands and their arguments."""
    does = "put a month's list before the approvers, and show what they decide on"
    _add(subparsers, "campaign-summary", does, summary)
    does = "approve or refuse a list, as one of the approvers; it is on record with name, time and reason"
    command = _add(subparsers, "campaign-decide", does, decide)
    either = command.add_mutually_exclusive_group(required=True)
    either.add_argument("--approve", action="store_true")
    either.add_argument("--refuse", action="store_true")
    _add_person(command, needs_reason=False)
    command.add_argument("--bias-reason", metavar="TEXT", help="why groups' shares may differ, where the check stops")
    does = "publish an approved list: files, routing table, actions and messages, all or nothing"
    command = _add(subparsers, "campaign-publish", does, publish)
    command.add_argument("--as", dest="who", metavar="NAME", help="who, for the record (default: the system's user)")
    does = "recall a published list: its labels, actions and unsent messages end; a new record says so"
    _add_person(_add(subparsers, "campaign-recall", does, recall), needs_reason=True)
    does = "export whole phone numbers of a published list for a channel that calls or sends; the look is on record"
    command = _add(subparsers, "export", does, export)
    command.add_argument("--channel", required=True, metavar="CODE", help="call, sms, visit, ...")
    command.add_argument("--city", metavar="CODE", help="one city (default: all)")
    _add_person(command, needs_reason=True)


def _add(subparsers: Subparsers, name: str, does: str, command: object) -> argparse.ArgumentParser:
    parser = add_command(subparsers, name, does, command)  # type: ignore[arg-type]
    parser.add_argument("list_id", metavar="LIST", help=LIST_HELP)
    return parser


def _add_person(command: argparse.ArgumentParser, *, needs_reason: bool) -> None:
    command.add_argument("--as", dest="who", required=True, metavar="NAME", help="who, kept on record")
    command.add_argument("--reason", required=needs_reason, metavar="TEXT", help="why, kept on record")


def summary(arguments: argparse.Namespace, home: Home) -> None:
    """`mend campaign-summary`."""
    from mend.foundation.pipeline.workbench import Workbench
    from mend.repair.publishing import both_languages, register, summarise
    from mend.repair.publishing.lists import month_and_version

    _prepare(home)
    month, version = month_and_version(arguments.list_id)
    with Workbench.open(home) as bench:
        found = summarise(home, bench, month, version)
    register(home, found, _now())
    sys.stdout.write(both_languages(found))


def decide(arguments: argparse.Namespace, home: Home) -> None:
    """`mend campaign-decide`."""
    from mend.foundation import operations
    from mend.repair import publishing

    _prepare(home)
    at = _now()
    with operations.transaction(home.database_url) as connection:
        made = publishing.decide(
            connection,
            arguments.list_id,
            arguments.who,
            "approved" if arguments.approve else "refused",
            approvers=publishing.approvers_at(home, at),
            at=at,
            through=_through(),
            reason=arguments.reason,
            bias_reason=arguments.bias_reason,
        )
    known = "" if made.is_new else f" already, at {made.decided_at:%Y-%m-%d %H:%M %Z}; nothing changed"
    sys.stdout.write(f"list {made.list_id} is {made.decision_code} by {made.decided_by}{known}\n")


def publish(arguments: argparse.Namespace, home: Home) -> None:
    """`mend campaign-publish`."""
    from mend.foundation.pipeline.workbench import Workbench
    from mend.repair import publishing

    _prepare(home)
    with Workbench.open(home) as bench:
        who = arguments.who or getpass.getuser()
        report = publishing.publish(home, bench, arguments.list_id, who, _now(), _through())
    known = "published" if report.is_new else "was published before; nothing changed:"
    sys.stdout.write(
        f"list {report.list_id} {known} {report.rows:,} rows, {len(report.files)} files: {report.folder}\n"
    )
    withheld = ", ".join(f"{count:,} {reason}" for reason, count in sorted(report.withheld.items()))
    sys.stdout.write(f"{report.queued:,} messages queued" + (f"; withheld: {withheld}\n" if withheld else "\n"))


def recall(arguments: argparse.Namespace, home: Home) -> None:
    """`mend campaign-recall`."""
    from mend.foundation import operations
    from mend.repair import publishing

    _prepare(home)
    at = _now()
    with operations.transaction(home.database_url) as connection:
        done = publishing.recall(
            connection,
            arguments.list_id,
            arguments.who,
            arguments.reason,
            approvers=publishing.approvers_at(home, at),
            at=at,
            through=_through(),
        )
    if not done.is_new:
        sys.stdout.write(f"list {done.list_id} was recalled before; nothing changed\n")
        return
    sys.stdout.write(
        f"list {done.list_id} is recalled: {done.routing_entries:,} labels, {done.actions:,} actions and "
        f"{done.messages:,} messages ended; {done.messages_gone:,} messages were sent or were being sent\n"
    )


def export(arguments: argparse.Namespace, home: Home) -> None:
    """`mend export`."""
    from mend.foundation.pipeline.workbench import Workbench
    from mend.repair.publishing import export_whole

    _prepare(home)
    with Workbench.open(home) as bench:
        folder = export_whole(
            home, bench, arguments.list_id, arguments.channel, arguments.city, arguments.who, arguments.reason, _now(),
            _through(),
        )  # fmt: skip
    sys.stdout.write(f"whole numbers, on record in access_log: {folder}\n")


def _prepare(home: Home) -> None:
    require(home)
    if home.as_of:
        raise CommandError(f"{home.root} shows {home.as_of.root} as of {home.as_of.day}: nothing is decided in it")
    prepare(home)


def _through() -> str:
    return f"command, system user {getpass.getuser()}"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
