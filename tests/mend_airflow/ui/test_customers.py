"""A customer's pages: what they say, hostile words are shown as words, and a look at a number is on record."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from sqlalchemy import text
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.paths import PAGES
from tests.mend_airflow.ui.rows import EVIL, NUMBER

from mend.foundation import operations
from mend.foundation.home import Home

WHOLE = "/mend/customers/K1/whole"


def looks(home: Home) -> list[tuple[Any, ...]]:
    query = "select viewer, what_code, customer_id, reason, filter from access_log order by look_id desc limit 1"
    with operations.transaction(home.database_url) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_story_says_every_point_in_words(simple_app: AirflowApp) -> None:
    shown = unescape(simple_app.get("/mend/customers/K1", "viewer").text)
    for words in (
        "1.5 carried over + 8 damage − 5 repair = 21.25",
        "2026-05-04 10:00",
        "+3</span> line busy",
        "-1</span> incident cap: line busy",
        "+6</span> poor attitude",
        "-5</span> call back",
        "inbound (customer calls), hotline, bill dispute, refused because no line was free",
        "rated 3 of 10, not solved",
        "complaint opened: bill dispute",
        "+86138****78",
        "complaint within 7 days: 83.1 %",
    ):
        assert words in shown, words
    chinese = simple_app.get("/mend/customers/K1", "viewer", "zh").text
    for words in (
        "+3</span> 线路忙",
        "线路忙",
        "评分 3/10，未解决",
        "双重" if "双重" in chinese else "人工受损",
        "7天投诉概率 83.1 %",
    ):
        assert words in chinese, words


def test_hostile_words_are_shown_and_do_nothing(simple_app: AirflowApp) -> None:
    seen = 0
    for path in PAGES:
        shown = simple_app.get(path, "admin").text
        assert "<script>" not in shown
        assert "<img" not in shown
        assert "49" not in shown.replace("{{7*7}}", "") or "{{7*7}}" in shown
        seen += EVIL in unescape(shown)
    assert seen >= 4
    assert simple_app.get("/mend/customers/%3Cscript%3E", "admin").status_code == 404
    asked = simple_app.get("/mend/customers?customer=%3Cscript%3Ealert(1)%3C/script%3E", "admin")
    assert (asked.status_code, "<script>alert" in asked.text) == (404, False)


def test_a_whole_number_is_shown_once_the_look_is_on_record(simple_app: AirflowApp, page_home: Home) -> None:
    answer = simple_app.post(WHOLE, "oncall", {"reason": "they asked to be called back"})
    assert NUMBER in answer.text
    assert looks(page_home) == [("oncall", "reveal", "K1", "they asked to be called back", {"page": "customers"})]
    fragment = simple_app.post(WHOLE, "oncall", {"reason": "and again"}, **{"hx-request": "true"})
    assert fragment.text.startswith('<section id="whole">')
    assert NUMBER in fragment.text


def test_without_a_reason_nothing_is_shown_and_nothing_recorded(simple_app: AirflowApp, page_home: Home) -> None:
    before = looks(page_home)
    for data in ({}, {"reason": ""}, {"reason": "  x "}):
        answer = simple_app.post(WHOLE, "oncall", data)
        assert (answer.status_code, NUMBER in answer.text) == (422, False)
    assert looks(page_home) == before


def test_a_search_by_number_is_on_record_and_the_number_in_no_address(simple_app: AirflowApp, page_home: Home) -> None:
    data = {"number": NUMBER, "reason": "they wrote to us"}
    answer = simple_app.post("/mend/customers", "oncall", data)
    assert (answer.status_code, answer.headers["location"]) == (303, "/mend/customers/K1")
    assert looks(page_home) == [("oncall", "search", None, "they wrote to us", {"page": "customers"})]
    missing = simple_app.post("/mend/customers", "oncall", data | {"number": "8613900000000"})
    assert "No customer has this number" in missing.text


def test_who_has_nothing_on_record_is_shown_with_city(simple_app: AirflowApp) -> None:
    shown = simple_app.get("/mend/customers/K2", "viewer").text
    assert "Nothing on record of the last 13 months" in shown
    assert "<dd>Nanjing</dd>" in shown


def test_the_card_is_html_for_people_and_json_for_programs(app: AirflowApp) -> None:
    found = app.get("/mend/card/K1", "desktop", accept="application/json").json()
    assert (found["level"], found["level_words"], found["segment"]) == (3, "severe", "agent-damaged")
    assert [each["what"] for each in found["happened"]] == ["poor attitude", "line busy"]
    assert found["labels"] == ["Tends to complain: 83.1 % within 7 days"]
    assert found["say"][0].startswith("I am sorry that we failed you")
    assert NUMBER[3:] not in str(found)
    chinese = app.get("/mend/card/K1", "desktop", "zh", accept="application/json").json()
    assert [each["what"] for each in chinese["happened"]] == ["态度问题", "线路忙"]
    unknown = app.get("/mend/card/none", "desktop", accept="application/json")
    assert (unknown.status_code, unknown.json()["error"]) == (404, "not_found")


def desk_of(app: AirflowApp, ticket: str, language: str) -> str:
    return unescape(app.get(f"/mend/desk/ticket?id={ticket}", "viewer", language).text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_card_of_an_open_ticket_has_the_playbook_that_the_desk_shows(app: AirflowApp, language: str) -> None:
    first, *others = app.get("/mend/card/K1", "desktop", language, accept="application/json").json()["playbooks"]
    desk = desk_of(app, "f1", language)  # the one of the customer's tickets that was due first
    assert all(words in desk for words in (first["name"], first["say"], first["instead"], *first["steps"]))
    assert len(first["steps"]) >= 3
    assert f"{first['severity']}" in desk
    assert {each["about"] for each in others} <= {"for the warning", "针对预警"}
    page = unescape(app.get("/mend/card/K1", "desktop", language).text)
    assert all(words in page for words in (first["name"], first["say"], first["steps"][0]))


def test_the_card_of_open_damage_without_a_ticket_has_the_playbook_of_what_happened(app: AirflowApp) -> None:
    [found] = app.get("/mend/card/K4", "desktop", accept="application/json").json()["playbooks"]
    assert (found["about"], found["name"], found["severity"]) == ("for what happened", "blunt or evasive agent", 3)
    assert (found["may_give_yuan"], found["severity_words"], bool(found["say"])) == (10, "serious", True)
    [chinese] = app.get("/mend/card/K4", "desktop", "zh", accept="application/json").json()["playbooks"]
    assert (chinese["about"], chinese["severity_words"]) == ("针对受损经过", "严重")


def test_the_card_of_a_customer_with_nothing_open_has_no_playbook(app: AirflowApp) -> None:
    assert app.get("/mend/card/K2", "desktop", accept="application/json").json()["playbooks"] == []


def test_a_broken_file_of_playbooks_keeps_no_card_back(simple_app: AirflowApp, page_home: Home) -> None:
    file = page_home.root / "playbooks" / "2026-01-01.yaml"
    file.parent.mkdir(exist_ok=True)
    try:
        file.write_text("valid_from: 2026-01-01\n", "utf-8")
        card = simple_app.get("/mend/card/K4", "desktop", accept="application/json")
        assert (card.status_code, card.json()["level"], card.json()["playbooks"]) == (200, 3, [])
    finally:
        file.unlink()
    assert simple_app.get("/mend/card/K4", "desktop", accept="application/json").json()["playbooks"]


def test_an_open_page_that_notices_the_end_of_the_session_reloads(simple_app: AirflowApp) -> None:
    answer = simple_app.post(WHOLE, None, {"reason": "they called"}, **{"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-refresh"]) == (401, "true")
