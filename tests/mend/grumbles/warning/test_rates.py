"""The rate of earlier complaints: what is not known is unknown, never zero."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.mend.grumbles.warning.tables import complaint, grumble, put

from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.probability import make_type_rates
from mend.grumbles.warning.rules import load_rules

NIGHT = dt.date(2026, 5, 31)
RULES = load_rules()[0]


@pytest.mark.parametrize(
    ("grumbles", "complaints", "rate"),
    [
        (120, 0, None),  # nobody has complained yet: that is not a probability of zero
        (120, 2, None),  # two in 120 say next to nothing
        (99, 30, None),  # too few grumbles
        (120, 3, 0.025),
        (120, 60, 0.5),
    ],
)
def test_a_rate_needs_grumbles_and_complaints(
    bench: Workbench, grumbles: int, complaints: int, rate: float | None
) -> None:
    put(bench, "mart_grumble", [grumble(f"g{n}", f"c{n}", "2026-05-10 10:00") for n in range(grumbles)])
    put(bench, "mart_complaint", [complaint(f"k{n}", f"c{n}", "2026-05-12 10:00") for n in range(complaints)])
    with open_step(bench, "test") as step:
        make_type_rates(step, RULES, [NIGHT], 7)
        found = bench.sql("select rate from type_rate where area_code = '*'")
    assert found == ([] if rate is None else [(rate,)])
