"""`mend warnings` shows whom to call first on top."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa

from mend.cli.grumbles import WARNINGS


def test_the_first_line_is_the_first_to_call_by_level_then_probability_then_id() -> None:
    """customer, level, probability within 7 days; D's is unknown, B and C are alike."""
    listed = [("E", 4, 0.9), ("D", 5, None), ("C", 5, 0.3), ("B", 5, 0.3), ("A", 5, 0.4), ("F", 3, 0.95)]
    night = dt.date(2026, 5, 20)
    rows = [
        {
            "day_on": night, "department_code": "network", "rank": 1, "customer_id": customer, "owner_id": "N1",
            "level": level, "probability_7_days": probability, "probability_30_days": probability, "is_new": True,
            "strategy_en": "call", "expects_en": "an answer", "does_en": "calls", "reasons_en": "reason",
        }
        for customer, level, probability in listed
    ]  # fmt: skip
    connection = duckdb.connect()
    connection.register("warning_file", pa.Table.from_pylist(rows))
    shown = connection.execute(WARNINGS.format(language="en"), {"day": night, "listed": 5}).fetchall()
    assert [(row[2], row[4]) for row in shown] == [("A", 5), ("B", 5), ("C", 5), ("D", 5), ("E", 4)]
