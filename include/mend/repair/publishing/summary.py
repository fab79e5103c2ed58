"""What the approver is shown: counts, cost, change against the list before, bias, checks, what-if where it is given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from mend.repair.publishing.bias import GroupShare
from mend.repair.publishing.listed import Version


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
