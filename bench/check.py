"""Whether two contenders came to the same ledger and the same scores: counts, points and checksums over the rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb

# Every column of ledger and exposure; of the month all but what was said (explicit grade, level, consolidation), which
# the hand-written contenders leave out.
LEDGER: Final = """
select
    entry_kind_code || ' ' || indicator_id,
    count(*),
    sum(cast(points as decimal(12, 3))),
    sum(md5_number_lower(concat_ws('|',
        customer_id, cast(posted_on as date), epoch_us(cast(posted_at as timestamptz)), entry_kind_code, indicator_id,
        cast(rule_version as date), subject_kind_code, subject_id, coalesce(cause_id, '-'), coalesce(incident_id, '-'),
        cast(points as decimal(12, 3))
    )) % 1000000007)
from read_parquet($file) group by all order by all
"""
EXPOSURE: Final = """
select
    'exposure ' || cast(subject_on as date),
    count(*),
    sum(contact_count),
    sum(md5_number_lower(concat_ws('|',
        customer_id, cast(subject_on as date), cast(contact_count as integer), cast(incident_count as integer),
        epoch_us(cast(last_contact_at as timestamptz)), last_contact_id
    )) % 1000000007)
from read_parquet($file) group by all order by all
"""
MONTH: Final = """
select
    'segment ' || segment_code,
    count(*),
    cast(sum(cast(round(cast(score as double), 3) as decimal(12, 3))) as varchar),
    sum(md5_number_lower(concat_ws('|',
        customer_id, cast(round(cast(score as double), 3) as decimal(12, 3)),
        cast(round(cast(carry_over_points as double), 3) as decimal(12, 3)), cast(damage_points as integer),
        cast(round(cast(repair_points as double), 3) as decimal(12, 3)), cast(ivr_points as integer),
        cast(agent_points as integer), cast(peak_points as integer), coalesce(peak_subject_id, '-'),
        cast(end_points as integer), coalesce(cast(epoch_us(cast(end_at as timestamptz)) as varchar), '-'),
        cast(contact_count as integer), cast(incident_count as integer), is_escalated, has_left,
        coalesce(city_code, '-'), coalesce(lifecycle_stage_code, '-')
    )) % 1000000007)
from read_parquet($file) group by all order by all
"""
TABLES: Final = {"ledger": LEDGER, "exposure": EXPOSURE, "month": MONTH}


class DifferenceError(AssertionError):
    """Two contenders do not agree; the message shows the first figures that differ."""


def figures(output: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Figures of a contender's output: per indicator (rows, points, checksum), per day of exposure, per segment
    (customers, scores, checksum)."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return {
            table: connection.execute(query, {"file": str(output / f"{table}.parquet")}).fetchall()
            for table, query in TABLES.items()
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
