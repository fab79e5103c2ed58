"""What replies mean: the texts of replies.yaml, and what holds for any text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mend.survey.reply import Meaning, is_opt_out, normalised, parse
from mend.survey.rules import load_rules

TEXTS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("replies.yaml").read_text("utf-8"))
ASKED = load_rules()[0].questionnaires
SOLVED, SCORE = ASKED["solved_1_7"], ASKED["score_0_10"]


def flat(texts: list[Any]) -> list[str]:
    return [text for line in texts for text in (line if isinstance(line, list) else [line])]


def solved_cases() -> Iterator[tuple[str, str]]:
    for meaning, texts in TEXTS["solved_questionnaire"].items():
        yield from ((text, meaning) for text in flat(texts))


def score_cases() -> Iterator[tuple[str, str]]:
    for meaning, texts in TEXTS["score_questionnaire"].items():
        yield from ((text, meaning) for text in flat(texts))


def test_there_are_texts_enough_in_both_languages() -> None:
    texts = [*flat(TEXTS["opt_out"]), *flat(TEXTS["not_opt_out"]), *(text for text, _ in (*solved_cases(), *score_cases()))]
    assert len(set(texts)) >= 300
    assert sum(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in set(texts)) >= 120
    assert all(isinstance(text, str) for text in texts)


@pytest.mark.parametrize("text", flat(TEXTS["opt_out"]))
def test_an_opt_out_is_one_whatever_was_asked(text: str) -> None:
    assert parse(text, SOLVED) == parse(text, SCORE) == Meaning("opt_out")


@pytest.mark.parametrize("text", flat(TEXTS["not_opt_out"]))
def test_what_looks_like_an_opt_out_is_none(text: str) -> None:
    assert not is_opt_out(normalised(text))


@pytest.mark.parametrize(("text", "meaning"), list(solved_cases()))
def test_solved_or_not(text: str, meaning: str) -> None:
    assert parse(text, SOLVED).code == meaning


@pytest.mark.parametrize(("text", "meaning"), list(score_cases()))
def test_scores(text: str, meaning: str) -> None:
    found = parse(text, SCORE)
    assert (found.code if meaning in ("unclear", "unsolved") else found) == (
        meaning if not meaning.isdecimal() else Meaning("score", int(meaning))
    )


def test_satisfied_but_unsolved_is_unsolved_and_keeps_its_score() -> None:
    assert parse("很满意，但没解决", SCORE) == Meaning("unsolved", 10)
    assert parse("9 但没解决", SCORE) == Meaning("unsolved", 9)


@given(st.text())
def test_any_text_has_a_meaning_and_a_score_on_the_scale(text: str) -> None:
    for questionnaire in (SOLVED, SCORE):
        meaning = parse(text, questionnaire)
        assert meaning.code in ("solved", "unsolved", "score", "opt_out", "unclear")
        assert meaning.score is None or 0 <= meaning.score <= 10


@given(st.sampled_from(sorted({text for text, _ in solved_cases()})), st.sampled_from(["  {}", "{}  ", "\n{}\n", "{} \u200b"]))
def test_spaces_around_change_nothing(text: str, around: str) -> None:
    assert parse(around.format(text), SOLVED) == parse(text, SOLVED)
