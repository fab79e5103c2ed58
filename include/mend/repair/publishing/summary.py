"""What the approver is shown: counts, cost, change against the list before, bias, checks, what-if where it is given."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.operations.statements import statement
from mend.foundation.periods import first_day_of, month_before
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign import WhatIfReport
from mend.repair.publishing.bias import Counted, GroupShare, check_bias, needs_reason
from mend.repair.publishing.errors import NoListError, PublishError
from mend.repair.publishing.listed import Version, open_list, read_version
from mend.repair.publishing.lists import CAMPAIGN_LIST, ROOM, CampaignList, read_list

FAULTS: Final = ("no_candidate", "outcome", "held_out", "twice", "days")


@dataclass(frozen=True)
class StrategyCount:
    """Rows and cost of a strategy in a city."""

    strategy_code: str
    channel_code: str
    city_code: str
    rows: int
    owed: int
    overload: int
    cost: int
    amount: int
    benefit: int


@dataclass(frozen=True)
class Change:
    """A strategy in this list and in the one before: rows, rows of the same customers, cost."""

    strategy_code: str
    rows: int
    earlier_rows: int
    both: int
    cost: int
    earlier_cost: int


@dataclass(frozen=True)
class Check:
    """A check of the list, and by how much it fails; 0: it holds."""

    code: str
    off_by: int


@dataclass(frozen=True)
class Summary:
    """All that an approver needs to decide. `earlier_id`: the list with which this one is compared."""

    version: Version
    names: Mapping[str, tuple[str, str]]
    outcomes: Mapping[str, int]
    gated: Mapping[str, int]
    counts: tuple[StrategyCount, ...]
    earlier_id: str | None
    changes: tuple[Change, ...]
    bias_bound: float
    bias: tuple[GroupShare, ...]
    checks: tuple[Check, ...]
    what_if: Mapping[str, int]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.counts)

    @property
    def failed(self) -> list[str]:
        """Codes of the checks that do not hold."""
        return [each.code for each in self.checks if each.off_by]

    @property
    def outside(self) -> list[GroupShare]:
        """Groups outside of the bound."""
        return [each for each in self.bias if each.verdict_code == "outside"]

    def as_json(self) -> str:
        """For the record: what the approver saw, in numbers."""
        return json.dumps(
            {
                "rows": self.rows,
                "cost": self.version.cost,
                "outcomes": self.outcomes,
                "gated": self.gated,
                "counts": [asdict(each) for each in self.counts],
                "earlier_id": self.earlier_id,
                "changes": [asdict(each) for each in self.changes],
                "bias_bound": self.bias_bound,
                "bias": [asdict(each) for each in self.bias],
                "outside": [f"{each.what_code} {each.group_code}" for each in self.outside],
                "checks": [asdict(each) for each in self.checks],
                "failed_checks": self.failed,
                "what_if": dict(self.what_if),
            },
            ensure_ascii=False,
            sort_keys=True,
        )


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


def register(home: Home, summary: Summary, at: dt.datetime) -> CampaignList:
    """Put the version before the approvers, once; as long as it is a draft it keeps the latest summary."""
    version = summary.version
    values = {
        "list_id": version.list_id,
        "month": version.month,
        "version": version.version,
        "content_sha256": version.content_sha256,
        "row_count": summary.rows,
        "summary": summary.as_json(),
        "needs_bias_reason": needs_reason(summary.bias),
        "at": at,
    }
    with operations.transaction(home.database_url) as connection:
        connection.execute(statement(ROOM, "put_list"), values)
        _refresh(connection, values)
        return read_list(connection, version.list_id)


def _refresh(connection: Connection, values: Mapping[str, Any]) -> None:
    known = read_list(connection, values["list_id"], is_locked=True)
    if known.content_sha256 != values["content_sha256"]:
        raise PublishError(
            f"list {known.list_id} has other content than when it was put before the approvers: a version never "
            f"changes; make the month's list again, it becomes the next version"
        )
    names = ("list_id", "summary", "needs_bias_reason")
    connection.execute(statement(ROOM, "refresh_summary"), {name: values[name] for name in names})


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
