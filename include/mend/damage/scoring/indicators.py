"""The rules as a table, for lists, pages and people's own queries."""

from __future__ import annotations

from collections.abc import Sequence

from mend.damage.scoring.rules import Rule, RuleSet
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench


def write_indicators(bench: Workbench, versions: Sequence[RuleSet]) -> None:
    """Put every indicator and credit of every version into mart_indicator; nothing is written when they stand there
    already.
    """
    columns = ", ".join(bench.described("mart_indicator").column_names)
    bench.view("mart_indicator")
    rows = [
        _row(version, rule)
        for version in versions
        for rule in (*version.indicators.values(), *version.credits.values())
    ]
    bench.execute("create or replace temp table indicator_now as select * from mart_indicator where false")
    bench.engine.connection.executemany("insert into indicator_now values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    now, stored = f"select {columns} from indicator_now", f"select {columns} from mart_indicator"
    if bench.sql(f"select 1 from (({now} except {stored}) union all ({stored} except {now})) limit 1"):
        bench.replace("mart_indicator", now, every_row())


def _row(version: RuleSet, rule: Rule) -> tuple[object, ...]:
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
    )
