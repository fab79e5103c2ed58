"""A published file with whole numbers, made for a page without the lake: number for number what `mend export` gives."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.mend.care.survey.desk import run
from tests.mend.repair.publishing.test_recall_export_routing import recalled
from tests.mend.repair.publishing.written import AT, LIST, MONTH, RULES, approved, known, number, row, write

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import export_whole, publish, read_list
from mend.repair.publishing.errors import ListStateError
from mend.repair.publishing.numbers import HoldOut
from mend.repair.publishing.whole import MaskedFile, read_masked, with_numbers

LATER = AT + dt.timedelta(days=3)
SETTINGS = RULES.settings
DRAWN = HoldOut(
    SETTINGS.season_of_campaign(MONTH),
    SETTINGS.seed,
    SETTINGS.universal_hold_out_share,
    {each.code: each.hold_out_share for each in RULES.discretionary},
)
PLACES = ("strategy_code", "customer_id", "phone_number", "number_note_en", "number_note_zh")


@pytest.fixture
def live(home: Home, bench: Workbench) -> Home:
    """A published list of calls; after it B left, C is D, and of E nobody knows a number."""
    known(home, "A", "B", "C", "D", "F")
    write(
        bench,
        [
            row("phone_callback", "A"), row("phone_callback", "B", 2), row("phone_callback", "C", 3),
            row("phone_callback", "D", 4), row("phone_callback", "E", 5), row("complaint_handling", "F"),
            row("phone_callback", "A2", city="suzhou"),
        ],
    )  # fmt: skip
    approved(home, bench)
    publish(home, bench, LIST, "admin", AT, "a test")
    run(home, "update contact_address set is_active = false where customer_id = 'B'")
    run(home, "insert into customer_person (customer_id, person_id, merged_on) values ('C', 'D', '2026-04-03')")
    return home


def masked(home: Home) -> MaskedFile:
    with operations.transaction(home.database_url) as connection:
        folder = Path(home.lists_folder) / str(read_list(connection, LIST).folder)
    return read_masked((folder / "hangzhou-call.csv").read_bytes())


def whole(home: Home) -> list[Mapping[str, str]]:
    with operations.transaction(home.database_url) as connection:
        listed = read_list(connection, LIST)
        return list(read_masked(with_numbers(connection, listed, masked(home), DRAWN, LATER, home.zone)).rows)


def test_a_page_shows_the_numbers_that_an_export_of_the_same_moment_gives(live: Home, bench: Workbench) -> None:
    folder = export_whole(live, bench, LIST, "call", "hangzhou", "admin", "to call", LATER, "a test")
    with (folder / "hangzhou-call.csv").open(encoding="utf-8-sig", newline="") as file:
        exported = list(csv.DictReader(file))
    found = whole(live)
    assert [[each[name] for name in PLACES] for each in found] == [[each[name] for name in PLACES] for each in exported]
    numbers = {each["customer_id"]: each["phone_number"] for each in found}
    assert (numbers["A"], numbers["B"], numbers["E"]) == (f"'{number(0)}", "", "")
    assert [numbers["C"], numbers["D"]].count("") == 1  # one person now: one row stands


def test_all_other_cells_stay_as_they_were_published(live: Home) -> None:
    before, after = masked(live), whole(live)
    changed = {"phone_number", "number_note_en", "number_note_zh"}
    assert [{k: v for k, v in each.items() if k not in changed} for each in after] == [
        {k: v for k, v in each.items() if k not in changed} for each in before.rows
    ]
    assert len(after) == 6


def test_the_look_has_the_digest_that_an_export_has(live: Home, bench: Workbench) -> None:
    export_whole(live, bench, LIST, "call", "hangzhou", "admin", "to call", LATER, "a test")
    with operations.transaction(live.database_url) as connection:
        query = "select rows_sha256, row_count from access_log"
        [found] = connection.exec_driver_sql(query).all()
    assert tuple(found) == (masked(live).digest, 6)


def test_a_list_that_is_recalled_gives_no_numbers(live: Home) -> None:
    recalled(live)
    with pytest.raises(ListStateError, match="is recalled: only a published list"):
        whole(live)
