"""One home for each file of tests: a test begins with empty tables, not with a new database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from tests.conftest import Template, fresh_home

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench

CLEARED = (
    "mart_grumble", "mart_complaint", "mart_grumble_type", "mart_survey_item", "mart_customer_cluster",
    "mart_association",
    "mart_exposure_day", "core_customer", "core_contact", "core_ticket",
    "core_ticket_version", "core_survey_reply", "core_change",
    "mart_grumble_level",
    "mart_warning", "mart_warning_capacity", "mart_warning_line", "mart_routed_problem", "mart_grumble_index",
    "mart_grumble_correlation",
    "mart_complaint_model", "mart_grumble_cut",
)  # fmt: skip


@pytest.fixture(scope="module")
def opened(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Workbench]]:
    with fresh_home(template, tmp_path_factory.mktemp("warning")) as home, Workbench.open(home) as bench:
        yield home, bench


@pytest.fixture
def bench(opened: tuple[Home, Workbench]) -> Workbench:
    """The file's home with its tables, lists and pictures emptied."""
    home, bench = opened
    for name in CLEARED:
        if bench.lake.row_count(name):
            bench.lake.replace(name, every_row(), [])
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("truncate customer_warning, warning_capacity, warning_level_count, warning_event"))
    for folder in ("lists", "reports", "models", "rules"):
        shutil.rmtree(home.root / folder, ignore_errors=True)
    return bench


@pytest.fixture
def home(opened: tuple[Home, Workbench], bench: Workbench) -> Home:
    return opened[0]
