"""The bias check: intervals that hold, and verdicts that do not lean to the convenient side."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mend.repair.publishing.bias import Counted, check_bias, needs_reason
from mend.repair.publishing.intervals import newcombe, wilson


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_of_a_share_holds_the_share_and_stays_within_0_and_1(hits: int, misses: int) -> None:
    low, high = wilson(hits, hits + misses)
    assert 0 <= low <= high <= 1
    if hits + misses:
        assert low - 1e-12 <= hits / (hits + misses) <= high + 1e-12


@given(*[st.integers(0, 200)] * 4)
def test_the_interval_of_a_difference_turns_round_with_its_groups(a: int, b: int, c: int, d: int) -> None:
    low, high = newcombe(a, a + b, c, c + d)
    other = newcombe(c, c + d, a, a + b)
    assert other == pytest.approx((-high, -low))


@pytest.mark.parametrize(("first", "second", "of"), [(0.1, 0.1, 40), (0.5, 0.3, 100), (0.02, 0.02, 200)])
def test_the_interval_of_a_difference_covers_the_truth_at_its_rate(first: float, second: float, of: int) -> None:
    """2 000 draws of seeds fixed beforehand: 95 % by name, 93.5 to 98 % in small samples."""
    covered = 0
    for seed in range(2_000):
        draw = random.Random(seed)
        hits = [sum(draw.random() < share for _ in range(of)) for share in (first, second)]
        low, high = newcombe(hits[0], of, hits[1], of)
        covered += low <= first - second <= high
    assert 0.935 <= covered / 2_000 <= 0.995


def verdicts(groups: list[tuple[int, int]], bound: float = 0.1, least: int = 30) -> list[str]:
    counted = [Counted("city", str(place), *each) for place, each in enumerate(groups)]
    return [each.verdict_code for each in check_bias(counted, bound, least)]


def test_a_group_far_from_all_is_outside_and_one_near_is_within() -> None:
    assert verdicts([(1_000, 500), (1_000, 100), (1_000, 300)]) == ["outside", "outside", "within"]


def test_where_few_candidates_differ_nobody_can_tell() -> None:
    assert verdicts([(3, 3), (1_000, 300)]) == ["unknown", "within"]
    assert verdicts([(32, 13), (1_000, 290)])[0] == "unknown"  # over the bound, and its interval holds zero


def test_a_group_alone_differs_from_nobody() -> None:
    assert verdicts([(50, 0)]) == ["within"]
    assert verdicts([]) == []
    assert verdicts([(0, 0)]) == ["within"]


def test_each_kind_of_group_is_judged_by_itself() -> None:
    counted = [Counted("gender", "f", 500, 100), Counted("gender", "m", 500, 100), Counted("city", "x", 1_000, 200)]
    assert not needs_reason(check_bias(counted, 0.1, 30))


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=6))
def test_the_differences_from_all_weighted_by_candidates_are_zero(pairs: list[tuple[int, int]]) -> None:
    counted = [Counted("city", str(place), hits + misses, hits) for place, (hits, misses) in enumerate(pairs)]
    found = check_bias(counted, 0.1, 30)
    assert sum(each.difference * each.candidates for each in found) == pytest.approx(0, abs=1e-6)
    assert all(each.difference_low - 1e-9 <= each.difference <= each.difference_high + 1e-9 for each in found)
