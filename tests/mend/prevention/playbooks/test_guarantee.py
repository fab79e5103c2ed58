"""What the service guarantee would have cost: each promise counted from records as a person would write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.mend.damage.scoring.rows import put

from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.playbooks import PlaybookError
from mend.prevention.playbooks.next_month import next_count
from mend.prevention.playbooks.promises import load_guarantees
from mend.prevention.playbooks.step import measure_guarantee, read_month

MONTH = "2026-05"
PEOPLE = [{"customer_id": name, "month_on": "2026-05-01", "city_code": city} for name, city in
          (("A", "hefei"), ("B", "wuhu"), ("C", "hefei"))]  # fmt: skip


def call(contact_id: str, customer: str | None, day: int, seconds: int | None, **columns: Any) -> dict[str, Any]:
    return {
        "contact_id": contact_id, "customer_id": customer, "started_at": f"2026-05-{day:02} 10:00+08:00",
        "outcome": "answered", "queue_seconds": seconds, "is_answered": "true", "is_abandoned": "false", **columns,
    }  # fmt: skip


@pytest.fixture
def month(home: Home, bench: Workbench) -> Home:
    """A small May: A waited seven times, B's callback did not come, C's complaint stayed open."""
    put(bench, "customer", PEOPLE)
    calls = [call(f"a{day}", "A", day, 200) for day in range(1, 8)]
    calls += [call("b", "B", 3, 30), call("x", None, 4, 300), call("u", "B", 5, None)]
    calls += [
        call("m", "B", 6, None, outcome="self_served", is_answered="false"),
        call("o", "C", 7, 900, direction_code="outbound"),
    ]
    put(bench, "contact", calls)
    put(bench, "callback_booking", [
        {"booking_id": "K1", "customer_id": "B", "requested_at": "2026-05-10 10:00+08:00"},
        {"booking_id": "K2", "customer_id": "A", "requested_at": "2026-05-10 10:00+08:00",
         "called_back_at": "2026-05-10 12:00+08:00"},
    ])  # fmt: skip
    put(bench, "ticket", [
        {"ticket_id": "T", "customer_id": "C", "kind_code": "complaint", "opened_at": "2026-05-11 10:00+08:00"},
    ])  # fmt: skip
    return home


def whole(home: Home, bench: Workbench) -> dict[str, dict[str, Any]]:
    with open_step(bench, "a test") as step:
        return {row["promise_code"]: row for row in read_month(step, MONTH) if row["city_code"] is None}


def test_a_month_is_counted_exactly_and_unknown_cases_are_named(month: Home, bench: Workbench) -> None:
    report = measure_guarantee(month, bench, MONTH, EVERYTHING)
    assert (report.measured, report.cases, report.broken, report.unknown, report.yuan) == (
        3,
        13,
        10,
        1,
        5 * 2 + 10 + 20,
    )
    found = whole(month, bench)
    answer = found["answer_180s"]
    names = (
        "case_count",
        "kept_count",
        "broken_count",
        "unknown_count",
        "nameless_count",
        "capped_count",
        "paid_count",
    )
    assert [answer[name] for name in names] == [10, 1, 8, 1, 1, 2, 5]
    assert (answer["yuan"], answer["unknown_yuan"]) == (10, 4)
    assert (found["callback_24h"]["kept_count"], found["callback_24h"]["yuan"]) == (1, 10)
    assert found["solved_48h"]["yuan"] == 20
    assert answer["next_low"] <= answer["yuan"] <= answer["next_high"]
    with open_step(bench, "a test") as step:
        cities = {(row["promise_code"], row["city_code"]): row["yuan"] for row in read_month(step, MONTH)}
    assert cities["callback_24h", "wuhu"] == 10
    assert cities["answer_180s", "unknown"] == 0


def test_the_same_month_again_gives_the_same_rows_and_what_comes_later_changes_nothing(
    month: Home, bench: Workbench
) -> None:
    measure_guarantee(month, bench, MONTH, EVERYTHING)
    before = whole(month, bench)
    put(bench, "ticket", [
        {"ticket_id": "T", "customer_id": "C", "kind_code": "complaint", "opened_at": "2026-05-11 10:00+08:00"},
        {"ticket_id": "T", "customer_id": "C", "kind_code": "complaint", "opened_at": "2026-05-11 10:00+08:00",
         "resolved_at": "2026-06-03 10:00+08:00", "is_resolved": "true"},
    ])  # fmt: skip
    measure_guarantee(month, bench, MONTH, EVERYTHING)
    assert whole(month, bench) == before


def test_what_the_sources_do_not_map_is_not_measured_and_never_zero(month: Home, bench: Workbench) -> None:
    provided = {**EVERYTHING, "contact": EVERYTHING["contact"] - {"queue_seconds"}}
    provided.pop("callback_booking")
    report = measure_guarantee(month, bench, MONTH, provided)
    assert report.warnings == (
        "callback_24h: not measured: no source has callback_booking records",
        "answer_180s: not measured: the sources do not map contact.queue_seconds",
    )
    found = whole(month, bench)
    assert (found["answer_180s"]["is_measured"], found["answer_180s"]["yuan"]) == (False, None)
    assert found["solved_48h"]["yuan"] == 20


def test_a_promise_without_a_case_costs_nothing_with_an_interval_above_zero(home: Home, bench: Workbench) -> None:
    measure_guarantee(home, bench, MONTH, EVERYTHING)
    found = whole(home, bench)["solved_48h"]
    assert (found["case_count"], found["yuan"], found["next_low"]) == (0, 0, 0)
    assert found["next_high"] == 60


FILE = """\
valid_from: 2026-01-01
source: ours
promises:
  p: {{kind: {kind}, en: A promise, zh: 承诺, limit_minutes: {limit}, yuan: {yuan}, of: {of}}}
"""
MISTAKES = [
    ({"kind": "refund"}, "promises: p: kind: "),
    ({"limit": 0}, "promises: p: limit_minutes: .*greater than or equal to 1"),
    ({"yuan": 1.5}, "promises: p: yuan: "),
    ({"of": "mood_code = 'happy'"}, "p: of: mood_code: it is never happy"),
    ({"of": "note_text = 'x'"}, "p: of: unknown column note_text"),
    ({"of": "now() > 1"}, "p: of: .*is not allowed"),
    ({"of": "topic_code"}, "p: of: not a yes-or-no expression"),
]


@pytest.mark.parametrize(("change", "says"), MISTAKES, ids=[each[1][:30] for each in MISTAKES])
def test_a_broken_file_of_promises_is_refused_with_file_promise_and_reason(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    given = {"kind": "answer", "limit": 3, "yuan": 2, "of": "is_answered", **change}
    (tmp_path / "2026-01-01.yaml").write_text(FILE.format(**given), "utf-8")
    with pytest.raises(PlaybookError, match=r"2026-01-01\.yaml: .*?" + says):
        load_guarantees(tmp_path)


def test_the_next_month_s_interval_covers_as_it_says() -> None:
    """Months of the same kind: by chance alone at three rates, and with days that cluster."""
    draw = np.random.default_rng(18)
    for rate in (0.05, 0.7, 12.0):
        assert covered(lambda days, rate=rate: draw.poisson(rate, days)) >= 0.94
    assert covered(lambda days: draw.poisson(draw.gamma(1.0, 5.0, days))) >= 0.91


def covered(days_of: Any, months: int = 600) -> float:
    hits = 0
    for _ in range(months):
        low, high = next_count([int(each) for each in days_of(31)], 30)
        hits += low <= int(days_of(30).sum()) <= high
    return hits / months
