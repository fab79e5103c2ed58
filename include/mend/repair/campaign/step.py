"""The steps `damage_list` and `campaign_list`."""

from __future__ import annotations

from typing import Any

from mend.damage.closing import to_list
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign.campaign import make_campaign
from mend.repair.campaign.damage_list import damage_list


def write_lists(home: Home, bench: Workbench, month: str, *, unmasked: bool = False) -> dict[str, Any]:
    """Write the lists of the month and of those that were closed with it: listed customers and version of each, and the
    folder of the month's own.

    Args:
        unmasked: whole phone numbers in the files.
    """
    months = to_list(bench, month)
    reports = [damage_list(home, bench, each, unmasked=unmasked) for each in months]
    return {
        "months": months,
        **{f"{report.month}_customers": report.customers for report in reports},
        **{f"{report.month}_version": report.version for report in reports},
        "folder": next(report.folder for report in reports if report.month == month),
    }


def make_list(home: Home, bench: Workbench, month: str) -> dict[str, Any]:
    """The month's campaign list: version, candidates by outcome and first reason, cost, benefit with bound and gap."""
    report = make_campaign(home, bench, month)
    return {
        "version": report.version,
        "is_new": report.is_new,
        "is_in_force": report.is_in_force,
        "candidates": report.candidates,
        "listed": report.listed,
        "held_out": report.held_out,
        "deferred": report.deferred,
        **{f"gated_{reason}": count for reason, count in report.gated.items()},
        "overload": report.overload,
        "cost": report.cost,
        "benefit": report.benefit,
        "bound": report.bound,
        "gap": report.gap,
    }
