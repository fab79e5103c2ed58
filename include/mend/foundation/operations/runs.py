"""Run history and quality results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from mend.foundation.operations.database import transaction
from mend.foundation.operations.tables import QUALITY_RESULT, RUN_STEP


@contextmanager
def recorded_step(url: str, step: str, from_on: dt.date, to_on: dt.date) -> Iterator[dict[str, Any]]:
    """Record a step while it runs. What the caller puts into the dictionary given is stored as its counts.

    An exception is recorded by its class alone (its message may hold a customer's data) and goes on.
    """
    counts: dict[str, Any] = {}
    number = _started(url, step, from_on, to_on)
    try:
        yield counts
    except BaseException as error:
        _ended(url, number, "failed", counts, type(error).__name__)
        raise
    _ended(url, number, "done", counts, None)


def _started(url: str, step: str, from_on: dt.date, to_on: dt.date) -> int:
    values = {"step_code": step, "from_on": from_on, "to_on": to_on, "state_code": "running", "counts": {}}
    statement = insert(RUN_STEP).values(**values, started_at=func.clock_timestamp()).returning(RUN_STEP.c.run_step_id)
    with transaction(url) as connection:
        return int(connection.execute(statement).scalar_one())


def _ended(url: str, number: int, state: str, counts: Mapping[str, Any], message: str | None) -> None:
    values = {"state_code": state, "counts": dict(counts), "message": message, "ended_at": func.clock_timestamp()}
    with transaction(url) as connection:
        connection.execute(update(RUN_STEP).where(RUN_STEP.c.run_step_id == number).values(values))


def steps(url: str, limit: int = 100) -> list[dict[str, Any]]:
    """The latest runs of steps, newest first."""
    with transaction(url) as connection:
        found = connection.execute(select(RUN_STEP).order_by(RUN_STEP.c.run_step_id.desc()).limit(limit))
        return [dict(row) for row in found.mappings()]


def replace_quality_results(
    url: str, suite: str, business_dates: Sequence[dt.date], results: Sequence[Mapping[str, Any]]
) -> None:
    """Put the results in place of the suite's earlier ones for these dates.

    Args:
        results: each with record_code, rule_id, severity_code, business_date, batch_number (or None), unexpected_count,
            element_count and is_passed.
    """
    table = QUALITY_RESULT.c
    earlier = delete(QUALITY_RESULT).where(table.suite_code == suite, table.business_date.in_(list(business_dates)))
    rows = [{"suite_code": suite, **result} for result in results]
    with transaction(url) as connection:
        connection.execute(earlier)
        if rows:
            connection.execute(insert(QUALITY_RESULT).values(checked_at=func.now()), rows)
