"""The run of a task that asks a person, for tests of the operators that do."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.providers.standard.operators import hitl


class Task:
    """The run of a task, as far as such an operator uses it: XCom, and what the person is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.id, self.xcom, self.asked = "ti", dict[str, Any](), list[dict[str, Any]]()
        self.skipped: list[str] = []
        monkeypatch.setattr(hitl, "upsert_hitl_detail", lambda **asked: self.asked.append(asked))

    def xcom_push(self, key: str, value: Any) -> None:
        self.xcom[key] = value

    def xcom_pull(self, task_ids: str, key: str) -> Any:
        return self.xcom.get(key)
