"""Every page, file and form, asked for by everybody, under both auth managers, in both languages."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from tests.mend_airflow.ui.airflow_app import PEOPLE, AirflowApp
from tests.mend_airflow.ui.paths import CALLS, FILES, FORMS, PAGES, PATHS
from tests.mend_airflow.ui.rows import NUMBER

from mend_airflow.ui.needs import Needs
from mend_airflow.ui.routes import ROUTERS

LANGUAGES = {"en": "en", "zh": "zh-CN"}


def test_every_route_asks_for_a_right_and_is_walked_by_these_tests() -> None:
    walked = [*PATHS, *FORMS, *CALLS]
    for route in (each for router in ROUTERS for each in router.routes):
        assert isinstance(route, APIRoute)
        assert any(isinstance(each.dependency, Needs) for each in route.dependencies), route.path
        assert any(route.path_regex.match(path.partition("?")[0].removeprefix("/mend")) for path in walked), route.path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*PATHS, "/mend/nothing", "/mend/static/nothing"])
def test_whoever_is_not_signed_in_gets_401_and_the_way_to_the_login_and_back(
    app: AirflowApp, path: str, language: str
) -> None:
    answer = app.get(path, None, language)
    assert answer.status_code == 401
    back = quote(path, safe="")
    assert f'href="/auth/login?next={back}"' in answer.text
    as_program = app.get(path, None, language, accept="application/json")
    assert (as_program.status_code, as_program.json()["error"]) == (401, "signed_out")


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("path", PATHS)
def test_each_sees_what_their_rights_allow(app: AirflowApp, path: str, who: str) -> None:
    for language, tag in LANGUAGES.items():
        answer = app.get(path, who, language)
        assert answer.status_code == (200 if who in PATHS[path] else 403), answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        if path in PAGES:
            assert f'<html lang="{tag}">' in answer.text
            assert answer.headers["cache-control"] == "no-store"
            assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].replace(" ", "").split(","))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_whole_number_and_nothing_from_elsewhere(app: AirflowApp, path: str) -> None:
    for language in LANGUAGES:
        text = app.get(path, "admin", language).text
        assert NUMBER not in text
        assert NUMBER[3:] not in text
        assert re.findall(r'(?:src|href|action)="(?!/|#)[^"]*"', text) == []
        assert re.findall(r"<script(?! src=\"/mend/static/)|<style|\sstyle=|\son\w+=\"", text) == []


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("who", [None, *PEOPLE])
def test_a_form_is_taken_from_those_who_have_the_right(app: AirflowApp, path: str, who: str | None) -> None:
    data, allowed = FORMS[path]
    answer = app.post(path, who, data)
    # 409: they have the right, and another was quicker, or it is not their work
    wanted = {200, 303, 409} if who in allowed else {401} if who is None else {403}
    assert answer.status_code in wanted


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://testserver:8081"},
        {"origin": "https://elsewhere.example", "sec-fetch-site": "same-origin"},
        {"origin": "null"},
        {"origin": "", "sec-fetch-site": "same-site"},
        {"origin": "", "sec-fetch-site": "cross-site"},
        {"origin": ""},
    ],
)
@pytest.mark.parametrize("path", [*FORMS, "/mend/nothing"])
def test_a_form_from_elsewhere_is_refused(app: AirflowApp, path: str, headers: dict[str, str]) -> None:
    answer = app.post(path, "admin", FORMS.get(path, ({}, ()))[0], **headers)
    assert answer.status_code == 403
    assert "not come from a page of Mend" in answer.text


def test_a_bearer_token_writes_from_anywhere_and_a_wrong_one_is_nobody(app: AirflowApp) -> None:
    [path, *_], data = list(FORMS), {"number": NUMBER, "reason": "they called"}
    bearer = {"authorization": f"Bearer {app.tokens['admin']}", "origin": ""}
    assert app.post(path, None, data, **bearer).status_code == 303
    assert app.post(path, "admin", data, authorization="Bearer none", origin="").status_code == 401


def test_files_are_ours_and_asked_for_by_name(app: AirflowApp) -> None:
    for path in FILES:
        answer = app.get(path, "viewer")
        assert app.get(path, "viewer", **{"if-none-match": answer.headers["etag"]}).status_code == 304
    for path in ("/mend/static/../app.py", "/mend/static/..%2fapp.py", "/mend/static/vendor/htmx-2.0.11.min.js"):
        assert app.get(path, "viewer").status_code == 404
