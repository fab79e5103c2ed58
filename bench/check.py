"""Whether two contenders came to the same ledger and the same scores: counts, points and checksums over the rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb

LEDGER: Final = """
select
    entry_kind_code || ' ' || indicator_id,
    count(*),
    sum(cast(points as integer)),
    sum(hash(
        subject_kind_code, subject_id, customer_id, indicator_id, cast(points as integer), cast(posted_on as date),
        incident_id
    ) % 1000000007)
from read_parquet($file) group by all order by all
"""
MONTH: Final = """
select
    'level ' || level,
    count(*),
    cast(sum(cast(round(cast(score as double), 2) as decimal(12, 2))) as varchar),
    sum(hash(
        customer_id, cast(round(cast(score as double), 2) as decimal(12, 2)), cast(damage_points as integer),
        cast(repair_points as integer), cast(peak_points as integer), peak_subject_id, cast(end_points as integer),
        epoch_us(cast(end_at as timestamptz)),
        cast(contact_count as integer), cast(incident_count as integer), segment_code, lifecycle_stage_code
    ) % 1000000007)
from read_parquet($file) group by all order by all
"""


class DifferenceError(AssertionError):
    """Two contenders do not agree; the message shows the first figures that differ."""


def figures(output: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Figures of a contender's output: per indicator (rows, points, checksum), per level (customers, scores,
    checksum).
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return {
            "ledger": connection.execute(LEDGER, {"file": str(output / "ledger.parquet")}).fetchall(),
            "month": connection.execute(MONTH, {"file": str(output / "month.parquet")}).fetchall(),
        }


def require_equal(first: Path, second: Path) -> int:
    """Compare two outputs; gives the rows compared.

    Raises:
        DifferenceError: naming the tables and the figures that differ.
    """
    one, other = figures(first), figures(second)
    for table in one:
        differing = [(a, b) for a, b in _pairs(one[table], other[table]) if a != b]
        if differing:
            shown = "; ".join(f"{a} against {b}" for a, b in differing[:8])
            raise DifferenceError(
                f"{table}: {first.name} and {second.name} differ in {len(differing)} figures: {shown}"
            )
    return sum(int(row[1]) for rows in one.values() for row in rows)


def _pairs(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> list[tuple[Any, Any]]:
    first, second = {row[0]: row for row in one}, {row[0]: row for row in other}
    return [(first.get(key), second.get(key)) for key in sorted({*first, *second})]
