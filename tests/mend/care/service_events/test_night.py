"""What comes by night: addresses and consents with a snapshot, archived tickets as events, each once."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.mend.care.survey.desk import moment, open_account, rows
from tests.mend.damage.scoring.rows import put

from mend.care.contact_rules import addresses
from mend.care.service_events.night import take_night
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of
from mend.foundation.pipeline.workbench import Workbench

MAY = days_of("2026-05")
AFTER = moment("2026-05-12 00:00")
ANNA = {
    "customer_id": "anna",
    "month_on": "2026-05-01",
    "phone_number": "+8613800000001",
    "has_survey_consent": "true",
    "status_code": "active",
}


@pytest.fixture
def desk(home: Home, bench: Workbench) -> Home:
    open_account(home)
    home.scratch.mkdir(exist_ok=True, parents=True)
    put(bench, "customer", [ANNA])
    return home


def test_a_snapshot_is_taken_in_with_the_day_that_brings_it_and_not_every_night(
    desk: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert take_night(desk, bench, [MAY[0]], AFTER).customers == 1
    assert rows(
        desk, "select customer_id, phone_number, zones, has_survey_consent, is_active from contact_address"
    ) == [("anna", "+8613800000001", "Asia/Shanghai", True, True)]
    monkeypatch.setattr(addresses, "_put", lambda *_: pytest.fail("nothing came"))
    assert take_night(desk, bench, [MAY[1]], AFTER).customers == 0
    monkeypatch.undo()
    put(bench, "customer", [{**ANNA, "has_survey_consent": "false"}], arrived_on=MAY[2])
    assert take_night(desk, bench, [MAY[2]], AFTER).customers == 1
    assert rows(desk, "select has_survey_consent from contact_address") == [(False,)]


def test_a_correction_of_one_customer_writes_that_customer_alone(desk: Home, bench: Workbench) -> None:
    bert = {**ANNA, "customer_id": "bert", "phone_number": "+8613800000002"}
    put(bench, "customer", [ANNA, bert], arrived_on=MAY[0])
    assert take_night(desk, bench, [MAY[0]], AFTER).customers == 2
    put(bench, "customer", [{**ANNA, "city_code": "suzhou"}, bert], arrived_on=MAY[4])
    bench.view("core_change", where=equal("arrived_on", MAY[4]), as_name="arrival")  # of the two, only Anna's row came
    bench.replace("core_change", "select * from arrival where subject_id = 'anna'", equal("arrived_on", MAY[4]))
    assert take_night(desk, bench, [MAY[4]], AFTER).customers == 1
    assert rows(desk, "select customer_id, city_code from contact_address order by 1") == [
        ("anna", "suzhou"),
        ("bert", None),
    ]


def test_a_night_whose_first_snapshot_was_missed_takes_it_in(desk: Home, bench: Workbench) -> None:
    assert take_night(desk, bench, [MAY[10]], AFTER).customers == 1


def test_an_archived_ticket_is_an_event_once(desk: Home, bench: Workbench) -> None:
    ticket = {
        "ticket_id": "T1",
        "customer_id": "anna",
        "kind_code": "complaint",
        "opened_at": "2026-05-10 09:00:00+08:00",
    }
    put(
        bench,
        "ticket",
        [{**ticket, "closed_at": "2026-05-11 10:00:00+08:00", "topic_code": "billing"}],
        arrived_on=MAY[10],
    )
    first, again = (take_night(desk, bench, [MAY[10]], AFTER) for _ in range(2))
    assert (first.new, again.new, first.events) == (1, 0, again.events)
    assert rows(desk, "select kind_code, about_id, happened_at from service_event") == [
        ("ticket_archived", "T1", moment("2026-05-11 10:00"))
    ]


def test_a_ticket_that_was_reopened_is_open_again_until_it_is_archived_again(desk: Home, bench: Workbench) -> None:
    ticket = {
        "ticket_id": "T1",
        "customer_id": "anna",
        "kind_code": "complaint",
        "opened_at": "2026-05-09 09:00:00+08:00",
    }
    closed = {**ticket, "closed_at": "2026-05-10 10:00:00+08:00"}
    reopened = {**closed, "reopened_at": "2026-05-11 10:00:00+08:00", "reopen_count": 1}
    known = "select opened_at, closed_at from known_ticket"
    put(bench, "ticket", [closed], arrived_on=MAY[9])
    take_night(desk, bench, [MAY[8], MAY[9]], AFTER)
    assert rows(desk, known) == [(moment("2026-05-09 09:00"), moment("2026-05-10 10:00"))]
    put(bench, "ticket", [reopened], arrived_on=MAY[10])
    assert take_night(desk, bench, [MAY[9], MAY[10]], AFTER).new == 1  # the closing is the one that was heard of before
    assert rows(desk, known) == [(moment("2026-05-09 09:00"), None)]
    put(bench, "ticket", [{**reopened, "closed_at": "2026-05-12 10:00:00+08:00"}], arrived_on=MAY[11])
    assert take_night(desk, bench, [MAY[11]], AFTER).new == 1
    assert rows(desk, known) == [(moment("2026-05-09 09:00"), moment("2026-05-12 10:00"))]


def test_a_withdrawn_snapshot_gives_back_what_the_one_before_it_said(desk: Home, bench: Workbench) -> None:
    june = {**ANNA, "month_on": "2026-06-01", "phone_number": "+8613800000009"}
    bert = {**june, "customer_id": "bert"}
    take_night(desk, bench, [MAY[0]], AFTER)
    put(bench, "customer", [june, bert], arrived_on=dt.date(2026, 6, 1))
    assert take_night(desk, bench, [dt.date(2026, 6, 1)], AFTER).customers == 2
    bench.view("core_customer")
    bench.replace("core_customer", "select * from core_customer limit 0", equal("month_on", dt.date(2026, 6, 1)))
    assert take_night(desk, bench, [MAY[20]], AFTER, again=[dt.date(2026, 6, 1)]).customers >= 2
    assert rows(desk, "select customer_id, phone_number from contact_address") == [("anna", "+8613800000001")]
