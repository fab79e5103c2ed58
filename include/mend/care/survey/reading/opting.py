"""Asking for no more messages, and asking for them again: only when the whole text does."""

from __future__ import annotations

import re
from typing import Final

from mend.care.survey.reading.cover import Clause
from mend.care.survey.reading.heard import Heard, numbers
from mend.care.survey.reading.patterns import patterns

# What may stand beside 'no more messages'; beside a single letter only a digit or thanks.
BESIDE: Final = frozenset(
    {
        "optout",
        "weak",
        "letter",
        "number",
        "polite",
        "hello",
        "abuse",
        "unsolved",
        "solved",
        "trouble",
        "denied",
        "affirmed",
        "link",
        "dissatisfied",
        "very_dissatisfied",
        "story",
        "sneer",
        "nice",
        "very_satisfied",
        "satisfied",
        "neutral",
        "noneed",
        "request",
        "loose_unsolved",
        "context",
        "declined",
    }
)
BESIDE_LETTER: Final = frozenset({"letter", "optout", "number", "polite"})
POLITE_REQUEST: Final = ("能不能", "可不可以", "可以不", "can", "could", "please", "would", "will")
ITS_CLAUSE: Final = frozenset({"letter", "optout", "number", "polite", "hello", "link", "abuse"})
LONGEST_NUMBER: Final = 10
SIGNS: Final = re.compile(r"[\s.!。!~]+$|^[\s\"'“]+")


def asks_for_none(heard: Heard) -> bool:
    """Whether all that was heard is a request for no more messages and what goes with it."""
    tags = heard.tags
    if not tags & {"optout", "letter"} or heard.left_over:
        return False
    if any(each.is_question and not each.words.startswith(POLITE_REQUEST) for each in heard.clauses):
        return False
    if any(not _fills(clause) for clause in heard.clauses):
        return False
    given = numbers(heard)
    if given is None or any(value > LONGEST_NUMBER for value in given):
        return False
    return tags <= (BESIDE if "optout" in tags else BESIDE_LETTER)


def _fills(clause: Clause) -> bool:
    """Whether the request has its clause for itself: 'stop' beside a trouble is about the trouble."""
    tags = {each.tag for each in clause.said or ()}
    return not tags & {"optout", "letter"} or tags <= ITS_CLAUSE


def asks_to_start(text: str) -> bool:
    """Whether all of a plain text asks for messages again."""
    return patterns("opting")["starts"].fullmatch(SIGNS.sub("", text)) is not None


def names_marketing(text: str) -> bool:
    """Whether a plain text names marketing."""
    return patterns("opting")["marketing"].search(text) is not None
