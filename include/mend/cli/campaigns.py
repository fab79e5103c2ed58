"""`mend campaign`, `mend why-not`, `mend what-if`: a month's list, why somebody is not on it, and other strategies."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.home import require
from mend.errors import CommandError
from mend.foundation.home import Home
from mend.foundation.schema import CODES


def add(subparsers: Subparsers) -> None:
    """The three commands."""
    parser = add_command(subparsers, "campaign", "make the list of a month: who gets what, why, in which order", make)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    parser = add_command(subparsers, "why-not", "say why a customer is on a month's list, or is not", why)
    parser.add_argument("customer", metavar="CUSTOMER")
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser = add_command(subparsers, "what-if", "show a month's list under other strategies beside today's", compare)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    parser.add_argument("--strategies", type=Path, required=True, metavar="DIR", help="folder of strategies' files")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def make(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.query.pages.step import publish_campaign
    from mend.repair.campaign import CampaignReport, make_campaign

    require(home)
    with Workbench.open(home) as bench:
        report: CampaignReport = make_campaign(home, bench, arguments.month)
        publish_campaign(home, bench, arguments.month)
    state = "in force: approved or published" if report.is_in_force else "new" if report.is_new else "unchanged"
    outcomes = (
        f"{report.listed:,} listed, {report.held_out:,} held out, {report.deferred:,} deferred, "
        f"{sum(report.gated.values()):,} gated"
    )
    lines = [f"{report.month}, version {report.version} ({state}): {report.candidates:,} candidates, {outcomes}"]
    lines += [f"  {CODES['campaign_gate'][code][0]}: {count:,}" for code, count in report.gated.items()]
    lines.append(
        f"cost {report.cost:,} yuan; benefit {report.benefit:,} points of at most {report.bound:,} (proven), "
        f"gap {report.gap:.4%}"
    )
    if report.overload:
        lines.append(f"overload: {report.overload:,} rows that customers are owed are over the month's capacity")
    sys.stdout.write("\n".join(lines) + "\n")


def why(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.repair.campaign import why_not

    require(home)
    with Workbench.open(home) as bench:
        lines = why_not(home, bench, arguments.customer, arguments.month, arguments.lang)
    sys.stdout.write("\n".join(lines) + "\n")


def compare(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.repair.campaign import what_if

    require(home)
    if not arguments.strategies.is_dir():
        raise CommandError(f"{arguments.strategies} is no folder: give the one that holds the strategies' files")
    with Workbench.open(home) as bench:
        report = what_if(home, bench, arguments.month, arguments.strategies)
    sys.stdout.write(report.text(arguments.lang))
