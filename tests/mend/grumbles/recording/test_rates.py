"""How often centres record grumbles in like calls."""

from __future__ import annotations

import random
from collections import Counter

from mend.grumbles.recording.rates import Side, difference
from mend.grumbles.recording.rows import pair_rows, rate_rows
from mend.grumbles.recording.rules import load_rules

RULES = load_rules()[0].agreement


def _side(luck: random.Random, prefix: str, mix: dict[str, int], rates: dict[str, float], spread: float = 0.0) -> Side:
    """Twenty agents; `mix`: calls of each topic an agent; `spread`: how far agents differ."""
    calls, recorded = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for number in range(20):
        own = luck.gauss(0, spread)
        for topic, count in mix.items():
            cell = f"{prefix}{number}", topic
            calls[cell] = count
            recorded[cell] = sum(luck.random() < rates[topic] + own for _ in range(count))
    return Side(calls, recorded)


def test_a_centre_with_other_calls_is_not_held_to_be_one_that_records_otherwise() -> None:
    luck, rates = random.Random(1), {"bill": 0.3, "balance": 0.05}
    north = _side(luck, "n", {"bill": 90, "balance": 10}, rates)
    south = _side(luck, "s", {"bill": 10, "balance": 90}, rates)
    found = difference(north, south, 30, 0.95)
    assert found is not None
    assert found.low < 0 < found.high


def test_a_centre_that_records_less_in_like_calls_is_found() -> None:
    luck, mix = random.Random(2), {"bill": 50, "balance": 50}
    sides = {
        "north": _side(luck, "n", mix, {"bill": 0.30, "balance": 0.10}),
        "south": _side(luck, "s", mix, {"bill": 0.15, "balance": 0.05}),
    }
    rows = rate_rows(RULES, "2026-05", {"": sides})
    assert {row["center_code"]: (row["verdict_code"], round(row["estimate"], 1)) for row in rows} == {
        "north": ("differs", 0.1),
        "south": ("differs", -0.1),
    }


def test_agents_who_differ_are_no_difference_of_their_centres() -> None:
    """Of 200 pairs of like centres, in which agents differ widely, one in twenty is called different at most."""
    luck, differ = random.Random(3), 0
    for _ in range(200):
        sides = [_side(luck, name, {"bill": 60}, {"bill": 0.3}, spread=0.12) for name in ("n", "s")]
        found = difference(sides[0], sides[1], 30, 0.95)
        assert found is not None
        differ += found.p_value < 0.05
    assert differ <= 20


def test_too_little_data_says_so() -> None:
    one = _side(random.Random(4), "n", {"bill": 1}, {"bill": 0.3})
    rows = rate_rows(RULES, "2026-05", {"": {"north": one, "south": one}})
    assert [(row["verdict_code"], row["estimate"]) for row in rows] == [("too_little", None)] * 2
    pairs = {("north", f"a{n}"): Counter({("x", "x"): 5, ("x", "y"): 2}) for n in range(6)}
    few = pair_rows(RULES, "2026-05", "note_area", pairs)
    assert [(row["center_code"], row["verdict_code"], row["estimate"]) for row in few] == [
        ("all", "too_little", None),
        ("north", "too_little", None),
    ]


def test_a_verdict_needs_the_whole_interval() -> None:
    rules = RULES.model_copy(update={"least_pairs": 100})

    def verdict(same: int, other: int) -> str:
        own = Counter({("x", "x"): same, ("y", "y"): same, ("x", "y"): other, ("y", "x"): other})
        return str(pair_rows(rules, "2026-05", "note_area", {("n", f"a{k}"): own for k in range(8)})[0]["verdict_code"])

    assert [verdict(20, 1), verdict(10, 20)] == ["agrees", "differs"]
    alike, other = Counter({("x", "x"): 10, ("y", "y"): 10}), Counter({("x", "x"): 5, ("y", "y"): 5, ("x", "y"): 10})
    uneven = {("n", f"a{k}"): (alike, other)[k % 2] for k in range(8)}
    assert pair_rows(rules, "2026-05", "note_area", uneven)[0]["verdict_code"] == "unclear"
