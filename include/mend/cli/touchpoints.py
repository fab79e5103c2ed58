"""`mend touchpoints`: a month's touchpoints and their corrective actions; the owners' sheet; answers to actions."""

from __future__ import annotations

import argparse
import datetime as dt
import sys

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.home import require
from mend.cli.text import table
from mend.errors import UsageError
from mend.foundation.home import Home

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
    parser.add_argument("--answer", metavar="ACTION", help="answer a corrective action, by its id")
    parser.add_argument("--by", metavar="NAME", help="with --answer: who answers, kept on record")
    parser.add_argument("--state", choices=("open", "done", "dropped"), help="with --answer: what it is")
    parser.add_argument("--text", metavar="WORDS", help="with --answer: what was done, or why nothing is")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def touchpoints(arguments: argparse.Namespace, home: Home) -> None:
    given = [name for name in ("month", "answer") if getattr(arguments, name) is not None]
    if len(given) != 1:
        raise UsageError("say one: --month YYYY-MM, or --answer ACTION --by NAME --state STATE --text WORDS")
    require(home)
    return of_month(arguments, home) if arguments.month else of_answer(arguments, home)


def of_month(arguments: argparse.Namespace, home: Home) -> None:
    """Assess the month, and show its touchpoints and actions."""
    from dataclasses import asdict

    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.touchpoint.month import assess
    from mend.prevention.touchpoint.shown import actions_of, later_answers, touchpoints_of

    language = arguments.lang
    with Workbench.open(home) as bench:
        report = asdict(assess(home, bench, arguments.month))
        header, rows = touchpoints_of(bench, arguments.month, language)
        sys.stdout.write(SAID[language].format(**report) + table(header, rows))
        sys.stdout.write(ACTIONS[language].format(**report))
        header, rows = actions_of(bench, arguments.month, language)
        sys.stdout.write(table(header, rows) if rows else "")
    for each in later_answers(home, arguments.month):
        sys.stdout.write(LATER[language].format(**each))
    sys.stdout.write(f"{report['folder']}\n")


def of_answer(arguments: argparse.Namespace, home: Home) -> None:
    """Put an answer on record."""
    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.touchpoint.answers import answer

    if missing := [f"--{name}" for name in ("by", "state", "text") if getattr(arguments, name) is None]:
        raise UsageError(f"an answer needs {' and '.join(missing)}")
    at = dt.datetime.now(dt.UTC)
    with Workbench.open(home) as bench:
        is_new = answer(home, bench, arguments.answer, arguments.state, arguments.by, arguments.text, at)
    words = "on record" if is_new else "on record already"
    sys.stdout.write(f"{arguments.answer}: {arguments.state} by {arguments.by}: {words}\n")
