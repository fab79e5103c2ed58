"""A month of touchpoints on the real lake: measured, judged, acted on, and the same whenever it is made again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from tests.mend.damage.scoring.rows import put
from tests.mend.prevention.touchpoint.worlds import (
    BALANCE,
    EVERYTHING,
    MONTH,
    PEOPLE,
    QUEUE,
    SHOP,
    WITHOUT_NODES,
    calls,
    formula,
    name_people,
    plan,
    put_month,
)

from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.operations import transaction
from mend.foundation.operations.batches import LOADED_DAY
from mend.foundation.periods import days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.touchpoint.answering import TOUCHPOINT_ANSWER
from mend.prevention.touchpoint.answers import answer, answers_of
from mend.prevention.touchpoint.errors import AnswerError
from mend.prevention.touchpoint.month import TouchpointReport, assess
from mend.prevention.touchpoint.plan import Plan, rated

Row = dict[str, Any]
HERE = "command, tests"


def rows(bench: Workbench, table: str, month: str = MONTH) -> list[Row]:
    bench.view(table, where=every_row(), as_name="_read")
    found = bench.engine.connection.sql(
        "select * from _read where month = $month order by all", params={"month": month}
    )
    return list(found.to_arrow_table().to_pylist())


def by_code(bench: Workbench, month: str = MONTH) -> dict[str, Row]:
    return {row["touchpoint_code"]: row for row in rows(bench, "mart_touchpoint_month", month)}


def actions(bench: Workbench, month: str = MONTH) -> list[tuple[str, str, str]]:
    found = rows(bench, "mart_touchpoint_action", month)
    return [(row["action_id"], row["state_code"], row["moved_code"]) for row in found]


def made(home: Home, bench: Workbench, month: str = MONTH, by: Plan | None = None) -> TouchpointReport:
    return assess(home, bench, month, by or plan(), EVERYTHING)


def test_a_month_worked_out_by_hand(home: Home, bench: Workbench) -> None:
    """120 customers. 108 of 120 queries complete: 0.9, score 1 + 9 x (0.9 - 0.5) / 0.4 = 10. Points 24 / 120 = 0.2:
    score 1 + 9 x (0.2 - 3) / (0 - 3) = 9.4. 114 of 120 calls are answered: 0.95, score 10. Seconds 20 to 24, mean 22:
    1 + 9 x (22 - 120) / (10 - 120) = 9.018.
    """
    put_month(bench, calls())
    report = made(home, bench)
    found = by_code(bench)
    assert (report.touchpoints, report.measured, report.rated, report.low, report.opened) == (3, 2, 1, 1, 1)
    scores = {code: (row["operating_score"], row["experience_score"]) for code, row in found.items()}
    assert scores["balance"] == (pytest.approx(10), pytest.approx(9.4))
    assert scores["queue"] == (pytest.approx(10), pytest.approx(9.0181818))
    assert scores["shop"] == (7.0, 4.0)
    assert [found["balance"][name] for name in ("operating_count", "operating_customer_count", "damage_points")] == [
        120, 120, 24,
    ]  # fmt: skip
    assert found["shop"]["quadrant_code"] == "high_low"
    assert found["shop"]["is_action_due"] is True  # importance 8, three raters, mean 4


def test_the_touchpoint_that_fails_is_low_its_owner_gets_an_action_that_says_what_and_by_how_much(
    home: Home, bench: Workbench
) -> None:
    put_month(bench, calls(failed=0.45))
    made(home, bench, by=plan(BALANCE, QUEUE))
    found = by_code(bench)
    assert (found["balance"]["operating_level_code"], found["queue"]["operating_level_code"]) == ("low", "high")
    assert actions(bench) == [("balance-operating-2026-03", "open", "opened")]
    [action] = rows(bench, "mart_touchpoint_action")
    assert (action["owner_id"], action["due_on"]) == ("wu", dt.date(2026, 4, 30))
    assert "2.1 (1.0 to 4.1), limit 6, measured on 120 rows of 120 customers" in action["words_en"]
    assert "IVR-01 100%" in action["words_en"]
    assert "运营有效性2.1（1.0至4.1）" in action["words_zh"]


JOINTLY = """
    failed of 120 | score | upper end | joint upper end | level
    45            | 3.8   | 5.7       | 6.1             | watch
    54            | 2.1   | 4.1       | 4.6             | low
"""


def test_a_score_is_low_where_all_of_the_month_together_say_so(home: Home, bench: Workbench) -> None:
    """Four scores are measured: a joint interval is one of 98.75 %. The one that is low makes it 98.33 for the rest."""
    for line in JOINTLY.strip().splitlines()[1:]:
        failed, *ends, level = (cell.strip() for cell in line.split("|"))
        put_month(bench, calls(failed=int(failed) / 120))
        made(home, bench, by=plan(BALANCE, QUEUE))
        row = by_code(bench)["balance"]
        assert [f"{row[f'operating_{name}']:.1f}" for name in ("score", "high", "joint_high")] == ends
        assert row["operating_level_code"] == level
        assert bool(actions(bench)) == (level == "low")


def test_few_rows_are_too_little_data_and_give_no_action(home: Home, bench: Workbench) -> None:
    put_month(bench, calls(customers=20, failed=0.9))
    made(home, bench, by=plan(BALANCE))
    row = by_code(bench)["balance"]
    assert (row["operating_basis_code"], row["operating_level_code"], row["quadrant_code"]) == (
        "too_little_data", "unknown", "unknown",
    )  # fmt: skip
    assert actions(bench) == []
    assert rows(bench, "mart_touchpoint_measure")[0]["words_en"] == (
        "too little data: 20 rows of 20 customers, fewer than 30"
    )


def test_ten_calls_of_a_few_customers_are_not_as_many_witnesses(home: Home, bench: Workbench) -> None:
    """Fifteen customers with ten calls each: 150 rows, and too little data."""
    found = [{**row, "customer_id": f"c{number % 15}"} for number, row in enumerate(calls(customers=75, failed=0.9))]
    put_month(bench, found)
    made(home, bench, by=plan(BALANCE))
    assert by_code(bench)["balance"]["operating_basis_code"] == "too_little_data"


def test_near_the_limit_is_watch_and_no_action(home: Home, bench: Workbench) -> None:
    """72 of 100 complete: 5.95, under 6, and luck may have made it."""
    put_month(bench, calls(customers=100, failed=0.28))
    made(home, bench, by=plan(BALANCE))
    row = by_code(bench)["balance"]
    assert row["operating_score"] == pytest.approx(5.95)
    assert (row["operating_level_code"], row["quadrant_code"], row["is_action_due"]) == ("watch", "unknown", False)
    assert actions(bench) == []


def test_what_the_source_does_not_map_is_said_and_the_ratings_count(home: Home, bench: Workbench) -> None:
    put_month(bench, calls(failed=0.9))
    given = {("balance", "operating"): rated(8.0, 0.5, 3, 0, 0.95)}
    assess(home, bench, MONTH, plan(BALANCE, ratings=given), WITHOUT_NODES)
    row = by_code(bench)["balance"]
    assert (row["operating_basis_code"], row["operating_score"], row["operating_count"]) == ("rated", 8.0, 0)
    assert (row["experience_basis_code"], row["damage_points"]) == ("none", None)
    words = {each["words_en"] for each in rows(bench, "mart_touchpoint_measure")}
    assert words == {"not measured: the source does not map ivr_node_code"}


def test_measured_and_rated_stand_side_by_side_and_the_measure_counts(home: Home, bench: Workbench) -> None:
    put_month(bench, calls(failed=0.45))
    given = {("balance", "operating"): rated(9.0, 0.5, 3, 1, 0.95)}
    made(home, bench, by=plan(BALANCE, ratings=given))
    row = by_code(bench)["balance"]
    assert (row["operating_basis_code"], row["operating_rated"], row["operating_panel_count"]) == ("both", 9.0, 1)
    assert row["operating_level_code"] == "low"


def test_one_low_rating_is_watched_and_two_are_low(home: Home, bench: Workbench) -> None:
    for raters, level, due in ((1, "watch", False), (2, "low", True)):
        given = {("shop", "operating"): rated(3.0, 0.5 if raters > 1 else None, raters, 0, 0.95)}
        made(home, bench, by=plan(SHOP, ratings=given))
        row = by_code(bench)["shop"]
        assert (row["operating_level_code"], row["is_action_due"]) == (level, due)


def test_a_month_without_any_contact_has_every_touchpoint_and_no_action(home: Home, bench: Workbench) -> None:
    report = assess(home, bench, MONTH, plan(BALANCE, QUEUE))  # nothing arrived: no source maps anything
    assert (report.unknown, report.low, report.opened) == (2, 0, 0)
    assert {each["words_en"] for each in rows(bench, "mart_touchpoint_measure")} == {
        "not measured: no contact records arrived"
    }
    made(home, bench, by=plan(BALANCE, QUEUE))  # mapped, and no row
    assert {row["operating_basis_code"] for row in by_code(bench).values()} == {"too_little_data"}


def test_the_same_again_gives_the_same_rows_also_in_shares(
    home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_month(bench, calls(failed=0.45))
    tables = ("mart_touchpoint_month", "mart_touchpoint_measure", "mart_touchpoint_action")
    made(home, bench)
    first = [rows(bench, table) for table in tables]
    page = (home.root / "reports" / "touchpoints" / MONTH / "index.zh.html").read_bytes()
    made(home, bench)
    assert [rows(bench, table) for table in tables] == first
    monkeypatch.setattr("mend.prevention.touchpoint.measuring.BYTES_A_ROW", 2**40)
    monkeypatch.setattr("mend.prevention.touchpoint.measuring.share_count", lambda *_: 5)
    made(home, bench)
    assert [rows(bench, table) for table in tables] == first
    assert (home.root / "reports" / "touchpoints" / MONTH / "index.zh.html").read_bytes() == page


def test_an_action_lives_until_the_measure_has_risen_and_then_is_done(home: Home, bench: Workbench) -> None:
    for month, failed in (("2026-02", 0.45), ("2026-03", 0.4), ("2026-04", 0.05)):
        put_month(bench, calls(month, failed=failed))
        made(home, bench, month, plan(BALANCE))
    name = "balance-operating-2026-02"
    assert [actions(bench, month) for month in ("2026-02", "2026-03", "2026-04")] == [
        [(name, "open", "opened")],
        [(name, "overdue", "unchanged")],  # 30 days after the last of February
        [(name, "done", "better")],
    ]
    assert by_code(bench, "2026-03")["balance"]["previous_operating_score"] == pytest.approx(2.125)


def test_late_rows_of_a_past_month_carry_through_to_the_months_after_it(home: Home, bench: Workbench) -> None:
    for month in ("2026-02", "2026-03"):
        put_month(bench, calls(month, failed=0.45))
        made(home, bench, month, plan(BALANCE))
    assert [each[0] for each in actions(bench, "2026-03")] == ["balance-operating-2026-02"]
    put_month(bench, calls("2026-02", failed=0.05))
    made(home, bench, "2026-02", plan(BALANCE))
    assert actions(bench, "2026-02") == []
    assert [each[0] for each in actions(bench, "2026-03")] == ["balance-operating-2026-03"]
    assert by_code(bench, "2026-03")["balance"]["previous_operating_score"] == pytest.approx(10)


def test_done_by_word_while_it_is_still_low_is_open_again_and_counts_in_the_month_it_was_said(
    home: Home, bench: Workbench
) -> None:
    name_people(home)
    for month in ("2026-02", "2026-03"):
        put_month(bench, calls(month, failed=0.45))
        made(home, bench, month, plan(BALANCE))
    at = dt.datetime(2026, 4, 2, 3, tzinfo=dt.UTC)
    before = rows(bench, "mart_touchpoint_action", "2026-03")
    assert answer(home, bench, "balance-operating-2026-02", "done", "Wu Min", "node repaired", at, HERE)
    assert not answer(home, bench, "balance-operating-2026-02", "done", "Wu Min", "node repaired", at, HERE)
    made(home, bench, "2026-03", plan(BALANCE))
    assert rows(bench, "mart_touchpoint_action", "2026-03") == before
    put_month(bench, calls("2026-04", failed=0.45))
    made(home, bench, "2026-04", plan(BALANCE))
    [action] = rows(bench, "mart_touchpoint_action", "2026-04")
    assert (action["state_code"], action["answered_by"], action["answered_state_code"]) == ("overdue", "Wu Min", "done")
    assert "Wu Min said done on 2026-04-02, but it is still low: open again" in action["words_en"]
    assert len(answers_of(home)) == 1


def said(home: Home, bench: Workbench, by: str, day: int = 2) -> bool:
    """An answer to the action of March."""
    at = dt.datetime(2026, 4, day, 3, tzinfo=dt.UTC)
    return answer(home, bench, "balance-operating-2026-03", "open", by, "in hand", at, HERE)


def test_the_owner_a_deputy_and_a_manager_may_answer_and_nobody_else(home: Home, bench: Workbench) -> None:
    name_people(home)
    put_month(bench, calls(failed=0.45))
    made(home, bench, by=plan(BALANCE))
    with pytest.raises(
        AnswerError,
        match=r"'Lin Tao' may not answer for balance; those who may are wu \(owner\), Wu Min "
        r"\(owner\), Li Na \(deputy\), Chen Bo \(manager\) .*<home>/touchpoints/",
    ):
        said(home, bench, "Lin Tao")  # an owner, of another touchpoint
    for stranger in ("wu min", "Wu", "self-service", "owner"):
        with pytest.raises(AnswerError, match="may not answer"):
            said(home, bench, stranger)
    assert answers_of(home) == []
    assert all(said(home, bench, name) for name in ("Wu Min", "Li Na", "Chen Bo", "wu"))
    assert [(each.by, each.role) for each in answers_of(home)] == [
        ("Wu Min", "owner"), ("Li Na", "deputy"), ("Chen Bo", "manager"), ("wu", "owner"),
    ]  # fmt: skip
    with transaction(home.database_url) as connection:
        assert connection.execute(select(TOUCHPOINT_ANSWER.c.answered_through).distinct()).scalars().all() == [HERE]


def test_who_answers_is_said_by_the_inventory_of_the_day_and_its_owner_then(home: Home, bench: Workbench) -> None:
    name_people(home)
    put_month(bench, calls(failed=0.45))
    made(home, bench, by=plan(BALANCE))
    later = PEOPLE.replace("2026-01-01", "2026-04-10").replace("owner_id: wu", "owner_id: lin")
    (home.root / "touchpoints" / "2026-04-10.yaml").write_text(later, "utf-8")
    with pytest.raises(AnswerError):
        said(home, bench, "Lin Tao", day=9)
    assert said(home, bench, "Lin Tao", day=10)
    with pytest.raises(AnswerError):
        said(home, bench, "Wu Min", day=10)


def test_what_a_deputy_answered_is_said_to_be_theirs(home: Home, bench: Workbench) -> None:
    name_people(home)
    for month in (MONTH, "2026-04"):
        put_month(bench, calls(month, failed=0.45))
        made(home, bench, month, plan(BALANCE))
    answer(home, bench, "balance-operating-2026-03", "dropped", "Li Na", "no budget",
           dt.datetime(2026, 4, 2, 3, tzinfo=dt.UTC), HERE)  # fmt: skip
    made(home, bench, "2026-04", plan(BALANCE))
    [action] = rows(bench, "mart_touchpoint_action", "2026-04")
    assert "Li Na (deputy) dropped it on 2026-04-02." in action["words_en"]
    assert "Li Na（代理人）于2026-04-02取消" in action["words_zh"]


def loaded(home: Home, until: str) -> None:
    """As if the home had every day up to this one."""
    with transaction(home.database_url) as connection:
        connection.execute(delete(LOADED_DAY))
        connection.execute(insert(LOADED_DAY).values(business_date=until, core_loaded_at=f"{until} 23:00:00+08:00"))


def due(bench: Workbench, month: str) -> list[tuple[str, str, str]]:
    found = rows(bench, "mart_touchpoint_action", month)
    return [(row["action_id"], str(row["due_on"]), row["state_code"]) for row in found]


def test_an_old_month_that_is_closed_late_gives_its_owner_all_of_their_days(home: Home, bench: Workbench) -> None:
    """All is loaded up to 10 July, and then the months are closed: January's owner hears of it in July."""
    months, name = ("2026-01", "2026-02", "2026-03", "2026-06", "2026-07", "2026-08"), "balance-operating-2026-01"
    for month in months:
        put_month(bench, calls(month, failed=0.45))
        loaded(home, max("2026-07-10", str(days_of(month)[-1])))
        made(home, bench, month, plan(BALANCE))
    assert {month: due(bench, month) for month in months} == {
        month: [(name, "2026-08-09", "open" if month < "2026-08" else "overdue")] for month in months
    }


def test_a_due_day_stays_as_it_was_told_however_late_its_month_is_made_again(home: Home, bench: Workbench) -> None:
    name = "balance-operating-2026-01"
    for month in ("2026-01", "2026-02"):
        put_month(bench, calls(month, failed=0.45))
        loaded(home, str(days_of(month)[-1]))
        made(home, bench, month, plan(BALANCE))
    for later in ("2026-05-20", "2026-09-30"):
        loaded(home, later)
        made(home, bench, "2026-01", plan(BALANCE))
        assert due(bench, "2026-02") == [(name, "2026-03-02", "open")]


def test_an_action_that_late_rows_open_in_an_old_month_is_due_from_then(home: Home, bench: Workbench) -> None:
    for month in ("2026-01", "2026-02"):
        put_month(bench, calls(month, failed=0.05))
        made(home, bench, month, plan(BALANCE))
    loaded(home, "2026-04-15")
    put_month(bench, calls("2026-01", failed=0.45))
    made(home, bench, "2026-01", plan(BALANCE))
    assert due(bench, "2026-01") == [("balance-operating-2026-01", "2026-05-15", "open")]


def test_an_answer_to_what_is_not_there_or_over_or_that_says_nothing_is_refused(home: Home, bench: Workbench) -> None:
    put_month(bench, calls(failed=0.45))
    made(home, bench, by=plan(BALANCE))
    at, name = dt.datetime(2026, 4, 2, 3, tzinfo=dt.UTC), "balance-operating-2026-03"
    cases = [
        (("nothing", "done", "Wu", "x"), "no action 'nothing'"),
        ((name, "finished", "Wu", "x"), "open, done, dropped, not 'finished'"),
        ((name, "done", " ", "x"), "names who"),
        ((name, "done", "Wu", ""), "what was done"),
        ((name, "done", "Wu", "x" * 1001), "1001 signs"),
    ]
    for arguments, words in cases:
        with pytest.raises(AnswerError, match=words):
            answer(home, bench, *arguments, at, HERE)
    put_month(bench, calls("2026-04", failed=0.0))
    made(home, bench, "2026-04", plan(BALANCE))
    with pytest.raises(AnswerError, match="was done in 2026-04"):
        answer(home, bench, name, "done", "Wu", "x", at, HERE)
    assert answers_of(home) == []


def test_tickets_bookings_and_answers_are_measured_too(home: Home, bench: Workbench) -> None:
    days = [f"{MONTH}-{number % 25 + 1:02d}" for number in range(60)]
    put_month(bench, calls(failed=0.45))
    put(bench, "ticket", [
        {"ticket_id": f"t{n}", "customer_id": f"c{n}", "kind_code": "complaint", "opened_at": f"{day} 08:00:00+08:00",
         "closed_at": f"{day} 20:00:00+08:00" if n < 30 else None, "status_code": "closed" if n < 30 else "open"}
        for n, day in enumerate(days)
    ])  # fmt: skip
    put(bench, "callback_booking", [
        {"booking_id": f"b{n}", "customer_id": f"c{n}", "requested_at": f"{day} 08:00:00+08:00",
         "called_back_at": f"{day} 09:00:00+08:00" if n < 45 else None, "is_reached": "true" if n < 45 else None}
        for n, day in enumerate(days)
    ])  # fmt: skip
    put(bench, "survey_reply", [
        {"survey_id": f"s{n}", "customer_id": f"c{n}", "about_kind_code": "contact", "about_id": f"{MONTH}-q{n}",
         "purpose_code": "hang_up", "sent_at": f"{MONTH}-28 08:00:00+08:00", "replied_at": f"{MONTH}-28 09:00:00+08:00",
         "score": 8, "score_scale": 10}
        for n in range(60)
    ])  # fmt: skip
    measures = (
        formula("queue", "operating", "kind_code = 'complaint'", "is_on_time", 0, 1, "ticket"),
        formula("queue", "operating", "is_on_time is not null", "is_on_time", 0, 1, "callback_booking", number=2),
        formula("queue", "experience", NODE_ASKED, "mean score_of_ten", 1, 10, "survey_reply"),
        formula("queue", "experience", "queue_seconds is not null", "mean points", 10, 0, number=2),
    )
    made(home, bench, by=plan(QUEUE, formulas=measures))
    found = {
        (row["aspect_code"], row["measure_number"]): (row["state_code"], row["rate"])
        for row in rows(bench, "mart_touchpoint_measure")
    }
    assert found == {
        ("operating", 1): ("measured", 0.5),
        ("operating", 2): ("measured", 0.75),
        ("experience", 1): ("measured", 8.0),
        ("experience", 2): ("measured", 0.0),
    }
    assert by_code(bench)["queue"]["operating_score"] == pytest.approx((5.5 + 7.75) / 2)


NODE_ASKED = "ivr_node_code = 'balance'"
