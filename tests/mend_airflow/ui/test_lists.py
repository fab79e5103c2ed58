"""Lists and effect: what is shown, who decides, whose numbers are shown, and that each such look is on record."""

from __future__ import annotations

import csv
import datetime as dt
import io
from html import unescape
from pathlib import Path
from typing import Any

from sqlalchemy import text
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.list_rows import FILE, OUT, TO_RECALL, WAITS
from tests.mend_airflow.ui.rows import EVIL, NUMBER

from mend.foundation import operations
from mend.foundation.home import Home
from mend.repair.publishing.decisions import approvers_at


def asked(home: Home, query: str) -> list[tuple[Any, ...]]:
    with operations.transaction(home.database_url) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def shown(app: AirflowApp, path: str, language: str = "en", who: str = "viewer") -> str:
    answer = app.get(f"/mend/{path}", who, language)
    assert answer.status_code == 200, answer.text
    return " ".join(unescape(answer.text).split())


def test_candidates_are_counted_once_and_add_up(simple_app: AirflowApp) -> None:
    page = shown(simple_app, f"lists/{WAITS}")
    for words, count in (
        ("on a list", 41),
        ("kept aside to measure the effect", 9),
        ("passed every gate; not chosen: no room, or no benefit expected", 3),
        ("Not let through: they gave no consent to contacts of this kind", 5),
        ("Not let through: they want no messages", 2),
    ):
        assert f'{words}</th><td class="figure">{count}</td>' in page, words
    assert 'Candidates</th><td class="figure"><strong>60</strong>' in page
    chinese = shown(simple_app, f"lists/{WAITS}", "zh")
    for words in ("未通过： 客户已退订", "电话回访", "待审批", "超出界限", "地市名额", "新进客户：12"):
        assert words in chinese, words


def test_why_and_why_not_say_every_strategy_and_gate(simple_app: AirflowApp) -> None:
    page = shown(simple_app, f"lists/{WAITS}?customer=K1")
    for words in (
        "phone callback</strong>: On the list.",
        "rank 3, planned on 2026-06-03, valid until 2026-06-30.",
        "No: it is not given in this month.",
        "account-manager visit</strong>: No: they are not among those whom the strategy is for; they gave no consent",
        "Score 21.25, place 4 of 60.",
    ):
        assert words in page, words
    assert "kept aside from all discretionary care" in shown(simple_app, f"lists/{WAITS}?customer=K2")
    stranger = shown(simple_app, f"lists/{WAITS}?customer=%3Cscript%3E")
    assert "mend why-not CUSTOMER --month 2026-05" in stranger
    assert "本周期列入全局对照组" in shown(simple_app, f"lists/{WAITS}?customer=K2", "zh")


def test_prices_bias_and_strategies_stand_with_their_figures(simple_app: AirflowApp) -> None:
    page = shown(simple_app, f"lists/{WAITS}")
    assert '<td class="figure">2.50</td><td class="figure">3.25</td>' in page
    assert '<td class="figure">42</td><td class="figure">2</td><td class="figure">0</td>' in page
    vanished = '<td>—</td><td class="figure">0</td><td class="figure">0</td><td class="figure">0</td>'
    assert f"{EVIL}</th>{vanished}" in page
    assert '<span class="state bad">outside of the bound</span>' in page
    assert EVIL in page


def decide(app: AirflowApp, list_id: str, who: str = "admin", **data: str) -> Any:
    return app.post(f"/mend/lists/{list_id}/decision", who, data)


def state(home: Home, list_id: str) -> list[tuple[Any, ...]]:
    return asked(
        home,
        "select state_code, decision_code, decided_by, decided_through, campaign_decision.reason, bias_reason "
        f"from campaign_list left join campaign_decision using (list_id) where list_id = '{list_id}'",
    )


def test_a_refusal_needs_a_reason_and_the_same_click_twice_is_once(simple_app: AirflowApp, page_home: Home) -> None:
    assert decide(simple_app, "2026-03-v1", decision="refused", reason=" ").status_code == 422
    assert decide(simple_app, "2026-03-v1", decision="burnt").status_code == 422
    assert decide(simple_app, "2026-03-v1", "oncall", decision="refused", reason="old").status_code == 403
    assert state(page_home, "2026-03-v1") == [("draft", None, None, None, None, None)]
    answers = [decide(simple_app, "2026-03-v1", decision="refused", reason=f"too old {EVIL}") for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].headers["location"] == "/mend/lists/2026-03-v1"
    said = ("refused", "refused", "admin", "page /mend/lists", f"too old {EVIL}", None)
    assert state(page_home, "2026-03-v1") == [said]
    late = decide(simple_app, "2026-03-v1", decision="approved")
    assert (late.status_code, "was decided before" in late.text) == (409, True)
    assert state(page_home, "2026-03-v1") == [said]


def test_where_the_bias_check_stops_an_approver_writes_why(simple_app: AirflowApp, page_home: Home) -> None:
    without = decide(simple_app, "2026-02-v1", decision="approved")
    assert (without.status_code, "bias check needs a reason" in without.text) == (422, True)
    done = decide(simple_app, "2026-02-v1", decision="approved", bias_reason="the flood hit one city")
    assert done.status_code == 303
    assert state(page_home, "2026-02-v1")[0][:3] == ("approved", "approved", "admin")
    assert "mend campaign-publish 2026-02-v1" in shown(simple_app, "lists/2026-02-v1")


def test_whoever_has_the_right_and_is_no_approver_changes_nothing(
    simple_app: AirflowApp, page_home: Home, monkeypatch: Any
) -> None:
    assert approvers_at(page_home, dt.datetime.now(dt.UTC)) == ("admin",)
    monkeypatch.setenv("MEND_RIGHTS", "viewer=see,approve; op=see; admin=see")
    answer = decide(simple_app, WAITS, "viewer", decision="refused", reason="because I can")
    assert (answer.status_code, "not among the approvers" in answer.text) == (403, True)
    assert decide(simple_app, WAITS, "admin", decision="refused", reason="no right").status_code == 403
    assert state(page_home, WAITS)[0][0] == "draft"
    assert decide(simple_app, "2026-01-v9", "viewer", decision="refused", reason="none").status_code == 404


def test_a_recall_needs_a_reason_ends_the_actions_and_twice_is_once(simple_app: AirflowApp, page_home: Home) -> None:
    path = f"/mend/lists/{TO_RECALL}/recall"
    assert "Recall the list" in shown(simple_app, f"lists/{TO_RECALL}", who="admin")
    assert "Recall the list" not in shown(simple_app, f"lists/{TO_RECALL}", who="oncall")
    assert simple_app.post(path, "admin", {"reason": "  "}).status_code == 422
    assert simple_app.post(path, "admin", {"reason": "x" * 1001}).status_code == 422
    assert simple_app.post(path, "oncall", {"reason": "wrong"}).status_code == 403
    assert simple_app.post(path, "admin", {"reason": "wrong"}, origin="https://elsewhere.example").status_code == 403
    assert simple_app.post(f"/mend/lists/{WAITS}/recall", "admin", {"reason": "early"}).status_code == 409
    assert simple_app.post("/mend/lists/2025-11-v9/recall", "admin", {"reason": "none"}).status_code == 404
    assert state(page_home, TO_RECALL) == [("published", None, None, None, None, None)]
    for reason in (EVIL, "again"):
        assert simple_app.post(path, "admin", {"reason": reason}).status_code == 303
    assert state(page_home, TO_RECALL) == [("recalled", "recalled", "admin", "page /mend/lists", EVIL, None)]
    assert asked(page_home, f"select state_code from campaign_action where list_id = '{TO_RECALL}'") == [("recalled",)]
    page = shown(simple_app, f"lists/{TO_RECALL}", "zh", "admin")
    assert "已撤回" in page
    assert "撤回名单" not in page


def test_whoever_has_the_right_to_approve_and_is_no_approver_recalls_nothing(
    simple_app: AirflowApp, page_home: Home, monkeypatch: Any
) -> None:
    monkeypatch.setenv("MEND_RIGHTS", "viewer=see,approve")
    answer = simple_app.post(f"/mend/lists/{OUT}/recall", "viewer", {"reason": "because I can"})
    assert (answer.status_code, "not among the approvers" in answer.text) == (403, True)
    assert state(page_home, OUT)[0][0] == "published"


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_viewer_downloads_the_masked_file_as_it_was_published(simple_app: AirflowApp, page_home: Home) -> None:
    answer = simple_app.get(f"/mend/lists/{OUT}/files/{FILE}", "viewer")
    published = Path(page_home.lists_folder) / "2026-04" / "campaign-v1" / FILE
    assert (answer.status_code, answer.content) == (200, published.read_bytes())
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{OUT}-{FILE}"
    assert answer.headers["cache-control"] == "no-store"
    for name in ("..%2f..%2fstrategies", "nothing.csv", "%2e%2e"):
        assert simple_app.get(f"/mend/lists/{OUT}/files/{name}", "admin").status_code == 404
    assert simple_app.get(f"/mend/lists/{WAITS}/files/{FILE}", "admin").status_code == 404


def test_whole_numbers_come_once_the_look_is_on_record(simple_app: AirflowApp, page_home: Home) -> None:
    before = asked(page_home, "select count(*) from access_log")
    for data in ({}, {"name": FILE}, {"name": FILE, "reason": " x "}, {"name": "other.xlsx", "reason": "they called"}):
        answer = simple_app.post(f"/mend/lists/{OUT}/whole", "oncall", data)
        assert (answer.status_code, NUMBER in answer.text) == (422, False)
    refused = simple_app.post(f"/mend/lists/{OUT}/whole", "viewer", {"name": FILE, "reason": "they called"})
    assert refused.status_code == 403
    assert asked(page_home, "select count(*) from access_log") == before
    answer = simple_app.post(f"/mend/lists/{OUT}/whole", "oncall", {"name": FILE, "reason": "to call them back"})
    rows = table(answer.content)
    assert [(each["customer_id"], each["phone_number"], each["number_note_en"]) for each in rows] == [
        ("K1", f"'{NUMBER}", ""),
        ("GONE", "", "no number to which a message can go"),
    ]
    assert rows[1]["reasons_en"] == "'=1+1"
    query = "select viewer, what_code, list_id, reason, row_count, filter from access_log order by look_id desc limit 1"
    assert asked(page_home, query) == [
        ("oncall", "export", OUT, "to call them back", 2, {"page": "lists", "file": FILE})
    ]
    assert "to call them back" in shown(simple_app, f"lists/{OUT}", who="oncall")
    assert "to call them back" not in shown(simple_app, f"lists/{OUT}", who="viewer")


def test_a_file_that_is_another_than_was_published_is_not_served(simple_app: AirflowApp, page_home: Home) -> None:
    path = Path(page_home.lists_folder) / "2026-04" / "campaign-v1" / FILE
    content = path.read_bytes()
    try:
        path.write_bytes(content + b"K9\r\n")
        answer = simple_app.get(f"/mend/lists/{OUT}/files/{FILE}", "viewer")
        assert (answer.status_code, "K9" in answer.text) == (409, False)
    finally:
        path.write_bytes(content)


def test_an_effect_has_its_interval_the_naive_change_beside_it_and_refusals_first(simple_app: AirflowApp) -> None:
    page = shown(simple_app, "effect?strategy=phone_callback")
    for words in (
        '-5.00</td><td class="figure kept">-7.00 … -3.00</td>',
        '<span class="state good">helps</span>',
        "outcome unknown: 4",
        '+56.00</td><td class="figure">+56.00</td><td class="figure"><strong>+1.00</strong>',
        "sample ratio",
        "better left alone",
    ):
        assert words in page, words
    assert page.index("sample ratio") < page.index("-7.00 … -3.00")
    assert page.count('<svg class="cell"') == 3
    whole = shown(simple_app, "effect", "zh")
    for words in ("整体方案", "+1.500", "可能有害", "本季第 2 次查看", "样本比例不符：实验组多于计划"):
        assert words in whole, words
    assert simple_app.get("/mend/effect?month=2020-01", "viewer").status_code == 404
