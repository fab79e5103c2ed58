"""The runner: it alone executes models. A step gives it models in order and plain values; every name is the step's own.

with open_step(bench, "scoring") as step:
    step.view("core_contact", days=days)
    step.put("full_day", {"day": "date"}, [(day,) for day in days])
    step.run(MODELS, {"incident_gap_seconds": 1800})
    files = step.write("mart_damage_ledger", "ledger")
    bench.lake.replace("mart_damage_ledger", one_of("posted_on", days), files)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES, quoted
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import Filter
from mend.foundation.pipeline.model import PARAMETER, Model, ModelError
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

Values = Mapping[str, Any]
Fills = Mapping[str, str]


class Step:
    """One run of a step: its inputs, and what its models made so far. A model reads no other name."""

    def __init__(self, bench: Workbench, name: str) -> None:
        self.bench = bench
        self.name = name
        self._made: dict[str, str] = {}  # name → table or view

    def view(
        self,
        table: str,
        as_name: str | None = None,
        days: Iterable[dt.date] | None = None,
        where: Filter | None = None,
        batches: Iterable[int] | None = None,
    ) -> int:
        """Open a snapshot of a lake table as an input; gives its number of files. See `Workbench.view`."""
        count = self.bench.view(table, days, where, as_name, batches)
        self._made[as_name or table] = "view"
        return count

    def view_files(self, table: str, files: Sequence[StoredFile], as_name: str, numbered: bool = False) -> None:
        """Open these files of a table as an input; `numbered`: with a `row_number` that tells its rows apart."""
        self.bench.view_files(table, files, as_name, numbered=numbered)
        self._made[as_name] = "view"

    def put(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """A small table of plain values: column → DuckDB type, and rows. (A list a column: inserting rows one by one
        takes a third of a millisecond each.)"""
        lists = list(zip(*rows, strict=True)) or [()] * len(columns)
        listed = (
            f"cast(unnest($v{place}) as {kind}) as {quoted(column)}"
            for place, (column, kind) in enumerate(columns.items())
        )
        values = {f"v{place}": list(cells) for place, cells in enumerate(lists)}
        self._replace(name, "table", f"as select {', '.join(listed)}", values)

    def put_rows(self, name: str, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """A small table of rows (column → value) that Python worked out for a lake table, typed as the schema says."""
        kinds = {column.name: DUCKDB_TYPES[column.type] for column in TABLES[table].columns}
        self.put(name, kinds, [[row[column] for column in kinds] for row in rows])

    def put_table(self, name: str, query: str, values: Values | None = None) -> None:
        """For queries that are made from a description (shares, a source's mapping): a table of their rows."""
        self._replace(name, "table", f"as {query}", values)

    def put_view(self, name: str, query: str) -> None:
        """For the pipeline itself (shares): a view of a query."""
        self._replace(name, "view", f"as {query}")

    def run(
        self,
        models: Sequence[Model] | Model,
        values: Values | None = None,
        fills: Fills | None = None,
    ) -> None:
        """Run the models in order, each into a table of its own name.

        Args:
            values: what the models' parameters are; more than they ask for may be given.
            fills: text of compiled rule conditions, for the places that a model declares; their parameters are bound,
                too.

        Raises:
            ModelError: a model reads a name that this step has not made, or lacks a value.
        """
        for model in [models] if isinstance(models, Model) else models:
            self.make(model, model.name, values, fills)

    def make(
        self,
        model: Model,
        name: str,
        values: Values | None = None,
        fills: Fills | None = None,
        is_view: bool = False,
    ) -> None:
        """Run one model into a table of another name, or, when it has no parameters, declare it as a view."""
        query, bound = self._prepared(model, values or {}, fills or {})
        self._replace(name, "view" if is_view else "table", f"as {query}", bound)

    def append(self, name: str, to: str) -> None:
        """Add the rows of a name to a table of the same columns, which is made when it is not there; the name goes."""
        if to in self._made:
            self.bench.execute(f"insert into {quoted(to)} by name select * from {quoted(self._known(name))}")
        else:
            self._replace(to, "table", f"as select * from {quoted(self._known(name))}")
        self.drop(name)

    def rows(self, model: Model, values: Values | None = None, fills: Fills | None = None) -> list[tuple[Any, ...]]:
        """The rows of a model that makes no table."""
        query, bound = self._prepared(model, values or {}, fills or {})
        return self.bench.sql(query, bound)

    def add(self, model: Model, name: str, values: Values | None = None, fills: Fills | None = None) -> None:
        """Run one model and add its rows to a table of this name, which the first one makes."""
        if name not in self._made:
            return self.make(model, name, values, fills)
        query, bound = self._prepared(model, values or {}, fills or {})
        self.bench.execute(f"insert into {quoted(name)} by name {query}", bound)

    def put_arrow(self, name: str, rows: pa.Table) -> None:
        """A table of rows that Python worked out."""
        self.bench.engine.connection.register("_arrow", rows)
        self._replace(name, "table", "as select * from _arrow")
        self.bench.engine.connection.unregister("_arrow")

    def arrow(self, model: Model, values: Values | None = None, fills: Fills | None = None) -> pa.Table:
        """The rows of a model for Python to work on."""
        query, bound = self._prepared(model, values or {}, fills or {})
        return self.bench.engine.connection.sql(query, params=bound).to_arrow_table()

    def batches(
        self, model: Model, values: Values | None = None, fills: Fills | None = None, size: int = 500_000
    ) -> Iterator[pa.Table]:
        """As `arrow`, so many rows at a time. Nothing else may be run before the last of them."""
        import pyarrow as pa

        query, bound = self._prepared(model, values or {}, fills or {})
        for batch in self.bench.engine.connection.sql(query, params=bound).to_arrow_reader(size):
            yield pa.Table.from_batches([batch])

    def stream(self, model: Model, values: Values | None = None) -> DuckDBPyConnection:
        """The rows of a model that makes no table, to be fetched a block at a time."""
        query, bound = self._prepared(model, values or {}, {})
        return self.bench.engine.run(query, bound)

    def blocks(self, model: Model, values: Values | None = None, size: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a model, so many at a time. Nothing else may be run before the last of them."""
        found = self.stream(model, values)
        while block := found.fetchmany(size):
            yield block

    def read(self, name: str) -> list[tuple[Any, ...]]:
        """All rows of a small table that this step made."""
        return self.bench.sql(f"select * from {quoted(self._known(name))}")

    def count(self, name: str) -> int:
        """Rows of what this step made under a name."""
        [(rows,)] = self.bench.sql(f"select count(*) from {quoted(self._known(name))}")
        return int(rows)

    def write(self, table: str, name: str, where_in: tuple[str, Sequence[Any]] | None = None) -> list[StoredFile]:
        """Write what this step made under a name as files of a lake table; `lake.replace` commits them.

        Args:
            where_in: a column and the values that the rows written have in it.
        """
        query = f"select * from {quoted(self._known(name))}"
        if where_in is None:
            return self.bench.write(table, query)
        column, values = where_in
        return self.bench.write(table, f"{query} where list_contains($values, {quoted(column)})", {"values": values})

    def write_partition(
        self,
        table: str,
        model: Model,
        values: Values | None = None,
        fills: Fills | None = None,
        few: Mapping[str, Sequence[str]] | None = None,
    ) -> list[StoredFile]:
        """Write a model's rows, which all belong to one partition of a lake table. See `Workbench.write_partition`."""
        query, bound = self._prepared(model, values or {}, fills or {})
        return self.bench.write_partition(table, query, bound, few)

    def write_rows(
        self, table: str, model: Model, values: Values | None = None, fills: Fills | None = None
    ) -> list[StoredFile]:
        """Write a model's rows as files of a lake table, without keeping them: for the last and widest of a step."""
        query, bound = self._prepared(model, values or {}, fills or {})
        return self.bench.write(table, query, bound)

    def to_csv(self, name: str, path: Path) -> None:
        """All rows of what this step made, as a CSV file without a header (for COPY into the operations database)."""
        target = str(path).replace("'", "''")
        self.bench.execute(f"copy {quoted(self._known(name))} to '{target}' (format csv, header false)")

    def from_csv(self, name: str, columns: Mapping[str, str], path: Path) -> None:
        """A table of the rows in a CSV file with a header (as COPY writes it): column → DuckDB type."""
        described = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
        source = str(path).replace("'", "''")
        options = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"'"
        self._replace(name, "table", f"as select * from read_csv('{source}', {options}, columns = {{{described}}})")

    def drop(self, *names: str) -> None:
        """Give the memory of these names back."""
        for name in names:
            if kind := self._made.pop(name, None):
                self.bench.execute(f"drop {kind} if exists {quoted(name)}")

    def close(self) -> None:
        """Drop every name that the step made."""
        self.drop(*reversed(list(self._made)))

    def _prepared(self, model: Model, values: Values, fills: Fills) -> tuple[str, dict[str, Any]]:
        if unknown := [name for name in model.inputs if name not in self._made]:
            raise ModelError(f"{model.room}/{model.name}: the step {self.name} has not made {', '.join(unknown)}")
        params = (*model.params, *(name for place in model.fills for name in PARAMETER.findall(fills.get(place, ""))))
        if missing := [name for name in params if name not in values]:
            raise ModelError(f"{model.room}/{model.name}: the step {self.name} gives no {', '.join(missing)}")
        return model.filled(fills), {name: values[name] for name in params}

    def _replace(self, name: str, kind: str, rest: str, values: Values | None = None) -> None:
        if self._made.get(name, kind) != kind:
            self.drop(name)
        self.bench.execute(f"create or replace temp {kind} {quoted(name)} {rest}", values)
        self._made[name] = kind

    def has(self, name: str) -> bool:
        """Whether the step has made this name."""
        return name in self._made

    def _known(self, name: str) -> str:
        if name not in self._made:
            raise ModelError(f"the step {self.name} has not made {name}")
        return name


@contextmanager
def open_step(bench: Workbench, name: str) -> Iterator[Step]:
    """A step at work; every name it makes is gone afterwards."""
    step = Step(bench, name)
    try:
        yield step
    finally:
        step.close()
