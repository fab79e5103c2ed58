"""The bench of the pages: what it measures answers, of the customers that it makes."""

from __future__ import annotations

from typing import Any

import pytest
from bench.pages import what
from bench.pages_data import DAMAGED_EVERY, FIRST, fill
from starlette.testclient import TestClient

from mend.foundation.home import Home


def test_every_page_that_is_measured_answers(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import random

    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    from mend_airflow.ui import gate
    from mend_airflow.ui.app import create_app

    async def admin(_: Any) -> SimpleAuthManagerUser:
        return SimpleAuthManagerUser(username="admin", role="admin")

    monkeypatch.setattr(gate, "signed_in", admin)
    fill(home, 40 * DAMAGED_EVERY, None)
    found = {}
    with TestClient(create_app(home)) as client:
        for asked in what():
            method, path, body, headers = asked.of(str(FIRST + 5 * DAMAGED_EVERY), random.Random(1))
            found[asked.name] = client.request(method, path, content=body, headers=headers)
    assert {name: answer.status_code for name, answer in found.items()} == dict.fromkeys(found, 200)
    assert found["card, JSON"].json()["level"] is not None
    assert found["grumble"].json()["is_known"]
