"""Put the rows aside that break a rule which says so."""

from __future__ import annotations

from collections.abc import Mapping

from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.lake.filters import all_of, equal, one_of
from mend.foundation.operations import Batch
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.quality.predicates import bad, literal
from mend.intake.quality.rules import Rule, Suite


def put_aside(bench: Workbench, suite: Suite, batches: list[Batch]) -> int:
    """Replace the quality gate's rows of these batches in core_quarantine; the parse gate's stay. Returns the rows."""
    where = all_of(one_of("batch_number", [batch.batch_number for batch in batches]), equal("gate_code", "quality"))
    file_names = {"numbers": [b.batch_number for b in batches], "names": [b.file_name for b in batches]}
    bench.execute(
        "create or replace temp table batch_file as select cast(unnest($numbers) as bigint) as batch_number, "
        "unnest($names) as file_name",
        file_names,
    )
    return bench.replace("core_quarantine", _query(suite), where, {"record": suite.record.name})


def counted(bench: Workbench, batches: list[Batch]) -> Mapping[int, int]:
    """Rows that the quality gate holds of each batch, as the table has them."""
    numbers = [batch.batch_number for batch in batches]
    bench.view("core_quarantine", batches=numbers, as_name="quarantine_now")
    query = (
        "select batch_number, count(*) from quarantine_now semi join batch_file using (batch_number) "
        "where gate_code = 'quality' group by all"
    )
    return dict(bench.sql(query))


def _query(suite: Suite) -> str:
    ordered = sorted(suite.row_rules, key=lambda rule: not rule.quarantines)
    aside = [rule for rule in ordered if rule.quarantines]
    parts = {
        "found": ", ".join(f"case when {bad(rule)} then {literal(_reason(rule))} end" for rule in ordered),
        "any_bad": " or ".join(bad(rule) for rule in aside) or "false",
        "bad_value": " ".join(f"when {bad(rule)} then cast({quoted(rule.columns[0])} as varchar)" for rule in aside),
        "row": ", ".join(f"{quoted(column.name)} := {quoted(column.name)}" for column in suite.record.columns),
    }
    text = models.load("intake/quality", "quarantine")
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return text


def _reason(rule: Rule) -> str:
    return f"{rule.columns[0]}: {rule.id}"
