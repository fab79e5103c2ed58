"""The command `mend`: the domain's commands, and those that walk a DAG in this process.

Everything is read from and written to one home: `--home`, MEND_HOME, or `.mend` in the working folder. Exit codes: 0,
1 with one line that says what is wrong, 2 for a command that cannot be read.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import os
import sys
import traceback
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

from mend.cli import batches, explain, grumbles, house, lists, relay, simulate, sql, whereabouts
from mend.cli.arguments import Subparsers, add_command, day, month
from mend.errors import CommandError, UsageError, is_known
from mend.foundation.files import FOLDERS_SETTING
from mend.foundation.home import Home
from mend_airflow import as_of, stop
from mend_airflow.memory import collect_seldom

# Of the nightly DAG's tasks, those that make tables of what has arrived.
RECOMPUTING: Final = ("quality", "core", "score", "grumbles", "warnings", "surveys", "due_months", "deliveries")


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = argparse.ArgumentParser(prog="mend", description="Finds damaged telecom customers and says why.")
    top.add_argument(
        "--home", metavar="DIR", help="where everything is (default: MEND_HOME, else .mend in this folder)"
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _add_run(commands)
    _add_month(commands)
    add_command(
        commands, "recompute", "make the days again that `mend withdraw` and `mend accept` have marked", recompute
    )
    as_of.add(commands)
    for part in (sql, explain, lists, grumbles, simulate, relay, batches, house, whereabouts, stop):
        part.add(commands)
    return top


def _add_run(commands: Subparsers) -> None:
    command = add_command(
        commands, "run", "run the nightly chain for days, in this process and in the DAG's order", run
    )
    command.add_argument("--source", required=True, metavar="NAME", help="a source, as its YAML file is called")
    command.add_argument(
        "--path", nargs="+", default=[], metavar="FILE", help="files to read instead of the source's own"
    )
    command.add_argument(
        "--from", dest="first", type=day, required=True, metavar="DAY", help="first business day, YYYY-MM-DD"
    )
    command.add_argument("--to", dest="last", type=day, metavar="DAY", help="last business day (default: the first)")


def _add_month(commands: Subparsers) -> None:
    command = add_command(commands, "month", "close a month and write its list, in this process", close_month)
    command.add_argument("month", type=month, metavar="YYYY-MM")


def run(arguments: argparse.Namespace, home: Home) -> None:
    """`mend run`."""
    last = arguments.last or arguments.first
    if home.as_of:
        raise CommandError(f"{home.root} shows {home.as_of.root} as of {home.as_of.day}: nothing new is loaded into it")
    if arguments.first > last:
        raise UsageError(f"--from {arguments.first} lies after --to {last}")
    params = {
        "from_day": arguments.first.isoformat(),
        "to_day": last.isoformat(),
        "sources": [arguments.source],
        "paths": [str(Path(path).resolve()) for path in arguments.path],
    }
    _walk("mend_nightly", _with_paths(home, params["paths"]), params)


def _with_paths(home: Home, paths: Sequence[str]) -> Home:
    """The home with these among the places that deliveries may lie in: a person reads here with their own rights."""
    allowed = [*home.settings.get(FOLDERS_SETTING, "").split(os.pathsep), *paths]
    return Home(home.root, {**home.settings, FOLDERS_SETTING: os.pathsep.join(path for path in allowed if path)})


def recompute(_: argparse.Namespace, home: Home) -> None:
    """`mend recompute`: the nightly chain's steps after the extraction, for the marked days."""
    from mend.foundation import operations

    house.require(home)
    if home.as_of:
        raise CommandError(f"{home.root} shows {home.as_of.root} as of {home.as_of.day}: nothing is made again in it")
    house.prepare(home)
    due = operations.due_days(home.database_url)
    if not due:
        sys.stdout.write("no day is marked: nothing to make again\n")
        return
    # One run takes all that are marked; the first of them is as good a name for it as any.
    day = due[0].isoformat()
    _walk("mend_nightly", home, {"from_day": day, "to_day": day, "sources": []}, only=RECOMPUTING)


def close_month(arguments: argparse.Namespace, home: Home) -> None:
    """`mend month`."""
    house.require(home)
    _walk("mend_monthly", home, {"month": arguments.month})


def _walk(dag_id: str, home: Home, params: dict[str, Any], only: Collection[str] | None = None) -> None:
    collect_seldom()  # before all that is imported now
    from mend_airflow import chain

    chain.keep_airflow_under(home)
    house.prepare(home)
    for done in chain.walk(dag_id, home, params, dt.datetime.now(dt.UTC), only):
        chain.say(done)


def main(words: Sequence[str] | None = None) -> int:
    """The exit code."""
    arguments = parser().parse_args(words)
    if getattr(arguments, "home", None):
        os.environ["MEND_HOME"] = str(Path(arguments.home).resolve())
    os.umask(os.umask(0) | 0o027)  # what is written here is about customers
    code = _code(arguments)
    # engines that an error held: DuckDB reports those that the interpreter's end finds, forty lines after ours
    gc.collect()
    return code


def _code(arguments: argparse.Namespace) -> int:
    """Run the command, and say its error."""
    try:
        arguments.command(arguments, Home.from_environment())
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader, such as head, has seen enough
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        code = _said(error)
        traceback.clear_frames(
            error.__traceback__
        )  # an error of pydantic holds them in a circle that no collector sees
        return code
    return 0


def _said(error: Exception) -> int:
    """Say an error in one line; the traceback is for those who ask for it."""
    if os.environ.get("MEND_DEBUG"):
        traceback.print_exception(error)
    elif is_known(error) or isinstance(error, OSError):
        sys.stderr.write(f"mend: {error}\n")
    else:
        words = str(error).strip().split("\n")[0]
        sys.stderr.write(f"mend: {type(error).__name__}: {words} (MEND_DEBUG=1 shows where)\n")
    return 2 if isinstance(error, UsageError) else 1


if __name__ == "__main__":
    sys.exit(main())
