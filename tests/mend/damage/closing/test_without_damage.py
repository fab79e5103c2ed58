"""A month with rows and without damage is closed like any other, and says what could not be measured."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.mend.damage.scoring.rows import put

from mend.damage.closing import MonthError, close_month, due, to_close
from mend.damage.scoring import score
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.association import find_associations
from mend.grumbles.clusters import fit_clusters
from mend.grumbles.records import record_grumbles, train_classifier
from mend.grumbles.warning import grumble_index, train_models, warn
from mend.repair.campaign import damage_list

MAY = [dt.date(2026, 5, 1) + dt.timedelta(days=number) for number in range(31)]
AT = "2026-05-10 10:00:00+08:00"
ONLY: dict[str, tuple[str, dict[str, Any]]] = {
    "a ticket without a customer": ("ticket", {"ticket_id": "t", "kind_code": "complaint", "opened_at": AT}),
    "a harmless contact": ("contact", {"contact_id": "c", "customer_id": "A", "started_at": AT, "outcome": "answered"}),
    "a contact of nobody": ("contact", {"contact_id": "c", "started_at": AT, "outcome": "answered"}),
    "a good rating": (
        "survey_reply",
        {"survey_id": "s", "customer_id": "A", "about_kind_code": "contact", "about_id": "c", "purpose_code": "hang_up",
         "sent_at": AT, "replied_at": AT, "score": "10", "score_scale": "10"},
    ),
    "a booking": ("callback_booking", {"booking_id": "b", "customer_id": "A", "requested_at": AT}),
    "a snapshot": ("customer", {"customer_id": "A", "month_on": "2026-05-01", "status_code": "active"}),
}  # fmt: skip


@pytest.mark.parametrize(("record", "row"), ONLY.values(), ids=ONLY)
def test_every_step_of_the_month_works(home: Home, record: str, row: dict[str, Any]) -> None:
    provided = {record: frozenset(row)}
    with Workbench.open(home) as bench:
        put(bench, record, [row])
        operations.mark_core_loaded(home.database_url, MAY)
        score(home, bench, MAY, loaded=MAY, provided=provided)
        record_grumbles(home, bench, MAY)
    with Workbench.open(home) as bench:
        warn(home, bench, MAY[-1:])
    with Workbench.open(home) as bench:
        assert due(home, bench, MAY) == ["2026-05"]
        assert to_close(home, bench, "2026-05") == ["2026-05"]
        report = close_month(home, bench, "2026-05", provided=provided)
        assert (report.damaged, report.severe, report.mismatches) == (0, 0, 0)
        assert {"IVR-01", "AGT-07", "RES-07"} <= set(report.not_measured)
        assert damage_list(home, bench, "2026-05").customers == 0
        assert to_close(home, bench, "2026-06") == ["2026-06"], "May is closed, though nobody was damaged"
    for step in (train_classifier, fit_clusters, find_associations, train_models, grumble_index):
        with Workbench.open(home) as bench:
            step(home, bench, "2026-05")
    with Workbench.open(home) as bench:
        bench.view("mart_indicator_month")
        figures = bench.sql(
            "select distinct hit_count from mart_indicator_month where not is_measured and month = '2026-05'"
        )
        assert figures == [(None,)], "what could not be measured has no figure, not zero"


def test_a_month_of_which_nothing_is_loaded_says_so(home: Home, bench: Workbench) -> None:
    with pytest.raises(MonthError, match=r"2026-05: nothing of it is loaded; run the nightly chain"):
        close_month(home, bench, "2026-05")
