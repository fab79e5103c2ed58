"""A grumble as an agent's desktop asks about it: the night's answer, for whoever may, and nothing for hostile ones."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from tests.conftest import Template, fresh_home
from tests.mend.grumbles.incoming.small import CUSTOMER, NIGHT, put_small_night
from tests.mend.grumbles.warning.tables import rows
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.rows import EVIL

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.incoming.reading import IncomingReader, Question
from mend.grumbles.incoming.report import as_json, lines
from mend.grumbles.incoming.step import publish_night

CALL = "/mend/api/grumble"
TABLES = ("incoming_customer", "incoming_contact_day", "incoming_basis")
AT = f"{NIGHT}T10:00+08:00"
ASKED: dict[str, Any] = {"customer_id": CUSTOMER, "at": AT, "point": "tariff_billing", "contacts_today": 0}
MAY = {"viewer": 200, "oncall": 200, "admin": 200, "desktop": 200, "nobody": 403}


@pytest.fixture(scope="module")
def levels(template: Template, page_home: Home) -> Iterator[list[dict[str, Any]]]:
    """What the night says of the grumbles of its day; the pages' home has what the night before it published."""
    with tempfile.TemporaryDirectory() as folder, fresh_home(template, Path(folder)) as home:
        with Workbench.open(home) as bench:
            put_small_night(home, bench)
            columns = "grumble_type_code, probability_7_days, probability_30_days, value_code, behaviour_code, points"
            found = rows(bench, "mart_grumble_level", columns, "1", f"day_on = date '{NIGHT}' and age_days = 0")
            publish_night(home, bench, NIGHT - dt.timedelta(days=1))
        _copy(home, page_home)
        names = [each.strip() for each in columns.split(",")]
        yield [dict(zip(names, row, strict=True)) for row in found]
    with operations.transaction(page_home.database_url) as connection:
        for name in TABLES:
            connection.execute(delete(METADATA.tables[name]))


def _copy(source: Home, target: Home) -> None:
    for name in TABLES:
        table = METADATA.tables[name]
        with operations.transaction(source.database_url) as connection:
            kept = [dict(row) for row in connection.execute(select(table)).mappings()]
        with operations.transaction(target.database_url) as connection:
            if kept:
                connection.execute(insert(table), kept)


def call(app: AirflowApp, who: str | None, sent: object, **headers: str) -> Any:
    """The call as a desktop makes it: a Bearer token, no cookie, no origin."""
    bearer = {"authorization": f"Bearer {app.tokens[who]}"} if who else {}
    given = app.as_user(None, **{"accept": "application/json", "content-type": "application/json"}, **bearer, **headers)
    text = sent if isinstance(sent, bytes | str) else json.dumps(sent)
    return app.send("post", CALL, content=text, headers=given)


def test_before_the_first_night_it_says_what_to_run(app: AirflowApp) -> None:
    answer = call(app, "desktop", ASKED)
    assert (answer.status_code, answer.json()["error"]) == (503, "nothing_published")
    assert "mend run" in answer.json()["detail"]
    page = app.post("/mend/card/K1/grumble", "desktop", {"point": "marketing"})
    assert (page.status_code, "Run first" in page.text) == (503, True)
    assert "grumble now" in app.get("/mend/card/K1", "desktop").text


def test_the_service_account_hears_what_the_night_says_of_the_same_facts(
    app: AirflowApp, levels: list[dict[str, Any]], page_home: Home
) -> None:
    [row] = [each for each in levels if each["value_code"] == "high"]
    asked = ASKED | {"point": row["grumble_type_code"]}
    told = call(app, "desktop", asked).json()
    assert {name: told[name] for name in row} == row
    with operations.transaction(page_home.database_url) as connection:
        at = dt.datetime.fromisoformat(AT)
        own = IncomingReader().tell(connection, Question(CUSTOMER, at, asked["point"], contacts_today=0))
    assert told == {"customer_id": CUSTOMER} | json.loads(json.dumps(as_json(own)))
    assert {"customer_type", "grumble_type", "level", "strategy"} <= set(told["words"]["zh"])


@pytest.mark.parametrize("who", [None, *MAY])
def test_it_answers_whom_the_card_answers(app: AirflowApp, levels: object, who: str | None) -> None:
    answer = call(app, who, ASKED)
    assert answer.status_code == (401 if who is None else MAY[who])
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


def test_a_cookie_from_elsewhere_is_refused_and_a_wrong_token_is_nobody(app: AirflowApp, levels: object) -> None:
    cookie = {**app.as_user("viewer"), "content-type": "application/json", "origin": "https://elsewhere.example"}
    assert app.send("post", CALL, content=json.dumps(ASKED), headers=cookie).status_code == 403
    assert call(app, None, ASKED, authorization="Bearer none").status_code == 401
    assert app.get(CALL, "admin").status_code == 405


@pytest.mark.parametrize(
    ("sent", "status", "named"),
    [
        ("", 422, "Invalid JSON"),
        ("[1", 422, "Invalid JSON"),
        ("[" * 5000 + "]" * 5000, 422, "recursion"),
        (b'{"customer_id": "\xff"}', 422, "Invalid JSON"),
        ("[]", 422, "object"),
        ({}, 422, "customer_id"),
        ({"customer_id": 7}, 422, "customer_id"),
        ({"customer_id": "K\x00"}, 422, "customer_id"),
        ('{"customer_id": "\\ud800"}', 422, ""),
        ({"customer_id": "K" * 101}, 422, "customer_id"),
        (ASKED | {"who": EVIL}, 422, "who"),
        (ASKED | {"point": "no such"}, 422, "no point 'no such'"),
        (ASKED | {"mood": "furious"}, 422, "mood: 'furious'"),
        (ASKED | {"channel": EVIL}, 422, "channel"),
        (ASKED | {"solved_state": "x"}, 422, "solved state"),
        (ASKED | {"at": "0001-01-01T00:00:00"}, 422, "at:"),
        (ASKED | {"at": "9999-12-31T23:59:59-12:00"}, 422, "at:"),
        (ASKED | {"contacts_today": -1}, 422, "contacts_today"),
        (ASKED | {"grumbles_today": 10**30}, 422, "grumbles_today"),
        (ASKED | {"is_company_at_fault": "yes"}, 422, "is_company_at_fault"),
        (ASKED | {"open_today": [EVIL] * 51}, 422, "open_today"),
        ({"customer_id": "A", "text": "账" * 5000}, 422, "over 4000"),
        ({"customer_id": "A", "text": "x" * 70000}, 413, "65536 bytes"),
    ],
)
def test_what_cannot_be_understood_is_named_and_never_repeated(
    simple_app: AirflowApp, levels: object, sent: object, status: int, named: str
) -> None:
    answer = call(simple_app, "desktop", sent)
    assert (answer.status_code, named.lower() in answer.json()["detail"].lower()) == (status, True), answer.text
    assert len(answer.text) < 1000


@pytest.mark.parametrize(
    "more",
    [
        {"customer_id": "' or 1=1; drop table incoming_customer --"},
        {"customer_id": EVIL, "city": EVIL},
        {"point": None, "text": EVIL},
        {"point": None, "text": "a\x00b\n\u2028c"},
        {"point": None, "text": ""},
        {"open_today": [EVIL, None]},
        {"at": f"{NIGHT}T10:00"},
        {"at": "2000-01-02T00:00:00Z"},
    ],
)
def test_odd_facts_have_an_answer(simple_app: AirflowApp, levels: object, more: dict[str, Any]) -> None:
    answer = call(simple_app, "desktop", ASKED | more)
    assert answer.status_code == 200, answer.text
    assert answer.json()["is_known"] == ("customer_id" not in more)
    assert 1 <= answer.json()["level"] <= 5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answer_appears_on_the_card(simple_app: AirflowApp, levels: object, page_home: Home, language: str) -> None:
    said = _on_card(simple_app, language, {"point": "marketing", "mood": "angry"})
    with operations.transaction(page_home.database_url) as connection:
        now = dt.datetime.now(dt.UTC)
        told = IncomingReader().tell(connection, Question("K1", now, "marketing", mood="angry"))
    for line in lines(told, language)[:6]:
        assert line in said


def test_hostile_notes_are_shown_harmless(simple_app: AirflowApp, levels: object) -> None:
    said = _on_card(simple_app, "en", {"text": EVIL})
    assert EVIL not in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said
    refused = simple_app.post("/mend/card/K1/grumble", "desktop", {"point": EVIL})
    assert (refused.status_code, "<script>alert" in refused.text) == (422, False)


def test_the_same_click_twice_keeps_nothing(simple_app: AirflowApp, levels: object, page_home: Home) -> None:
    with operations.transaction(page_home.database_url) as connection:
        counts = [connection.execute(select(METADATA.tables[name])).all() for name in TABLES]
    first, second = (_on_card(simple_app, "en", {"point": "marketing"}) for _ in range(2))
    assert first == second
    with operations.transaction(page_home.database_url) as connection:
        assert counts == [connection.execute(select(METADATA.tables[name])).all() for name in TABLES]


def _on_card(app: AirflowApp, language: str, data: dict[str, str]) -> str:
    headers = app.as_user("desktop", language, origin="http://testserver", **{"hx-request": "true"})
    answer = app.send("post", "/mend/card/K1/grumble", data=data, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.text)
