"""The gate on real stores: every rule meets a row that breaks it, bad rows go aside, bad files stop the run."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re

import pytest
import sqlalchemy as sa
from tests.mend.intake.core.arrivals import Row, arrive, at, contact, on, rows_of
from tests.mend.intake.quality.bad_rows import BAD, DAY, GOOD

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.operations.tables import QUALITY_RESULT
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS
from mend.intake import core, quality
from mend.intake.quality import expectations


def stored(home: Home, *columns: str) -> list[tuple[object, ...]]:
    chosen = [QUALITY_RESULT.c[name] for name in columns]
    with operations.transaction(home.database_url) as connection:
        return [tuple(row) for row in connection.execute(sa.select(*chosen).order_by(*chosen))]


def broken(report: quality.QualityReport) -> dict[str, tuple[str, int, int]]:
    """By rule: severity, bad rows, rows."""
    found = (verdict for record in report.records for verdict in record.broken)
    return {verdict.rule.id: (verdict.severity, verdict.unexpected, verdict.elements) for verdict in found}


def good(count: int, record: str = "contact") -> list[Row]:
    key = RECORDS[record].subject_id_column
    return [GOOD[record] | {key: f"good-{number}"} for number in range(count)]


@pytest.mark.parametrize("record", RECORDS)
def test_each_rule_that_a_row_can_break_finds_its_bad_row(home: Home, bench: Workbench, record: str) -> None:
    suite = quality.suite(record)
    tried = [rule for rule in suite.row_rules if rule.kind != "required"]  # the lake itself refuses an empty one
    assert set(BAD[record]) == {rule.id for rule in tried}
    key = RECORDS[record].subject_id_column
    rows = [GOOD[record] | change | {key: f"bad-{rule}"} for rule, change in BAD[record].items()]
    arrive(home, bench, DAY, [*good(20, record), *rows], record)
    report = quality.gate(home, bench, [DAY])
    found = {verdict.rule.id: verdict.unexpected for verdict in report.records[0].verdicts}
    assert [rule.id for rule in tried if found[rule.id] == 0] == []
    aside = {name for (name,) in rows_of(bench, "core_quarantine", f"raw_row ->> '{key}'")}
    must = {f"bad-{rule.id}" for rule in tried if rule.quarantines}
    assert must <= aside
    assert not any(name.startswith("good") for name in aside)


def test_a_good_file_breaks_nothing(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, good(3))
    report = quality.gate(home, bench, [DAY])
    assert (broken(report), report.records[0].quarantined) == ({}, 0)


def test_a_row_goes_aside_once_with_every_reason_and_as_it_came(home: Home, bench: Workbench) -> None:
    bad = GOOD["contact"] | {
        "contact_id": "x",
        "queue_seconds": -5,
        "mood_code": "sad",
        "talk_seconds": 9,
        "is_answered": False,
    }
    arrive(home, bench, DAY, [*good(20), bad])
    quality.gate(home, bench, [DAY])
    columns = "line_number, gate_code, file_name, column_name, bad_value, reason_code, reasons, raw_row"
    [(line, *found, raw)] = rows_of(bench, "core_quarantine", columns)
    reasons = "queue_seconds: queue_seconds_range; mood_code: mood_code_codes; talk_seconds: talk_needs_an_answer"
    assert (line, *found) == (22, "quality", "contact.csv", "queue_seconds", "-5", "queue_seconds_range", reasons)
    assert json.loads(raw)["mood_code"] == "sad"


def test_what_the_gate_put_aside_stays_out_of_the_core_and_the_lines_add_up(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, [*good(20), GOOD["contact"] | {"outcome": "lost"}], rejected=["not_a_timestamp"])
    quality.gate(home, bench, [DAY])
    core.load(home, bench, [DAY])
    [batch] = core.reconcile(home, bench, [DAY])
    assert (batch.lines, batch.accepted, batch.quarantined, batch.superseded) == (22, 20, 2, 0)


def test_a_repeated_gate_replaces_its_rows_and_leaves_the_parse_gate_s_files_alone(
    home: Home, bench: Workbench
) -> None:
    number = arrive(home, bench, DAY, [*good(300), GOOD["contact"] | {"outcome": "lost"}], rejected=["bad_date"])
    before_noon = [row | {"started_at": at(19)} for row in good(300)]
    other = arrive(home, bench, on(19), before_noon, rejected=["bad_date"])
    before = set(bench.lake.files("core_quarantine"))
    for _ in range(2):
        quality.gate(home, bench, [DAY, on(19)])
        held = rows_of(bench, "core_quarantine", "batch_number, gate_code")
        assert held == [(number, "parse"), (number, "quality"), (other, "parse")]
        assert before <= set(bench.lake.files("core_quarantine"))
    assert len(bench.lake.files("core_quarantine", equal("gate_code", "quality"))) == 1


def test_a_mended_rule_takes_its_rows_out_of_quarantine(
    home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(home, bench, DAY, [*good(20), GOOD["contact"] | {"outcome": "lost"}])
    quality.gate(home, bench, [DAY])
    suite = quality.suite("contact")
    without = type(suite)(
        suite.record, suite.owner, suite.few_rows, tuple(r for r in suite.rules if r.id != "outcome_codes")
    )
    monkeypatch.setattr("mend.intake.quality.run.suite", lambda _: without)
    assert quality.gate(home, bench, [DAY]).records[0].quarantined == 0
    assert rows_of(bench, "core_quarantine", "*") == []


def test_an_empty_file_stops_the_run_where_rows_are_required(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, [])
    with pytest.raises(quality.DataQualityError, match=r"contact of 2024-03-20, rule rows_present .* contact\.csv"):
        quality.gate(home, bench, [DAY])
    assert ("rows_present", "critical", False) in stored(home, "rule_id", "severity_code", "is_passed")


def test_an_empty_file_of_a_record_that_may_be_empty_goes_on(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, [], "ticket")
    assert broken(quality.gate(home, bench, [DAY])) == {"rows_present": ("info", 1, 0)}


def test_bad_rows_beyond_the_share_stop_the_run_after_all_is_stored(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, [*good(79), *[GOOD["contact"] | {"outcome": "lost", "line": n} for n in range(100, 121)]])
    with pytest.raises(quality.DataQualityError, match=r"rule outcome_codes .* 21 of 100 rows") as raised:
        quality.gate(home, bench, [DAY])
    assert "lost" not in str(raised.value)
    assert len(rows_of(bench, "core_quarantine", "*")) == 21
    assert ("outcome_codes", "critical", 21, 100) in stored(
        home, "rule_id", "severity_code", "unexpected_count", "element_count"
    )


def test_at_the_share_it_is_a_warning(home: Home, bench: Workbench, caplog: pytest.LogCaptureFixture) -> None:
    rows = [*good(80), *[GOOD["contact"] | {"outcome": "lost", "line": n} for n in range(100, 120)]]
    arrive(home, bench, DAY, rows)
    with caplog.at_level(logging.WARNING):
        report = quality.gate(home, bench, [DAY])
    assert broken(report)["outcome_codes"] == ("warning", 20, 100)
    assert (
        "rule outcome_codes (How the contact ended is a known code): 20 of 100 rows in batch 1 (contact.csv)"
        in caplog.text
    )


def test_a_share_of_few_rows_does_not_stop_the_run(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, [*good(1), GOOD["contact"] | {"outcome": "lost"}])
    assert broken(quality.gate(home, bench, [DAY]))["outcome_codes"] == ("warning", 1, 2)


def test_a_file_whose_rows_can_hardly_be_read_stops_the_run(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, good(79), rejected=["required"] * 21)
    with pytest.raises(quality.DataQualityError, match=r"rule rows_readable .* 21 of 100 rows"):
        quality.gate(home, bench, [DAY])


def test_a_file_of_which_no_row_can_be_read_stops_the_run(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, [], rejected=["required"])
    with pytest.raises(quality.DataQualityError, match=r"rule rows_readable .* 1 of 1 rows"):
        quality.gate(home, bench, [DAY])


LOST = GOOD["contact"] | {"outcome": "lost"}


def days_of_a_file(home: Home, bench: Workbench, rows: dict[int, list[Row]], more: int = 0) -> dict[int, int]:
    """A file of many days, a batch for each; `more` lines of it are of days that nobody asked for. Day → batch."""
    lines = sum(map(len, rows.values())) + more
    on_day = {day: [row | {"started_at": at(day)} for row in its] for day, its in rows.items()}
    return {
        day: arrive(home, bench, on(day), its, file="many", outside=lines - len(its)) for day, its in on_day.items()
    }


def test_one_bad_row_alone_on_its_day_does_not_stop_a_file_of_many_days(home: Home, bench: Workbench) -> None:
    days_of_a_file(home, bench, {18: good(200), 19: [LOST], 20: good(3)})
    report = quality.gate(home, bench, [on(18), on(19), on(20)])
    assert (broken(report), report.records[0].quarantined) == ({"outcome_codes": ("warning", 1, 1)}, 1)


def test_nor_when_its_day_is_run_by_itself(home: Home, bench: Workbench) -> None:
    days_of_a_file(home, bench, {19: [LOST]}, more=203)
    assert broken(quality.gate(home, bench, [on(19)])) == {"outcome_codes": ("warning", 1, 1)}


def test_nor_does_one_row_that_cannot_be_read(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(19), [], rejected=["required"], file="many", outside=203)
    assert broken(quality.gate(home, bench, [on(19)])) == {"rows_readable": ("warning", 1, 1)}


def test_many_days_of_few_bad_rows_make_a_bad_file_and_its_good_days_pass(home: Home, bench: Workbench) -> None:
    rows = {day: [LOST] * 8 if day % 2 else good(9) for day in range(1, 19)}
    rows = {
        day: [row | {"contact_id": f"{day}-{number}"} for number, row in enumerate(its)] for day, its in rows.items()
    }
    numbers = days_of_a_file(home, bench, rows)
    with pytest.raises(quality.DataQualityError, match=r"rule outcome_codes .* 8 of 8 rows"):
        quality.gate(home, bench, [on(day) for day in rows])
    stopped = {batch.batch_number for batch in operations.batches(home.database_url) if batch.is_stopped}
    assert stopped == {number for day, number in numbers.items() if day % 2}


def test_a_bad_day_of_many_rows_stops_that_day_alone(home: Home, bench: Workbench) -> None:
    numbers = days_of_a_file(home, bench, {19: [LOST | {"contact_id": str(n)} for n in range(100)], 20: good(900)})
    with pytest.raises(quality.DataQualityError, match=r"100 of 100 rows"):
        quality.gate(home, bench, [on(19), on(20)])
    assert [batch.batch_number for batch in operations.batches(home.database_url) if batch.is_stopped] == [numbers[19]]


def test_a_stopped_batch_stays_out_alone_and_its_lines_count_as_quarantined(home: Home, bench: Workbench) -> None:
    bad = arrive(home, bench, DAY, [LOST | {"contact_id": "x"}], rejected=["bad_date"])
    arrive(home, bench, DAY, good(3))
    arrive(home, bench, DAY, good(2, "ticket"), "ticket")
    with pytest.raises(
        quality.DataQualityError, match=rf"mend accept {bad} --why \.\.\.; .* mend withdraw {bad} --why \.\.\.$"
    ):
        quality.gate(home, bench, [DAY])
    core.load(home, bench, [DAY])
    assert [len(rows_of(bench, f"core_{record}", "*")) for record in ("contact", "ticket")] == [3, 2]
    counted = {
        each.batch_number: (each.lines, each.accepted, each.quarantined) for each in core.reconcile(home, bench, [DAY])
    }
    assert counted[bad] == (2, 0, 2)


def test_an_accepted_stop_is_lifted_and_the_bad_rows_stay_in_quarantine(home: Home, bench: Workbench) -> None:
    number = arrive(home, bench, DAY, [*good(79), *[LOST | {"contact_id": f"x{n}"} for n in range(21)]])
    with pytest.raises(quality.DataQualityError):
        quality.gate(home, bench, [DAY])
    core.load(home, bench, [DAY])
    assert operations.accept(home.database_url, number, "the codes are new", "ann")[1] is True
    core.reconcile(home, bench, [DAY], may_wait=True)
    report = quality.gate(home, bench, [DAY])
    assert [verdict.rule.id for verdict in report.accepted] == ["outcome_codes"]
    core.load(home, bench, [DAY])
    [counted] = core.reconcile(home, bench, [DAY])
    assert (counted.lines, counted.accepted, counted.quarantined) == (100, 79, 21)
    assert operations.accept(home.database_url, number, "again", "ann")[1] is False


def test_what_is_stopped_after_it_was_loaded_leaves_the_core_tables(home: Home, bench: Workbench) -> None:
    number = arrive(home, bench, DAY, [LOST, *good(3)])
    core.load(home, bench, [DAY])
    assert len(rows_of(bench, "core_contact", "*")) == 4
    operations.mark_gated(home.database_url, operations.batches(home.database_url), [number])
    core.load(home, bench, [DAY])
    assert rows_of(bench, "core_contact", "*") == []
    core.reconcile(home, bench, [DAY])


def test_a_withdrawn_batch_is_not_judged(home: Home, bench: Workbench) -> None:
    number = arrive(home, bench, DAY, [LOST])
    operations.withdraw(home.database_url, number, "wrong", "ann")
    assert quality.gate(home, bench, [DAY]).records == ()


def test_what_was_accepted_is_the_reading_that_was_judged(home: Home, bench: Workbench) -> None:
    number = arrive(home, bench, DAY, [LOST])
    with pytest.raises(quality.DataQualityError):
        quality.gate(home, bench, [DAY])
    operations.accept(home.database_url, number, "fine", "ann")
    [batch] = operations.batches(home.database_url)
    operations.mark_loading(home.database_url, {batch.batch_number: ["contact_id"]}, "another mapping")
    operations.mark_loaded(home.database_url, {number: batch.counts})
    with pytest.raises(quality.DataQualityError):
        quality.gate(home, bench, [DAY])


def test_a_repeated_key_is_a_warning_and_no_row_is_lost(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, [*good(2), *good(1)])
    report = quality.gate(home, bench, [DAY])
    assert (broken(report), report.records[0].quarantined) == ({"key_unique": ("warning", 2, 3)}, 0)


def test_a_column_that_is_wholly_empty_is_told(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, [contact("a", at(20), customer_id=None), contact("b", at(20), customer_id=None)])
    assert broken(quality.gate(home, bench, [DAY])) == {"customer_mostly_known": ("warning", 2, 2)}


@pytest.mark.parametrize(("count", "is_usual"), [(49, False), (50, True), (200, True), (201, False)])
def test_volume_is_compared_with_the_same_weekday(home: Home, bench: Workbench, count: int, is_usual: bool) -> None:
    for week in (1, 2, 3):
        day = DAY - dt.timedelta(weeks=week)
        arrive(home, bench, day, [row | {"started_at": f"{day} 09:00"} for row in good(100)])
    arrive(home, bench, DAY, good(count))
    assert ("volume_usual" not in broken(quality.gate(home, bench, [DAY]))) is is_usual


def test_the_volume_of_small_files_is_not_judged(home: Home, bench: Workbench) -> None:
    for week in (0, 1, 2, 3):
        day = DAY - dt.timedelta(weeks=week)
        arrive(home, bench, day, [row | {"started_at": f"{day} 09:00"} for row in good(99 if week else 1)])
    assert broken(quality.gate(home, bench, [DAY])) == {}


def test_a_repeated_gate_replaces_its_results(home: Home, bench: Workbench) -> None:
    arrive(home, bench, DAY, good(3))
    quality.gate(home, bench, [DAY])
    once = stored(home, "rule_id", "batch_number", "unexpected_count", "element_count", "is_passed")
    quality.gate(home, bench, [DAY])
    assert stored(home, "rule_id", "batch_number", "unexpected_count", "element_count", "is_passed") == once


def test_engines_that_disagree_stop_the_run(home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = expectations.judge

    def miscount(*arguments: object) -> expectations.Judged:
        judged = judge(*arguments)  # type: ignore[arg-type]
        return expectations.Judged(judged.counts | {"outcome_codes": 1}, judged.page)

    monkeypatch.setattr(expectations, "judge", miscount)
    arrive(home, bench, DAY, good(3))
    with pytest.raises(quality.CrossCheckError, match="contact, rule outcome_codes: GX counts 1, SQL 0"):
        quality.gate(home, bench, [DAY])


def test_pages_show_results_and_no_values_and_link_nothing_elsewhere(home: Home, bench: Workbench) -> None:
    bad = [GOOD["customer"] | {"customer_id": str(n), "phone_number": "SECRET-1"} for n in range(2)]
    arrive(home, bench, DAY, [*good(30, "customer"), *bad], "customer")
    quality.gate(home, bench, [DAY])
    pages = {path.name: path.read_text("utf-8") for path in (home.root / "quality").iterdir()}
    assert set(pages) == {"index.html", "customer.html"}
    assert "phone_number_pattern" in pages["index.html"]
    for page in pages.values():
        assert "SECRET" not in page
        assert not re.search(r"https?://(?!www.w3.org)", page)


def test_another_step_s_invariant_is_stored_and_stops_when_critical(home: Home) -> None:
    quality.assert_rule(home, "ledger_is_score", "critical", "mart_damage_ledger", DAY, 0, 9)
    with pytest.raises(
        quality.DataQualityError, match="mart_damage_ledger on 2024-03-20, rule ledger_is_score: 2 of 9 rows"
    ):
        quality.assert_rule(home, "ledger_is_score", "critical", "mart_damage_ledger", DAY, 2, 9)
    assert quality.record_result(home, "other", "warning", "mart_damage_ledger", DAY, 1, 9) is False
    assert stored(home, "rule_id", "unexpected_count", "is_passed") == [
        ("ledger_is_score", 2, False),
        ("other", 1, False),
    ]
