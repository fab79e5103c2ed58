"""The command `mend`: all its commands, and how it ends.

Everything is read from and written to one home: `--home`, MEND_HOME, or `.mend` in the working folder. Exit codes: 0,
1 with one line that says what is wrong, 2 for a command that cannot be read.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mend.cli import (
    as_of,
    batches,
    campaigns,
    effect,
    explain,
    grumbles,
    guarantee,
    home,
    incoming,
    lists,
    plans,
    playbooks,
    prevention,
    problems,
    publishing,
    queue,
    rebuild,
    relay,
    run,
    seasons,
    simulate,
    sql,
    stages,
    stop,
    touchpoints,
    whereabouts,
    worth,
)
from mend.errors import UsageError, is_known
from mend.foundation.home import Home

PARTS: Final = (
    run, as_of, sql, explain, lists, campaigns, publishing, effect, worth, seasons, grumbles, incoming, stages,
    touchpoints, prevention, problems, plans, playbooks, guarantee, simulate, relay, queue, batches, home, rebuild,
    whereabouts, stop,
)  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = argparse.ArgumentParser(prog="mend", description="Finds damaged telecom customers and says why.")
    top.add_argument(
        "--home", metavar="DIR", help="where everything is (default: MEND_HOME, else .mend in this folder)"
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for part in PARTS:
        part.add(commands)
    return top


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
