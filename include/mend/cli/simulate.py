"""`mend simulate`: files of a telecom centre that never was, with their known truth. `mend simulate-live`: calls that
end now.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mend.cli.arguments import Subparsers, add_command, count, month
from mend.cli.home import require
from mend.cli.text import table
from mend.errors import CommandError
from mend.foundation.home import Home

if TYPE_CHECKING:
    from mend.simulate import Truth


def add(subparsers: Subparsers) -> None:
    """`mend simulate`, `mend simulate-live`."""
    does = "write the deliveries of a simulated telecom centre, dirt and truth included"
    parser = add_command(subparsers, "simulate", does, simulate)
    parser.add_argument("--customers", type=count, metavar="N")
    parser.add_argument("--months", type=count, default=1, metavar="M")
    parser.add_argument("--first-month", type=month, default="2026-01", metavar="YYYY-MM")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same files")
    parser.add_argument("--clean", action="store_true", help="without dirty rows")
    parser.add_argument("--into", type=Path, metavar="DIR", help="folder for the files (default: the home's inbox)")
    parser.add_argument(
        "--react-to",
        type=Path,
        metavar="HOME",
        help="let the customers of a simulated folder react to the lists that this home published: the days from the "
        "campaign's month on are written again",
    )
    parser.add_argument("--faults", type=Path, metavar="FILE", help="what goes wrong: menu nodes, queues, teams")
    parser.add_argument(
        "--groups", default="none", metavar="NAME", help="groups of customers that are planted: apart, or none"
    )
    does = "contacts a customer and month in the mean, before groups call more or less (default: 2)"
    parser.add_argument("--contacts", type=float, default=2.0, metavar="MEAN", help=does)
    parser.add_argument("--effects", type=Path, metavar="FILE", help="with --react-to: the effect of each strategy")
    does = "let customers of the last simulated day call once more: an event file for the surveys"
    parser = add_command(subparsers, "simulate-live", does, simulate_live)
    parser.add_argument(
        "--contacts", type=count, required=True, metavar="N", help="contacts at most, complex topics first"
    )
    does = "they end in the minute before, such as 2026-02-01T10:00+08:00"
    parser.add_argument("--at", type=_moment, required=True, metavar="TIME", help=does)
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="the same seed is the same contacts, written once"
    )


def simulate(arguments: argparse.Namespace, home: Home) -> None:
    from mend.simulate import simulate as deliver
    from mend.simulate.faults import read_faults

    if arguments.react_to or arguments.effects:
        return _react(arguments, home)
    if arguments.customers is None:
        raise CommandError("--customers says how many people are simulated, such as --customers 3000")
    into = (arguments.into or home.inbox).resolve()
    if into.is_relative_to(home.root):
        # made by anybody else its folder has other rights, and root's server could not keep its data in it
        home.prepare()
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
        faults=read_faults(arguments.faults) if arguments.faults else (),
        groups=arguments.groups,
        contacts_per_month=arguments.contacts,
    )
    _show(truth, into)


def _react(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation import operations
    from mend.foundation.pipeline.workbench import Workbench
    from mend.simulate.lists import lists_of
    from mend.simulate.reacting import react
    from mend.simulate.reactions import read_reactions

    if arguments.react_to is None or arguments.customers is not None or arguments.faults is not None:
        raise CommandError("--react-to HOME goes on with a world that is there: it takes --into and --effects alone")
    effects = None if arguments.effects is None else read_reactions(arguments.effects)
    reacted_to = Home.at(arguments.react_to)
    require(reacted_to)
    with Workbench.open(reacted_to) as bench:
        given = lists_of(reacted_to, bench)
    into = (arguments.into or home.inbox).resolve()
    loaded = operations.loaded_dates(reacted_to.database_url)
    truth = react(
        into,
        given,
        loaded,
        reactions=effects,
        memory_limit=home.memory_limit,
        threads=home.threads,
        progress=_say,
    )
    _show(truth, into)


def _show(truth: Truth, into: Path) -> None:
    rows = [[record, count, truth.rows_accepted.get(record)] for record, count in truth.rows_delivered.items()]
    sys.stdout.write(table(["record", "rows", "without dirt"], rows))
    sys.stdout.write(f"{into}\n")


def simulate_live(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.simulate import live_events, seed_handlers

    if home.settings.get("MEND_SMS_MODE") == "live":
        raise CommandError("MEND_SMS_MODE is live, and a made-up number may be somebody's: no calls are made up")
    require(home)
    with Workbench.open(home) as bench:
        made = live_events(home, bench, arguments.contacts, arguments.at, arguments.seed)
    handlers = seed_handlers(home)
    done = "written to" if made.written else "were written before, to"
    sys.stdout.write(f"{made.events} contacts that end now, of customers of {made.day}, {done} {made.file}\n")
    if handlers:
        sys.stdout.write(f"{handlers} simulated handlers take follow-up tickets\n")


def _moment(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time with its zone such as 2026-02-01T10:00+08:00")
    return found


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()
