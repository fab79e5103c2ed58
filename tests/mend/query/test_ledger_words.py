"""The ledger for people: every point in words, in both languages, and the view that completes the slim ledger."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests.mend.damage.closing.tables import close, ledger
from tests.mend.damage.scoring.cases import REFUSED, booking, contact, repair, reply, ticket
from tests.mend.damage.scoring.record_steps import MAY, put_rows

from mend.damage.closing.errors import MonthError
from mend.damage.scoring import load_rules, score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.query.explain import explain
from mend.query.query import read
from mend.query.session import opened

# A month with every kind of entry: debits of contacts, a ticket and ratings; a cap; credits, one of them late.
ROWS = [
    contact("10 10:00:00", "k1", is_poor_attitude=1, is_wrong_answer=1),
    contact("10 10:10:00", "k2", is_poor_attitude=1, is_wrong_answer=1),
    contact("10 10:20:00", "k3", **REFUSED),
    booking("10 10:21:00", "11 11:00:00", is_reached=1),
    ticket("10 12:00:00", kind="complaint", is_escalated=1, escalated_at="11 10:00:00"),
    reply("11 12:00:00", "t1", is_solved=0),
    reply("12 12:00:00", "k2", "contact", "hang_up", score=2, score_scale=10),
    reply("13 12:00:00", "spring", "campaign", "hang_up", score=1, score_scale=5),
    repair("follow_up_call", "resolved", "14 09:00:00", due_at="14 09:00:00"),
    repair("care_sms", "delivered", "14 10:00:00", "r2"),
    repair("rebate", "accepted", "15 09:00:00", "r3", ticket_id="t1"),
    ("repair_action", {"repair_id": "r4", "action_code": "rebate", "outcome_code": "accepted", "ticket_id": "t1",
                       "done_at": "2026-06-02 09:00:00+08:00"}),
]  # fmt: skip
JUNE_2 = dt.date(2026, 6, 2)


@pytest.fixture
def scored(home: Home, bench: Workbench) -> Home:
    put_rows(bench, ROWS)
    score(home, bench, [*MAY, JUNE_2], loaded=[*MAY, JUNE_2], provided=EVERYTHING)
    return home


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_entry_of_the_ledger_is_a_line_in_words(scored: Home, bench: Workbench, language: str) -> None:
    bench.view("mart_damage_ledger")
    stored = bench.sql("select count(*), sum(points) from mart_damage_ledger where posted_on < date '2026-06-01'")
    told = explain(scored, bench, "anna", "2026-05", language)
    assert [(len(told.entries), sum(entry.points for entry in told.entries))] == stored
    assert told.score == sum(entry.points for entry in told.entries)
    rules = load_rules()[-1]
    for entry, line in zip(told.entries, told.lines[-len(told.entries) :], strict=True):
        assert f"  {entry.points.normalize():+f}  {entry.indicator_id} " in line
        assert f"{entry.posted_at:%Y-%m-%d %H:%M}" in line
        assert rules.words(entry.indicator_id, language) in line
        assert entry.subject_id in line


def test_a_line_names_incident_cause_and_what_the_rule_offered(scored: Home, bench: Workbench) -> None:
    text = explain(scored, bench, "anna", "2026-05").text()
    assert "2026-05-12 12:00    +8  RES-08  poor rating (contact k2, incident k1, by s 12 12:00:00 k2)" in text
    assert "2026-05-13 12:00    +8  RES-08  poor rating (survey reply s 13 12:00:00 spring)" in text
    assert "2026-05-11 12:00    +6  RES-03  closed unresolved (ticket t1, by s 11 12:00:00 t1)" in text
    june = explain(scored, bench, "anna", "2026-06")
    assert "2026-06-02 09:00    -5  REP-04  rebate accepted, repairs (ticket t1, by r4), of 6" in june.text()


def test_a_late_credit_is_shown_with_its_thousandths(home: Home, bench: Workbench) -> None:
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points  | subject_id | entry_kind_code
        A           | 05-10 10:00:00 | AGT-08       | 5       | a          | debit
        A           | 06-10 10:00:00 | REP-01       | -2.125  | a          | credit
        """,
    )
    close(home, bench, "2026-05", "2026-06")
    told = explain(home, bench, "A", "2026-06")
    assert told.entries[0].points == Decimal("-2.125")
    assert "-2.125  REP-01  resolved follow-up call, repairs (contact a), of 5" in told.text()
    assert "规则 5 分" in explain(home, bench, "A", "2026-06", "zh").text()


def test_a_customer_without_anything_is_told_so(scored: Home, bench: Workbench) -> None:
    assert "no contact" in explain(scored, bench, "nobody", "2026-05").text()
    with pytest.raises(MonthError, match="2026-09"):
        explain(scored, bench, "anna", "2026-09")


def test_the_view_shows_id_stage_words_and_whether_the_customer_said_so(scored: Home) -> None:
    asked = read(
        "select entry_id, stage_code, is_explicit, name_en, name_zh from ledger_entry where indicator_id like 'RES-0%'"
        " or entry_kind_code = 'cap' order by entry_id"
    )
    assert asked.tables == {"mart_damage_ledger", "mart_indicator"}
    with opened(scored, asked) as session:
        found = session.rows(asked)
    assert ("RES-07:t1", "resolution", True, "escalated complaint", "升级投诉") in found
    assert ("RES-08:k2:s 12 12:00:00 k2", "resolution", True, "poor rating", "评价不满意") in found
    assert any(entry_id.startswith("cap:") for entry_id, *_ in found)
    unique = read("select count(*) = count(distinct entry_id) from ledger_entry")
    with opened(scored, unique) as session:
        assert session.rows(unique) == [(True,)]
