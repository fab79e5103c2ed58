"""Public records get no label that they cannot support."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.mend.grumbles.records.test_report import loaded

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.clusters import fit_clusters


def test_a_banks_call_log_of_no_grumbles_complaints_moods_or_spend_shows_no_behaviour_and_no_value(
    home: Home, shared_data: Path
) -> None:
    loaded(home, "anonymous_bank", shared_data / "anonymous_bank", dt.date(1999, 1, 1), dt.date(1999, 2, 28))
    with Workbench.open(home) as bench:
        for month in ("1999-01", "1999-02"):
            report = fit_clusters(home, bench, month)
            assert report.customers > 3_000
            assert report.behaviour_shares == {"not_shown_yet": 1.0}
            assert report.value_shares == {"normal": 1.0}
            assert "web_wap" not in report.consumption_shares
            assert {"mood", "subject", "complaint", "escalation", "spend"} <= set(report.absent_features)


def test_comcasts_complaints_of_nobody_in_particular_cluster_nobody(home: Home, shared_data: Path) -> None:
    loaded(home, "comcast", shared_data / "comcast", dt.date(2015, 4, 1), dt.date(2015, 6, 30))
    with Workbench.open(home) as bench:
        report = fit_clusters(home, bench, "2015-06")
    assert (report.customers, report.behaviour_shares, report.value_shares) == (0, {}, {})
