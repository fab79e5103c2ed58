"""The rules as a table, for lists, pages and people's own queries; and which of them the sources can measure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from mend.damage.scoring.rules import Rule, RuleSet
from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.foundation.schema import TABLES

TABLE: Final = "mart_indicator"
COLUMNS: Final = {column.name: DUCKDB_TYPES[column.type] for column in TABLES[TABLE].columns}
MEASURED: Final = list(COLUMNS).index("is_measured")
VERSION, INDICATOR = 0, 1


def put_indicators(step: Step, every: Sequence[RuleSet], measured: Sequence[RuleSet]) -> list[dt.date]:
    """The tables `indicator_now` and `indicator_stored`; gives the versions of which other indicators were measured
    when they were stored: the sources map something else since, and every day of theirs is scored again.

    Args:
        measured: the same versions, without what the sources cannot measure.
    """
    rows = [
        _row(version, rule, {*chosen.indicators, *chosen.credits})
        for version, chosen in zip(every, measured, strict=True)
        for rule in (*version.indicators.values(), *version.credits.values())
    ]
    step.put("indicator_now", COLUMNS, rows)
    step.view(TABLE, as_name="indicator_stored")
    stored = {(row[VERSION], row[INDICATOR]): row[MEASURED] for row in step.read("indicator_stored")}
    return sorted(
        {row[VERSION] for row in rows if stored.get((row[VERSION], row[INDICATOR])) not in (None, row[MEASURED])}
    )


def write_indicators(step: Step) -> None:
    """Keep every indicator and credit of every version in mart_indicator; nothing is written when they are there."""
    if step.rows(read_model("damage/scoring", "indicator_difference")):
        step.bench.lake.replace(TABLE, every_row(), step.write(TABLE, "indicator_now"))


def _row(version: RuleSet, rule: Rule, measured: set[str]) -> tuple[Any, ...]:
    points = rule.points if rule.id in version.indicators else -rule.points
    return (
        version.valid_from,
        rule.id,
        rule.record,
        rule.stage,
        points,
        rule.en,
        rule.zh,
        rule.condition.text,
        rule.is_explicit,
        rule.id in measured,
    )
