"""Words of codes that sources name: shipped, a home's own before them, and a file that is broken is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mend.foundation.home import Home
from mend.foundation.source_words import SourceWordsError, shipped_words, source_words


def home_with(folder: Path, text: str) -> Home:
    (folder / "words").mkdir(exist_ok=True)
    (folder / "words" / "own.yaml").write_text(text, "utf-8")
    return Home.at(folder, {})


def test_a_code_is_said_in_words_and_one_without_words_with_its_kind(tmp_path: Path) -> None:
    words = source_words(Home.at(tmp_path, {}))
    assert (words.say("city", "wuxi", "en"), words.say("city", "wuxi", "zh")) == ("Wuxi", "无锡")
    assert (words.say("city", "021", "en"), words.say("city", "021", "zh")) == ("city 021", "地市021")
    assert (words.name("city", "021", "zh"), words.say("team", "night_desk", "en")) == ("021", "team night desk")
    assert {words.say("city", None, "en"), words.say("city", "", "zh"), words.name("plan", None, "en")} == {"—"}


def test_sources_are_said_by_their_own_files(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "crm.yaml").write_text("source: crm\nen: Customer system\nzh: 客户系统\n", "utf-8")
    (tmp_path / "sources" / "half.yaml").write_text("source: half\n", "utf-8")
    words = source_words(Home.at(tmp_path, {}))
    assert (words.say("source", "crm", "zh"), words.say("source", "simulator", "en")) == (
        "客户系统", "Simulated telecom centre",
    )  # fmt: skip
    assert words.say("source", "half", "zh") == "数据源half"


def test_a_homes_own_words_go_before_those_shipped_and_are_read_again_when_they_change(tmp_path: Path) -> None:
    home = home_with(tmp_path, "city:\n  wuxi: [Wuxi city, 无锡市]\n  '021': [Shanghai, 上海]\n")
    assert source_words(home).say("city", "wuxi", "zh") == "无锡市"
    assert source_words(home).say("city", "021", "en") == "Shanghai"
    assert source_words(home).say("city", "nanjing", "en") == "Nanjing"
    file = tmp_path / "words" / "own.yaml"
    file.write_text("city:\n  '021': [Hu, 沪]\n", "utf-8")
    os.utime(file, ns=(1, 1))
    assert source_words(home).say("city", "021", "zh") == "沪"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("city: [a, b]\n", "write kind:"),
        ("city:\n  wuxi: Wuxi\n", r"city: wuxi: write \[English, Chinese\]"),
        ("city:\n  wuxi: [Wuxi, '']\n", r"city: wuxi: write \[English, Chinese\]"),
        ("city:\n  wuxi: [Wuxi, 无锡]\n  wuxi: [W, 无]\n", "the key wuxi stands twice"),
    ],
)
def test_a_file_with_a_mistake_is_refused_and_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceWordsError, match=f"own.yaml.*{said}"):
        source_words(home_with(tmp_path, text))


def test_every_kind_has_words_for_what_nobody_named() -> None:
    words = shipped_words()
    assert set(words.kinds) <= set(words.unnamed)
