"""Stability: of the customers whose own figures hardly moved since the month before, how many kept their label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.clusters.rules import VALUE_FEATURES, ClusterRules

ROOM: Final = "grumbles/clusters"


@dataclass(frozen=True)
class Kept:
    """Customers who hardly moved, and those of them who kept their label."""

    still: int
    kept: int

    @property
    def share(self) -> float | None:
        """None where nobody hardly moved: nothing was measured."""
        return round(self.kept / self.still, 6) if self.still else None


def watch(step: Step, rules: ClusterRules, month: str) -> Mapping[str, Kept]:
    """Make `watched`, and compare it with `watch_before` (empty: nothing is measured)."""
    step.run(read_model(ROOM, "watched"), {"month": month, "most_rows": rules.settings.watched_customers})
    figures = {
        "value": VALUE_FEATURES,
        **{kind: _outcomes(rules, kind) for kind in ("consumption", "behaviour")},
    }
    every = [name for names in figures.values() for name in names]
    fills = {"spreads": ", ".join(f"round(stddev_pop({name}), 6) as {name}" for name in every)}
    fills |= {f"{kind}_still": " and ".join(map(_still, names)) for kind, names in figures.items()}
    rows = step.rows(read_model(ROOM, "kept_count"), {"still": rules.settings.still}, fills)
    return {kind: Kept(still, kept) for kind, still, kept in rows}


def _outcomes(rules: ClusterRules, kind: str) -> tuple[str, ...]:
    return tuple(name for block in rules.kinds[kind].blocks.values() for name in block)  # type: ignore[index]


def _still(name: str) -> str:
    """Both not known is no move; one not known is one."""
    return (
        f"(then_.{name} is not distinct from now_.{name} "
        f"or coalesce(abs(now_.{name} - then_.{name}) <= $still * spread.{name}, false))"
    )
