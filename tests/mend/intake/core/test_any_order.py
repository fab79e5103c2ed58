"""Random versions in any order of arrival: the same core, and every line accounted for, each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.mend.intake.core.arrivals import arrive, at, contact, on, put_aside, rows_of

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake import core

NewHome = Callable[[], AbstractContextManager[Home]]
COLUMNS = "contact_id, extract(day from started_on), topic_code"


@dataclass(frozen=True)
class Version:
    """A row that arrives: which key, on which day it says it happened, and what decides the order of versions."""

    arrived: int
    key: str
    day: int
    updated: int | None
    is_quarantined: bool


@st.composite
def versions(draw: st.DrawFn) -> list[Version]:
    """Few keys and days, so that they meet often; a row never arrives before its day."""
    found = []
    for _ in range(draw(st.integers(1, 14))):
        arrived = draw(st.integers(1, 4))
        key = draw(st.sampled_from("abc"))
        updated = draw(st.none() | st.integers(1, 3))
        found.append(Version(arrived, key, draw(st.integers(1, arrived)), updated, draw(st.integers(0, 5)) == 0))
    return sorted(found, key=lambda version: version.arrived)


def expected(given_versions: list[Version]) -> list[tuple[Any, ...]]:
    """The last of each key, told by hand: the topic is the version's place among all, in the order of arrival."""
    last: dict[str, tuple[tuple[int, int], Version, int]] = {}
    for place, version in enumerate(given_versions):
        order = (version.updated or 0, place)
        if not version.is_quarantined and (version.key not in last or order >= last[version.key][0]):
            last[version.key] = (order, version, place)
    return sorted((key, version.day, str(place)) for key, (_, version, place) in last.items())


def deliver(home: Home, bench: Workbench, given_versions: list[Version]) -> None:
    """A batch for each day of arrival, through the gates."""
    placed = list(enumerate(given_versions))
    for day, group in groupby(placed, key=lambda pair: pair[1].arrived):
        rows, quarantined = [], []
        for line, (place, version) in enumerate(group, start=2):
            updated = None if version.updated is None else at(version.updated)
            rows.append(contact(version.key, at(version.day), topic_code=str(place), updated=updated))
            quarantined += [line] if version.is_quarantined else []
        number = arrive(home, bench, on(day), rows)
        if quarantined:
            put_aside(bench, number, on(day), quarantined)


def load(home: Home, bench: Workbench, days: list[dt.date]) -> None:
    core.load(home, bench, days)
    counted = core.reconcile(home, bench, days)
    assert all(each.lines == each.accepted + each.quarantined + each.superseded for each in counted)


@settings(max_examples=16, deadline=None, suppress_health_check=list(HealthCheck))
@given(versions(), st.permutations([1, 2, 3, 4]))
def test_any_order_of_arrivals_gives_the_last_version_of_each_key(
    new_home: NewHome, arrivals: list[Version], order: list[int]
) -> None:
    with new_home() as home, Workbench.open(home) as bench:
        deliver(home, bench, arrivals)
        for day in order:
            load(home, bench, [on(day)])
        shuffled = rows_of(bench, "core_contact", COLUMNS)
        replaced = rows_of(bench, "core_superseded", "*")
        load(home, bench, [on(day) for day in order])
        assert shuffled == rows_of(bench, "core_contact", COLUMNS) == expected(arrivals)
        assert replaced == rows_of(bench, "core_superseded", "*")
