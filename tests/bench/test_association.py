"""The counts of the association's contenders are compared row by row, or their figures mean nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from bench.association import CONTENDERS, compare, require_equal_counts, table
from bench.association_data import prepared
from bench.check import DifferenceError

from mend.foundation import server

CUSTOMERS = 4_000


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mend-bench-", dir="/tmp") as made:
        Path(made).chmod(0o755)  # root's embedded server runs as another user and passes through
        yield Path(made)
        server.remove(prepared(CUSTOMERS, Path(made)).home)


@pytest.mark.long
@pytest.mark.slow
def test_pandas_counts_what_mend_counts(folder: Path) -> None:
    costs = compare(CUSTOMERS, folder, list(CONTENDERS))
    assert set(costs) == set(CONTENDERS)
    assert all(cost.cpu > 0 and cost.peak > 0 for cost in costs.values())
    assert costs["mend"].notes["customers"] == CUSTOMERS
    assert any(line.startswith("| pandas, counts alone |") for line in table(CUSTOMERS, costs))


def test_a_single_count_of_difference_is_seen(tmp_path: Path) -> None:
    for name, count in (("one", 3), ("other", 4)):
        (tmp_path / name).mkdir()
        with duckdb.connect() as connection:
            connection.execute(
                f"""copy (select 7 as window_days, 'g' as grumble_type_code, 'any' as complaint_type_code,
                9 as grumble_day_count,
                    5 as complaint_day_count, {count} as both_day_count, 2 as before_count, 1 as nearest_count)
                to '{tmp_path / name / "counts.parquet"}' (format parquet)"""
            )
    with pytest.raises(DifferenceError, match="one and other differ"):
        require_equal_counts(tmp_path / "one", tmp_path / "other")
    assert require_equal_counts(tmp_path / "one", tmp_path / "one") == 1
