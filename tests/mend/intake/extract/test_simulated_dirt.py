"""A simulated month through the gate: what it rejects are exactly the lines that the simulator planted for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.extract import extract, load_source
from mend.simulate import World, simulate

WORLD = World(customers=1500, first_month="2026-05", months=1, seed=11)


@pytest.mark.slow
def test_the_gate_rejects_the_planted_lines_and_no_other(home: Home, bench: Workbench, tmp_path: Path) -> None:
    folder = tmp_path / "world"
    simulate(folder, WORLD.customers, WORLD.first_month, WORLD.months, WORLD.seed)
    report = extract(home, bench, load_source(home, "simulator"), WORLD.days, [folder])
    for table in ("dirt", "files"):
        bench.execute(f"create temp view {table} as from '{folder}/truth/{table}.parquet'")
    bench.view("core_quarantine")
    planted = "select arrived_on, record_code, line_number from dirt where gate_code = 'parse'"
    found = "select arrived_on, record_code, line_number from core_quarantine"
    assert bench.sql(f"({planted}) except ({found})") == []
    assert bench.sql(f"({found}) except ({planted})") == []
    rejected = sum(file.rejected for file in report.files)
    arrived = sum(file.lines.records for file in report.files)
    assert bench.sql("select sum(row_count)::bigint, sum(rejected_count)::bigint from files") == [(arrived, rejected)]
    kinds = bench.sql("select count(distinct (record_code, kind)) from dirt where gate_code = 'parse'")[0][0]
    assert kinds >= 15, "a world too small to show the dirt"
