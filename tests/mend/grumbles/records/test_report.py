"""The report in words, on small tables and on the public data: as far as their records reach, and nothing breaks where
one is absent.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.mend.damage.scoring.rows import put
from tests.mend.grumbles.records.test_records import DAY, contact, ticket

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records import Report, grumble_report, record_grumbles
from mend.intake import core
from mend.intake.extract import adopt_business_zone, extract, load_source

TYPES, BASIS, CALLS = "Grumbles and complaints by type", "What the types rest on", "Repeat calls and hang-ups"


def test_types_basis_and_calls_of_a_month(home: Home, bench: Workbench) -> None:
    rows = [
        contact("C1", 10, 9, grumble_type_code="marketing.lock_in"),
        contact("C2", 10, 11, mood_code="angry", note_text="客户13812345678称家里信号弱"),
        contact("C3", 10, 15, outcome="hung_up"),
        contact("C4", 10, 16, outcome="hung_up"),
        contact("C5", 16, 17, customer_id="B", outcome="phantom"),
        contact("C6", 17, 16, customer_id="A"),
    ]
    put(bench, "contact", rows)
    put(bench, "ticket", [ticket("T1", "complaint", is_escalated="true", description_text="家里信号弱")])
    record_grumbles(home, bench, [DAY])
    report = grumble_report(home, bench, "2026-05")
    assert (report.first, report.last) == (dt.date(2026, 5, 1), dt.date(2026, 5, 31))
    assert report.section(TYPES).rows == [
        ("network_coverage.indoor_weak", INDOORS, "网络覆盖与基础通信：室内信号弱", 1, 1, 1, 1, 1),
        ("marketing.lock_in", "marketing: contract cannot be left", "营销：合约限制", 1, 1, 1, 0, 0),
    ]
    assert report.section(BASIS).rows == [
        ("grumble", "source", "-", 1, 0.5, None),
        ("grumble", "text", "keywords:1990-01-01", 1, 0.5, 0.75),
        ("complaint", "text", "keywords:1990-01-01", 1, 1.0, 0.75),
    ]
    calls = {english: (count, share) for english, _, count, share in report.section(CALLS).rows}
    assert calls["calls of known customers"] == (5, None)
    assert calls["calls followed by another within 7 days"] == (4, 0.8)
    assert calls["calls followed by another within 24 h"] == (3, 0.6)
    assert calls["hang-ups followed by a call within 24 h"] == (1, 0.5)
    assert calls["of these, the next one a hang-up too"] == (1, 1.0)
    assert calls["of these, the next one a hang-up"] == (1, 0.5)
    text = "\n".join(report.lines())
    assert "室内信号弱" in text
    assert "13812345678" not in text
    assert "客户" not in "\n".join(cell for row in report.section(TYPES).rows for cell in row if isinstance(cell, str))


INDOORS = "network coverage and basic communication: weak signal indoors"


def test_an_empty_lake_gives_a_report_that_says_so(home: Home, bench: Workbench) -> None:
    assert record_grumbles(home, bench, [DAY]).grumbles == 0
    report = grumble_report(home, bench, DAY)
    assert [section.missing is not None for section in report.sections] == [True, True, True]
    assert "no contacts in these days" in "\n".join(report.lines())


def loaded(home: Home, source: str, path: Path, first: dt.date, last: dt.date) -> Report:
    """Extract, core load and grumbles of a source that was there all at once, and the report of its days."""
    open_home = Home.at(home.root, {name: value for name, value in home.settings.items() if name != "MEND_ZONE"})
    adopt_business_zone(open_home, load_source(open_home, source))
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    with Workbench.open(open_home) as bench:
        extract(open_home, bench, load_source(open_home, source), days, [path])
        core.load(open_home, bench, days)
        record_grumbles(open_home, bench, days)
        return grumble_report(open_home, bench, first, last)


def test_comcasts_complaints_are_typed_by_what_they_say(home: Home, shared_data: Path) -> None:
    report = loaded(home, "comcast", shared_data / "comcast", dt.date(2015, 4, 1), dt.date(2015, 6, 30))
    complaints = {code: count for code, _, _, _, _, _, count, _ in report.section(TYPES).rows}
    assert list(complaints.values()) == sorted(complaints.values(), reverse=True), "the most frequent first"
    assert sum(complaints.values()) == 2224
    assert complaints["-"] < 0.25 * 2224, (
        "three quarters say what they are about; many of the rest say the operator's name alone"
    )
    largest = sorted((code for code in complaints if "." in code), key=lambda code: -complaints[code])[:3]
    assert set(largest) == {
        "tariff_billing.data_charges",
        "network_coverage.data_slow",
        "tariff_billing.charge_dispute",
    }
    assert {row[:2] for row in report.section(BASIS).rows} == {("complaint", "text"), ("complaint", "none")}
    assert report.section(CALLS).missing == "no contacts in these days"


def test_the_banks_call_log_gives_repeat_calls_over_the_months_end_and_hang_ups(home: Home, shared_data: Path) -> None:
    """The counts of data/README.md: 5 759 identified customers, 2 679 who called again within seven days, 2 035 within
    24 h.
    """
    report = loaded(home, "anonymous_bank", shared_data / "anonymous_bank", dt.date(1999, 1, 1), dt.date(1999, 2, 28))
    calls = {english: (count, share) for english, _, count, share in report.section(CALLS).rows}
    assert calls["known customers"][0] == 5759
    assert calls["customers who called again within 7 days"][0] == 2679
    assert calls["customers who called again within 24 h"][0] == 2035
    again, after_others = calls["of these, the next one a hang-up too"][1], calls["of these, the next one a hang-up"][1]
    assert again is not None
    assert after_others is not None
    assert again > 2 * after_others, "who hung up once does it again"
    assert report.section(TYPES).missing == "no grumbles and no complaints on record"
