"""The monthly steps of clusters and association: they say small counts."""

from __future__ import annotations

from tests.mend.grumbles.association.worlds import put_world

from mend.chain import run_step, step
from mend.foundation.home import Home
from mend.foundation.periods import whole_month
from mend.foundation.pipeline.workbench import Workbench
from mend.simulate.hazard_world import hazard_world


def test_clusters_and_then_associations_of_a_month(home: Home) -> None:
    with Workbench.open(home) as bench:
        put_world(bench, hazard_world(4, 4_000, 61, complaint_rate=0.003, grumble_rates=0.01))
    may = whole_month("2026-05")
    clusters = run_step(step("customer_clusters"), home, may, {})
    counts = run_step(step("association"), home, may, {})
    assert clusters["customers"] == counts["customers"]
    assert clusters["value_shares_normal"] == 1.0
    assert clusters["absent_features"]
    assert counts["cluster_month"] == "2026-05"
    assert counts["followed_until"] == "2026-05-31"
    assert isinstance(counts["tests"], int)
    assert counts["tests"] > 50
    assert isinstance(counts["significant"], int)
    assert counts["significant"] > 10
