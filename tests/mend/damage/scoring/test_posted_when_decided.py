"""An entry is posted on the day on which it is decided; a later day never changes an earlier one, only its rows do."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.mend.damage.scoring.nights import (
    MAY,
    REFUSED,
    SELF_SERVED,
    WRONG,
    contact,
    entries,
    may,
    night,
    tables,
)
from tests.mend.damage.scoring.rows import put

from mend.damage.scoring import RuleError, score
from mend.damage.scoring.measured import EVERYTHING
from mend.damage.scoring.rules import FOLDER, read_rule_file
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench

TENTH, ELEVENTH, TWELFTH = may(10), may(11), may(12)


def test_an_attempt_that_nobody_followed_up_is_posted_a_day_later_and_leaves_its_own_day_alone(
    home: Home, bench: Workbench
) -> None:
    both = [contact("anna1", "10 11:00:00", **REFUSED), contact("bert1", "10 12:00:00", **REFUSED)]
    night(home, bench, TENTH, *both, loaded=[TENTH])
    assert entries(bench) == [(10, "CON-01", "anna1", 3), (10, "CON-01", "bert1", 3)]
    before = set(bench.lake.files_of("mart_damage_ledger", posted_on=[TENTH]))
    called = contact("bert2", "11 09:00:00", direction_code="outbound")
    night(home, bench, ELEVENTH, called, loaded=[TENTH, ELEVENTH])
    assert entries(bench) == [
        (10, "CON-01", "anna1", 3),
        (10, "CON-01", "bert1", 3),
        (11, "CON-06", "anna1", 3),
    ]
    assert set(bench.lake.files_of("mart_damage_ledger", posted_on=[TENTH])) == before


def test_the_moment_of_each_decision_is_in_the_ledger(home: Home, bench: Workbench) -> None:
    rows = [
        contact("anna1", "10 23:50:00", is_answered=1, is_dropped=1, talk_seconds=60),
        contact("bert1", "10 10:00:00", **REFUSED),
        contact("carl1", "10 10:00:00", is_answered=1, is_resolved=0),
        contact("dora1", "10 10:00:00", **SELF_SERVED),
        contact("dora2", "10 10:20:00", is_answered=1),
    ]
    put(bench, "contact", rows)
    score(home, bench, [TENTH, ELEVENTH], loaded=[TENTH, ELEVENTH], provided=EVERYTHING)
    bench.view("mart_damage_ledger")
    moments = bench.sql(
        "select indicator_id, subject_id, strftime(posted_at, '%d %H:%M:%S'), points::int "
        "from mart_damage_ledger order by all"
    )
    assert moments == [
        ("AGT-01", "anna1", "10 23:50:00", 3),
        ("AGT-03", "anna1", "11 00:21:00", 1),
        ("AGT-09", "carl1", "11 10:00:00", 3),
        ("CON-01", "bert1", "10 10:00:00", 3),
        ("CON-06", "bert1", "11 10:00:00", 3),
        ("IVR-12", "dora1", "10 10:20:00", 3),
        ("RES-01", "dora2", "10 10:20:00", 3),
    ]


def test_a_call_of_hours_that_dropped_counts_from_its_end(home: Home, bench: Workbench) -> None:
    """Three hours are more microseconds than fit in 32 bits."""
    dropped = contact("anna1", "10 09:00:00", is_answered=1, is_dropped=1, talk_seconds=10_800)
    called_back = contact("anna2", "10 12:20:00", direction_code="outbound")
    left_alone = contact("bert1", "10 09:00:00", is_dropped=1, hold_seconds=9000)
    night(home, bench, TENTH, dropped, called_back, left_alone, loaded=[TENTH])
    assert entries(bench) == [
        (10, "AGT-01", "anna1", 3),
        (10, "AGT-01", "bert1", 3),
        (10, "AGT-03", "bert1", 1),
        (10, "AGT-04", "bert1", 2),
    ]


def test_a_call_on_the_same_topic_after_midnight_posts_on_its_own_day(home: Home, bench: Workbench) -> None:
    night(home, bench, TENTH, contact("anna1", "10 23:50:00", **SELF_SERVED), loaded=[TENTH])
    assert entries(bench) == []
    night(home, bench, ELEVENTH, contact("anna2", "11 00:10:00", is_answered=1), loaded=[TENTH, ELEVENTH])
    assert entries(bench) == [(11, "IVR-12", "anna1", 3), (11, "RES-01", "anna2", 3)]


def test_a_correction_takes_back_what_its_first_version_gave(home: Home, bench: Workbench) -> None:
    night(home, bench, TENTH, contact("anna1", "10 23:50:00", **SELF_SERVED), loaded=[TENTH])
    night(home, bench, ELEVENTH, contact("anna2", "11 00:10:00", is_answered=1), loaded=[TENTH, ELEVENTH])
    corrected = contact("anna2", "11 00:10:00", is_answered=1, topic_code="roaming")
    night(home, bench, TWELFTH, corrected, loaded=[TENTH, ELEVENTH, TWELFTH])
    assert entries(bench) == []


def test_days_between_two_nights_are_posted_too(home: Home, bench: Workbench) -> None:
    """The attempt of the 10th is decided on the 11th, of which nothing ever comes."""
    night(home, bench, TENTH, contact("anna1", "10 11:00:00", **REFUSED), loaded=[TENTH])
    night(home, bench, may(14), contact("bert1", "14 11:00:00"), loaded=[TENTH, may(14)])
    assert entries(bench) == [(10, "CON-01", "anna1", 3), (11, "CON-06", "anna1", 3)]


def test_a_ticket_that_came_late_answers_a_contact_of_an_earlier_day(home: Home, bench: Workbench) -> None:
    night(home, bench, TENTH, contact("anna1", "10 11:00:00", is_answered=1, is_resolved=0), loaded=[TENTH])
    night(home, bench, ELEVENTH, contact("bert1", "11 11:00:00"), loaded=[TENTH, ELEVENTH])
    assert entries(bench) == [(11, "AGT-09", "anna1", 3)]
    ticket = {
        "ticket_id": "t1",
        "customer_id": "anna",
        "contact_id": "anna1",
        "kind_code": "enquiry",
        "opened_at": "2026-05-10 12:00:00+08:00",
        "closed_at": "2026-05-10 12:30:00+08:00",
    }
    night(home, bench, TWELFTH, contact("bert2", "12 11:00:00", topic_code=None), loaded=MAY[:12], ticket=[ticket])
    assert entries(bench) == []


def test_a_clock_that_runs_out_has_no_other_cause(home: Home, bench: Workbench) -> None:
    """The customer answered before the ticket was open for 48 hours: that is not why it was."""
    opened = {
        "ticket_id": "t1",
        "customer_id": "anna",
        "kind_code": "enquiry",
        "opened_at": "2026-05-10 10:00:00+08:00",
    }
    answer = {"survey_id": "s1", "customer_id": "anna", "about_kind_code": "ticket", "about_id": "t1", "is_solved": 0}
    sent = {"purpose_code": "second_follow_up", "sent_at": "2026-05-11 09:00:00+08:00"}
    put(bench, "ticket", [opened])
    put(bench, "survey_reply", [{**answer, **sent, "replied_at": "2026-05-11 10:00:00+08:00"}])
    score(home, bench, MAY[9:13], loaded=MAY[9:13], provided=EVERYTHING)
    bench.view("mart_damage_ledger")
    query = "select indicator_id, subject_id, cause_id from mart_damage_ledger"
    assert bench.sql(query) == [("RES-02", "t1", None)]


def test_a_late_contact_counts_with_what_came_before_and_after_it(home: Home, bench: Workbench) -> None:
    early = contact("anna1", "10 09:00:00")
    night(home, bench, TENTH, early, loaded=[TENTH])
    night(home, bench, may(17), contact("anna3", "17 08:00:00"), loaded=[TENTH, may(17)])
    assert entries(bench) == [(17, "RES-01", "anna3", 3)]
    late = contact("anna2", "10 10:00:00")
    night(home, bench, may(18), early, late, loaded=[TENTH, may(17), may(18)])
    assert entries(bench) == [(10, "RES-01", "anna2", 3), (17, "RES-01", "anna3", 3)]


def world(seed: int) -> list[dict[str, object]]:
    """Two weeks of contacts of a few customers, with all that a contact's indicators ask for."""
    chance = random.Random(seed)
    kinds = [REFUSED, WRONG, SELF_SERVED, {"is_answered": 1, "is_dropped": 1}, {"is_answered": 1, "is_resolved": 0}]
    kinds += [{"direction_code": "outbound"}, {"is_answered": 1, "is_poor_attitude": 1}, {"is_system_fault": 1}]
    rows = []
    for number in range(400):
        hour = chance.choice((0, 9, 9, 9, 23))
        when = f"{chance.randint(1, 14):02} {hour:02}:{chance.randint(0, 59):02}:00"
        name = f"{chance.choice('abcdefgh')}{number:03}"
        row = contact(name, when, **{"talk_seconds": chance.choice((60, 600)), **chance.choice(kinds)})
        rows.append({**row, "customer_id": name[0], "topic_code": chance.choice(("bill", "roaming", None))})
    return rows


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_any_order_of_nights_and_late_rows_and_one_run_give_the_same_tables(
    home: Home, bench: Workbench, seed: int
) -> None:
    rows = world(seed)
    days = MAY[:16]
    put(bench, "contact", rows)
    score(home, bench, days, loaded=days, provided=EVERYTHING)
    straight = tables(bench)
    assert len(straight[0]) > 200
    for table in ("mart_damage_ledger", "mart_exposure_day"):
        bench.lake.replace(table, every_row(), [])
    order = random.Random(seed).sample(days, len(days))
    for place, day in enumerate(order):
        score(home, bench, [day], loaded=sorted(order[: place + 1]), provided=EVERYTHING)
    assert tables(bench) == straight


def test_a_run_again_leaves_the_same_rows(home: Home, bench: Workbench) -> None:
    put(bench, "contact", world(3))
    days = MAY[:15]
    score(home, bench, days, loaded=days, provided=EVERYTHING)
    before = tables(bench)
    for again in ([may(5)], days[3:9], days):
        score(home, bench, again, loaded=days, provided=EVERYTHING)
        assert tables(bench) == before


def test_a_rule_that_asks_what_comes_later_says_when_it_is_decided(tmp_path: Path) -> None:
    shipped = (FOLDER / "1990-01-01.yaml").read_text("utf-8")
    broken = tmp_path / "1990-01-01.yaml"
    broken.write_text(shipped.replace("posted_after_seconds: 86400,", ""), "utf-8")
    with pytest.raises(RuleError, match=r"CON-06: .* is known only after the contact"):
        read_rule_file(broken)
