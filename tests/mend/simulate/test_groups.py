"""Groups are planted as asked, told in the truth, and change nothing where none are."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from mend.simulate import SimulationError, simulate
from mend.simulate.groups import GROUPS


def test_the_truth_says_who_belongs_to_which_group_and_their_spend_is_apart(tmp_path: Path) -> None:
    simulate(tmp_path, 600, "2026-05", 1, 3, dirty=False, groups="apart")
    truth = f"'{tmp_path}/truth/cluster.parquet'"
    assert duckdb.sql(f"select count(*), count(distinct customer_id) from {truth}").fetchall() == [(600, 600)]
    for kind in ("consumption", "behaviour"):
        found = {code for (code,) in duckdb.sql(f"select distinct {kind}_code from {truth}").fetchall()}
        assert found == set(GROUPS["apart"][kind])
    groups = {group for (group,) in duckdb.sql(f"select distinct value_group_code from {truth}").fetchall()}
    assert groups == {"global:1", "global:2", "easyown:1", "easyown:2", "mzone:1", "mzone:2", "mzone:3"}
    spend = dict(
        duckdb.sql(f"""
            select value_code, median(arpu_amount)
            from read_csv('{tmp_path}/2026-05-01/customer.csv.gz') join {truth} as truth
                on truth.customer_id = cast(read_csv.customer_id as varchar)
            group by value_code""").fetchall()
    )
    assert spend["high"] > 3 * spend["normal"] > 9 * spend["low"]
    assert json.loads((tmp_path / "truth" / "world.json").read_text())["groups"] == "apart"


def test_without_groups_everybody_is_in_one_and_the_settings_are_those_of_earlier_worlds(tmp_path: Path) -> None:
    simulate(tmp_path, 60, "2026-05", 1, 3, dirty=False)
    kinds = duckdb.sql(
        f"select distinct value_code, consumption_code, behaviour_code from '{tmp_path}/truth/cluster.parquet'"
    ).fetchall()
    assert kinds == [("normal", "no_preference", "not_shown_yet")]
    assert "groups" not in json.loads((tmp_path / "truth" / "world.json").read_text())


def test_groups_that_nobody_knows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="groups are none or apart, not 'some'"):
        simulate(tmp_path, 60, "2026-05", 1, 3, groups="some")
