"""Every contender of the benchmark comes to the ledger and the scores of Mend, or its figures mean nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from bench.check import DifferenceError, require_equal
from bench.data import CONTACTS_PER_CUSTOMER, Month, prepared
from bench.scoring import RESULTS, compare, table

from bench import scoring
from mend.foundation import server

CONTACTS = 3_000


@pytest.fixture(scope="module")
def month() -> Iterator[Month]:
    with tempfile.TemporaryDirectory(prefix="mend-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)  # root's embedded server runs as another user and passes through
        prepared_month = prepared(CONTACTS, Path(folder))
        yield prepared_month
        server.remove(prepared_month.home)


@pytest.mark.slow
def test_polars_and_pandas_agree_with_mend_on_every_indicator_and_score(month: Month) -> None:
    costs = compare(CONTACTS, month.folder.parent, list(scoring.CONTENDERS))
    assert set(costs) == {"scan", "mend", "polars", "pandas"}
    assert all(cost.cpu > 0 and cost.peak > 0 for cost in costs.values())
    lines = table(CONTACTS, costs)
    assert all(any(line.startswith(f"| {name} |") for line in lines) for name in costs)
    with duckdb.connect() as connection:
        ledger = str(month.folder / RESULTS / "mend" / "ledger.parquet")
        kinds = connection.execute(
            "select distinct entry_kind_code from read_parquet($f) order by all", {"f": ledger}
        ).fetchall()
        scored = connection.execute(
            "select count(*) from read_parquet($f)", {"f": ledger.replace("ledger", "month")}
        ).fetchone()
    assert kinds == [("cap",), ("credit",), ("debit",)]
    assert scored is not None
    assert scored[0] > CONTACTS / CONTACTS_PER_CUSTOMER / 2


def test_a_single_point_of_difference_is_seen(tmp_path: Path) -> None:
    for name, points in (("one", 3), ("other", 4)):
        _results(tmp_path / name, points)
    with pytest.raises(DifferenceError, match=r"ledger: one and other differ in 1 figures: .*IVR-01"):
        require_equal(tmp_path / "one", tmp_path / "other")
    assert require_equal(tmp_path / "one", tmp_path / "one") == 3


def _results(folder: Path, points: int) -> None:
    folder.mkdir()
    tables = {
        "ledger": f"""'debit' as entry_kind_code, 'IVR-01' as indicator_id, {points} as points,
            'contact' as subject_kind_code, 'K1' as subject_id, 'C1' as customer_id, date '2026-05-01' as posted_on,
            timestamptz '2026-05-01 00:00:00+00' as posted_at, date '1990-01-01' as rule_version, null as cause_id,
            null as incident_id""",
        "exposure": """'C1' as customer_id, date '2026-05-01' as subject_on, 1 as contact_count, 1 as incident_count,
            timestamptz '2026-05-01 00:00:00+00' as last_contact_at, 'K1' as last_contact_id""",
        "month": """'C1' as customer_id, 2.00 as score, 0 as carry_over_points, 2 as damage_points, 0 as repair_points,
            0 as ivr_points, 0 as agent_points, 2 as peak_points, 'K1' as peak_subject_id, 2 as end_points,
            timestamptz '2026-05-01 00:00:00+00' as end_at, 1 as contact_count, 1 as incident_count,
            false as is_escalated, false as has_left, null as city_code, 'ivr' as segment_code,
            null as lifecycle_stage_code""",
    }
    with duckdb.connect() as connection:
        for name, columns in tables.items():
            connection.execute(f"copy (select {columns}) to '{folder}/{name}.parquet' (format parquet)")
