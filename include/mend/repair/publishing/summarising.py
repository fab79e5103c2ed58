"""A version of a month's campaign is counted and checked, for the approver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.periods import first_day_of, month_before
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign import WhatIfReport
from mend.repair.publishing.bias import Counted, check_bias
from mend.repair.publishing.errors import NoListError
from mend.repair.publishing.listed import Version, open_list, read_version
from mend.repair.publishing.lists import CAMPAIGN_LIST, ROOM
from mend.repair.publishing.summary import Change, Check, StrategyCount, Summary

FAULTS: Final = ("no_candidate", "outcome", "held_out", "twice", "days")


def summarise(
    home: Home, bench: Workbench, month: str, version: int | None = None, what_if: Mapping[str, int] | None = None
) -> Summary:
    """Look at a version of a month's campaign, the latest by default.

    Args:
        what_if: numbers of a trial with other rules, by name, to be shown beside the list's.

    Raises NoListError when there is none.
    """
    with open_step(bench, "campaign summary") as step:
        found = read_version(step, month, version)
        earlier = _earlier(home, step, month)
        open_list(step, month, found.version)
        _open_candidates(step, month, found.version)
        return _summary(step, found, earlier, what_if or {})


def numbers_of(report: WhatIfReport) -> dict[str, int]:
    """What a trial with other strategies comes to, beside the list's own numbers."""
    today, other = report.today, report.other
    return {
        "comes": len(report.comes),
        "goes": len(report.goes),
        "changes": len(report.changes),
        "cost": sum(other.cost.values()) - sum(today.cost.values()),
        "benefit": other.benefit - today.benefit,
        "without_action": other.without_action - today.without_action,
    }


def _open_candidates(step: Step, month: str, version: int) -> None:
    step.view("mart_campaign_gate", "campaign_gate", where=all_of(equal("month", month), equal("version", version)))
    step.run(read_model(ROOM, "candidate_row"), {"month": month, "version": version})


def _earlier(home: Home, step: Step, month: str) -> str | None:
    """The list of the month before, its rows as `earlier_row`: the one that was published, else the latest."""
    before = month_before(first_day_of(month))
    with operations.transaction(home.database_url) as connection:
        table = CAMPAIGN_LIST.c
        published = connection.execute(
            CAMPAIGN_LIST.select()
            .with_only_columns(table.version)
            .where(table.month == before, table.state_code == "published")
        ).scalar()
    try:
        found = read_version(step, before, published)
    except NoListError:
        found = None
    open_list(step, before, found.version if found else 0)
    step.append("list_row", "earlier_row")
    return found.list_id if found else None


def _summary(step: Step, version: Version, earlier: str | None, what_if: Mapping[str, int]) -> Summary:
    strategies = version.strategies
    settings = strategies.settings
    outcomes, gated = _outcomes(step)
    counted = [Counted(*row) for row in step.rows(read_model(ROOM, "listed_share"))]
    counts = tuple(StrategyCount(*row) for row in step.rows(read_model(ROOM, "strategy_count")))
    changes = [Change(*row) for row in step.rows(read_model(ROOM, "list_change"))]
    return Summary(
        version=version,
        names={each.code: (each.name_en, each.name_zh) for each in strategies.strategies},
        outcomes=outcomes,
        gated=gated,
        counts=counts,
        earlier_id=earlier,
        changes=tuple(changes) if earlier else (),
        bias_bound=settings.bias_bound_share,
        bias=check_bias(counted, settings.bias_bound_share, settings.bias_least_candidates),
        checks=(*_sums(version, outcomes, gated, counts), *_faults(step)),
        what_if=what_if,
    )


def _outcomes(step: Step) -> tuple[dict[str, int], dict[str, int]]:
    """Candidates by outcome, and gated ones by first reason."""
    outcomes: dict[str, int] = {}
    gated: dict[str, int] = {}
    for outcome, reason, count in step.rows(read_model(ROOM, "outcome_count")):
        outcomes[outcome] = outcomes.get(outcome, 0) + count
        if outcome == "gated":
            gated[reason or "unknown"] = count
    return outcomes, gated


def _sums(
    version: Version, outcomes: Mapping[str, int], gated: Mapping[str, int], counts: tuple[StrategyCount, ...]
) -> tuple[Check, ...]:
    """Candidates = listed + held out + deferred + each first reason; and what the version says of itself is so."""
    parts = [outcomes.get(name, 0) for name in ("listed", "held_out", "deferred")]
    said = [version.listed_count, version.held_out_count, version.deferred_count]
    differences = sum(abs(part - word) for part, word in zip(parts, said, strict=True))
    reasons = version.gated.keys() | gated.keys()
    differences += sum(abs(version.gated.get(name, 0) - gated.get(name, 0)) for name in reasons)
    return (
        Check("sum", abs(version.candidate_count - sum(parts) - sum(gated.values()))),
        Check("counts", differences),
        Check("cost", abs(version.cost - sum(each.cost for each in counts))),
        Check("overload", abs(version.overload_count - sum(each.overload for each in counts))),
    )


def _faults(step: Step) -> tuple[Check, ...]:
    found = dict(step.rows(read_model(ROOM, "list_fault")))
    return tuple(Check(code, int(found[code])) for code in FAULTS)
