"""Clauses of a text, each covered by known phrases from end to end, or open."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from mend.care.survey.reading.templates import Phrases
from mend.care.survey.reading.words import read_words

LANGUAGES: Final = ("chinese", "english")
# What ends a clause; a sign between two digits belongs to the number (8.5, 8-9, 3:30, 8/10), and so does a sign before
# one (-1). Between
# Chinese characters a space ends one too.
ENDS: Final = (
    r"(?<!\d)[.,:/~]", r"[.,:/~](?!\d)", r"[-+](?![\d])", r"(?<=[^\d\s.])[-](?=\d)", (r"(?<=[\u4e00-\u9fff]) "
r"(?=[\u4e00-\u9fff])"),
    r"[。!?;、\n\"“”()（）\[\]【】《》<>{}_*|…·•—–=^]",
)  # fmt: skip
CLAUSE: Final = re.compile(f"(?:{'|'.join(ENDS)})+")
# Weeping faces of letters; beside Latin letters and digits they are something else.
WEEPING: Final = r"(?<![a-z0-9])(?:t(?:_+|-|\.)t|q[-_.]q|(?:t ?t|qaq|tat)(?= ?[\u4e00-\u9fff]))(?![a-z0-9])"
EMOTICON: Final = re.compile(rf"[:;=]-?[)(dpo]+(?![a-z])|\^_*\^|{WEEPING}|(?:<|&lt;)3|\bo_o\b|:'\(|xd\b")
LATIN: Final = re.compile("[a-zà-ÿ]")
NEGATORS: Final = frozenset(
    {
        "不",
        "没",
        "未",
        "否",
        "无",
        "没有",
        "不是",
        "冇",
        "莫",
        "并没有",
        "没得",
    }
)
COST: Final = 1
LONGEST: Final = 160  # signs; a longer clause is no phrase of ours


@dataclass(frozen=True)
class Said:
    """A phrase as it stands in a clause."""

    tag: str
    words: str
    fills_clause: bool


@dataclass(frozen=True)
class Clause:
    """What stands between two separators. `said` is None where unknown words are left over."""

    words: str
    said: tuple[Said, ...] | None
    is_question: bool
    is_closed: bool = (
        True  # by a sign or a conjunction, or where Chinese words begin behind a number; else only by a space
    )


def clauses(text: str) -> list[Clause]:
    """The clauses of a text in order, without empty ones."""
    found = []
    for words, is_question in _split(EMOTICON.sub(" ", text)):
        found.append(Clause(words, cover(words), is_question))
    return found


def _split(text: str) -> Iterator[tuple[str, bool]]:
    start = 0
    for sign in CLAUSE.finditer(text):
        if words := text[start : sign.start()].strip():
            yield words, "?" in sign.group()
        start = sign.end()
    if words := text[start:].strip():
        yield words, False


def cover(words: str) -> tuple[Said, ...] | None:
    """The fewest phrases that fill the words from end to end; None when there are none. Of equals, the tag that stands
    first.
    """
    known, size = phrases(), len(words)
    if size > LONGEST:
        return None
    best: list[tuple[int, int, str] | None] = [None] * (size + 1)  # cost, where the last phrase began, its tag
    best[0] = (0, 0, "")
    for start in range(size):
        here = best[start]
        if here is None:
            continue
        if words[start] == " ":
            _offer(best, start + 1, (here[0], start, ""))
            continue
        for end, tags in known.ends(words, start):
            if _may_end(words, end):
                _offer(best, end, (here[0] + COST, start, tags[0]))
    said = _path(words, best) if best[size] is not None else None
    return None if said is None or _denies_what_follows(words, said) else said


def _denies_what_follows(words: str, said: tuple[Said, ...]) -> bool:
    """Whether a bare 'not' stands before another phrase: it belongs to that phrase, and who knows what both say."""
    pairs = itertools.pairwise(said)
    return any(
        one.words in NEGATORS and two.tag not in ("polite", "denied") and one.words + two.words in words
        for one, two in pairs
    )


def _offer(best: list[tuple[int, int, str] | None], place: int, way: tuple[int, int, str]) -> None:
    old = best[place]
    if old is None or way[0] < old[0]:
        best[place] = way


def _may_end(words: str, end: int) -> bool:
    """Whether a phrase may end here: within no Latin word and no number."""
    if end == len(words):
        return True
    last, following = words[end - 1], words[end]
    if LATIN.match(last):
        return not (LATIN.match(following) or following.isdigit())
    return not (last.isdigit() and (following.isdigit() or (following in ".:/-~%" and end + 1 < len(words))))


def _path(words: str, best: list[tuple[int, int, str] | None]) -> tuple[Said, ...]:
    found, end = [], len(words)
    while end > 0:
        way = best[end]
        assert way is not None
        _, start, tag = way
        if tag:
            found.append((tag, words[start:end]))
        end = start
    others = [tag for tag, _ in found if tag != "polite"]
    return tuple(Said(tag, each, others == [tag]) for tag, each in reversed(found))


@cache
def phrases() -> Phrases:
    """The phrases of both languages, read once."""
    templates: dict[str, list[str]] = {}
    parts: dict[str, str] = {}
    for language in LANGUAGES:
        words = read_words(language)
        # A part belongs to its language.
        parts |= {f"{language}_{name}": _own(part, language) for name, part in words["parts"].items()}
        for tag, lines in words["phrases"].items():
            templates.setdefault(tag, []).extend(_own(line, language) for line in lines.strip().splitlines())
    return Phrases(templates, parts)


def _own(template: str, language: str) -> str:
    return template.strip().replace("{", "{" + language + "_")
