"""Reading texts by the taxonomy's keywords: where no classifier has been trained yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mend.grumbles.records.taxonomy import Taxonomy, area_of
from mend.grumbles.records.texts import Reading, plain

HANZI_WEIGHT: Final = 3  # a Chinese character says as much as about three letters
HINT, AREA_KEYWORD, KEYWORD = (
    2,
    3,
    4,
)  # half pieces of evidence: a common word, a word of the area's subject, a phrase that names the trouble
ENOUGH_FOR_AREA, ENOUGH_FOR_POINT = 3, 4
DOUBT_LEFT: Final = 0.75  # share of the doubt that a further piece of evidence leaves
SUREST: Final = 0.75  # keywords know words, not what was meant


@dataclass(frozen=True, order=True)
class Evidence:
    """What speaks for a type: half pieces of evidence, then how many letters of the text they are."""

    halves: int
    letters: int


@dataclass(frozen=True)
class KeywordReader:
    """Gives the point that most evidence speaks for; the area where its points tie, or where only its subject is named.

    One common word is never enough: a hint needs another, or a word of its area, or a keyword.
    """

    taxonomy: Taxonomy

    @property
    def version(self) -> str:
        """Names the taxonomy version whose keywords these are."""
        return f"keywords:{self.taxonomy.valid_from}"

    def read(self, texts: list[str], least_confidence: float) -> list[Reading]:
        """A reading for each text, the surer the more evidence there is and the less of it speaks for another area."""
        read = [self._read(plain(text)) for text in texts]
        return [reading if reading.confidence >= least_confidence else Reading(None, 0.0) for reading in read]

    def _read(self, text: str) -> Reading:
        found = self._found(text)
        says = self._points(found) or self._areas(found)
        code = _best(says)
        if code is None:
            return Reading(None, 0.0)
        own = max(each.halves for other, each in says.items() if code in (other, area_of(other)))
        rival = max((each.halves for other, each in says.items() if area_of(other) != area_of(code)), default=0)
        return Reading(code, self._confidence(own, rival))

    def _confidence(self, own: int, rival: int) -> float:
        """The setting's for just enough evidence, up to SUREST for more; less when something else has evidence, too."""
        doubt: float = (1 - self.taxonomy.settings.keyword_confidence) * DOUBT_LEFT ** ((own - ENOUGH_FOR_POINT) / 2)
        surest = max(SUREST, self.taxonomy.settings.keyword_confidence)
        return round(min(1 - doubt, surest) * own / (own + rival / 4), 4)

    def _points(self, found: set[str]) -> dict[str, Evidence]:
        """The points with enough evidence: their own words, and those of their area, which count as hints."""
        pieces = self._pieces(found)
        says = {}
        for code in {code for code, _ in pieces if "." in code}:
            # A word that is the point's and its area's is one piece of evidence, not two.
            of_area = {word: min(HINT, halves) for (other, word), halves in pieces.items() if other == area_of(code)}
            of_point = {word: halves for (other, word), halves in pieces.items() if other == code}
            says[code] = _evidence(of_area | of_point)
        return {code: evidence for code, evidence in says.items() if evidence.halves >= ENOUGH_FOR_POINT}

    def _areas(self, found: set[str]) -> dict[str, Evidence]:
        """The areas with enough evidence: a word of the area's subject, or two common words of the area or its
        points.
        """
        said: dict[str, dict[str, int]] = {}
        for (code, word), halves in self._pieces(found).items():
            words = said.setdefault(area_of(code), {})
            words[word] = max(words.get(word, 0), halves if code == area_of(code) else HINT)
        says = {area: _evidence(words) for area, words in said.items()}
        return {area: evidence for area, evidence in says.items() if evidence.halves >= ENOUGH_FOR_AREA}

    def _pieces(self, found: set[str]) -> dict[tuple[str, str], int]:
        """What each word found is worth to each type that has it."""
        return {(code, word): halves for word in found for code, halves in self._owners[word]}

    def _found(self, text: str) -> set[str]:
        """The longest keyword at each place of a text; English ones at the beginning of a word."""
        patterns = self._patterns
        starts = ((place, patterns[letter]) for place, letter in enumerate(text) if letter in patterns)
        return {match.group() for place, pattern in starts if (match := pattern.match(text, place))}

    @cached_property
    def _owners(self) -> dict[str, list[tuple[str, int]]]:
        """Word → the types that have it, and what it is worth to them."""
        found: dict[str, list[tuple[str, int]]] = {}
        for each in self.taxonomy.types.values():
            for word in each.keywords:
                found.setdefault(plain(word), []).append((each.code, AREA_KEYWORD if each.parent is None else KEYWORD))
            for word in each.hints:
                found.setdefault(plain(word), []).append((each.code, HINT))
        return found

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        """First letter → the keywords that begin with it, the longest first: few of hundreds need to be tried at a
        place.
        """
        longest_first = sorted(self._owners, key=lambda keyword: (-len(keyword), keyword))
        by_letter: dict[str, list[str]] = {}
        for keyword in longest_first:
            by_letter.setdefault(keyword[0], []).append(_bounded(keyword))
        return {letter: re.compile("|".join(its)) for letter, its in by_letter.items()}


def _bounded(keyword: str) -> str:
    return rf"(?<![a-z0-9]){re.escape(keyword)}" if keyword.isascii() else re.escape(keyword)


def _weight(keyword: str) -> int:
    return sum(1 if character.isascii() else HANZI_WEIGHT for character in keyword)


def _evidence(words: Mapping[str, int]) -> Evidence:
    return Evidence(sum(words.values()), sum(map(_weight, words)))


def _best(says: dict[str, Evidence]) -> str | None:
    """The one that says most; the area when those that tie share it; else nothing."""
    if not says:
        return None
    most = max(says.values())
    best = [code for code, evidence in says.items() if evidence == most]
    if len(best) == 1:
        return best[0]
    areas = {area_of(code) for code in best}
    return areas.pop() if len(areas) == 1 else None
