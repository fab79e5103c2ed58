"""How many rows of each batch break each rule: our own count, in one pass over the raw rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.operations import Batch
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.intake.quality.predicates import bad
from mend.intake.quality.rules import Rule, Suite

ROOM: Final = "intake/quality"


@dataclass(frozen=True)
class Measured:
    """Of one batch: its rows in the lake and, by rule, the rows that break it (row kinds, `unique`, `filled`)."""

    rows: int
    broken: dict[str, int]


def open_rows(step: Step, suite: Suite, batches: list[Batch]) -> None:
    """Make `gated`: the batches' raw rows, and a column for each rule of kind `holds` (its name the rule's)."""
    step.view(suite.record.raw.name, "raw_arrived", batches=[batch.batch_number for batch in batches])
    held = [f"not {bad(rule)} as {quoted(rule.id)}" for rule in suite.row_rules if rule.kind == "holds"]
    step.make(read_model(ROOM, "gated"), "gated", fills={"columns": ", ".join(["*", *held])}, is_view=True)


def measure(step: Step, suite: Suite, batches: list[Batch]) -> dict[int, Measured]:
    """What was counted, by batch number; a batch without rows has zeros."""
    counted = [rule for rule in suite.rules if rule.judges_rows or rule.kind == "filled"]
    terms = ["count(*)", *(f"count(case when {_counted(rule)} then 1 end)" for rule in counted)]
    rows_of_batches = step.rows(read_model(ROOM, "broken"), fills={"counts": ", ".join(terms)})
    found = {number: (rows, counts) for number, rows, *counts in rows_of_batches}
    repeated = _repeated(step, suite)
    names = [rule.id for rule in counted]
    measured = {}
    for batch in batches:
        rows, counts = found.get(batch.batch_number, (0, [0] * len(names)))
        broken = dict(zip(names, counts, strict=True))
        measured[batch.batch_number] = Measured(rows, broken | repeated.get(batch.batch_number, {}))
    return measured


def _counted(rule: Rule) -> str:
    return f"{quoted(rule.columns[0])} is null" if rule.kind == "filled" else bad(rule)


def _repeated(step: Step, suite: Suite) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for rule in suite.rules:
        if rule.kind == "unique":
            key = ", ".join(quoted(name) for name in rule.columns)
            for number, count in step.rows(read_model(ROOM, "repeated"), fills={"key": key}):
                found.setdefault(number, {})[rule.id] = count
    return found
