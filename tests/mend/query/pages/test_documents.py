"""What a page shows of a month whole: published once, again when it changed, and not when it is the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text
from tests.mend.query.pages.test_publishing import world

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages.documents import Document, PageDocument, parts_of, publish_documents, read_document

SHOWN: dict[str, Mapping[str, Any] | None] = {}


def make(home: Home, bench: Workbench, month: str) -> Mapping[str, Any] | None:
    return SHOWN.get(month)


@pytest.fixture
def documents(home: Home, bench: Workbench) -> list[PageDocument]:
    SHOWN.clear()
    world(home, bench)
    return [PageDocument("trial", make)]


def test_a_document_is_written_when_it_is_another_one(
    home: Home, bench: Workbench, documents: list[PageDocument]
) -> None:
    assert publish_documents(home, bench, {"2026-05"}, documents) == 0  # what makes it has not run
    SHOWN["2026-05"] = {"words": "<b>资费</b>", "rows": [1, 2]}
    assert [publish_documents(home, bench, {"2026-05"}, documents) for _ in range(2)] == [1, 0]
    SHOWN["2026-05"] = {"rows": [3]}
    assert publish_documents(home, bench, {"2026-04"}, documents) == 0  # published before, and not among the months
    assert publish_documents(home, bench, {"2026-05"}, documents) == 1
    with operations.transaction(home.database_url) as connection:
        assert read_document(connection, "trial") == Document("trial", "2026-05", {"rows": [3]})
        assert read_document(connection, "trial", "2026-04") is None
        assert parts_of(connection, "trial") == ["2026-05"]
        assert read_document(connection, "another") is None


def test_a_night_publishes_the_months_that_were_never_published_and_open_months_not(
    home: Home, bench: Workbench, documents: list[PageDocument]
) -> None:
    SHOWN.update({"2026-05": {"rows": []}, "2026-06": {"rows": []}})
    assert publish_documents(home, bench, (), documents) == 1
    with operations.transaction(home.database_url) as connection:
        assert parts_of(connection, "trial") == ["2026-05"]


def test_a_value_that_json_cannot_hold_is_refused_and_nothing_is_written(
    home: Home, bench: Workbench, documents: list[PageDocument]
) -> None:
    SHOWN["2026-05"] = {"share": float("nan")}
    with pytest.raises(ValueError, match="Out of range"):
        publish_documents(home, bench, {"2026-05"}, documents)
    with operations.transaction(home.database_url) as connection:
        assert connection.execute(text("select count(*) from page_document")).scalar_one() == 0
