"""Put the rows aside that break a rule which says so."""

from __future__ import annotations

from collections.abc import Sequence

from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.lake import Lake, StoredFile
from mend.foundation.lake.filters import all_of, equal, one_of
from mend.foundation.operations import Batch
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.intake.quality.errors import CrossCheckError
from mend.intake.quality.measure import ROOM
from mend.intake.quality.predicates import bad, literal
from mend.intake.quality.rules import Rule, Suite


def put_aside(step: Step, suite: Suite, batches: list[Batch]) -> int:
    """Replace the quality gate's rows of these batches in core_quarantine; the parse gate's stay. Returns the rows.

    CrossCheckError when the table does not hold them afterwards.
    """
    numbers = [batch.batch_number for batch in batches]
    columns = {"batch_number": "bigint", "file_name": "varchar"}
    step.put("batch_file", columns, [(batch.batch_number, batch.file_name) for batch in batches])
    step.run(read_model(ROOM, "quarantine"), {"record": suite.record.name}, _fills(suite))
    files = step.write("core_quarantine", "quarantine")
    written = step.count("quarantine")
    where = all_of(one_of("batch_number", numbers), equal("gate_code", "quality"))
    step.bench.lake.replace("core_quarantine", where, files)
    step.view("core_quarantine", batches=numbers)
    [(held,)] = step.rows(read_model(ROOM, "put_aside"))
    if held != written:
        raise CrossCheckError(f"{suite.record.name}: core_quarantine does not hold the {written} rows put aside")
    return written


def put_rejected(lake: Lake, batch_numbers: Sequence[int], files: Sequence[StoredFile]) -> None:
    """Replace the parse gate's rows of these batches in core_quarantine; the quality gate's stay."""
    of_gate = all_of(one_of("batch_number", sorted(batch_numbers)), equal("gate_code", "parse"))
    lake.replace("core_quarantine", of_gate, files)


def _fills(suite: Suite) -> dict[str, str]:
    ordered = sorted(suite.row_rules, key=lambda rule: not rule.quarantines)
    aside = [rule for rule in ordered if rule.quarantines]
    values = " ".join(f"when {bad(rule)} then cast({quoted(rule.columns[0])} as varchar)" for rule in aside)
    return {
        "found": ", ".join(f"case when {bad(rule)} then {literal(_reason(rule))} end" for rule in ordered),
        "any_bad": " or ".join(bad(rule) for rule in aside) or "false",
        "bad_value": f"case {values} end" if aside else "null",
        "row": ", ".join(f"{quoted(column.name)} := {quoted(column.name)}" for column in suite.record.columns),
    }


def _reason(rule: Rule) -> str:
    return f"{rule.columns[0]}: {rule.id}"
