"""What the profile prints, and how a night is set up."""

from __future__ import annotations

import doctest

import bench.steps
from bench.measure import Cost
from bench.nightly import table
from bench.steps import Steps


def test_the_names_of_statements_are_told_from_their_text() -> None:
    assert doctest.testmod(bench.steps).failed == 0


def test_steps_are_listed_most_expensive_first_and_the_rest_is_said() -> None:
    steps = Steps()
    for name, cpu in (("table days", 1.0), ("write mart_exposure_day", 4.0), ("view change", 0.001)):
        steps._add(name, cpu, cpu)
    lines = steps.lines(total=6.0)
    assert [line.split("  ")[-1] for line in lines[1:3]] == ["write mart_exposure_day", "table days"]
    assert lines[-1].split()[0] == "1.00"


def test_a_night_that_costs_more_than_a_fifteenth_is_named() -> None:
    lines = table(1000, Cost(cpu=30.0), {"2026-05-03": Cost(cpu=2.0), "2026-05-31": Cost(cpu=3.0)})
    assert lines[-3].endswith("| 1/15.0 |")
    assert lines[-2].endswith("| 1/10.0, too much |")
