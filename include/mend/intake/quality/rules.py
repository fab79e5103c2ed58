"""Quality rules: one suite per record, in part from its YAML file, in part from the schema."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from mend.foundation.schema import CODES, RECORDS, Column, Record
from mend.foundation.yaml_text import read_yaml
from mend.intake.quality.errors import SuiteError

FOLDER: Final = Path(__file__).parent / "suites"
SEVERITIES: Final = ("critical", "warning", "info")
ROW_KINDS: Final = ("required", "range", "codes", "pattern", "holds", "not_before")
BATCH_KINDS: Final = ("rows_present", "rows_readable", "volume", "filled", "unique")


@dataclass(frozen=True)
class Rule:
    """One rule. Of a row kind it judges each row, of a batch kind the batch.

    Attributes:
        columns: what it looks at; the first is the one that a quarantined row is reported under.
        holds: for the kind `holds`, the SQL condition of a good row; a row for which it is unknown is good.
        codes: for the kind `codes`, the codes allowed.
        low, high: bounds of the kind `range` (values) or `volume` (shares of the usual count).
    """

    id: str
    kind: str
    severity: str
    en: str
    zh: str
    runbook: str
    runbook_zh: str
    columns: tuple[str, ...] = ()
    quarantines: bool = False
    warn_share: float = 0.0
    fail_share: float = 0.0
    holds: str = ""
    codes: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def judges_rows(self) -> bool:
        return self.kind in ROW_KINDS


@dataclass(frozen=True)
class Suite:
    """The rules of one record. `few_rows`: a share of fewer rows than this stops nothing, unless every row is bad."""

    record: Record
    owner: str
    few_rows: int
    rules: tuple[Rule, ...]

    @property
    def row_rules(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.judges_rows)


@cache
def suite(record: str) -> Suite:
    """The suite of a record. SuiteError names the file and the rule that is wrong."""
    return parsed(RECORDS[record], _read("common"), _read(record))


def parsed(record: Record, common: dict[str, Any], own: dict[str, Any]) -> Suite:
    """A suite from the content of common.yaml and of the record's own file."""
    common_rules = _common(record, common, bool(own.get("requires_rows")))
    described = [*_generated(record, common["generated"]), *common_rules, *own.get("rules", [])]
    changed = own.get("change", {})
    left_out = own.get("skip", [])
    kept = [words | changed.get(words["id"], {}) for words in described if words["id"] not in left_out]
    rules = tuple(_rule(record, words) for words in kept)
    twice = {rule.id for rule in rules if [other.id for other in rules].count(rule.id) > 1}
    if twice:
        raise SuiteError(f"{record.name}.yaml: rule {min(twice)} is there twice")
    return Suite(record, own.get("owner", common["owner"]), int(common["few_rows"]), rules)


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return content


def _common(record: Record, common: dict[str, Any], needs_rows: bool) -> list[dict[str, Any]]:
    found = [_filled_in(words, {"event": record.event_column}) for words in common["every_record"]]
    for words in found:
        if words["kind"] == "rows_present" and needs_rows:
            words["severity"] = "critical"
        if words["kind"] == "unique":
            words["columns"] = list(record.key)
    return found


def _generated(record: Record, templates: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules that the schema gives: a column's domain is written there and nowhere else."""
    found = []
    for column in record.columns:
        for kind, options in _domain(column).items():
            # What follows a semicolon in a column's words explains when it is empty.
            names = {"column": column.name, "en": column.en.split(";")[0], "zh": column.zh, "range": _range(column)}
            words = _filled_in(templates[kind], names)
            found.append(words | options | {"id": f"{column.name}_{kind}", "kind": kind, "columns": [column.name]})
    return found


def _domain(column: Column) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    if column.required:
        found["required"] = {}
    if column.min is not None or column.max is not None:
        found["range"] = {"low": column.min, "high": column.max}
    if column.codes is not None:
        found["codes"] = {"codes": list(CODES[column.codes])}
    if column.pattern is not None:
        found["pattern"] = {"pattern": column.pattern}
    return found


def _range(column: Column) -> str:
    low = "" if column.min is None else f"{column.min:g}"
    return f"{low}…" if column.max is None else f"{low}…{column.max:g}"


def _filled_in(words: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The words with their `{names}` filled in, also within lists."""

    def fill(value: Any) -> Any:
        if isinstance(value, list):
            return [fill(part) for part in value]
        return value.format_map(names) if isinstance(value, str) else value

    return {name: fill(value) for name, value in words.items()}


def _rule(record: Record, words: dict[str, Any]) -> Rule:
    where = f"{record.name}.yaml: rule {words.get('id', '?')}"
    unknown = set(words) - {field.name for field in fields(Rule)}
    if unknown:
        raise SuiteError(f"{where}: unknown word {min(unknown)}")
    if words["kind"] not in ROW_KINDS + BATCH_KINDS or words["severity"] not in SEVERITIES:
        raise SuiteError(f"{where}: unknown kind {words['kind']} or severity {words['severity']}")
    columns = tuple(words.get("columns", ()))
    absent = [name for name in columns if name not in record.raw.column_names]
    if absent or (words["kind"] in (*ROW_KINDS, "filled", "unique") and not columns):
        raise SuiteError(f"{where}: no column {', '.join(absent)} in the record")
    return Rule(**words | {"columns": columns, "codes": tuple(words.get("codes", ()))})
