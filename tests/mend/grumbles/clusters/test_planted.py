"""Groups that the simulator plants are recovered; where it plants none, none are reported."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from tests.mend.grumbles.clusters.planted import KINDS, Lived, live

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

pytestmark = pytest.mark.slow  # begins first

NewHome = Callable[[], AbstractContextManager[Home]]


def _lived(new_home: NewHome, groups: str, seed: int, customers: int) -> Lived:
    with new_home() as home, Workbench.open(home) as bench:
        return live(home, bench, groups, seed, customers)


def _require_recovered(lived: Lived) -> None:
    assert set(lived.rand) == set(KINDS)
    assert min(lived.rand.values()) >= 0.8, lived.rand
    assert min(lived.report.kept_shares.values()) >= 0.95, lived.report.kept_shares
    assert "contradicted" not in lived.claims.values()


def _require_none(lived: Lived) -> None:
    report = lived.report
    assert (report.value_number, report.consumption_number, report.behaviour_number) == (1, 1, 1)
    shares = (report.value_shares, report.consumption_shares, report.behaviour_shares)
    assert shares == ({"normal": 1.0}, {"no_preference": 1.0}, {"not_shown_yet": 1.0})


def test_groups_that_are_apart_are_recovered_and_none_are_reported_where_none_are_planted(new_home: NewHome) -> None:
    _require_recovered(_lived(new_home, "apart", 1, 2_000))
    _require_none(_lived(new_home, "none", 1, 1_000))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(201, 211))
def test_on_ten_fresh_seeds_too(new_home: NewHome, seed: int) -> None:
    apart = _lived(new_home, "apart", seed, 4_000)
    _require_recovered(apart)
    assert {state for state in apart.claims.values() if state not in (None, "not_measured")} == {"confirmed"}
    _require_none(_lived(new_home, "none", seed, 4_000))
