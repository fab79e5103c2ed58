"""Pictures and pages: every touchpoint can be read, in both languages."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import combinations

import pytest
from tests.mend.prevention.touchpoint.worlds import BALANCE, MONTH, QUEUE, SHOP, calls, plan, put_month
from tests.mend.prevention.touchpoint.worlds import EVERYTHING as MAPPED

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.touchpoint.charts import RADIUS, SIDE
from mend.prevention.touchpoint.month import assess
from mend.prevention.touchpoint.placing import GAP, placed


@pytest.mark.parametrize("spread", [0, 3, 40])
def test_forty_numbers_at_one_place_or_near_it_cover_none_of_the_others(spread: int) -> None:
    points = [(SIDE - spread * (place % 7), spread * (place % 5)) for place in range(40)]
    found = placed([(float(x), float(y)) for x, y in points], RADIUS, SIDE)
    assert min(math.dist(one, other) for one, other in combinations(found, 2)) >= 2 * RADIUS + GAP
    assert all(RADIUS <= value <= SIDE - RADIUS for place in found for value in place)


def test_a_lone_number_stands_at_its_point() -> None:
    assert placed([(100.0, 200.0)], RADIUS, SIDE) == [(100.0, 200.0)]


def test_the_pages_show_each_touchpoint_its_action_and_its_formula_in_both_languages(
    home: Home, bench: Workbench
) -> None:
    put_month(bench, calls(failed=0.45))
    hostile = "<script>alert(1)</script> & 'x'"
    named = replace(QUEUE, name_en=hostile)
    assess(home, bench, MONTH, plan(BALANCE, named, SHOP), MAPPED)
    folder = home.root / "reports" / "touchpoints" / MONTH
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{name}.{language}.{kind}"
        for name, kind in (("index", "html"), ("journey", "svg"), ("quadrant", "svg"))
        for language in ("en", "zh")
    ]
    english, chinese = ((folder / f"index.{language}.html").read_text("utf-8") for language in ("en", "zh"))
    for words in ("balance-operating-2026-03", "self-service (service)", "1 at 0.5, 10 at 0.9", "→ action"):
        assert words in english
    for words in ("自助余额查询", "运营有效性", "整改措施", "触点有效性：2026-03"):
        assert words in chinese
    assert "<script>" not in english + chinese
    numbers = re.findall(r">(\d)</text>", (folder / "quadrant.en.svg").read_text("utf-8"))
    assert {"1", "2", "3"} <= set(numbers)


def test_a_touchpoint_without_a_score_is_in_the_key_and_said_not_to_be_drawn(home: Home, bench: Workbench) -> None:
    assess(home, bench, MONTH, plan(BALANCE, SHOP), MAPPED)
    quadrant = (home.root / "reports" / "touchpoints" / MONTH / "quadrant.en.svg").read_text("utf-8")
    assert "balance query (not drawn)" in quadrant
    assert "Shop advice (not drawn)" not in quadrant
