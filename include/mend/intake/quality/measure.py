"""How many rows of each batch break each rule: our own count, in one pass over the raw rows."""

from __future__ import annotations

from dataclasses import dataclass

from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.operations import Batch
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.quality.predicates import bad
from mend.intake.quality.rules import Rule, Suite


@dataclass(frozen=True)
class Measured:
    """Of one batch: its rows in the lake and, by rule, the rows that break it (row kinds, `unique`, `filled`)."""

    rows: int
    broken: dict[str, int]


def view_rows(bench: Workbench, suite: Suite, batches: list[Batch]) -> None:
    """Make `gated`: the batches' raw rows, and a column for each rule of kind `holds` (its name the rule's)."""
    numbers = [batch.batch_number for batch in batches]
    bench.view(suite.record.raw.name, batches=numbers, as_name="gated_raw")
    held = [f"not {bad(rule)} as {quoted(rule.id)}" for rule in suite.row_rules if rule.kind == "holds"]
    bench.execute(f"create or replace temp view gated as select {', '.join(['*', *held])} from gated_raw")


def measure(bench: Workbench, suite: Suite, batches: list[Batch]) -> dict[int, Measured]:
    """What was counted, by batch number; a batch without rows has zeros."""
    counted = [rule for rule in suite.rules if rule.judges_rows or rule.kind == "filled"]
    terms = [f"count(case when {_counted(rule)} then 1 end)" for rule in counted]
    query = f"select {', '.join(['batch_number', 'count(*)', *terms])} from gated group by batch_number"
    found = {number: (rows, counts) for number, rows, *counts in bench.sql(query)}
    repeated = _repeated(bench, suite)
    names = [rule.id for rule in counted]
    measured = {}
    for batch in batches:
        rows, counts = found.get(batch.batch_number, (0, [0] * len(names)))
        broken = dict(zip(names, counts, strict=True))
        measured[batch.batch_number] = Measured(rows, broken | repeated.get(batch.batch_number, {}))
    return measured


def _counted(rule: Rule) -> str:
    return f"{quoted(rule.columns[0])} is null" if rule.kind == "filled" else bad(rule)


def _repeated(bench: Workbench, suite: Suite) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for rule in suite.rules:
        if rule.kind == "unique":
            key = ", ".join(quoted(name) for name in rule.columns)
            for number, count in bench.sql(models.load("intake/quality", "unique").replace("{key}", key)):
                found.setdefault(number, {})[rule.id] = count
    return found
