"""A night with one customer of whom something is known."""

from __future__ import annotations

import datetime as dt

from tests.mend.damage.scoring.rows import put as put_record
from tests.mend.grumbles.warning.tables import complaint, grumble, put

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.incoming.step import publish_incoming
from mend.grumbles.records.taxonomy import load_taxonomies, publish_taxonomy
from mend.grumbles.warning import warn

NIGHT = dt.date(2026, 5, 20)
CUSTOMER = "A"


def put_small_night(home: Home, bench: Workbench) -> None:
    """A grumbled twice and complained once; B is in the snapshot alone, C has left."""
    publish_taxonomy(bench, load_taxonomies())
    put(bench, "mart_grumble", [
        grumble("1", "A", "2026-05-15 10:00", "marketing.lock_in"),
        grumble("2", "A", "2026-05-20 10:00"),
        grumble("3", "C", "2026-05-20 10:00"),
    ])  # fmt: skip
    put(bench, "mart_complaint", [complaint("K", "A", "2026-04-01 10:00")])
    put(bench, "mart_exposure_day", [
        {"customer_id": "A", "subject_on": "2026-05-15", "contact_count": 2, "incident_count": 1,
         "last_contact_at": "2026-05-15 10:00:00+08:00", "last_contact_id": "1"}
    ])  # fmt: skip
    put_record(bench, "customer", [
        {"customer_id": name, "month_on": "2026-05-01", "joined_on": "2024-01-01", "arpu_amount": 80,
         "city_code": "wuxi", "status_code": status}
        for name, status in (("A", "active"), ("B", "active"), ("C", "left"))
    ])  # fmt: skip
    put(bench, "mart_customer_cluster", [
        {"month": "2026-04", "customer_id": "A", "behaviour_code": "tariff_sensitive", "value_code": "high"},
        {"month": "2026-04", "customer_id": "B", "behaviour_code": "not_shown_yet", "value_code": "low"},
    ])  # fmt: skip
    put(bench, "mart_association", [
        {"month": "2026-04", "grumble_type_code": "marketing", "coefficient": 1.6, "is_key": True, "rank": 1}
    ])  # fmt: skip
    warn(home, bench, [NIGHT])
    publish_incoming(home, bench, [NIGHT])
