"""`mend effect`: did it work? Of a month's campaigns, of any file of customer, arm and outcome, of the published
figures.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mend.cli.arguments import Subparsers, add_command, count, month
from mend.cli.home import require
from mend.cli.text import table
from mend.errors import UsageError
from mend.foundation.home import Home

if TYPE_CHECKING:
    from mend.repair.effect import ArmEffect, FileEffect


def add(subparsers: Subparsers) -> None:
    """`mend effect`."""
    parser = add_command(
        subparsers, "effect", "say whether a campaign worked, against customers who were held out", effect
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="CSV (also .gz) or Parquet, a row a customer"
    )
    parser.add_argument("--unit", metavar="COLUMN", help="the customer's column; `row`: each row is a customer")
    parser.add_argument("--arm", metavar="COLUMN", help="which customer got what")
    parser.add_argument("--outcome", metavar="COLUMN", action="append", help="a number, or 1 and 0; may be repeated")
    parser.add_argument("--baseline", metavar="COLUMN", help="a figure from before, which takes variance away")
    parser.add_argument(
        "--control", metavar="NAME", help="the arm that got nothing (default: the one whose name says so)"
    )
    parser.add_argument("--ratio", metavar="ARM=SHARE,...", help="the arms' planned shares (default: equal)")
    parser.add_argument("--month", type=month, metavar="YYYY-MM", help="evaluate the campaigns of a month of this home")
    parser.add_argument(
        "--published", action="store_true", help="the published figures, drawn and tested; into the home"
    )
    parser.add_argument("--count", type=count, metavar="N", help="with --published: customers of each arm and month")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def effect(arguments: argparse.Namespace, home: Home) -> None:
    chosen = [arguments.file is not None, arguments.month is not None, arguments.published]
    if sum(chosen) != 1:
        raise UsageError("say which: FILE --unit U --arm A --outcome O, or --month YYYY-MM, or --published")
    if arguments.file is not None:
        return of_file(arguments)
    require(home)
    return of_month(arguments, home) if arguments.month else of_published(arguments, home)


def of_file(arguments: argparse.Namespace) -> None:
    """Raises EffectRefusedError when the comparison is refused; the reasons are printed."""
    from mend.repair.effect import EffectRefusedError, FileColumns, effect_of_file, read_shares

    if missing := [f"--{name}" for name in ("unit", "arm", "outcome") if not getattr(arguments, name)]:
        hint = "; --unit row when each row is a customer of its own" if "--unit" in missing else ""
        raise UsageError(f"{' and '.join(missing)} must name a column of {arguments.file}{hint}")
    columns = FileColumns(arguments.unit, arguments.arm, tuple(arguments.outcome), arguments.baseline)
    shares = read_shares(arguments.ratio) if arguments.ratio else None
    found = effect_of_file(arguments.file, columns, arguments.control, shares)
    sys.stdout.write(_head(found, shares is not None, arguments.lang))
    if found.refusals:
        for each in found.refusals:
            sys.stdout.write(f"{each.zh if arguments.lang == 'zh' else each.en}\n")
        if shares is None and any(each.reason == "sample_ratio" for each in found.refusals):
            sys.stdout.write(
                {
                    "en": "Equal arms were assumed; if others were planned, say so with --ratio ARM=SHARE,...\n",
                    "zh": "默认各组计划人数相等；若计划不同，请用 --ratio 组名=比例,... 说明\n",
                }[arguments.lang]
            )
        raise EffectRefusedError(
            f"{arguments.file}: the comparison is refused: {', '.join(each.reason for each in found.refusals)}"
        )
    sys.stdout.write("".join(_line(each, arguments.lang) for each in found.effects))


def of_month(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.query.pages.step import publish_effect
    from mend.repair.effect import evaluate, verdicts_of
    from mend.repair.outcomes.step import follow_campaigns

    with Workbench.open(home) as bench:
        follow_campaigns(home, bench, arguments.month)  # as the DAG does: what has become known since counts
        report = evaluate(home, bench, arguments.month)
        publish_effect(home, bench, arguments.month)
        header, rows = verdicts_of(bench, arguments.month, arguments.lang)
    said = {
        "en": f"{report.results} comparisons, {report.refused} refused: {report.helps} help, {report.harms} harm, "
        f"{report.may_harm} may harm; {report.left_alone_groups} groups better left alone\n",
        "zh": f"比较{report.results}项，拒绝{report.refused}项：有效{report.helps}，有害{report.harms}，"
        f"可能有害{report.may_harm}；宜不打扰分组{report.left_alone_groups}个\n",
    }
    sys.stdout.write(said[arguments.lang] + table(header, rows) + f"{report.folder}\n")


def of_published(arguments: argparse.Namespace, home: Home) -> None:
    from mend.repair.effect import write_published

    paths = write_published(home.root / "reports" / "effect", arguments.count)
    sys.stdout.write("".join(f"{path}\n" for path in paths))


def _head(found: FileEffect, is_ratio_given: bool, language: str) -> str:
    arms = ", ".join(f"{name} {count:,}" for name, count in found.arms.items())
    by_name = {"en": " (by its name)", "zh": "（按名称判断）"}[language] if found.is_control_by_name else ""
    planned = {
        "en": "planned shares as given" if is_ratio_given else "equal shares assumed",
        "zh": "按给定计划比例" if is_ratio_given else "默认各组相等",
    }[language]
    words = {"en": "control", "zh": "对照组"}[language]
    return f"{found.path.name}: {arms}; {planned}\n{words}: {found.control}{by_name}\n"


def _line(each: ArmEffect, language: str) -> str:
    """Such as: visit, Mens E-Mail: +7.659 points (95 % 6.995 to 8.322)."""
    times, unit = (100, {"en": " points", "zh": "个百分点"}[language]) if each.is_share else (1, "")
    interval, percent = each.found.interval, "%" if each.is_share else ""
    ends = f"{times * interval.low:.3f} {'至' if language == 'zh' else 'to'} {times * interval.high:.3f}"
    means = f"{times * each.treated.mean:.3f}{percent} / {times * each.control.mean:.3f}{percent}"
    cuped = f", CUPED -{each.found.variance_reduction:.1%}" if each.found.is_cuped else ""
    method = {"agresti_caffo": "Agresti-Caffo", "welch": "Welch", "cuped": "CUPED, Welch"}[each.found.interval_code]
    p_values = f"p {interval.p_value:.3g}, Holm {each.adjusted_p_value:.3g}"
    return (
        f"{each.outcome}, {each.arm}: {times * interval.estimate:+.3f}{unit} (95 % {ends}); {means}; {p_values}; "
        f"{method}{cuped}\n"
    )
