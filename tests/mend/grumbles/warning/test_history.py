"""Past nights, cut in time: what may teach is a whole horizon before what judges."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from mend.grumbles.warning.history import History, split
from mend.grumbles.warning.rules import load_rules

RULES = load_rules()[0]
FIRST = dt.date(2026, 5, 1)


def past(*nights: int, known: bool = True) -> History:
    """A row a night, so many days after the first."""
    rows = {
        "day_on": pa.array([FIRST + dt.timedelta(days=night) for night in nights], pa.date32()),
        "customer_id": pa.array([f"c{night}" for night in nights], pa.string()),
        "grumble_id": pa.array([f"g{night}" for night in nights], pa.string()),
        "is_complaint_30": pa.array([False if known else None for _ in nights], pa.bool_()),
    }
    return History(pa.table(rows), (), FIRST + dt.timedelta(days=60))


@pytest.mark.parametrize(
    "nights", [past(0, 7, known=False), past(0, 7, 14, 29)], ids=["no outcome is known", "all within one horizon"]
)
def test_there_is_nothing_to_learn_from_when(nights: History) -> None:
    assert split(nights, RULES, 30) is None


def test_teaching_nights_are_a_horizon_before_those_that_judge() -> None:
    chosen = split(past(0, 7, 14, 21, 30), RULES, 30)
    assert chosen is not None
    assert [night.isoformat() for night in chosen.nights] == ["2026-05-01"]
    assert [night.isoformat() for night in chosen.held_out_nights] == ["2026-05-31"]
