"""Databases as sources: one query per business date, over any SQLAlchemy dialect."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, MetaData, Table, create_engine, event, make_url, select
from sqlalchemy import text as sql_text
from sqlalchemy.exc import ArgumentError, NoSuchTableError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.expression import Executable

from mend.intake.extract.config import Limits
from mend.intake.extract.errors import ConfigError, DatabaseSourceError
from mend.intake.extract.header import check_columns, column_names
from mend.intake.extract.record_source import Reader, RecordSource
from mend.intake.extract.staging import StagedFile, StagingWriter
from mend.intake.extract.typed import Unreadable, text

FETCHED_ROWS = 10_000
CONNECT_SECONDS = 30
ONE_DAY = dt.timedelta(days=1)


def stage_query(
    name: str, record: RecordSource, limits: Limits, day: dt.date, urls: Mapping[str, str], folder: Path, stem: str
) -> StagedFile:
    """Read what the query gives for one business date into `folder`.

    Args:
        name: what to call the query in messages and in the lake, such as `crm.contact`.
        urls: connection name → SQLAlchemy URL. URLs are never logged, nor part of a message.
    """
    reader = record.reader
    content = _Unordered()
    writer = StagingWriter(folder, stem, limits.max_line_bytes)
    try:
        began = time.monotonic()
        with _result(name, reader, day, _url(name, reader, urls), limits.max_query_seconds) as result:
            named = column_names(list(result.keys()), reader, name)
            extra = check_columns(named, record, name)
            for number, row in enumerate(result, 1):
                if time.monotonic() - began > limits.max_query_seconds:
                    seconds = limits.max_query_seconds
                    raise DatabaseSourceError(
                        f"{name}: no end after {seconds} s, row {number} (limits.max_query_seconds of the source)"
                    )
                fields = [text(value) for value in row]
                content.add(fields)
                writer.fields(number, fields)
    except SQLAlchemyError as error:
        raise DatabaseSourceError(f"{name}: the query failed: {_cause(error)}") from None
    finally:
        writer.close()
    writer.counts.physical = writer.counts.records
    return StagedFile(
        name,
        content.fingerprint(named),
        named,
        writer.rows_path,
        writer.rejects_path,
        writer.counts,
        writer.traits,
        extra,
    )


class _Unordered:
    """A fingerprint of rows that does not depend on their order: a database promises none."""

    def __init__(self) -> None:
        self._sum = 0
        self._rows = 0

    def add(self, fields: Sequence[str]) -> None:
        self._rows += 1
        self._sum += int.from_bytes(hashlib.sha256("\x1f".join(fields).encode("utf-8", "replace")).digest())

    def fingerprint(self, columns: Sequence[str]) -> str:
        words = f"{','.join(columns)} {self._rows} {self._sum % 2**256:x}"
        return hashlib.sha256(words.encode()).hexdigest()


def _url(name: str, reader: Reader, urls: Mapping[str, str]) -> str:
    key = reader.connection or reader.url_env or ""
    url = urls.get(key) or os.environ.get(reader.url_env or "")
    if not url:
        where = f"connection {key}" if reader.connection else f"environment variable {key}"
        raise ConfigError(f"{name}: {where} gives no database URL")
    return url


@contextmanager
def _result(name: str, reader: Reader, day: dt.date, url: str, seconds: int) -> Iterator[CursorResult[Any]]:
    """The query's rows, streamed."""
    try:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=_patience(url, seconds))
    except (ArgumentError, ModuleNotFoundError, SQLAlchemyError) as error:
        raise ConfigError(f"{name}: the database URL cannot be used ({type(error).__name__})") from None
    if engine.driver == "psycopg":
        event.listen(engine, "connect", _give_unreadable_times)
    connecting = engine.connect().execution_options(stream_results=True, max_row_buffer=FETCHED_ROWS)
    with (
        connecting as connection,
        connection.execute(_statement(reader, connection, day), *_parameters(reader, day)) as result,
    ):
        yield result


def _patience(url: str, seconds: int) -> dict[str, Any]:
    """How long the driver waits for a connection and, where it can be told, for an answer. What the URL says itself
    holds.
    """
    made = make_url(url)
    if made.get_backend_name() == "postgresql":
        ours = {"connect_timeout": CONNECT_SECONDS, "options": f"-c statement_timeout={seconds * 1000}"}
    else:
        ours = {"connect_timeout": CONNECT_SECONDS} if made.get_backend_name() in ("mysql", "mariadb") else {}
    return {key: value for key, value in ours.items() if key not in made.query}


def _give_unreadable_times(connection: Any, _: Any) -> None:
    """Let PostgreSQL's driver give a time that Python has no value for as text: it costs its row, not the whole day."""
    import psycopg
    from psycopg.types import datetime as loaders

    def tolerant(loader: Any) -> type:
        class Tolerant(loader):  # type: ignore[misc]
            def load(self, data: Any) -> Any:
                try:
                    return super().load(data)
                except psycopg.DataError:
                    return Unreadable(bytes(data).decode())

        return Tolerant

    by_type = {
        "date": loaders.DateLoader,
        "timestamp": loaders.TimestampLoader,
        "timestamptz": loaders.TimestamptzLoader,
    }
    for name, loader in by_type.items():
        connection.adapters.register_loader(name, tolerant(loader))


def _statement(reader: Reader, connection: Any, day: dt.date) -> Executable:
    if reader.query:
        return sql_text(reader.query)
    schema, _, table_name = (reader.table or "").rpartition(".")
    table = Table(table_name, MetaData(), schema=schema or None, autoload_with=connection)
    column = table.c.get(reader.day_column or "")
    if column is None:
        raise ConfigError(f"{reader.table}: there is no day_column {reader.day_column}")
    return select(table).where(column >= day, column < day + ONE_DAY)


def _parameters(reader: Reader, day: dt.date) -> list[dict[str, dt.date]]:
    """Values of the parameters that the query names."""
    values = {"from_day": day, "to_day": day + ONE_DAY}
    used = {name: value for name, value in values.items() if reader.query and f":{name}" in reader.query}
    return [used] if used else []


def _cause(error: SQLAlchemyError) -> str:
    """What went wrong, in words that can hold neither the URL nor the data: connection errors by their kind alone."""
    if isinstance(error, NoSuchTableError):
        return f"there is no table {error}"
    original = getattr(error, "orig", None)
    if isinstance(error, OperationalError) or original is None:
        return f"{type(original or error).__name__}; is the database up, and are the URL's name and password right?"
    state = getattr(original, "sqlstate", None) or ""
    return f"{type(original).__name__} {state}".strip()
