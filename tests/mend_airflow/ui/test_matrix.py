"""Every page, asked for by everybody, under both auth managers, in both languages."""

from __future__ import annotations

import pytest
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.paths import PATHS


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", PATHS)
def test_whoever_is_not_signed_in_gets_401_and_the_login(simple_app: AirflowApp, path: str, language: str) -> None:
    answer = simple_app.get(path, None, language)
    assert answer.status_code == 401
    assert "/auth/login?next=%2Fmend%2F" in answer.text
