"""`mend trouble`: where a month's damage came from, and its outages."""

from __future__ import annotations

import argparse
import sys

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.heads import heads
from mend.cli.home import require
from mend.cli.text import table
from mend.foundation.home import Home

SAID = {
    "en": "{points:,.0f} points of contacts; {tested} sources tested, {proven} cost more than their volume explains; "
    "{complaints_of_top} of {complaints} complaints go back to the top ones; {outages} outages\n",
    "zh": "接触受损积分{points:,.0f}；检验来源{tested}个，超出业务量解释者{proven}个；{complaints}件投诉中"
    "{complaints_of_top}件源于前列来源；故障{outages}次\n",
}
NOT_MEASURED = {"en": "not measured (no contact says it): {kinds}\n", "zh": "未测量（接触记录未注明）：{kinds}\n"}


def add(subparsers: Subparsers) -> None:
    """`mend trouble`."""
    parser = add_command(subparsers, "trouble", "say where a month's damage came from, and its outages", trouble)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM", help="a closed month")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def trouble(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.trouble import find_trouble, top_of
    from mend.prevention.trouble.words import kind_of, words_of

    require(home)
    with Workbench.open(home) as bench:
        report = find_trouble(home, bench, arguments.month)
        top, outages = top_of(bench, arguments.month, arguments.lang)
    sys.stdout.write(SAID[arguments.lang].format(**vars(report)))
    if report.not_measured:
        sys.stdout.write(
            NOT_MEASURED[arguments.lang].format(
                kinds=", ".join(kind_of(each, arguments.lang) for each in report.not_measured)
            )
        )
    no_top = f"{words_of(arguments.lang)['no_top']}\n"
    sys.stdout.write(table(heads(["rank", "complaints", "source"], arguments.lang), top) if top else no_top)
    sys.stdout.write("".join(f"{each}\n" for each in outages) + f"{report.folder}\n")
