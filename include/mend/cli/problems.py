"""`mend problems`: the routed problems of a month. `mend problem`: one of them; acknowledge, answer, pass, return."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import sys
from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.home import prepare, require
from mend.cli.text import table
from mend.errors import CommandError, UsageError
from mend.foundation.home import Home
from mend.foundation.schema import CODES

LEVELS: Final = ("province", "city", "branch")
ACTS: Final = ("acknowledge", "answer", "pass", "return")
ROWS: Final = "select * from month_file where month = $month order by department_code"


def add(subparsers: Subparsers) -> None:
    """The commands and their arguments."""
    does = "list a month's routed problems: whose they are, until when, what is overdue"
    parser = add_command(subparsers, "problems", does, problems)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM", help="a closed month")
    parser.add_argument("--department", choices=tuple(CODES["department"]), help="only this department's parts")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    does = "show a routed problem, or acknowledge, answer, pass on or return a department's part; it is on record"
    parser = add_command(subparsers, "problem", does, problem)
    parser.add_argument("problem_id", metavar="PROBLEM", help="its id, as `mend problems` lists it")
    either = parser.add_mutually_exclusive_group()
    for each in ACTS:
        either.add_argument(f"--{each}", dest="act", action="store_const", const=each)
    parser.add_argument("--department", metavar="CODE", help="whose part, where it has several")
    parser.add_argument("--level", choices=LEVELS, help="the same: its level")
    parser.add_argument("--city", metavar="CODE", help="the same: its city")
    parser.add_argument("--to-department", metavar="CODE", help="with --pass: across, to this department")
    parser.add_argument("--to-level", choices=LEVELS, help="with --pass: a level down, or as a demand up")
    parser.add_argument("--to-city", metavar="CODE", help="with --pass --to-level city: which")
    parser.add_argument("--by", metavar="NAME", help="who, kept on record; an owner in the rules")
    parser.add_argument("--reason", metavar="TEXT", help="with --pass and --return: why, kept on record")
    parser.add_argument("--measure", metavar="TEXT", help="with --answer: what is done, kept on record")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def problems(arguments: argparse.Namespace, home: Home) -> None:
    """`mend problems`."""
    from mend.foundation import operations
    from mend.foundation.lake.filters import equal
    from mend.foundation.pipeline.workbench import Workbench
    from mend.foundation.source_words import source_words
    from mend.prevention.routing import routing_rules_of
    from mend.prevention.routing.acts import read_problems
    from mend.prevention.routing.report import Speaker, listed, month_table, problems_of_month
    from mend.prevention.routing.rules import routing_rules_on

    require(home)
    prepare(home)
    at, versions = dt.datetime.now(ZoneInfo(home.zone)), routing_rules_of(home)
    speaker = Speaker(arguments.lang, at, home.zone, routing_rules_on(at.date(), versions), source_words(home))
    with operations.transaction(home.database_url) as connection:
        found = problems_of_month(read_problems(connection, versions), arguments.month)
    header, rows, overdue = listed(found, arguments.department, speaker)
    counts = {"month": arguments.month, "problems": len({row[0] for row in rows}), "parts": len(rows)}
    sys.stdout.write(speaker.say("summary" if rows else "none", overdue=overdue, **counts))
    sys.stdout.write(table(header, rows) if rows else "")
    with Workbench.open(home) as bench:
        bench.view("mart_routing_month", where=equal("month", arguments.month), as_name="month_file")
        found_rows = bench.engine.run(ROWS, {"month": arguments.month})
        names = [column[0] for column in found_rows.description]
        own = [dict(zip(names, row, strict=True)) for row in found_rows.fetchall()]
    own = [row for row in own if arguments.department in (None, row["department_code"])]
    if own:
        header, rows = month_table(own, speaker)
        sys.stdout.write("\n" + table(header, rows))


def problem(arguments: argparse.Namespace, home: Home) -> None:
    """`mend problem`."""
    from mend.foundation import operations
    from mend.foundation.source_words import source_words
    from mend.prevention.routing import routing_rules_of
    from mend.prevention.routing.acts import read_problem
    from mend.prevention.routing.report import Speaker, told
    from mend.prevention.routing.rules import routing_rules_on

    require(home)
    if arguments.act and home.as_of:
        raise CommandError(f"{home.root} shows another home as of a past day: problems are answered in that home")
    prepare(home)
    at, versions = dt.datetime.now(ZoneInfo(home.zone)), routing_rules_of(home)
    with operations.transaction(home.database_url) as connection:
        if arguments.act:
            _act(arguments, connection, versions, at)
        found = read_problem(connection, arguments.problem_id, versions)
    speaker = Speaker(arguments.lang, at, home.zone, routing_rules_on(at.date(), versions), source_words(home))
    sys.stdout.write("".join(f"{line}\n" for line in told(found, speaker)))


def _act(arguments: argparse.Namespace, connection: Any, versions: Any, at: dt.datetime) -> None:
    from mend.prevention.routing import acts

    if not arguments.by:
        raise UsageError(f"--{arguments.act} needs --by NAME: it is kept on record")
    found = acts.read_problem(connection, arguments.problem_id, versions)
    place = acts.place_of(found, arguments.department, arguments.level, arguments.city)
    by, through = arguments.by, f"command, {getpass.getuser()}"
    does: dict[str, tuple[Callable[..., object], tuple[object, ...]]] = {
        "acknowledge": (acts.acknowledge, (by,)),
        "answer": (acts.answer, (by, arguments.measure)),
        "return": (acts.give_back, (by, arguments.reason)),
    }
    if arguments.act == "pass":
        if not (arguments.to_department or arguments.to_level):
            raise UsageError("--pass needs --to-department CODE (across), or --to-level LEVEL (down or up)")
        to = acts.passed_to(place, arguments.to_department, arguments.to_level, arguments.to_city)
        acts.pass_on(connection, arguments.problem_id, place, to, by, arguments.reason, versions, at, through)
        return
    function, given = does[arguments.act]
    function(connection, arguments.problem_id, place, *given, versions, at, through)
