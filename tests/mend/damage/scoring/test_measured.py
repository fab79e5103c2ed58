"""Which indicators can be measured follows from what the sources map, never from the order of loading."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.mend.damage.scoring.nights import MAY, REFUSED, contact, entries, may
from tests.mend.damage.scoring.rows import put

from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING, provided_by_sources
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.extract import extract, load_source

CONTACTS_ALONE = {"contact": EVERYTHING["contact"]}
SOURCE = """
source: centre
en: Centre
zh: 中心
zone: Asia/Shanghai
records:
  contact:
    path: '{business_date}/contact.csv'
    columns: {contact_id: id, customer_id: customer, started_at: at, outcome: {constant: refused}, is_refused: refused}
  callback_booking:
    path: '{business_date}/booking.csv'
    optional: true
    columns: {booking_id: id, customer_id: customer, requested_at: at}
"""


def test_a_source_counts_with_all_that_it_maps_before_any_of_it_came(
    home: Home, bench: Workbench, tmp_path: Path
) -> None:
    (home.root / "sources").mkdir(exist_ok=True)
    (home.root / "sources" / "centre.yaml").write_text(SOURCE, "utf-8")
    (tmp_path / "2026-05-10").mkdir()
    (tmp_path / "2026-05-10" / "contact.csv").write_text(
        "id,customer,at,refused\nk1,anna,2026-05-10 10:00:00,1\n", "utf-8"
    )
    assert provided_by_sources(home) == {}
    extract(home, bench, load_source(home, "centre"), [may(10)], [tmp_path])
    assert provided_by_sources(home)["callback_booking"] == {"booking_id", "customer_id", "requested_at"}


def test_an_enabled_source_counts_before_it_delivers(home: Home) -> None:
    (home.root / "sources").mkdir(exist_ok=True)
    (home.root / "sources" / "centre.yaml").write_text(SOURCE, "utf-8")
    enabled = Home.at(home.root, {**home.settings, "MEND_SOURCES_ENABLED": "simulator, centre"})
    assert provided_by_sources(enabled).keys() >= {"contact", "callback_booking", "ticket"}


def test_when_the_sources_map_more_the_days_before_are_scored_again(home: Home, bench: Workbench) -> None:
    put(bench, "contact", [contact("anna1", "10 10:00:00", **REFUSED)])
    put(bench, "contact", [contact("bert1", "20 10:00:00", **REFUSED)])
    days = MAY[:22]
    score(home, bench, days[:15], loaded=days[:15], provided=CONTACTS_ALONE)
    assert entries(bench) == [(10, "CON-01", "anna1", 3)]  # without bookings nobody knows whether one was asked for
    score(home, bench, days[15:], loaded=days, provided=EVERYTHING)
    stepwise = entries(bench)
    assert stepwise == [
        (10, "CON-01", "anna1", 3),
        (11, "CON-06", "anna1", 3),
        (20, "CON-01", "bert1", 3),
        (21, "CON-06", "bert1", 3),
    ]
    bench.view("mart_indicator")
    assert bench.sql("select count(*) from mart_indicator where not is_measured") == [(0,)]
    assert bench.sql("select min(rule_version) from mart_indicator") == [(dt.date(1990, 1, 1),)]
