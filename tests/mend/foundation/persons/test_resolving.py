"""Which ids are one person: chains, ways that meet, circles, ids that became two; the same in any order, and as of a
day.
"""

from __future__ import annotations

import datetime as dt
import random

import pytest
from tests.mend.damage.scoring.rows import put
from tests.mend.intake.core.arrivals import arrive

from mend.foundation.home import Home
from mend.foundation.persons import Alias, Person, persons_of, resolved
from mend.foundation.pipeline.workbench import Workbench
from mend.intake import core, quality

MAY, JUNE, JULY = (dt.date(2026, month, 1) for month in (5, 6, 7))


def chain(*steps: str, on: dt.date = MAY) -> list[Alias]:
    """'a>b' and so on."""
    return [Alias(*step.split(">"), on) for step in steps]  # type: ignore[call-arg]


def ends(aliases: list[Alias], on: dt.date = JULY) -> dict[str, str | tuple[str, str]]:
    return {
        name: (each.person_id, each.doubt) if each.doubt else each.person_id
        for name, each in resolved(aliases, on).items()
    }


CASES = {
    "a chain": (["a>b", "b>c", "c>d"], {"a": "d", "b": "d", "c": "d"}),
    "two into one": (["a>c", "b>c"], {"a": "c", "b": "c"}),
    "ways that meet are one": (["a>b", "a>c", "b>c"], {"a": "c", "b": "c"}),
    "one into two": (["a>b", "a>c"], {"a": ("a", "two_survivors")}),
    "into one that became two": (["z>a", "a>b", "a>c"], {"z": "a", "a": ("a", "two_survivors")}),
    "a circle": (["a>b", "b>c", "c>a"], {name: (name, "circle") for name in "abc"}),
    "into a circle and out of it": (
        ["z>a", "a>b", "b>a", "b>y"],
        {"z": "a", "a": ("a", "circle"), "b": ("b", "circle")},
    ),
    "itself": (["a>a"], {}),
}


@pytest.mark.parametrize("name", CASES)
def test_every_chain_ends_with_a_person_or_in_doubt_whatever_the_order(name: str) -> None:
    steps, expected = CASES[name]
    chance = random.Random(3)
    for _ in range(20):
        assert ends(chain(*chance.sample(steps, len(steps)))) == expected


def test_what_is_in_doubt_may_be_told_apart_by_a_later_row() -> None:
    assert ends([*chain("a>b", "a>c"), *chain("b>c", on=JUNE)]) == {"a": "c", "b": "c"}
    assert ends([*chain("a>b", "a>c"), *chain("b>c", on=JUNE)], MAY) == {"a": ("a", "two_survivors")}


def test_a_long_chain_has_an_end() -> None:
    links = [Alias(str(number), str(number + 1), MAY) for number in range(20_000)]
    assert {each.person_id for each in resolved(links, MAY).values()} == {"20000"}


def test_a_merge_counts_from_its_day_on_and_no_more_once_it_is_cancelled(bench: Workbench) -> None:
    first = {"old_customer_id": "a", "new_customer_id": "b", "merged_on": "2026-05-01"}
    put(bench, "customer_alias", [first, {"old_customer_id": "b", "new_customer_id": "c", "merged_on": "2026-06-01"}])
    assert persons_of(bench, MAY - dt.timedelta(days=1)) == {}
    assert persons_of(bench, MAY) == {"a": Person("b", MAY)}
    assert persons_of(bench, JUNE) == {"a": Person("c", MAY), "b": Person("c", JUNE)}
    put(bench, "customer_alias", [{**first, "is_cancelled": "true"}])
    assert persons_of(bench, JUNE) == {"b": Person("c", JUNE)}


def test_aliases_go_through_the_chain_in_any_order_and_one_that_leads_to_itself_is_put_aside(
    home: Home, bench: Workbench
) -> None:
    alias = {"old_customer_id": "a", "new_customer_id": "b", "merged_on": MAY}
    days = [MAY + dt.timedelta(days=number) for number in range(3)]
    arrive(home, bench, days[2], [{**alias, "is_cancelled": True}], "customer_alias")
    arrive(home, bench, days[0], [alias, {**alias, "old_customer_id": "c", "new_customer_id": "c"}], "customer_alias")
    arrive(home, bench, days[1], [{**alias, "old_customer_id": "b", "new_customer_id": "d"}], "customer_alias")
    for day in (days[1], days[0]):
        quality.gate(home, bench, [day])
        core.load(home, bench, [day])
    assert {name: each.person_id for name, each in persons_of(bench, JUNE).items()} == {"a": "d", "b": "d"}
    quality.gate(home, bench, [days[2]])
    core.load(home, bench, [days[2]])
    assert {name: each.person_id for name, each in persons_of(bench, JUNE).items()} == {"b": "d"}
    bench.view("core_quarantine")
    assert bench.sql("select column_name, reason_code from core_quarantine") == [("new_customer_id", "becomes_another")]
    core.reconcile(home, bench, days)
