"""A month's campaign end to end on small worlds."""

from __future__ import annotations

import pytest
from tests.mend.damage.closing.tables import close, exposure, indicators, ledger
from tests.mend.damage.scoring.rows import put

from mend.care.contact_rules.addresses import refresh_addresses
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign.campaign import make_campaign

MAY = "2026-05"
ENTRIES = """
    customer_id | posted_at      | indicator_id | points | subject_id
    A           | 05-10 09:00:00 | AGT-08       | 5      | a9
    B           | 05-10 09:00:00 | AGT-08       | 5      | b9
    B           | 05-10 12:00:00 | AGT-08       | 5      | b12
    B           | 05-10 15:00:00 | CON-07       | 5      | b15
    C           | 05-10 09:00:00 | AGT-07       | 5      | c9
"""


@pytest.fixture
def closed(home: Home, bench: Workbench) -> Home:
    customers = [
        {
            "customer_id": name, "month_on": "2026-05-01", "city_code": "suzhou",
            "phone_number": f"+861381234567{number}", "has_survey_consent": "true", "has_marketing_consent": "true",
        }
        for number, name in enumerate("ABD")
    ]  # fmt: skip
    put(bench, "customer", customers)
    refresh_addresses(home, bench)
    indicators(bench)
    ledger(bench, ENTRIES)
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nD | 05-10 09:00:00 | d9")
    close(home, bench, MAY)
    return home


def test_a_month_has_a_list(closed: Home, bench: Workbench) -> None:
    report = make_campaign(closed, bench, MAY)
    print(report)
    for table in ("mart_campaign_candidate", "mart_campaign_gate", "mart_campaign_list", "mart_campaign_price"):
        bench.view(table)
        print(table)
        print(bench.engine.connection.sql(f"select * from {table}"))
    bench.view("mart_campaign_gate_pattern")
    print(
        bench.engine.connection.sql(
            "select pattern_number, strategy_code, gate_mask, first_gate_code, arm_code from mart_campaign_gate_pattern"
        )
    )
    again = make_campaign(closed, bench, MAY)
    assert (again.version, again.is_new) == (1, False)
