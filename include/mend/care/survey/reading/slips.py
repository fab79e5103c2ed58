"""Long words with one slip of the keyboard in them."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from mend.care.survey.reading.words import FOLDER, read_words

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
WORD: Final = re.compile("[a-z]+")


def unslipped(word: str) -> str:
    """The word that is meant by one with a single slip; a word that the phrases know stays.

    >>> [unslipped(word) for word in ("reslved", "wroking", "unsubcsribe", "resolve", "whiskey")]
    ['resolved', 'working', 'unsubscribe', 'resolve', 'whiskey']
    """
    return _slips().get(word, word)


@cache
def _slips() -> dict[str, str]:
    """What each slip means. A slip of two words, or one that is a word itself, means nothing."""
    found: dict[str, set[str]] = {}
    for right in read_words("signs")["mistyped"].split():
        for slip in _one_off(right):
            found.setdefault(slip, set()).add(right)
    known = {word for path in FOLDER.glob("*.yaml") for word in WORD.findall(path.read_text("utf-8"))}
    return {slip: next(iter(rights)) for slip, rights in found.items() if len(rights) == 1 and slip not in known}


def _one_off(word: str) -> set[str]:
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    less = {head + tail[1:] for head, tail in parts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1}
    wrong = {head + letter + tail[1:] for head, tail in parts if tail for letter in LETTERS}
    more = {head + letter + tail for head, tail in parts for letter in LETTERS}
    return (less | swapped | wrong | more) - {word}
