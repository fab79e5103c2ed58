"""What was heard in a reply: its phrases in order, its numbers, and the words that are left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mend.care.survey.reading import marks
from mend.care.survey.reading.cover import Clause, Said, clauses, cover
from mend.care.survey.reading.loose import loose_tag

ENGLISH: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "nil")
NUMERALS: Final = {
    **dict(zip("零〇一二两三四五六七八九十", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True)),
    **dict(zip("壹贰叁参肆伍陆柒捌玖拾幺鸭", (1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 1, 0), strict=True)),
    **dict(zip(ENGLISH, (*range(11), 0), strict=True)),
}
OF_SCALE: Final = re.compile(r"/ ?(?P<sign>10|5)|(?:out of|outta|of|over) (?P<word>10|ten|5|five)\b")
VALUE: Final = re.compile(
    r"\d+(?:\.\d+)?|[零〇一二两三四五六七八九十壹贰叁参肆伍陆柒捌玖拾幺鸭]|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|nil)\b"
)
COURTESY: Final = frozenset({"polite", "hello", "link"})
RESULTS: Final = frozenset({"solved", "loose_solved"})
DENIALS: Final = frozenset({"unsolved", "loose_unsolved", "denied", "trouble", "claim", "halfway", "sneer"})
DEEPEST: Final = 4  # parts of one clause
HYPOTHETICAL: Final = re.compile(r"(?:i |we )?(?:would|could) ")  # '7 - would give 8 but ...'
POINTS: Final = re.compile("[分星选按号]|point|star|mark|give|rate|out of|/")


@dataclass(frozen=True)
class Heard:
    """A reply taken apart."""

    said: tuple[Said, ...]
    left_over: tuple[str, ...]  # clauses with unknown words
    is_asking: bool
    clauses: tuple[Clause, ...]

    @property
    def head(self) -> Clause | None:
        """The first clause that is more than a greeting; None where it has unknown words."""
        for clause in self.clauses:
            if clause.said is None or any(each.tag not in COURTESY for each in clause.said):
                return clause if clause.said is not None else None
        return None

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(each.tag for each in self.said)

    def first(self, *tags: str) -> int:
        """Where the first phrase with one of these tags stands; -1 for none."""
        return next((place for place, each in enumerate(self.said) if each.tag in tags), -1)

    def last(self, *tags: str) -> int:
        """Where the last one stands; -1 for none."""
        return max((place for place, each in enumerate(self.said) if each.tag in tags), default=-1)

    def words(self, *tags: str) -> str:
        """The words of the phrases with these tags."""
        return " ".join(each.words for each in self.said if each.tag in tags)

    def left(self) -> str:
        """The unknown words on one line."""
        return "\n".join(self.left_over)


def hear(text: str) -> Heard:
    """Take a plain text apart. A number at the head of an unknown clause may stand for itself."""
    found = _then_and_now([each for clause in clauses(text) for each in _apart(clause)])
    said = tuple(each for clause in found if clause.said is not None for each in clause.said)
    left_over = tuple(clause.words for clause in found if clause.said is None)
    is_asking = any(clause.is_question for clause in found) or any(each.tag == "question" for each in said)
    return Heard(said, left_over, is_asking, tuple(found))


def _then_and_now(found: list[Clause]) -> list[Clause]:
    """The clauses, where 'not solved before, solved today' says how it was and how it is: what was, is a thing of the
    past.
    """
    found = [_is_there_again(clause) if _was_away(found[:place]) else clause for place, clause in enumerate(found)]
    ends = max((place for place, clause in enumerate(found) if _says(clause, RESULTS)), default=-1)
    if any(_says(clause, DENIALS) for clause in found[ends + 1 :]):
        return found
    return [
        _of_the_past(clause) if place < ends and _says_how_it_was(clause) else clause
        for place, clause in enumerate(found)
    ]


def _was_away(before: list[Clause]) -> bool:
    return any(marks.has("then", clause.words) and marks.has("comes_back", clause.words) for clause in before)


def _is_there_again(clause: Clause) -> Clause:
    """'No signal this morning, there now': what is there again is what was away."""
    is_so = not clause.is_question and marks.has("there_again", clause.words)
    return Clause(clause.words, (Said("loose_solved", clause.words, True),), False) if is_so else clause


def _of_the_past(clause: Clause) -> Clause:
    return Clause(clause.words, (Said("past", clause.words, True),), False)


def _says(clause: Clause, tags: frozenset[str]) -> bool:
    return any(each.tag in tags for each in clause.said or ())


def _says_how_it_was(clause: Clause) -> bool:
    return not clause.is_question and not _says(clause, RESULTS) and marks.has("then", clause.words)


def _apart(clause: Clause, depth: int = 0) -> Iterator[Clause]:
    """An unknown clause in two, where an answer comes first and a comment follows: '7 stop charging me', 'solved but it
    took days'.
    """
    head, rest = (None, "") if clause.said is not None or depth == DEEPEST else _parted(clause.words)
    if head is None:
        yield _loosely(clause)
        return
    yield head
    yield from _apart(Clause(rest, cover(rest), clause.is_question), depth + 1)


def _parted(words: str) -> tuple[Clause | None, str]:
    for place, tags, is_closed in marks.partings(words):
        said = cover(words[:place])
        if said and (tags is None or {each.tag for each in said} <= tags):
            return Clause(words[:place].strip(), said, False, is_closed), words[place:].strip()
    return None, ""


def _loosely(clause: Clause) -> Clause:
    tag = loose_tag(clause.words) if clause.said is None and not clause.is_question else None
    return clause if tag is None else Clause(clause.words, (Said(tag, clause.words, True),), False)


def numbers(heard: Heard) -> list[float] | None:
    """The numbers given, in order; None where one is not certain to be an answer (a numeral within other words)."""
    found = []
    stands_alone = heard.head is not None and heard.head.words.isdigit()
    for each in heard.said:
        if each.tag != "number" or (stands_alone and HYPOTHETICAL.match(each.words)):
            continue
        value = VALUE.search(OF_SCALE.sub(" ", each.words))
        if value is None:
            return None
        is_word = value.group() in NUMERALS
        if is_word and not each.fills_clause and not POINTS.search(each.words):
            return None
        found.append(float(NUMERALS[value.group()] if is_word else value.group()))
    return found


def scales(heard: Heard) -> set[int]:
    """The scales that numbers are given on ('8/10', '4 out of 5')."""
    found = OF_SCALE.finditer(heard.words("number", "scale"))
    return {10 if (each["sign"] or each["word"]) in ("10", "ten") else 5 for each in found}
