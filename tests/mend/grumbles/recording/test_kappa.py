"""Agreement beyond chance, held against the standard package and against planted truth."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from mend.grumbles.recording.kappa import Agreement, of_groups, of_pairs

AREAS = ("tariff_billing", "marketing", "network_coverage")


def _pairs(luck: random.Random, size: int, share: float) -> Counter[tuple[str, str]]:
    """The same is said in this share of the pairs, else anything."""
    found: Counter[tuple[str, str]] = Counter()
    for _ in range(size):
        one = luck.choice(AREAS)
        found[one, one if luck.random() < share else luck.choice(AREAS)] += 1
    return found


def _width(found: Agreement) -> float:
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


def test_kappa_and_its_interval_are_those_of_the_standard_package() -> None:
    pairs = _pairs(random.Random(1), 400, 0.6)
    table = np.array([[pairs[one, other] for other in AREAS] for one in AREAS])
    theirs, ours = cohens_kappa(table), of_pairs(pairs, 0.95)
    assert ours.kappa == pytest.approx(theirs.kappa)
    assert (ours.low, ours.high) == (pytest.approx(theirs.kappa_low), pytest.approx(theirs.kappa_upp))


def test_of_many_groups_that_do_not_differ_the_jackknife_gives_much_the_same() -> None:
    luck = random.Random(2)
    groups = [_pairs(luck, 40, 0.7) for _ in range(50)]
    ours, plain = of_groups(groups, 0.95), of_pairs(sum(groups, Counter()), 0.95)
    assert ours.kappa == plain.kappa
    assert ours.low == pytest.approx(plain.low, abs=0.02)


def test_groups_that_differ_make_the_interval_wider() -> None:
    luck = random.Random(3)
    groups = [_pairs(luck, 100, 0.95 if number % 2 else 0.3) for number in range(12)]
    ours, plain = of_groups(groups, 0.95), of_pairs(sum(groups, Counter()), 0.95)
    assert _width(ours) > 2 * _width(plain)


def test_where_all_is_one_type_agreement_says_nothing() -> None:
    assert of_pairs(Counter({("a", "a"): 50}), 0.95) == Agreement(50, 1.0, None, None, None)
    assert of_groups([Counter({("a", "b"): 9})], 0.95).low is None
    two = [Counter({("a", "a"): 1}), Counter({("b", "b"): 1})]  # without either, all is one type
    assert of_groups(two, 0.95) == Agreement(2, 1.0, 1.0, None, None)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Of pairs the same in half of the cases and else by chance over three types, kappa is a half."""
    luck, hits = random.Random(4), 0
    for _ in range(200):
        found = of_groups([_pairs(luck, 20, 0.5) for _ in range(20)], 0.95)
        hits += abs(0.5 - (found.kappa or 0)) <= _width(found) / 2
    assert hits >= 183  # 95 % of 200 less three standard errors
