"""DuckDB in the task's own process."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from mend.errors import BadDataError
from mend.foundation.schema import Column, Table

DUCKDB_TYPES: Final = {
    "string": "varchar",
    "integer": "integer",
    "long": "bigint",
    "double": "double",
    "decimal": "decimal(12, 2)",
    "points": "decimal(9, 3)",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}
# How a phone number is shown to whoever may not see it whole: the four digits at its end tell two apart.
MASKED_NUMBER: Final = """
    create macro masked_number(number) as case
        when length(number) >= 10 then left(number, length(number) - 8) || '****' || right(number, 4)
        when number is not null then '****'
    end
"""
EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LONGEST_FOLD: Final = (
    4 * 3
)  # quarters of an hour by which a zone's clocks were ever put back over a midnight, since 2000
Parameters = Mapping[str, Any]


class EngineError(BadDataError):
    """A model could not be run; the message names the table and, where known, the column."""


class DuckEngine:
    """One DuckDB connection with its limits set.

    Args:
        zone: IANA name of the business zone; timestamps are shown and cut into days in it.
        threads: processor threads.
        memory_limit: such as '6GB'; beyond it DuckDB spills to `scratch`.
        scratch: folder for spilled data; a new folder in it is used and removed at the end.
        object_store: an fsspec file system for `s3://` paths, or None when the lake is a folder.
    """

    def __init__(self, zone: str, threads: int, memory_limit: str, scratch: Path, object_store: Any = None) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(prefix="engine-", dir=scratch))
        self.connection = duckdb.connect()
        self.connection.execute(MASKED_NUMBER)
        settings = {
            "threads": threads,
            "memory_limit": memory_limit,
            "temp_directory": str(self._scratch),
            "preserve_insertion_order": False,
            "TimeZone": zone,
            "autoinstall_known_extensions": False,
            "enable_progress_bar": False,
            # the lake's files never change, and a step reads the same ones again and again
            "parquet_metadata_cache": True,
            # what is in memory ends with the task: tidying it up on the way costs and gives nothing
            "checkpoint_threshold": "1TB",
        }
        for name, value in settings.items():
            self.connection.execute(f"set {name} = $value", {"value": value})
        if object_store is not None:
            self.connection.register_filesystem(object_store)

    def close(self) -> None:
        """Close the connection and remove what was spilled."""
        self.connection.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def view(
        self,
        name: str,
        table: Table,
        files: Sequence[str],
        masks: Mapping[str, str] | None = None,
        numbered: bool = False,
        is_grown: bool = False,
    ) -> None:
        """Make the files readable as `name`; no files give an empty view of the table's shape.

        Args:
            masks: for some of the columns, the expression that the view has in their place.
            numbered: a last column `row_number`: whole numbers that tell the rows of the view apart.
            is_grown: some of the files may lack columns that the table has now; their rows are empty there. Each file's
                own columns are looked at, which takes a moment a file.
        """
        names = self._found_or_null(table, files) if is_grown else _names(table)
        reading = _reading(table, files, names, numbered, is_grown)
        if masks:
            replaced = ", ".join(f"{mask} as {quoted(column)}" for column, mask in masks.items())
            reading = f"select * replace ({replaced}) from ({reading}) as stored"
        self.connection.execute(f"create or replace temp view {quoted(name)} as {reading}")

    def _found_or_null(self, table: Table, files: Sequence[str]) -> list[str]:
        """The table's columns as expressions over the files: those that no file has are null."""
        found = (
            {row[0] for row in self.run(f"describe select * from {_parquet(files, True)}").fetchall()} if files else ()
        )
        return [quoted(column.name) if column.name in found else _null(column) for column in table.columns]

    def lock(self, files: Sequence[str]) -> None:
        """From now on the engine reads these files and no others, writes to its own scratch folder alone, and keeps its
        settings.
        """
        paths = ", ".join(_literal(local(path)) for path in files)
        for setting in (
            "python_enable_replacements = false",
            f"allowed_paths = [{paths}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self.connection.execute(f"set {setting}")

    def run(self, query: str, parameters: Parameters | None = None) -> duckdb.DuckDBPyConnection:
        """Run one statement with its values bound."""
        return self.connection.execute(query, dict(parameters or {}))

    def begins(self, day: dt.date) -> dt.datetime:
        """The first instant of a business date, in UTC, as the engine cuts instants into dates. Where clocks show a
        midnight twice, its own cast of the date gives the second one."""
        midnights = (
            f"select unnest([cast($day as timestamptz) - to_minutes(15 * step) for step in "
            f"range({LONGEST_FOLD} + 1)]) as moment"
        )
        query = f"select epoch_us(min(moment)) from ({midnights}) where cast(moment as date) >= $day"
        found = self.run(query, {"day": day}).fetchall()
        return EPOCH + dt.timedelta(microseconds=found[0][0])

    def write(self, table: Table, query: str, folder: str, parameters: Parameters | None = None) -> list[str]:
        """Run the query and write its rows as Parquet below `folder`, a file (or some) per partition value.

        Columns are matched by name and cast to the table's types. EngineError when the query lacks a column of the
        table, or when a required column holds null.
        """
        by = ", ".join(quoted(name) for name in table.partition)
        return self._copy(table, query, folder, parameters, f"partition_by ({by}), write_partition_columns true")

    def write_file(
        self,
        table: Table,
        query: str,
        folder: str,
        parameters: Parameters | None = None,
        few: Mapping[str, Sequence[str]] | None = None,
    ) -> list[str]:
        """As `write`, for rows that have one value of each partition column: a file in `folder`, or none when there is
        no row.

        Args:
            few: for some text columns, all values that they may hold: these are encoded at a fraction of the cost.
        """
        # A dictionary of ids that are nearly all different saves nothing and costs a fifth of the writing.
        options = "write_empty_file false, dictionary_size_limit 200"
        return self._copy(table, query, f"{folder}/rows.parquet", parameters, options, few)

    def _copy(
        self,
        table: Table,
        query: str,
        path: str,
        parameters: Parameters | None,
        options: str,
        few: Mapping[str, Sequence[str]] | None = None,
    ) -> list[str]:
        target = self._target(path)
        # A bucket has no folders: DuckDB's look whether this one is empty would fail without one. It is new, whoever
        # writes.
        unseen = ", overwrite_or_ignore true" if "://" in target else ""
        statement = (
            f"copy (select {_casts(table, few or {})} from ({query}\n) as model) to {_literal(target)} "
            f"(format parquet, compression zstd, compression_level 1, {options}, return_files true{unseen})"
        )
        try:
            counted, files = self.run(statement, parameters).fetchall()[0]
        except (duckdb.InvalidInputException, duckdb.BinderException) as error:
            raise EngineError(f"{table.name}: {error}") from None
        return list(files) if counted else []

    @staticmethod
    def _target(path: str) -> str:
        """Where DuckDB writes; in a folder, that is made."""
        target = local(path)
        if "://" not in target:
            folder = Path(target)
            (folder.parent if folder.suffix else folder).mkdir(parents=True, exist_ok=True)
        return target

    def new_folder(self, prefix: str) -> str:
        """A new folder of the engine's own, which is gone with the engine."""
        return tempfile.mkdtemp(prefix=f"{prefix}-", dir=self._scratch)

    def spill(self, query: str, share: str) -> dict[int, str]:
        """Write the query's rows to the scratch folder by the values of the whole-number column `share`.

        Gives a query for the rows of each share that has any; the files are gone with the engine.
        """
        folder = Path(self.new_folder("spill"))
        self.run(
            f"copy ({query}) to {_literal(str(folder))} (format parquet, compression snappy, partition_by "
            f"({quoted(share)}))"
        )
        found = {int(each.name.split("=")[1]): str(each / "*.parquet") for each in folder.iterdir()}
        return {
            value: f"select * from read_parquet({_literal(files)}, hive_partitioning = false)"
            for value, files in found.items()
        }


def _reading(table: Table, files: Sequence[str], names: Sequence[str], numbered: bool, is_grown: bool) -> str:
    """A query for the rows of the files; numbered: with the file's number in the list, and the row's in the file."""
    if not files:
        number = ", cast(null as bigint) as row_number" if numbered else ""
        return f"select {', '.join(_null(column) for column in table.columns)}{number} where false"
    number = ", cast(file_index as bigint) << 32 | file_row_number as row_number" if numbered else ""
    return f"select {', '.join(names)}{number} from {_parquet(files, is_grown)}"


def _names(table: Table) -> list[str]:
    return [quoted(name) for name in table.column_names]


def _parquet(files: Sequence[str], is_grown: bool = False) -> str:
    by_name = ", union_by_name = true" if is_grown else ""
    return f"read_parquet([{', '.join(_literal(local(path)) for path in files)}], hive_partitioning = false{by_name})"


def quoted(identifier: str) -> str:
    """An SQL identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def local(path: str) -> str:
    """The path without `file://`, which DuckDB does not need."""
    return path.removeprefix("file://")


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _cast(column: Column, few: Mapping[str, Sequence[str]]) -> str:
    kind = DUCKDB_TYPES[column.type]
    if column.name in few:
        kind = f"enum({', '.join(_literal(value) for value in sorted(few[column.name]))})"
    cast = f"cast({quoted(column.name)} as {kind})"
    if not column.required:
        return f"{cast} as {quoted(column.name)}"
    return f"coalesce({cast}, error('required column {column.name} is empty')) as {quoted(column.name)}"


def _casts(table: Table, few: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(_cast(column, few) for column in table.columns)


def _null(column: Column) -> str:
    return f"cast(null as {DUCKDB_TYPES[column.type]}) as {quoted(column.name)}"
