"""The rules: every department, level and source is there; a broken file names file, key, value and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from mend.foundation.schema import CODES
from mend.grumbles.records.taxonomy import load_taxonomies
from mend.prevention.routing import RoutingRuleError
from mend.prevention.routing.opening import factor_of_source
from mend.prevention.routing.reading import Factor, Taxonomy
from mend.prevention.routing.rules import LEVELS, SHIPPED, load_routing_rules

TEXT = (SHIPPED / "1990-01-01.yaml").read_text("utf-8").replace("valid_from: 1990-01-01", "valid_from: 2026-03-01")
TAXONOMY = load_taxonomies()[0]


def test_every_department_has_time_people_and_actions_at_each_level() -> None:
    [rules] = load_routing_rules(SHIPPED)
    assert set(rules.departments) == {*CODES["department"], "default"}
    for code in rules.departments:
        department = rules.department(code)
        assert all(department.people(level, "nanjing") and department.actions_at(level) for level in LEVELS)


def test_every_source_of_trouble_goes_to_a_factor_of_the_taxonomy() -> None:
    [rules] = load_routing_rules(SHIPPED)
    factors = {
        code: Factor(code, each.item or code, each.departments, each.topics, each.en, each.zh)
        for code, each in TAXONOMY.types.items()
    }
    found = {kind: factor_of_source(kind, "bill_dispute", Taxonomy(factors, {}), rules).code for kind in rules.sources}
    assert found["topic"] == "tariff_billing.charge_dispute"
    assert found["ivr_node"] == "service_response.self_service"
    with pytest.raises(RoutingRuleError, match=r"sources: plan: the taxonomy of grumbles has no tariff_billing\.plan"):
        factor_of_source("plan", "x", Taxonomy({}, {}), rules)


def test_an_unknown_department_has_the_rules_of_all_that_are_not_named() -> None:
    [rules] = load_routing_rules(SHIPPED)
    assert rules.department("claims") == rules.departments["default"]


def test_a_city_may_have_its_own_people(tmp_path: Path) -> None:
    own = "owners: {province: [network-lead], city: [network-city], branch: [network-branch]}"
    write(tmp_path, own, f"{own}\n    cities: {{nanjing: {{city: [zhang, li]}}}}")
    network = load_routing_rules(tmp_path)[-1].department("network")
    assert network.people("city", "nanjing") == ("zhang", "li")
    assert network.people("city", "suzhou") == ("network-city",)
    assert network.people("branch", "nanjing") == ("network-branch",)


def test_an_overdue_part_goes_a_level_up() -> None:
    [rules] = load_routing_rules(SHIPPED)
    told = [rules.told_when_overdue("network", level, "nanjing") for level in LEVELS]
    assert told == ["customer-experience-lead", "network-lead", "network-city"]


def write(folder: Path, old: str, new: str) -> None:
    assert old in TEXT
    (folder / "2026-03-01.yaml").write_text(TEXT.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("confidence: 0.95", "confidence: 95", "judging: confidence: .* less than 1: not 95"),
        ("history_months: 3", "history_month: 3", "judging: history_months: Field required"),
        ("acknowledge_hours: 24", "acknowledge_hours: soon", "departments: network: acknowledge_hours.*: not 'soon'"),
        ("  default:", "  others:", "departments: default is missing; write the rules of all that are not named"),
        ("city: [network-city], branch", "branch", "network: owners: city is missing; write province, city, branch"),
        ("[network-city]", "[]", r"departments: network: owners: city: .*at least 1 item.*: not \[\]"),
        ("  plan: tariff_billing.plan_price\n", "", "sources: plan is missing; write the factor that it goes to"),
        ("  city: service", "  town: service", "sources: town: .*: not 'town'"),
        ("escalation: [customer-experience-lead]", "escalation: []", "escalation: .*at least 1 item"),
    ],
)
def test_a_broken_file_names_file_key_value_and_what_to_do(tmp_path: Path, old: str, new: str, said: str) -> None:
    write(tmp_path, old, new)
    with pytest.raises(RoutingRuleError, match=said) as raised:
        load_routing_rules(tmp_path)
    assert "2026-03-01.yaml" in str(raised.value)


def test_the_province_is_no_part_of_a_city(tmp_path: Path) -> None:
    own = "owners: {province: [network-lead], city: [network-city], branch: [network-branch]}"
    write(tmp_path, own, f"{own}\n    cities: {{nanjing: {{province: [zhang]}}}}")
    with pytest.raises(RoutingRuleError, match="cities: nanjing: the province is no part of a city; write city or"):
        load_routing_rules(tmp_path)
