"""core_ticket_version: every accepted state of a ticket, from the moment at which it counts."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from tests.mend.intake.core.arrivals import Row, arrive, at, on, put_aside, rows_of

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.intake import core

Homes = Callable[[], AbstractContextManager[Home]]
STATES = "ticket_id, extract(day from opened_on), extract(day from version_at), status_code"
DAYS = [on(day) for day in range(1, 10)]


def ticket(ticket_id: str, opened: int, status: str, **others: Any) -> Row:
    return {"ticket_id": ticket_id, "kind_code": "complaint", "opened_at": at(opened), "status_code": status} | others


def states(bench: Workbench) -> list[tuple[Any, ...]]:
    return rows_of(bench, "core_ticket_version", STATES)


def load(home: Home, bench: Workbench, *days: int) -> None:
    core.load(home, bench, [on(day) for day in days])
    core.reconcile(home, bench, [on(day) for day in days])


def deliver(home: Home, bench: Workbench, day: int, *rows: Row) -> int:
    return arrive(home, bench, on(day), rows, record="ticket")


def test_each_state_counts_from_the_source_s_time(home: Home, bench: Workbench) -> None:
    deliver(home, bench, 1, ticket("a", 1, "open", updated=at(1)))
    deliver(home, bench, 3, ticket("a", 1, "closed", updated=at(3), closed_at=at(3)))
    deliver(home, bench, 7, ticket("a", 1, "open", updated=at(7), reopened_at=at(7)))
    load(home, bench, 1, 3, 7)
    assert states(bench) == [("a", 1, 1, "open"), ("a", 1, 3, "closed"), ("a", 1, 7, "open")]
    assert rows_of(bench, "core_ticket", "ticket_id, status_code") == [("a", "open")]
    assert len(rows_of(bench, "core_superseded", "*")) == 2


def test_without_a_source_time_a_state_counts_from_what_happened_last_not_from_what_is_planned(
    home: Home, bench: Workbench
) -> None:
    planned = {"promised_at": at(20), "suspended_until": at(25)}
    deliver(home, bench, 1, ticket("a", 1, "open", **planned))
    deliver(home, bench, 5, ticket("a", 1, "suspended", suspended_at=at(4), **planned))
    deliver(home, bench, 6, ticket("a", 1, "closed", suspended_at=at(4), closed_at=at(5), resolved_at=at(5), **planned))
    load(home, bench, 6, 1, 5)
    assert states(bench) == [("a", 1, 1, "open"), ("a", 1, 4, "suspended"), ("a", 1, 5, "closed")]


def test_of_two_of_the_same_moment_the_later_arrival_corrects_the_earlier(home: Home, bench: Workbench) -> None:
    deliver(home, bench, 1, ticket("a", 1, "open", updated=at(1)), ticket("a", 1, "closed", updated=at(1)))
    deliver(home, bench, 2, ticket("a", 1, "suspended", updated=at(1)))
    load(home, bench, 2)
    load(home, bench, 1)
    assert states(bench) == [("a", 1, 1, "suspended")]


def test_a_later_arrival_that_says_it_happened_earlier_corrects_the_state_away(home: Home, bench: Workbench) -> None:
    deliver(home, bench, 1, ticket("a", 1, "open"))
    deliver(home, bench, 5, ticket("a", 1, "closed", closed_at=at(5)))
    deliver(home, bench, 6, ticket("a", 1, "closed", closed_at=at(3)))
    load(home, bench, 1, 5, 6)
    assert states(bench) == [("a", 1, 1, "open"), ("a", 1, 3, "closed")]


def test_an_old_state_that_arrives_late_takes_its_place_between_the_others(home: Home, bench: Workbench) -> None:
    deliver(home, bench, 1, ticket("a", 1, "open", updated=at(1)))
    deliver(home, bench, 5, ticket("a", 1, "closed", updated=at(5)))
    load(home, bench, 1, 5)
    deliver(home, bench, 8, ticket("a", 1, "suspended", updated=at(3)))
    load(home, bench, 8)
    assert [state for *_, state in states(bench)] == ["open", "suspended", "closed"]
    assert rows_of(bench, "core_ticket", "status_code") == [("closed",)]


def test_quarantined_and_withdrawn_versions_are_no_states(home: Home, bench: Workbench) -> None:
    deliver(home, bench, 1, ticket("a", 1, "open", updated=at(1)), ticket("b", 1, "open", updated=at(1)))
    bad = deliver(home, bench, 2, ticket("a", 1, "nonsense", updated=at(2)))
    put_aside(bench, bad, on(2), [2], record="ticket")
    wrong = deliver(home, bench, 3, ticket("a", 1, "closed", updated=at(3)), ticket("b", 3, "closed", updated=at(3)))
    load(home, bench, 1, 2, 3)
    assert states(bench) == [("a", 1, 1, "open"), ("a", 1, 3, "closed"), ("b", 1, 1, "open"), ("b", 3, 3, "closed")]
    operations.withdraw(home.database_url, wrong, "of another centre", "ann")
    load(home, bench, 3)
    assert states(bench) == [("a", 1, 1, "open"), ("b", 1, 1, "open")]


def test_a_home_that_kept_no_states_gets_them_with_its_next_load(home: Home, bench: Workbench) -> None:
    deliver(home, bench, 1, ticket("a", 1, "open", updated=at(1)), ticket("b", 1, "open", updated=at(1)))
    deliver(home, bench, 2, ticket("a", 1, "closed", updated=at(2)))
    load(home, bench, 1, 2)
    bench.lake.replace("core_ticket_version", every_row(), [])  # as the version before left it
    deliver(home, bench, 9, ticket("c", 9, "open", updated=at(9)))
    load(home, bench, 9)
    assert states(bench) == [("a", 1, 1, "open"), ("a", 1, 2, "closed"), ("b", 1, 1, "open"), ("c", 9, 9, "open")]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 3))])
def test_any_order_of_loads_gives_the_same_states_and_the_last_is_the_row(new_home: Homes, seed: int) -> None:
    rng = random.Random(seed)
    batches = [(day, made_up(rng, day)) for day in rng.choices(range(1, 9), k=8)]
    found = []
    for order in (DAYS, rng.sample(DAYS, len(DAYS)), None):
        with new_home() as home, Workbench.open(home) as bench:
            for day, rows in batches:
                deliver(home, bench, day, *rows)
            for days in [DAYS] if order is None else [[day] for day in order]:
                core.load(home, bench, days)
                core.reconcile(home, bench, days)
            found.append(rows_of(bench, "core_ticket_version", "*"))
            last = "ticket_id, max(version_at), arg_max(topic_code, version_at)"
            bench.view("core_ticket_version", as_name="shown")
            newest = bench.sql(f"select {last} from shown group by ticket_id order by ticket_id")
            rows = rows_of(bench, "core_ticket", "ticket_id, topic_code")
            assert [(name, topic) for name, _, topic in newest] == rows
    assert found[0] == found[1] == found[2]


def made_up(rng: random.Random, day: int) -> list[Row]:
    """States of few tickets, some of which move to another day, some without a time of the source."""
    return [
        ticket(
            rng.choice("abcd"),
            max(1, day - rng.randrange(3)),
            rng.choice(["open", "closed"]),
            topic_code=f"t{rng.randrange(999)}",
            updated=rng.choice([None, at(rng.randrange(1, 9))]),
            closed_at=rng.choice([None, at(rng.randrange(day, 10))]),
        )
        for _ in range(rng.randrange(1, 5))
    ]
