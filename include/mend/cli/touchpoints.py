"""`mend touchpoints`: a month's touchpoints and their corrective actions; the owners' sheet; answers to actions."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import sys
from pathlib import Path

from mend.cli.arguments import Subparsers, add_command, day, month
from mend.cli.heads import heads
from mend.cli.home import require
from mend.cli.text import table
from mend.errors import UsageError
from mend.foundation.home import Home
from mend.foundation.schema import CODES

SAID = {
    "en": "{month}: {touchpoints} touchpoints, {measured} measured, {rated} rated alone, {unknown} unknown; "
    "{low} surely low\n",
    "zh": "{month}：触点{touchpoints}个，实测{measured}，仅评分{rated}，未知{unknown}；确属偏低{low}\n",
}
ACTIONS = {
    "en": "actions: {opened} opened, {carried_on} carried on ({overdue} overdue), {done} done, {dropped} dropped\n",
    "zh": "整改：新开{opened}，延续{carried_on}（超期{overdue}），完成{done}，取消{dropped}\n",
}
LATER = {
    "en": "answered after {month}; counts from {counts}: {action} {state} by {by}\n",
    "zh": "{month}之后的答复，自{counts}起计：{action} {state}，{by}\n",
}


def add(subparsers: Subparsers) -> None:
    """`mend touchpoints`."""
    does = "assess a month's touchpoints; write or read the owners' sheet; answer a corrective action"
    parser = add_command(subparsers, "touchpoints", does, touchpoints)
    parser.add_argument("--month", type=month, metavar="YYYY-MM", help="assess the touchpoints of a month")
    parser.add_argument(
        "--sheet",
        type=Path,
        metavar="FILE",
        help="write the owners' Excel sheet; with --month: its scores beside",
    )
    parser.add_argument("--load", type=Path, metavar="FILE", help="read a filled-in sheet, or name every mistake")
    parser.add_argument("--from", dest="valid_from", type=day, metavar="DAY", help="with --load: in force from then")
    parser.add_argument("--answer", metavar="ACTION", help="answer a corrective action, by its id")
    parser.add_argument(
        "--by", metavar="NAME", help="with --answer: who answers, one of the owner's people; kept on record"
    )
    parser.add_argument("--state", choices=("open", "done", "dropped"), help="with --answer: what it is")
    parser.add_argument("--text", metavar="WORDS", help="with --answer: what was done, or why nothing is")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def touchpoints(arguments: argparse.Namespace, home: Home) -> None:
    does = {"sheet": of_sheet, "load": of_load, "answer": of_answer, "month": of_month}
    given = [name for name in does if getattr(arguments, name) is not None]
    if len(given) != 1 and given != ["sheet", "month"]:
        raise UsageError(
            "say one: --month YYYY-MM; --sheet FILE (with --month: what was measured); --load FILE --from DAY; "
            "--answer ACTION --by NAME --state STATE --text WORDS"
        )
    require(home)
    does[given[0]](arguments, home)


def of_month(arguments: argparse.Namespace, home: Home) -> None:
    """Assess the month, and show its touchpoints and actions."""
    from dataclasses import asdict

    from mend.damage.closing.month import closed_months
    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.touchpoint.month import assess
    from mend.prevention.touchpoint.shown import actions_of, later_answers, touchpoints_of

    language = arguments.lang
    with Workbench.open(home) as bench:
        if arguments.month not in closed_months(bench):
            raise UsageError(f"{arguments.month} is not closed; close it first (mend month {arguments.month})")
        report = asdict(assess(home, bench, arguments.month))
        header, rows = touchpoints_of(bench, arguments.month, language)
        sys.stdout.write(SAID[language].format(**report) + table(heads(header, language), rows))
        sys.stdout.write(ACTIONS[language].format(**report))
        header, rows = actions_of(bench, arguments.month, language)
        sys.stdout.write(table(heads(header, language), rows) if rows else "")
    for each in later_answers(home, arguments.month):
        sys.stdout.write(
            LATER[language].format(
                **each | {"state": CODES["touchpoint_action_state"][each["state"]][language == "zh"]}
            )
        )
    sys.stdout.write(f"{report['folder']}\n")


def of_sheet(arguments: argparse.Namespace, home: Home) -> None:
    """Write the owners' sheet: what is in force, and what the month measured."""
    from mend.foundation.periods import days_of
    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.touchpoint.inventory import inventory_on, load_inventories
    from mend.prevention.touchpoint.sheet_writing import write_sheet
    from mend.prevention.touchpoint.shown import measured_in

    if arguments.sheet.exists():
        raise UsageError(f"{arguments.sheet} is there already; it may be filled in: name another file, or remove it")
    inventories, measured = load_inventories(home.root / "touchpoints"), {}
    inventory = inventories[-1]
    if arguments.month:
        inventory = inventory_on(days_of(arguments.month)[-1], inventories)
        with Workbench.open(home) as bench:
            measured = measured_in(bench, arguments.month)
    write_sheet(arguments.sheet, inventory, measured)
    said = f"{len(inventory.touchpoints)} touchpoints of {inventory.valid_from}, {len(measured)} with a measure"
    sys.stdout.write(f"{arguments.sheet}: {said}\n")


def of_load(arguments: argparse.Namespace, home: Home) -> None:
    """Read a filled-in sheet into a dated file of the home."""
    from mend.prevention.touchpoint.inventory import inventory_on, load_inventories
    from mend.prevention.touchpoint.sheet_loading import load_sheet

    if arguments.valid_from is None:
        raise UsageError("--load needs --from DAY: the first day on which the sheet is in force, such as 2026-05-01")
    folder = home.root / "touchpoints"
    base = inventory_on(arguments.valid_from, load_inventories(folder))
    inventory = load_sheet(arguments.load, folder, arguments.valid_from, base)
    ratings = sum(len(each.ratings) for each in inventory.touchpoints)
    said = f"{len(inventory.touchpoints)} touchpoints, {len(inventory.owners)} owners, {ratings} ratings"
    sys.stdout.write(f"{folder / str(inventory.valid_from)}.yaml: {said}, in force from {inventory.valid_from}\n")


def of_answer(arguments: argparse.Namespace, home: Home) -> None:
    """Put an answer on record."""
    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.touchpoint.answers import answer

    if missing := [f"--{name}" for name in ("by", "state", "text") if getattr(arguments, name) is None]:
        raise UsageError(f"an answer needs {' and '.join(missing)}")
    at, through = dt.datetime.now(dt.UTC), f"command, {getpass.getuser()}"
    with Workbench.open(home) as bench:
        is_new = answer(home, bench, arguments.answer, arguments.state, arguments.by, arguments.text, at, through)
    words = "on record" if is_new else "on record already"
    sys.stdout.write(f"{arguments.answer}: {arguments.state} by {arguments.by}: {words}\n")
