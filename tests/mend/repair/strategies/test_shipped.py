"""The strategies that are shipped are those of the domain, in both languages, with what each needs."""

from __future__ import annotations

import datetime as dt

import pytest

from mend.foundation.schema import CODES
from mend.repair.strategies import Strategy, load_strategies, strategies_on
from mend.repair.strategies.content import HOLDS, FileText, StrategyText

RULES = load_strategies()[0]
EVERY = pytest.mark.parametrize("strategy", RULES.strategies, ids=lambda strategy: strategy.code)


def test_all_eight_strategies_of_the_domain_are_there_after_what_is_owed() -> None:
    assert [strategy.code for strategy in RULES.entitlements] == [
        "complaint_handling",
        "promised_callback",
        "regulated_compensation",
    ]
    assert {strategy.name_zh.partition("（")[0] for strategy in RULES.discretionary} == {
        "优先接入与来电标签",
        "电话回访",
        "断线触点关怀",
        "营销回馈",
        "客户经理拜访",
        "短信巩固",
        "专项营销资源",
        "替代方案",
    }
    assert len(RULES.strategies) == 11


def test_who_they_are_for_is_the_domain_s() -> None:
    audiences = {strategy.code: strategy.audience.text for strategy in RULES.strategies}
    assert "level >= 3" in audiences["priority_access"]
    assert "is_failed_to_connect" in audiences["priority_access"]
    assert audiences["manager_visit"] == "is_high_value and level = 4"
    assert audiences["sms_consolidation"] == "is_in_consolidation"
    assert "has_unsatisfied_closed_ticket" in audiences["complaint_handling"]
    assert "is_escalated" in audiences["complaint_handling"]
    assert RULES.strategy("phone_callback").sample is not None


def test_nothing_keeps_back_what_is_owed() -> None:
    for strategy in RULES.entitlements:
        assert strategy.hold_out_share == 0
        assert strategy.sample is None
        assert strategy.authority_limit is None
        assert strategy.consent_code == "none"
        assert not any(strategy.is_over_authority(dt.date(2026, 7, 1), level) for level in range(5))


def test_marketing_needs_commercial_consent_and_care_does_not() -> None:
    commercial = {strategy.code for strategy in RULES.strategies if strategy.consent_code == "commercial"}
    assert commercial == {"rebate", "special_resources"}


@EVERY
def test_it_can_be_acted_on(strategy: Strategy) -> None:
    assert strategy.action_code in CODES["repair_action"]
    assert strategy.channel_code in CODES["campaign_channel"]
    assert 1 <= strategy.valid_days <= 31
    assert strategy.prior.lift_points > 0
    assert strategy.prior.uncertainty > 0
    assert strategy.is_entitlement or strategy.hold_out_share > 0
    assert set(strategy.cost) == {0, 1, 2, 3, 4}


@EVERY
def test_its_words_are_there_in_both_languages(strategy: Strategy) -> None:
    for language in ("en", "zh"):
        assert "{happened}" in strategy.label(language)
        assert strategy.name(language)
        assert len(strategy.playbook(language)) > 15
        assert (strategy.message(language) is not None) == (strategy.channel_code == "sms")


def test_every_key_says_what_to_write_there_in_english_and_chinese() -> None:
    for model in {FileText, StrategyText, *HOLDS.values()}:
        for name, field in model.model_fields.items():
            assert field.description, (model, name)
            assert isinstance(field.json_schema_extra, dict)
            assert field.json_schema_extra["zh"], (model, name)


def test_they_are_in_force_on_any_day_of_ours() -> None:
    assert strategies_on(dt.date(2026, 7, 31), load_strategies()) == RULES
