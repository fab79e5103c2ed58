"""The room's SQL models, and the narrow views of a record's versions that they read."""

from __future__ import annotations

from typing import Final

from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.pipeline import model as models
from mend.foundation.schema import Record

LINEAGE_USED: Final = ("source_updated_at", "arrived_on", "batch_number", "line_number")


def model(name: str, record: Record | None = None) -> str:
    """The text of sql/<name>.sql, its `{columns}` filled with the record's core columns."""
    text = models.load("intake/core", name)
    return text if record is None else text.replace("{columns}", listed(record))


def listed(record: Record) -> str:
    """The core table's columns, quoted and separated by commas."""
    return ", ".join(quoted(name) for name in record.core.column_names)


def keys(record: Record) -> str:
    """The key and the event day, in columns named alike for all records."""
    rest = ", ".join(f"cast({quoted(name)} as varchar)" for name in record.key[1:])
    joined = f"concat_ws('|', {rest})" if rest else "''"
    return (
        f"{quoted(record.subject_id_column)} as subject_id, {joined} as rest_of_key, {quoted(record.event_column)} "
        f"as subject_on"
    )


def versions(record: Record, raw_view: str) -> str:
    """A query over a raw view: each version's key, day and place in the order of versions, named alike for all records.

    Only batches in `eligible_batch` count: rows of one that has not passed its gate must not slip in with a neighbour's
    load.
    """
    return f"{all_versions(record, raw_view)} where batch_number in (select batch_number from eligible_batch)"


def all_versions(record: Record, raw_view: str) -> str:
    """The same query over every row of the view."""
    has_customer = "customer_id" in record.core.column_names
    customer = quoted("customer_id") if has_customer else "cast(null as varchar) as customer_id"
    return f"select {keys(record)}, {customer}, {', '.join(LINEAGE_USED)} from {raw_view}"
