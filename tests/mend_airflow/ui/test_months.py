"""The pages of months: touchpoints, association, clusters, surveys, quality, rules."""

from __future__ import annotations

import doctest
import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.month_rows import ACTION, DONE
from tests.mend_airflow.ui.rows import EVIL

from mend.foundation import operations
from mend.foundation.home import Home
from mend_airflow.ui import gate, scales
from mend_airflow.ui.app import create_app

ANSWER = "/mend/touchpoints/answer"
MONTHS = ("touchpoints", "association", "clusters", "surveys")


@pytest.fixture
def empty(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The pages of a home where nothing has run."""
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    async def admin(request: Any) -> SimpleAuthManagerUser:
        del request
        return SimpleAuthManagerUser(username="admin", role="admin")

    monkeypatch.setattr(gate, "signed_in", admin)
    with TestClient(create_app(home)) as client:
        yield client


def answers(home: Home, words: str) -> list[Any]:
    query = text("select action_id, state_code, answered_by from touchpoint_answer where answer_text = :words")
    with operations.transaction(home.database_url) as connection:
        return [tuple(row) for row in connection.execute(query, {"words": words})]


def test_an_answer_is_on_record_once_with_who_gave_it_and_the_page_shows_it(
    simple_app: AirflowApp, page_home: Home
) -> None:
    words = f"menu rebuilt {EVIL}"
    for _ in range(2):
        answer = simple_app.post(ANSWER, "oncall", {"action": ACTION, "state": "done", "text": words})
        assert (answer.status_code, answer.headers["location"]) == (303, "/mend/touchpoints")
    assert answers(page_home, words) == [(ACTION, "done", "oncall")]
    shown = simple_app.get("/mend/touchpoints", "viewer").text
    assert str(html.escape("menu rebuilt <script>")) in shown
    assert EVIL not in shown


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"action": ACTION, "state": "done", "text": "  "}, "Say what was done"),
        ({"action": ACTION, "state": "gone", "text": "x1"}, "was not taken"),
        ({"action": ACTION, "state": "done", "text": "x" * 1001}, "was not taken"),
        ({"action": DONE, "state": "open", "text": "x2"}, "was not taken"),
        ({"action": EVIL, "state": "open", "text": "x3"}, "was not taken"),
    ],
)
def test_an_answer_that_says_nothing_or_is_to_nothing_is_not_recorded(
    simple_app: AirflowApp, page_home: Home, data: dict[str, str], said: str
) -> None:
    answer = simple_app.post(ANSWER, "oncall", data)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert answers(page_home, data["text"]) == []


def test_who_may_not_answer_sees_no_form_and_an_earlier_month_has_none(simple_app: AirflowApp) -> None:
    pages = {who: simple_app.get("/mend/touchpoints", who).text for who in ("viewer", "oncall")}
    assert {who: text.count("<form") for who, text in pages.items()} == {"viewer": 0, "oncall": 1}
    assert "<form" not in simple_app.get("/mend/touchpoints?month=2026-04", "oncall").text


def test_touchpoints_that_are_near_share_a_mark_and_one_without_scores_has_none(simple_app: AirflowApp) -> None:
    text = simple_app.get("/mend/touchpoints", "viewer").text
    assert text.count(">2·3</text>") == 2  # in both widths
    assert text.count('class="fill-2" cx=') == 2  # the one with an action due
    assert "neither measured nor rated" in text


@pytest.mark.parametrize("page", [*MONTHS, "quality"])
def test_a_month_that_has_nothing_is_not_found(simple_app: AirflowApp, page: str) -> None:
    for month in ("2020-01", "x' or 1=1", "2026-05-01"):
        assert simple_app.get(f"/mend/{page}?month={month}", "viewer").status_code == 404


@pytest.mark.parametrize("page", MONTHS)
def test_a_month_under_way_says_when_it_is_published_and_which_months_there_are(
    simple_app: AirflowApp, page: str
) -> None:
    answer = simple_app.get(f"/mend/{page}?month=2099-01", "viewer")
    assert answer.status_code == 404
    assert "Nothing is published of 2099-01." in answer.text
    assert "<code>mend month 2099-01</code>" in answer.text
    assert f'href="/mend/{page}?month=2026-05"' in answer.text


@pytest.mark.parametrize("page", [*MONTHS, "quality"])
def test_before_anything_was_published_a_page_says_what_to_run(empty: TestClient, page: str) -> None:
    answer = empty.get(f"/{page}", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert "Run first:" in answer.text


def test_influences_are_those_of_the_cluster_and_window_that_were_chosen(simple_app: AirflowApp) -> None:
    usual = simple_app.get("/mend/association", "viewer").text
    assert "0.85 … 1.65" in usual
    longer = simple_app.get("/mend/association?window=30", "viewer").text
    assert ("0.50 … 1.30" in longer, "0.85 … 1.65" in longer) == (True, False)
    assert "limited patience" in usual
    assert "耐心有限型" in simple_app.get("/mend/association?window=²", "viewer", "zh").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["a day that has not come yet", "Talk time needs an answer", "mend accept 9001", "Tier is within 1…3"]),
        ("zh", ["未来日期", "有通话时长须已接通", "mend withdraw 9001", "级别在1…3之间"]),
    ],
)
def test_the_quality_page_says_reasons_and_warnings_in_words_and_what_to_do(
    simple_app: AirflowApp, language: str, words: list[str]
) -> None:
    page = simple_app.get("/mend/quality", "viewer", language).text
    assert [each for each in words if each not in page] == []
    assert "future_date" not in page


def test_solved_is_a_range_and_what_nobody_was_asked_is_not_in_it(simple_app: AirflowApp) -> None:
    page = simple_app.get("/mend/surveys", "viewer").text
    assert all(share in page for share in ("27.0 %", "85.0 %", "93.0 %", "80.0 %", "91.7 %", "0.80 %"))
    assert "hang-up survey" not in page


def test_rules_are_in_words_of_both_languages(simple_app: AirflowApp) -> None:
    assert "line busy" in simple_app.get("/mend/rules", "viewer").text
    page = simple_app.get("/mend/rules", "viewer", "zh").text
    assert "线路忙" in page
    assert "短信仅在 09:00 至 20:30 发送" in page


def test_stages_and_what_became_of_a_label_are_in_words(simple_app: AirflowApp) -> None:
    page = simple_app.get("/mend/association", "viewer", "zh").text
    assert [each for each in ("稳定期", "阶段关键抱怨点", "沉默", "加重", "已测量") if each not in page] == []
    clusters = simple_app.get("/mend/clusters", "viewer", "zh").text
    assert [each for each in ("已证实", "品牌全球通第1组") if each not in clusters] == []


def test_the_model_in_force_is_drawn_beside_its_rivals_and_what_was_decided_stands_there(
    simple_app: AirflowApp,
) -> None:
    page = simple_app.get("/mend/association", "viewer").text
    assert "In force: the version of 2026-04, for nights from 2026-05-05 on." in page
    assert "No version is in force yet" in page  # of the other horizon
    lift = page[page.index("<figcaption>Lift") :]
    rows = [row.split() for row in _cells(lift[: lift.index("</figure>")])]
    assert rows[:3] == [["1", "%", "30.50", "1.25"], ["5", "%", "6.10", "1.25"], ["10", "%", "3.05", "1.25"]]
    happened = page[page.index("<figcaption>Probability") :]
    rows = [row.split() for row in _cells(happened[: happened.index("</figure>")])]
    assert rows == [["1", "1.00", "0.50"], ["2", "5.00", "6.25"]]  # the least probable first
    assert "2026-05月结时的结论： 不启用" in " ".join(simple_app.get("/mend/association", "viewer", "zh").text.split())


def _cells(part: str) -> list[str]:
    """The words of each row of a table's body."""
    body = part[part.index("<tbody>") : part.index("</tbody>")]
    return [re.sub("<[^>]+>", " ", row) for row in body.split("<tr>")[1:]]


def test_the_examples_hold() -> None:
    assert doctest.testmod(scales).failed == 0
