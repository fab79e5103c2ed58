"""What the room's models ask of a record: its key, its day and its columns, named alike for all records."""

from __future__ import annotations

from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.schema import Record


def fills(record: Record) -> dict[str, str]:
    """The text of each place in the room's models.

    >>> from mend.foundation.schema import RECORDS
    >>> print(fills(RECORDS["customer"])["rest_of_key"])
    concat_ws('|', cast("month_on" as varchar))
    """
    names = record.core.column_names
    return {
        "subject_id": quoted(record.subject_id_column),
        "rest_of_key": _rest_of_key(record),
        "subject_on": quoted(record.event_column),
        "customer_id": quoted("customer_id") if "customer_id" in names else "cast(null as varchar)",
        "version_at": _version_at(record),
        "columns": ", ".join(map(quoted, names)),
    }


def _rest_of_key(record: Record) -> str:
    rest = [f"cast({quoted(name)} as varchar)" for name in record.key[1:]]
    return f"concat_ws('|', {', '.join(rest)})" if rest else "''"


def _version_at(record: Record) -> str:
    """From when a version counts, for records that keep their states."""
    if not record.version_moments:
        return "cast(null as timestamptz)"
    return f"coalesce(source_updated_at, greatest({', '.join(map(quoted, record.version_moments))}))"
