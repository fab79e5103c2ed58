"""Pages stand alone, in both languages, escaped, with a table below each picture; the same figures give the same
bytes.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mend.foundation.yaml_text import read_yaml
from mend.repair.effect import Moments, estimate
from mend.repair.effect.estimates import spent_alpha
from mend.repair.effect.judging import BeforeAfter, GroupResult, Judged, Look, Refused, Result
from mend.repair.effect.outcomes import OUTCOMES, outcome
from mend.repair.effect.reading import Key
from mend.repair.effect.refusals import Refusal
from mend.repair.effect.report import Page, write_report
from mend.repair.effect.report_words import FOLDER
from mend.repair.effect.uplift import GroupCell, GroupEffect

ARM = Moments(900, 10, 0.3, 0.21)
HELD = Moments(120, 2, 0.35, 0.2275)
NAME = "<b>care & co</b>"


def _page() -> Page:
    key, whole = Key("care", "itt"), Key("all", "cumulative")
    results = [
        Result(
            key,
            each,
            ARM,
            HELD,
            estimate(ARM, HELD, each.is_share),
            0.2,
            "may_harm",
            Look(),
            BeforeAfter(1, 0.3, 1, 0.3),
        )
        for each in OUTCOMES
    ]
    look = Look(2, spent_alpha(2, 6))
    results.append(
        Result(whole, outcome("churn", "cumulative"), ARM, HELD, estimate(ARM, HELD, True), 0.9, "no_proof", look, None)
    )
    refused = Refused(
        Key("all", "itt"), None, Refusal("sample_ratio", "arms", 1e-9, 0.001, "sample <ratio>", "样本比例不符")
    )
    cell = GroupCell("city", "<script>", 1, ARM, HELD)
    effect = GroupEffect(cell, 0.1, estimate(ARM, HELD, True), True, 0.01, "left_alone")
    group = GroupResult(key, outcome("complaint", "itt"), effect)
    return Page("2026-03", 2, 2, Judged(tuple(results), (refused,), (group,)), {"care": (NAME, "触点关怀")})


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("effect")
    (folder / "gone.en.html").write_text("a campaign of an earlier run")
    write_report(folder, _page())
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


class Reader(HTMLParser):
    """Every address that a page names, its tags that load or run something, and the order of pictures and tables."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action", "data")
        ]


def test_there_is_a_page_a_campaign_and_language_and_no_old_one(pages: dict[str, str]) -> None:
    assert sorted(pages) == sorted(
        f"{name}.{language}.html" for name in ("index", "campaign_all", "campaign_care") for language in ("en", "zh")
    )


def test_a_page_needs_nothing_from_outside(pages: dict[str, str]) -> None:
    for text in pages.values():
        reader = Reader()
        reader.feed(text)
        assert all(address in pages for address in reader.addresses)
        assert not {"script", "link", "img", "iframe", "object", "embed"} & set(reader.tags)
        assert not re.search(r"@import|url\(\s*['\"]?(?!#)", text)
        outside = set(re.findall(r"https?://[^\s\"'<]+", text))
        assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # names, not addresses


def test_every_picture_has_a_table_below_it(pages: dict[str, str]) -> None:
    for name in ("campaign_care.en.html", "campaign_care.zh.html", "campaign_all.en.html"):
        reader = Reader()
        reader.feed(pages[name])
        order = [tag for tag in reader.tags if tag in ("svg", "table")]
        assert "svg" in order
        assert order[-1] == "table"


def test_the_refusal_stands_before_any_figure(pages: dict[str, str]) -> None:
    for name, words in (
        ("campaign_all.en.html", "Refused comparisons"),
        ("campaign_all.zh.html", "拒绝的比较"),
        ("index.en.html", "Refused"),
    ):
        text = pages[name]
        assert text.index(words) < text.index("<svg" if name.startswith("campaign") else "All comparisons")


def test_words_are_escaped(pages: dict[str, str]) -> None:
    text = pages["campaign_care.en.html"]
    assert NAME not in text
    assert "&lt;b&gt;care &amp; co&lt;/b&gt;" in text
    assert "<script>" not in text
    assert "sample &lt;ratio&gt;" in pages["campaign_all.en.html"]


def test_a_page_is_in_its_language(pages: dict[str, str]) -> None:
    english = re.sub(r"<style>.*?</style>", "", pages["campaign_care.en.html"], flags=re.DOTALL)
    assert not re.search(r"[\u4e00-\u9fff]", english)
    chinese = pages["campaign_care.zh.html"]
    assert '<html lang="zh-CN">' in chinese
    for words in ("触点关怀", "宜不打扰", "未修复时的变化", "校正P值", "可能有害"):
        assert words in chinese


def test_both_languages_have_all_words() -> None:
    for file in ("report_words.yaml", "published_words.yaml"):
        for name, words in read_yaml((FOLDER / file).read_text("utf-8")).items():
            assert set(words) == {"en", "zh"}, name
            assert set(re.findall(r"{\w+", words["en"])) == set(re.findall(r"{\w+", words["zh"])), name


def test_the_same_figures_give_the_same_bytes(pages: dict[str, str], tmp_path: Path) -> None:
    write_report(tmp_path, _page())
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == pages
