"""The staged rows of a file as a relation in SQL: its line numbers, its source columns as text, the row as it came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mend.intake.extract.marks import shown
from mend.intake.extract.staging import ROWS, StagedFile
from mend.intake.extract.typed_sql import of_column, of_json


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
        raw: expression of the row as it came (quoted again where needed).
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
    has_marks = any(file.traits.has_marks for file in files)
    return Relation(
        rows, dict(zip(first.columns, names, strict=True)), _raw_line(names, first.delimiter, has_marks, values)
    )


def _raw_line(names: list[str], delimiter: str, has_marks: bool, values: Values) -> str:
    """The line that the fields came from, quoted again where needed."""
    special = values.bind(f'{delimiter}"\x1e')
    texts = [shown(name) if has_marks else name for name in names]
    fields = [
        f"case when translate({text}, {special}, '') <> {text} then '\"' || replace({text}, '\"', '\"\"') || '\"' "
        f"else coalesce({text}, '') end"
        for text in texts
    ]
    # A list, because a chain of || as long as a wide file is deeper than the engine takes.
    return f"replace(array_to_string([{', '.join(fields)}], {values.bind(delimiter)}), chr(30), chr(10))"


def _json_lines(paths: Sequence[str], needed: Iterable[str], values: Values, max_line_bytes: int) -> Relation:
    names = list(dict.fromkeys(needed))
    places = values.listed(name if name.startswith("$") else f'$."{name}"' for name in names)
    rows = reading(paths, ["c0"], values, max_line_bytes)
    # Steps: json_type raises on a text that json_valid has not let through. Of a key that stands twice, which is meant?
    valid_only = f"select filename, line, c0, case when json_valid(c0) then c0 end as valid from ({rows})"
    is_once = "len(json_keys(valid)) = len(list_distinct(json_keys(valid)))"
    is_object = f"case when valid is not null then json_type(valid) = 'OBJECT' and {is_once} end"
    object_only = f"select filename, line, c0, case when {is_object} then valid end as object from ({valid_only})"
    parts = f"json_extract_string(object, [{places}]) as parts, json_type(object, [{places}]) as kinds"
    typed = "".join(
        f", {of_json(f'parts[{place}]', f'kinds[{place}]')} as j{place}" for place in range(1, len(names) + 1)
    )
    query = f"select filename, line, c0, parts{typed} from (select filename, line, c0, {parts} from ({object_only}))"
    columns = {name: f"j{place}" for place, name in enumerate(names, 1)}
    return Relation(query, columns, "c0", ("parts is null", "bad_json"))


def _parquet(staged: StagedFile, values: Values) -> Relation:
    shorts = [f"c{place}" for place in range(len(staged.columns))]
    chosen = ", ".join(
        f"{of_column(identifier(name), kind)} as {short}"
        for (name, kind), short in zip(staged.types, shorts, strict=True)
    )
    path = values.bind(str(staged.rows))
    # A column of the file may be called as the engine calls the number of the row.
    is_taken = any(name.lower() == "file_row_number" for name, _ in staged.types)
    line = "row_number() over ()" if is_taken else "file_row_number + 1"
    rows = f"read_parquet({path}, file_row_number = {not is_taken})"
    query = f"select cast({path} as varchar) as filename, {line} as line, {chosen} from {rows}"
    pairs = ", ".join(
        f"{identifier(name)}: {shown(short)}" for (name, _), short in zip(staged.types, shorts, strict=True)
    )
    return Relation(query, dict(zip(staged.columns, shorts, strict=True)), f"cast(to_json({{{pairs}}}) as varchar)")


def reading(paths: Sequence[str], names: list[str], values: Values, max_line_bytes: int) -> str:
    """A query over staging files, their columns called by these names after `filename` and `line`."""
    columns = ", ".join(f"'{name}': 'varchar'" for name in names)
    return (
        f"select filename, line, {', '.join(names)} from read_csv([{values.listed(paths)}], filename = true, "
        "delim = chr(31), quote = '', escape = '', comment = '', header = false, auto_detect = false, "
        f"new_line = '\\n', max_line_size = {3 * max_line_bytes}, columns = {{'line': 'bigint', {columns}}})"
    )


def identifier(name: str) -> str:
    """A name from a file's header, quoted."""
    return '"' + name.replace('"', '""') + '"'
