"""The staged rows of a file as a relation in SQL: its line numbers, its source columns as text, the row as it came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mend.extract.staging import ROWS, StagedFile


@dataclass
class Values:
    """Values bound into a statement: `$v0`, `$v1` ... Nothing that a configuration or a file says is pasted into
    SQL."""

    bound: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        """The parameter that stands for the value."""
        name = f"v{len(self.bound)}"
        self.bound[name] = value
        return f"${name}"

    def used_in(self, query: str) -> dict[str, Any]:
        """The values whose parameters stand in the query; DuckDB refuses more than it asks for."""
        names = set(re.findall(r"\$(v[0-9]+)", query))
        return {name: value for name, value in self.bound.items() if name in names}

    def listed(self, values: Iterable[Any]) -> str:
        """The parameters, separated by commas."""
        return ", ".join(self.bind(value) for value in values)


@dataclass(frozen=True)
class Relation:
    """Staged rows.

    Args:
        query: gives `filename`, `line` and the columns that the expressions below use.
        columns: source column → expression of its text.
        raw: expression of the row as it came (quoted anew where needed).
        broken: condition under which the row is unreadable as a whole, with its reason; None when that cannot be.
    """

    query: str
    columns: Mapping[str, str]
    raw: str
    broken: tuple[str, str] | None = None


def relation(files: Sequence[StagedFile], needed: Iterable[str], values: Values, max_line_bytes: int) -> Relation:
    """The relation of staged files of one form, with the source columns that are needed and there."""
    first = files[0]
    if first.rows.suffix != ROWS:
        return _parquet(first, values)
    paths = [str(file.rows) for file in files]
    if first.is_json:
        return _json_lines(paths, needed, values, max_line_bytes)
    names = [f"c{place}" for place in range(len(first.columns))]
    rows = reading(paths, names, values, max_line_bytes)
    return Relation(rows, dict(zip(first.columns, names, strict=True)), _raw_line(names, first.delimiter, values))


def _raw_line(names: list[str], delimiter: str, values: Values) -> str:
    """The line that the fields came from, quoted anew where needed."""
    special = values.bind(f'{delimiter}"\x1e')
    fields = [
        f"case when translate({name}, {special}, '') <> {name} then '\"' || replace({name}, '\"', '\"\"') || '\"' "
        f"else coalesce({name}, '') end"
        for name in names
    ]
    return f"replace({f' || {values.bind(delimiter)} || '.join(fields)}, chr(30), chr(10))"


def _json_lines(paths: Sequence[str], needed: Iterable[str], values: Values, max_line_bytes: int) -> Relation:
    names = list(dict.fromkeys(needed))
    places = values.listed(name if name.startswith("$") else f'$."{name}"' for name in names)
    rows = reading(paths, ["c0"], values, max_line_bytes)
    # Two steps: json_type raises on a text that json_valid has not let through.
    object_only = f"select filename, line, c0, case when json_valid(c0) then c0 end as valid from ({rows})"
    is_object = "case when valid is not null then json_type(valid) = 'OBJECT' end"
    parts = f"case when {is_object} then json_extract_string(valid, [{places}]) end"
    query = f"select filename, line, c0, {parts} as parts from ({object_only})"
    columns = {name: f"nullif(parts[{place}], '')" for place, name in enumerate(names, 1)}
    return Relation(query, columns, "c0", ("parts is null", "bad_json"))


def _parquet(staged: StagedFile, values: Values) -> Relation:
    names = {name: f"c{place}" for place, name in enumerate(staged.columns)}
    chosen = ", ".join(f"cast({identifier(name)} as varchar) as {short}" for name, short in names.items())
    file = f"read_parquet({values.bind(str(staged.rows))}, file_row_number = true, filename = true)"
    query = f"select filename, file_row_number + 1 as line, {chosen} from {file}"
    pairs = ", ".join(f"{identifier(name)}: {short}" for name, short in names.items())
    return Relation(query, {name: f"nullif({short}, '')" for name, short in names.items()}, f"cast(to_json({{{pairs}}}) as varchar)")


def reading(paths: Sequence[str], names: list[str], values: Values, max_line_bytes: int) -> str:
    """A query over staging files, their columns called by these names after `filename` and `line`."""
    columns = ", ".join(f"'{name}': 'varchar'" for name in names)
    return (
        f"select filename, line, {', '.join(names)} from read_csv([{values.listed(paths)}], filename = true, "
        "delim = chr(31), quote = '', escape = '', comment = '', header = false, auto_detect = false, "
        f"new_line = '\\n', max_line_size = {3 * max_line_bytes}, columns = {{'line': 'bigint', {columns}}})"
    )


def literal(text: str) -> str:
    """A constant of the code's own as SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name from a file's header, quoted."""
    return '"' + name.replace('"', '""') + '"'
