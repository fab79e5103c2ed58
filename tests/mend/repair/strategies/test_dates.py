"""Strategies are dated: a change counts from its day on, and earlier months keep theirs; a list keeps the text."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mend.repair.strategies.files import SHIPPED, changed, of, setting, write

from mend.repair.strategies import (
    StrategyError,
    load_strategies,
    parse_strategies,
    read_strategy_file,
    strategies_on,
)
from mend.repair.strategies.fields import CONTROL
from mend.repair.strategies.rules import canonical


def test_a_change_counts_from_its_day_on_and_earlier_days_keep_theirs(tmp_path: Path) -> None:
    folder = write(tmp_path / "s", of("rebate", valid_days=10))
    sets = load_strategies(folder)
    assert strategies_on(dt.date(2026, 5, 31), sets).strategy("rebate").valid_days == 31
    assert strategies_on(dt.date(2026, 6, 1), sets).strategy("rebate").valid_days == 10
    assert [(each.valid_from, each.valid_until) for each in sets] == [
        (dt.date(1990, 1, 1), dt.date(2026, 6, 1)),
        (dt.date(2026, 6, 1), None),
    ]


def test_a_home_s_file_of_the_shipped_day_takes_its_place(tmp_path: Path) -> None:
    sets = load_strategies(write(tmp_path / "s", setting(seed="other"), "1990-01-01"))
    assert [each.settings.seed for each in sets] == ["other"]


def test_a_home_without_strategies_has_the_shipped_ones(tmp_path: Path) -> None:
    assert load_strategies(tmp_path / "strategies") == load_strategies()


def test_a_day_before_the_first_version_is_an_error() -> None:
    with pytest.raises(StrategyError, match="no strategies are in force on 1989-12-31"):
        strategies_on(dt.date(1989, 12, 31), load_strategies())


def test_one_broken_file_refuses_all_of_them(tmp_path: Path) -> None:
    write(tmp_path / "s", None, "2026-05-01")
    write(tmp_path / "s", of("rebate", cost=-1), "2027-01-01")
    with pytest.raises(StrategyError, match="2027-01-01"):
        load_strategies(tmp_path / "s")


def test_a_home_s_own_indicators_may_be_asked_for(tmp_path: Path) -> None:
    folder = write(tmp_path / "s", of("phone_callback", audience="hit_shop_01"))
    with pytest.raises(StrategyError, match="unknown column hit_shop_01"):
        load_strategies(folder)
    mine = load_strategies(folder, ["SHOP-01", *(f"{stage}-{n:02}" for stage, n in _shipped_indicators())])[-1]
    assert mine.strategy("phone_callback").audience.columns == {"hit_shop_01"}
    assert parse_strategies(mine.text) == mine


def _shipped_indicators() -> list[tuple[str, int]]:
    counts = {"IVR": 12, "CON": 7, "AGT": 9, "RES": 8}
    return [(stage, number) for stage, count in counts.items() for number in range(1, count + 1)]


def test_the_text_rebuilds_the_set_after_the_files_have_moved_on(tmp_path: Path) -> None:
    folder = write(tmp_path / "s", of("rebate", city_capacity={"default": 5, "0571": "unlimited"}))
    pinned = load_strategies(folder)[-1]
    write(folder, of("rebate", audience="level = 1"))
    assert load_strategies(folder)[-1].digest != pinned.digest
    again = parse_strategies(pinned.text)
    assert (again, again.text, again.digest) == (pinned, pinned.text, pinned.digest)


def test_comments_layout_and_the_order_of_keys_do_not_change_the_digest() -> None:
    content = yaml.safe_load(SHIPPED.read_text("utf-8"))
    flat = yaml.safe_dump(_shuffled(content, random.Random(7)), allow_unicode=True, sort_keys=False, width=10_000)
    assert parse_strategies("# another comment\n" + flat) == read_strategy_file(SHIPPED)


def _shuffled(value: Any, draw: random.Random, is_ordered: bool = False) -> Any:
    if not isinstance(value, dict):
        return value
    keys = list(value)
    if not is_ordered:
        draw.shuffle(keys)
    return {key: _shuffled(value[key], draw, key in ("strategies", "experiences")) for key in keys}


def test_the_order_of_strategies_counts() -> None:
    def reverse(content: dict[str, Any]) -> None:
        content["strategies"] = dict(reversed(content["strategies"].items()))

    there, back = parse_strategies(changed()), parse_strategies(changed(reverse))
    assert [each.code for each in back.strategies] == [each.code for each in reversed(there.strategies)]
    assert there.digest != back.digest


words = st.text(min_size=1, max_size=80).filter(
    lambda text: text.strip() and not CONTROL.search(text) and not set(text) & set("{}") and text.isprintable()
)


@settings(max_examples=40, deadline=None)
@given(
    words=words,
    share=st.floats(0, 1),
    cost=st.one_of(st.integers(0, 1_000_000), st.fixed_dictionaries({level: st.integers(0, 99) for level in range(5)})),
    cities=st.dictionaries(words, st.one_of(st.just("unlimited"), st.integers(0, 10**9)), max_size=4),
    seed=words,
    approvers=st.lists(words, unique=True, max_size=3),
    level=st.integers(0, 4),
)
def test_whatever_a_manager_writes_comes_back_as_they_wrote_it(
    words: str, share: float, cost: Any, cities: dict[str, Any], seed: str, approvers: list[str], level: int
) -> None:
    def change(content: dict[str, Any]) -> None:
        settings_of = content["settings"]
        settings_of.update(seed=seed, approvers=approvers, worst_first_weight=share)
        content["strategies"]["phone_callback"].update(
            playbook_zh=f"回访{words}",
            cost=cost,
            hold_out_share=share,
            city_capacity={**cities, "default": 7},
            audience=f"level >= {level}",
        )

    first = parse_strategies(changed(change))
    again = parse_strategies(first.text)
    assert (again, again.text, again.digest) == (first, first.text, first.digest)
    assert canonical(first.text) == first.text
    found = first.strategy("phone_callback")
    assert found.playbook_zh == f"回访{words}".strip()
    assert found.hold_out_share == share
    assert first.settings.approvers == tuple(approvers)
    for city, number in cities.items():
        if city != "default":
            assert found.capacity_in(city) == (None if number == "unlimited" else number)
    assert found.capacity_in("nowhere") == 7
