"""`mend plan-review`, `plan-score`, `plan-approve`: the review of a marketing plan. `mend plans`: what came of them."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import sys
from collections.abc import Iterable

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.home import prepare, require
from mend.errors import CommandError
from mend.foundation.home import Home


def add(subparsers: Subparsers) -> None:
    """The commands and their arguments."""
    _add(subparsers, "plan-review", "begin the review of a marketing plan, or say where it stands", review)
    does = "score a plan for a department, and pass it on or return it; it is on record with name, time and reason"
    command = _add(subparsers, "plan-score", does, score)
    command.add_argument("--department", required=True, metavar="CODE")
    command.add_argument("--scores", required=True, metavar="TEXT", help="such as 'need=8, clarity=7'")
    _add_decision(command, "pass", "return")
    does = "approve or refuse a plan that every department has passed; it is on record with name, time and reason"
    _add_decision(_add(subparsers, "plan-approve", does, approve), "approve", "refuse")
    command = add_command(
        subparsers, "plans", "say how plans were reviewed, and how many complaints they brought", plans
    )
    either = command.add_mutually_exclusive_group(required=True)
    either.add_argument("--month", type=month, metavar="YYYY-MM", help="the half-year that ends with it")
    either.add_argument("--published", action="store_true", help="what the published figures say, and what they cannot")
    command.add_argument("--lang", choices=("en", "zh"), default="en")


def _add(subparsers: Subparsers, name: str, does: str, command: object) -> argparse.ArgumentParser:
    parser = add_command(subparsers, name, does, command)  # type: ignore[arg-type]
    parser.add_argument("plan_id", metavar="PLAN", help="a file of <home>/plans/, or a delivered plan")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    return parser


def _add_decision(command: argparse.ArgumentParser, good: str, bad: str) -> None:
    either = command.add_mutually_exclusive_group(required=True)
    either.add_argument(f"--{good}", dest="is_good", action="store_true")
    either.add_argument(f"--{bad}", dest="is_good", action="store_false")
    command.add_argument("--as", dest="who", required=True, metavar="NAME", help="who, kept on record")
    command.add_argument("--reason", metavar="TEXT", help=f"why, kept on record; needed to {bad}")


def review(arguments: argparse.Namespace, home: Home) -> None:
    """`mend plan-review`."""
    from mend.foundation import operations
    from mend.foundation.periods import local_day
    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.plans import load_plan, open_round, read_review
    from mend.prevention.plans.errors import ReviewError
    from mend.prevention.plans.plan import plan_file
    from mend.prevention.plans.report import told
    from mend.prevention.plans.step import rules_of

    _prepare(home)
    at, versions = dt.datetime.now(dt.UTC), rules_of(home)
    today = local_day(at, home.zone)
    with Workbench.open(home) as bench:
        plan = load_plan(home, bench, arguments.plan_id)
    file = plan_file(home, arguments.plan_id)
    with operations.transaction(home.database_url) as connection:
        try:
            found = open_round(connection, plan, versions, at, today, getpass.getuser(), _through(), file)
        except ReviewError as error:
            found = read_review(connection, plan.plan_id, versions, today)
            sys.stderr.write(f"mend: {error}\n")
    _say(told(plan, found, arguments.lang, home.zone, today))


def score(arguments: argparse.Namespace, home: Home) -> None:
    """`mend plan-score`."""
    _answer(arguments, home, arguments.department, arguments.scores)


def approve(arguments: argparse.Namespace, home: Home) -> None:
    """`mend plan-approve`."""
    _answer(arguments, home, None, "")


def _answer(arguments: argparse.Namespace, home: Home, department: str | None, scores: str) -> None:
    from mend.foundation.periods import local_day
    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.plans import load_plan
    from mend.prevention.plans.report import told
    from mend.prevention.plans.step import answer

    _prepare(home)
    words = {"scores": scores, "reason": arguments.reason or ""}
    at = dt.datetime.now(dt.UTC)
    made = answer(home, arguments.plan_id, department, arguments.who, arguments.is_good, words, at, _through())
    with Workbench.open(home) as bench:
        plan = load_plan(home, bench, arguments.plan_id)
    _say(told(plan, made, arguments.lang, home.zone, local_day(at, home.zone)))


def plans(arguments: argparse.Namespace, home: Home) -> None:
    """`mend plans`."""
    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.plans.figures import make_figures, read_figures
    from mend.prevention.plans.report import figures_in_words, published

    if arguments.published:
        return _say(published(arguments.lang))
    _prepare(home)
    with Workbench.open(home) as bench:
        make_figures(home, bench, arguments.month)
        rows = read_figures(bench, arguments.month)
    _say(figures_in_words(rows, arguments.lang))


def _prepare(home: Home) -> None:
    require(home)
    if home.as_of:
        raise CommandError(f"{home.root} shows another home as of a past day: plans are reviewed in that home")
    prepare(home)


def _through() -> str:
    return f"command, {getpass.getuser()}"


def _say(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
