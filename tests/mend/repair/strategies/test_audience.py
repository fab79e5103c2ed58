"""Audiences are expressions over the customer and month: their columns are those of the tables, and they run."""

from __future__ import annotations

import contextlib

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mend.damage.scoring import load_rules
from mend.foundation.conditions import ConditionError
from mend.foundation.schema import TABLES
from mend.repair.strategies import AUDIENCE_COLUMNS, INDICATORS, hit_column, load_strategies, parse_audience

TYPES = {"boolean": "boolean", "number": "integer", "text": "varchar"}


def test_the_indicators_are_the_scoring_s() -> None:
    assert set(INDICATORS) == set(load_rules()[0].indicators)
    assert {hit_column(each) for each in INDICATORS} <= AUDIENCE_COLUMNS.keys()


@pytest.mark.parametrize(
    "name", sorted(AUDIENCE_COLUMNS.keys() & {c.name for c in TABLES["mart_damage_month"].columns})
)
def test_a_column_of_the_damaged_customers_is_of_its_type_and_has_its_codes(name: str) -> None:
    column = next(each for each in TABLES["mart_damage_month"].columns if each.name == name)
    kind = AUDIENCE_COLUMNS[name].kind
    assert {"string": "text", "boolean": "boolean"}.get(column.type, "number") == kind.name
    assert (column.codes is None) == (kind.codes is None)


def test_every_column_has_words_in_both_languages() -> None:
    for name, column in AUDIENCE_COLUMNS.items():
        assert column.en, name
        assert column.zh, name


def test_nothing_personal_can_be_asked_for() -> None:
    personal = {column.name for table in TABLES.values() for column in table.columns if column.personal}
    assert not personal & AUDIENCE_COLUMNS.keys()
    with pytest.raises(ConditionError, match="unknown column phone_number"):
        parse_audience("phone_number is not null")


CUSTOMERS = {
    "nobody knows": {},
    "critical and high value": {"level": 4, "is_high_value": True, "is_explicit": True, "explicit_grade": 4},
    "critical, value not known": {"level": 4},
    "cut off, no reply": {"level": 1, "hit_agt_01": True, "is_dropped_without_reply": True},
    "cut off, called back": {"level": 1, "hit_agt_01": True, "is_dropped_without_reply": False},
    "escalated": {"level": 3, "is_escalated": True, "is_explicit": True, "explicit_grade": 4},
    "repaired": {"level": 1, "is_in_consolidation": True, "is_explicit": True, "explicit_grade": 2},
    "hung up dissatisfied": {"level": 2, "is_dissatisfied_hangup": True, "is_surveyed": True},
}
EXPECTED = {
    "nobody knows": set(),
    "critical and high value": {"priority_access", "phone_callback", "rebate", "manager_visit"},
    "critical, value not known": {"priority_access", "phone_callback"},
    "cut off, no reply": {"dropped_call_care"},
    "cut off, called back": set(),
    "escalated": {"complaint_handling", "priority_access", "phone_callback", "rebate"},
    "repaired": {"priority_access", "sms_consolidation"},
    "hung up dissatisfied": {"priority_access", "phone_callback", "special_resources"},
}


@pytest.mark.parametrize("who", CUSTOMERS)
def test_who_is_among_whom_a_strategy_is_for(who: str) -> None:
    known = {name: None for name, column in AUDIENCE_COLUMNS.items() if column.kind.name == "text"}
    if who != "nobody knows":
        known |= {name: False for name, column in AUDIENCE_COLUMNS.items() if column.kind.name == "boolean"}
        known |= {name: 0 for name, column in AUDIENCE_COLUMNS.items() if column.kind.name == "number"}
        known |= {"is_high_value": None}
    row = {**dict.fromkeys(AUDIENCE_COLUMNS), **known, **CUSTOMERS[who]}
    columns = ", ".join(f'${name}::{TYPES[column.kind.name]} as "{name}"' for name, column in AUDIENCE_COLUMNS.items())
    rules = load_strategies()[0]
    asked = ", ".join(strategy.audience.sql() for strategy in rules.strategies)
    [answers] = duckdb.execute(f"select {asked} from (select {columns})", row).fetchall()
    found = {strategy.code for strategy, answer in zip(rules.strategies, answers, strict=True) if answer}
    assert found == EXPECTED[who]


@given(st.text(alphabet="level>=<()4' andornotis_explicit;-$\\\n\"", max_size=40))
def test_any_text_is_an_audience_or_refused_with_words(text: str) -> None:
    with contextlib.suppress(ConditionError):
        assert parse_audience(text).columns <= AUDIENCE_COLUMNS.keys()
