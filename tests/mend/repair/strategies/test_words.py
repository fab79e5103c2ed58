"""What happened to a customer is said in words, the worst first, in both languages; words are bound, never pasted."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import duckdb
import pytest
from tests.mend.repair.strategies.files import Content, changed

from mend.repair.strategies import AUDIENCE_COLUMNS, StrategySet, fill, happened_sql, load_strategies, parse_strategies

RULES = load_strategies()[0]
TYPES = {"boolean": "boolean", "number": "integer", "text": "varchar"}


def said(facts: Mapping[str, object], language: str, rules: StrategySet = RULES, most: int = 2) -> str:
    """What is said of a customer of whom these facts are known, and no others."""
    expression, words = happened_sql(rules, language, most)
    columns = ", ".join(
        f'$row_{name}::{TYPES[column.kind.name]} as "{name}"' for name, column in AUDIENCE_COLUMNS.items()
    )
    row = {f"row_{name}": facts.get(name) for name in AUDIENCE_COLUMNS}
    [[text]] = duckdb.execute(f"select {expression} from (select {columns})", {**row, **words}).fetchall()
    return str(text)


@pytest.mark.parametrize(
    ("facts", "en", "zh"),
    [
        ({"hit_agt_01": True}, "the call was cut off", "通话中断或无声"),
        (
            {"is_failed_to_connect": True, "is_escalated": True, "hit_agt_01": True},
            "their complaint was escalated; the call was cut off",
            "投诉已升级；通话中断或无声",
        ),
        ({"segment_code": "ivr"}, "self-service did not do what they wanted", "自助服务未能办成"),
        ({"level": 2}, "they had a poor experience with us", "近期服务体验不佳"),
        ({}, "they had a poor experience with us", "近期服务体验不佳"),
        ({"is_escalated": False}, "they had a poor experience with us", "近期服务体验不佳"),
    ],
)
def test_the_two_worst_experiences_are_said(facts: Mapping[str, object], en: str, zh: str) -> None:
    assert (said(facts, "en"), said(facts, "zh")) == (en, zh)


def test_every_experience_can_be_said() -> None:
    everything = {name: True for name, column in AUDIENCE_COLUMNS.items() if column.kind.name == "boolean"}
    text = said({**everything, "segment_code": "double"}, "zh", most=99)
    assert text.split("；") == [each.zh for each in RULES.experiences]


def test_words_of_any_kind_stay_words() -> None:
    def quoted(content: Content) -> None:
        content["experiences"]["escalated"]["en"] = 'it\'s "$happened_en_1"; -- drop table x'

    rules = parse_strategies(changed(quoted))
    assert said({"is_escalated": True}, "en", rules) == 'it\'s "$happened_en_1"; -- drop table x'
    assert "drop table" not in happened_sql(rules, "en")[0]


def test_without_experiences_the_others_words_are_said() -> None:
    assert said({"is_escalated": True}, "en", dataclasses.replace(RULES, experiences=())) == RULES.otherwise_en


def test_a_label_is_filled_with_what_happened() -> None:
    label = RULES.strategy("rebate").label("zh")
    places = {
        "happened": said({"hit_res_07": True, "is_escalated": True}, "zh"),
        "amount": "50",
        "valid_until": "7月31日",
    }
    assert fill(label, places) == "可享50元回馈，7月31日前有效：投诉已升级。"


def test_a_place_that_nobody_fills_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("{happened}: {amount}", {"happened": "x"})
