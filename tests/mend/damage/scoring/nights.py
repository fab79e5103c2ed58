"""What arrives on a day, and its night: for tests that score day after day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests.mend.damage.scoring.rows import Row, put

from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

MAY = [dt.date(2026, 5, number) for number in range(1, 32)]
REFUSED: dict[str, Any] = {"outcome": "refused", "is_refused": 1, "topic_code": None}
WRONG: dict[str, Any] = {"is_answered": 1, "is_wrong_answer": 1}
SELF_SERVED: dict[str, Any] = {"outcome": "self_served", "ivr_kind_code": "query", "ivr_result_code": "completed"}


def may(number: int) -> dt.date:
    """A day of May 2026."""
    return dt.date(2026, 5, number)


def contact(name: str, when: str, **columns: Any) -> Row:
    """A contact of the customer that its name but the last letter says, at `day hh:mm:ss` of May 2026."""
    day, clock = when.split(" ")
    started = {"contact_id": name, "customer_id": name[:-1], "started_at": f"2026-05-{day} {clock}+08:00"}
    return {**started, "outcome": "answered", "topic_code": "bill", **columns}


def night(
    home: Home, bench: Workbench, day: dt.date, *rows: Row, loaded: Sequence[dt.date], **others: list[Row]
) -> None:
    """Contacts (and rows of other records) that arrive on a day, and its scoring."""
    if rows:
        put(bench, "contact", rows, arrived_on=day)
    for record, its in others.items():
        put(bench, record, its, arrived_on=day)
    score(home, bench, [day], loaded=loaded, provided=EVERYTHING)


def entries(bench: Workbench) -> list[tuple[int, str, str, float]]:
    """Day of May, indicator, subject and points of every entry."""
    bench.view("mart_damage_ledger")
    query = "select day(posted_on), indicator_id, subject_id, points::double from mart_damage_ledger order by all"
    return bench.sql(query)


def tables(bench: Workbench) -> list[list[tuple[Any, ...]]]:
    """Every row of ledger and exposure."""
    for table in ("mart_damage_ledger", "mart_exposure_day"):
        bench.view(table)
    return [bench.sql(f"select * from {table} order by all") for table in ("mart_damage_ledger", "mart_exposure_day")]
