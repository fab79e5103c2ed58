"""The card of judging rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from mend.foundation.rules import read
from mend.grumbles.recording.card import card_page, card_text
from mend.grumbles.recording.errors import RecordingRuleError
from mend.grumbles.recording.rules import FOLDER, RecordingRules, load_rules

CARD = load_rules()[0].card


def test_it_says_what_counts_whoever_is_at_fault_as_which_type_and_how_exactly() -> None:
    codes = [rule.code for rule in CARD.rules]
    assert codes[:4] == ["any_doubt", "whoever_is_at_fault", "same_types", "simple_before_exact"]
    chinese = card_text(CARD, "zh")
    assert all(words in chinese for words in ("有疑有怨，必记一单", "不论对错", "类型同工单", "先简后精"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_every_rule_and_nothing_from_outside(language: str) -> None:
    html = card_page(CARD, language)
    assert all(rule.short.of(language).split('"')[0] in html for rule in CARD.rules)
    assert html.count("<h3>") == len(CARD.rules)
    assert not any(word in html for word in ("http", "<script"))


def test_a_broken_file_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "2027-01-01.yaml"
    text = (FOLDER / "1990-01-01.yaml").read_text("utf-8").replace("1990-01-01", "2027-01-01")
    path.write_text(text.replace("least_kappa: 0.6", "least_kappa: 6"), "utf-8")
    with pytest.raises(
        RecordingRuleError, match=r"2027-01-01.yaml: agreement: least_kappa: .* less than or equal to 1"
    ):
        read(path, RecordingRules, RecordingRuleError)
