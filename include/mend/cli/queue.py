"""`mend queue`: what waits for a person, and what the person says of it."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import sys

from mend.cli.arguments import Subparsers, add_command, count
from mend.cli.home import require
from mend.cli.text import table
from mend.foundation.home import Home

MEANINGS = ("solved", "unsolved", "score", "opt_out", "opt_in", "nothing")


def add(subparsers: Subparsers) -> None:
    """`mend queue`, with `read`, `answer` and `done`."""
    parser = add_command(
        subparsers, "queue", "what waits for a person: doubtful replies, and promised messages that were stopped", show
    )
    actions = parser.add_subparsers(metavar="ACTION")
    action = add_command(actions, "read", "the words of a reply, and what was asked", read)
    action.add_argument("reply", type=count, metavar="REPLY", help="its number in the list")
    action = add_command(actions, "answer", "say what a reply means; kept with your name and the time", answer)
    action.add_argument("reply", type=count, metavar="REPLY", help="its number in the list")
    action.add_argument("--means", required=True, choices=MEANINGS, help="what it means; nothing: it answers nothing")
    action.add_argument("--score", type=int, metavar="NUMBER", help="with --means score: the score")
    action.add_argument("--survey", metavar="SURVEY", help="the survey that it answers, where the list names none")
    action = add_command(actions, "done", "a promised message that was stopped was taken up by a person", done)
    action.add_argument("survey", metavar="SURVEY", help="its survey in the list")


def show(_: argparse.Namespace, home: Home) -> None:
    """`mend queue`. No numbers, no texts."""
    from mend.care.survey import manual_queue

    require(home)
    columns = ("kind_code", "inbound_id", "survey_id", "customer_id", "reason_code", "since_at")
    headings = ["kind", "reply", "survey", "customer", "reason", "since"]
    waiting = [["" if row[name] is None else str(row[name]) for name in columns] for row in manual_queue(home)]
    sys.stdout.write(table(headings, waiting) if waiting else "nothing waits for a person\n")


def read(arguments: argparse.Namespace, home: Home) -> None:
    """`mend queue read`. The only one that shows a customer's words."""
    from mend.care.survey import read_waiting

    require(home)
    found = read_waiting(home, arguments.reply)
    if found.sent_text is not None:
        sys.stdout.write(f"asked:    {found.sent_text}\n")
    sys.stdout.write(f"answered: {found.text}\n")


def answer(arguments: argparse.Namespace, home: Home) -> None:
    """`mend queue answer`."""
    from mend.care.survey import settle_reply

    require(home)
    meaning = None if arguments.means == "nothing" else arguments.means
    settle_reply(home, arguments.reply, getpass.getuser(), _now(), meaning, arguments.survey, arguments.score)
    sys.stdout.write(f"reply {arguments.reply} is read: {arguments.means}\n")


def done(arguments: argparse.Namespace, home: Home) -> None:
    """`mend queue done`."""
    from mend.care.survey import settle_stopped

    require(home)
    settle_stopped(home, arguments.survey, getpass.getuser(), _now())
    sys.stdout.write(f"{arguments.survey} was taken up\n")


def _now() -> dt.datetime:
    """A person's decision is made now; no task makes one."""
    return dt.datetime.now(dt.UTC)
