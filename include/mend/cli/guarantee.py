"""`mend guarantee`: what the service guarantee would have cost in a month."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import Any, Final

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.home import require
from mend.cli.text import table
from mend.foundation.home import Home

HEADERS: Final = {
    "en": ["promise", "city", "cases", "broken", "unknown", "yuan", "if unknown paid", "next month (95 %)"],
    "zh": ["承诺", "地市", "次数", "未兑现", "无法判定", "测算金额", "含不确定", "下月金额（95%）"],
}
WORDS: Final = {
    "en": {"whole": "all", "sum": "All promises of {month}: {yuan:,} yuan, and {unknown:,} more if every unknown case "
           "were paid; an estimate, nothing is promised yet", "not": "{code}: not measured: {why}"},
    "zh": {"whole": "全中心", "sum": "{month}全部承诺测算金额{yuan:,}元，若不确定情形全部赔付另需{unknown:,}元；"
           "仅为测算，尚未对客户承诺", "not": "{code}：不可测：{why}"},
}  # fmt: skip


def add(subparsers: Subparsers) -> None:
    """`mend guarantee`."""
    does = "count what the promises of the service guarantee would have cost in a month, by city"
    parser = add_command(subparsers, "guarantee", does, guarantee)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    parser.add_argument("--by-city", action="store_true", help="show each city below the whole centre")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def guarantee(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.runner import open_step
    from mend.foundation.pipeline.workbench import Workbench
    from mend.prevention.playbooks.step import measure_guarantee, read_month

    require(home)
    with Workbench.open(home) as bench:
        measure_guarantee(home, bench, arguments.month)
        with open_step(bench, "guarantee shown") as step:
            rows = read_month(step, arguments.month)
    sys.stdout.write(_text(rows, arguments))


def _text(rows: list[dict[str, Any]], arguments: argparse.Namespace) -> str:
    words = WORDS[arguments.lang]
    whole = [row for row in rows if row["is_measured"] and row["city_code"] is None]
    shown = [row for row in rows if row["is_measured"]] if arguments.by_city else whole
    lines = table(HEADERS[arguments.lang], [_cells(row, arguments.lang) for row in shown]) if shown else ""
    missing = "".join(
        words["not"].format(code=row["promise_code"], why=row["why_not_measured"]) + "\n"
        for row in rows
        if not row["is_measured"]
    )
    yuan, unknown = (sum(row[name] for row in whole) for name in ("yuan", "unknown_yuan"))
    return lines + missing + words["sum"].format(month=arguments.month, yuan=yuan, unknown=unknown) + "\n"


def _cells(row: Mapping[str, Any], language: str) -> list[Any]:
    city = row["city_code"] or WORDS[language]["whole"]
    counts = [row[name] for name in ("case_count", "broken_count", "unknown_count", "yuan", "unknown_yuan")]
    return [row[f"promise_{language}"], city, *counts, f"{row['next_low']:,} - {row['next_high']:,}"]
