"""The simulated centre: clean months are not flooded; a node that hurts half of its users goes to its department."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from tests.conftest import Template, fresh_home
from tests.mend.prevention.routing.worlds import People
from tests.mend.prevention.trouble.worlds import load as load_world

from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.taxonomy import load_taxonomies, publish_taxonomy
from mend.prevention.routing.step import route
from mend.prevention.trouble import find_trouble
from mend.simulate.faults import Fault

MONTHS = ["2026-01", "2026-02", "2026-03"]
NODE = "plan_menu"


@pytest.fixture(scope="module")
def opened(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Workbench]]:
    with fresh_home(template, tmp_path_factory.mktemp("simulated")) as home, Workbench.open(home) as bench:
        publish_taxonomy(bench, load_taxonomies())
        yield home, bench


def load(bench: Workbench, customers: int, seed: int, *faults: Fault) -> None:
    """The world, and the grumbles that its agents coded."""
    load_world(bench, customers, MONTHS, seed, faults)
    bench.view("core_contact", as_name="contact_file")
    given = {
        "grumble_id": "'contact:' || contact_id", "customer_id": "customer_id", "grumbled_at": "started_at",
        "grumbled_on": "started_on", "source_kind_code": "'contact'", "source_id": "contact_id",
        "grumble_type_code": "grumble_type_code", "classified_by_code": "'source'", "is_solved_at_once": "false",
        "is_solved": "false",
    }  # fmt: skip
    columns = ", ".join(f"{given.get(name, 'null')} as {name}" for name in bench.described("mart_grumble").column_names)
    coded = "grumble_type_code is not null and customer_id is not null"
    bench.replace("mart_grumble", f"select {columns} from contact_file where {coded}", every_row())


def routed(home: Home, bench: Workbench) -> list[str]:
    """All that three months open."""
    found: list[str] = []
    for month in MONTHS:
        find_trouble(home, bench, month)
        found += route(home, bench, month).opened
    return found


def test_a_node_that_hurts_half_of_its_users_is_routed_and_nothing_else(opened: tuple[Home, Workbench]) -> None:
    """In February and March: opened once, and it goes on."""
    home, bench = opened
    load(bench, 1500, 1, Fault("ivr_node", NODE, dt.date(2026, 2, 1), dt.date(2026, 3, 31), 8.0))
    problem_id = f"2026-02-service-self_service-ivr_node:{NODE}"
    assert routed(home, bench) == [problem_id]
    problem = People(home).problems()[problem_id]
    assert [(each.event_code, each.month) for each in problem.events] == [("opened", "2026-02"), ("goes_on", "2026-03")]


@pytest.mark.long
def test_clean_months_are_not_flooded(opened: tuple[Home, Workbench]) -> None:
    """Of 12 months one may raise a false alarm: grumbles and sources of trouble have a bound of 0.05 each."""
    home, bench = opened
    alarms = 0
    for seed in range(1, 7):
        load(bench, 2500, seed)
        alarms += bool(routed(home, bench))
    assert alarms <= 2
