"""Over random worlds: nobody gets discretionary care who must not, nobody loses what they are owed, sums and capacities
hold, and the same world gives the same list whatever the order of its rows."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from tests.mend.repair.campaign.worlds import MAY, Somebody, put_strategies, put_world, random_world, rows

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign import in_hold_out, make_campaign, rebuild_campaign
from mend.repair.campaign.hold_out import is_withheld
from mend.repair.strategies import StrategySet, load_strategies

SEEDS = (11, 12, 13)
SCARCE: dict[str, dict[str, Any]] = {
    "phone_callback": {"capacity_per_day": 1, "capacity_per_month": 9, "city_capacity": {"default": 4}},
    "priority_access": {"capacity_per_month": 6, "hold_out_share": 0.3},
    "rebate": {"city_budget": {"default": 120}},
    "sms_consolidation": {"capacity_per_month": 4},
}
COLUMNS = ("customer_id", "strategy_code", "city_code", "is_entitlement", "is_overload", "cost", "planned_on")


def _rules(home: Home) -> StrategySet:
    put_strategies(home.root / "strategies", SCARCE, universal_hold_out_share=0.2, floors={"wuxi": {"least": 3}})
    return load_strategies(home.root / "strategies")[0]


@pytest.fixture(params=SEEDS)
def world(request: pytest.FixtureRequest, home: Home, bench: Workbench) -> tuple[StrategySet, dict[str, Somebody]]:
    people = random_world(request.param, 90)
    put_world(home, bench, people)
    rules = _rules(home)
    make_campaign(home, bench, MAY)
    return rules, {each.customer_id: each for each in people}


def test_a_random_world_keeps_every_promise(
    world: tuple[StrategySet, dict[str, Somebody]], home: Home, bench: Workbench
) -> None:
    rules, people = world
    listed = rows(bench, "mart_campaign_list", *COLUMNS)
    discretionary = [row for row in listed if not row[3]]
    assert discretionary
    for customer_id, code, *_ in discretionary:
        assert reasons_against(people[customer_id], rules, code) == [], (customer_id, code)
    assert max(Counter(row[0] for row in discretionary).values()) == 1
    _require_entitlements(people, listed)
    _require_capacities(rules, listed)
    _require_sums(bench, len(people))
    again = make_campaign(home, bench, MAY)
    assert (again.version, again.is_new) == (1, False)
    shuffled = list(people.values())
    random.Random(1).shuffle(shuffled)
    numbers = {each.customer_id: number for number, each in enumerate(people.values())}
    assert [numbers[each.customer_id] for each in shuffled] != sorted(numbers.values())
    put_world(home, bench, shuffled)
    assert make_campaign(home, bench, MAY).is_new is False, "the order of rows is nothing"
    assert rebuild_campaign(home, bench, MAY).content_sha256 == again.content_sha256


def reasons_against(each: Somebody, rules: StrategySet, code: str) -> list[str]:
    """What speaks against discretionary care, told apart from how Mend tells it."""
    strategy, settings = rules.strategy(code), rules.settings
    ids = [each.customer_id, *each.other_ids]
    season, seed = "2026H1", settings.seed
    found = {
        "left": each.has_left,
        "opted out": each.has_opted_out,
        "complaint open": strategy.consent_code == "commercial" and each.has_open_complaint,
        "no consent to surveys": strategy.consent_code == "service" and not each.has_survey_consent,
        "no consent to marketing": strategy.consent_code == "commercial" and not each.has_marketing_consent,
        "held out of all": is_withheld(ids, season, "universal", settings.universal_hold_out_share, seed),
        "held out": is_withheld(ids, season, code, strategy.hold_out_share, seed),
        "over the cap": strategy.channel_code == "sms" and each.messages >= 1,
        "over the cap of all": strategy.channel_code != "routing" and each.messages >= 2,
    }
    return [reason for reason, holds in found.items() if holds]


def _require_entitlements(people: dict[str, Somebody], listed: list[tuple[Any, ...]]) -> None:
    owed = {
        (each.customer_id, code)
        for each in people.values()
        for code, holds in (
            ("promised_callback", "CON-07" in each.hits),
            ("complaint_handling", "RES-03" in each.hits or each.is_escalated),
        )
        if holds and not each.has_left
    }
    assert {(row[0], row[1]) for row in listed if row[3]} == owed
    assert any(row[4] for row in listed), "with so few seats some of it is overload, and still listed"


def _require_capacities(rules: StrategySet, listed: list[tuple[Any, ...]]) -> None:
    served = [row for row in listed if not row[4]]
    pool = {each.code: each.capacity_from or each.code for each in rules.strategies}
    seats = Counter((pool[row[1]], row[2]) for row in served)
    for (code, city), used in seats.items():
        limit = rules.strategy(code).capacity_in(city)
        assert limit is None or used <= limit
    for code, used in Counter(pool[row[1]] for row in served).items():
        limit = rules.strategy(code).capacity_per_month
        assert limit is None or used <= limit
    spent: Counter[tuple[str, str]] = Counter()
    for _, code, city, _, _, cost, _ in served:
        spent[code, city] += cost
    for (code, city), yuan in spent.items():
        limit = rules.strategy(code).budget_in(city)
        assert limit is None or yuan <= limit
    days = Counter((pool[row[1]], row[6]) for row in served)
    assert all(used <= 1 for (code, _), used in days.items() if code == "phone_callback")


def _require_sums(bench: Workbench, candidates: int) -> None:
    gate = rows(bench, "mart_campaign_gate", "outcome_code", "first_reason_code", "customer_id")
    outcomes = Counter(row[0] for row in gate)
    reasons = Counter(row[1] for row in gate if row[1] is not None)
    assert len({row[2] for row in gate}) == len(gate) <= candidates
    assert outcomes["listed"] + outcomes["held_out"] + outcomes["deferred"] + reasons.total() == len(gate)
    assert min(outcomes["held_out"], outcomes["deferred"], reasons.total()) > 0, "the world has all of them"


def test_the_hash_of_a_person_is_a_share_of_persons() -> None:
    drawn = sum(in_hold_out(f"K{number}", "2026H1", "rebate", 0.1, "mend") for number in range(20_000))
    assert 1_850 <= drawn <= 2_150  # 3.5 standard deviations
