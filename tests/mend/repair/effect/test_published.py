"""The published figures are drawn, and tested as far as their counts allow: there are none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mend.foundation.statistics import agresti_caffo
from mend.repair.effect.published import (
    COHORTS,
    SERIES,
    corrected,
    differences,
    least_count,
    published_page,
    series,
    write_published,
)

CHURN = {"07": -0.3, "08": -0.6, "09": -1.4, "10": -2.4}
RETENTION = {"07": 0.2, "08": 0.8, "09": 1.7, "10": 2.2}


@pytest.mark.parametrize(("code", "expected"), [("churn", CHURN), ("high_value_retention", RETENTION)])
def test_the_figures_are_the_published_ones(code: str, expected: dict[str, float]) -> None:
    assert [round(value, 1) for value in differences(series(code))] == list(expected.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_draws_both_says_what_cannot_be_tested_and_refuses_the_cohorts(language: str) -> None:
    page = published_page(language)
    assert page.count("<svg") == len(SERIES) == 2
    assert page.count("<table") == 2
    if language == "en":
        assert "cannot be tested" in page
        assert "not balanced: 38.1 % of 22000 in A complained before, 43.2 % of 22000 in B (z = 10.9)" in page
    else:
        assert "无法据此检验" in page
        assert "两组不均衡：A22000人中曾投诉占38.1%" in page
    assert "corrected p" not in page
    assert "校正P值" not in page  # nothing is tested without counts


def test_each_interval_is_that_of_its_stated_count() -> None:
    found = agresti_caffo(round(0.052 * 5_000), 5_000, round(0.076 * 5_000), 5_000)
    assert f"{100 * found.low:+.2f} … {100 * found.high:+.2f}" in published_page("en")


@pytest.mark.parametrize(("control", "treated"), [(0.076, 0.052), (0.071, 0.068), (0.926, 0.948)])
def test_the_least_count_is_where_the_interval_leaves_zero(control: float, treated: float) -> None:
    least = least_count(control, treated)

    def excludes(count: int) -> bool:
        return agresti_caffo(round(treated * count), count, round(control * count), count).excludes_zero

    assert excludes(round(1.1 * least))
    assert not excludes(round(0.9 * least))


def test_with_stated_counts_the_differences_are_tested_and_corrected() -> None:
    tested = corrected(22_000)
    assert len(tested) == 8
    assert tested["churn", "10"] < 1e-9
    assert tested["churn", "07"] > 0.05  # 0.3 points are luck even then
    assert "corrected p (Holm over 8)" in published_page("en", 22_000)


def test_the_cohorts_are_the_published_ones() -> None:
    assert [cohort.customers for cohort in COHORTS] == [22_000, 22_000]


def test_files_are_written_in_both_languages_and_need_nothing_from_outside(tmp_path: Path) -> None:
    for path in write_published(tmp_path):
        text = path.read_text("utf-8")
        assert set(re.findall(r"https?://[^\s\"'<]+", text)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["published.en.html", "published.zh.html"]
