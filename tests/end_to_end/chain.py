"""The nightly chain's steps as functions, and the tables that come of it, for tests that compare whole lakes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from mend.damage import closing, scoring
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS
from mend.intake import core, quality
from mend.intake.extract import extract, load_source

# Which batch brought a row depends on what was loaded first; everything else must not.
LINEAGE: Final = ("batch_number", "by_batch_number", "line_number", "by_line_number")
COMPARED: Final = (
    *(f"core_{record}" for record in RECORDS),
    "mart_damage_ledger",
    "mart_exposure_day",
    "mart_topic_handling_month",
    "mart_damage_month",
    "mart_person_month",
    "mart_indicator_month",
)
ARRIVALS: Final = ("core_superseded", "core_quarantine", "core_change")


def night(home: Home, inbox: Path, days: Sequence[dt.date], gate: bool = False) -> None:
    """Extract, core load and scoring of these business dates in one run, as the nightly DAG orders them.

    Args:
        gate: with the quality gate between, which takes seconds for its library alone.
    """
    with Workbench.open(home) as bench:
        extract(home, bench, load_source(home, "simulator"), days, [inbox])
        if gate:
            quality.gate(home, bench, days)
        core.load(home, bench, days)
        core.reconcile(home, bench, days)
        scoring.score(home, bench, days)


def contents(home: Home, tables: Sequence[str] = COMPARED) -> dict[str, list[tuple[Any, ...]]]:
    """Each table's rows, sorted, without the columns that tell which batch came first; open months worked out."""
    with Workbench.open(home) as bench:
        return {table: _rows(home, bench, table) for table in tables}


def _rows(home: Home, bench: Workbench, table: str) -> list[tuple[Any, ...]]:
    if table == "mart_damage_month":
        closing.month_to_date_view(home, bench)
    else:
        bench.view(table)
    columns = ", ".join(f'"{name}"' for name in bench.described(table).column_names if name not in LINEAGE)
    return bench.sql(f"select {columns} from {table} order by all")
