"""Reading texts by the taxonomy's keywords: where no classifier has been trained yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mend.grumbles.taxonomy import Taxonomy, area_of
from mend.grumbles.texts import Reading, plain

HANZI_WEIGHT: Final = 3  # a Chinese character says as much as about three letters


@dataclass(frozen=True)
class KeywordReader:
    """Gives the point whose keywords say most in the text; the area where its points tie, or where only its own words occur."""

    taxonomy: Taxonomy

    @property
    def version(self) -> str:
        """Names the taxonomy version whose keywords these are."""
        return f"keywords:{self.taxonomy.valid_from}"

    def read(self, texts: list[str], least_confidence: float) -> list[Reading]:
        """A reading for each text, all with the one confidence that the settings give to keywords."""
        confidence = self.taxonomy.settings.keyword_confidence
        codes = [self._code(plain(text)) for text in texts]
        return [Reading(code, confidence) if code and confidence >= least_confidence else Reading(None, 0.0) for code in codes]

    def _code(self, text: str) -> str | None:
        says: dict[str, int] = {}
        for keyword in self._found(text):
            for owner in self._owners[keyword]:
                says[owner] = says.get(owner, 0) + _weight(keyword)
        points = {code: weight for code, weight in says.items() if "." in code}
        return _best(points or says)

    def _found(self, text: str) -> set[str]:
        """The longest keyword at each place of a text; English ones at the beginning of a word."""
        patterns = self._patterns
        starts = ((place, patterns[letter]) for place, letter in enumerate(text) if letter in patterns)
        return {match.group() for place, pattern in starts if (match := pattern.match(text, place))}

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        """Keyword → the types that have it."""
        found: dict[str, list[str]] = {}
        for each in self.taxonomy.types.values():
            for keyword in each.keywords:
                found.setdefault(plain(keyword), []).append(each.code)
        return found

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        """First letter → the keywords that begin with it, the longest first: few of hundreds need to be tried at a place."""
        longest_first = sorted(self._owners, key=lambda keyword: (-len(keyword), keyword))
        by_letter: dict[str, list[str]] = {}
        for keyword in longest_first:
            by_letter.setdefault(keyword[0], []).append(_bounded(keyword))
        return {letter: re.compile("|".join(its)) for letter, its in by_letter.items()}


def _bounded(keyword: str) -> str:
    return rf"(?<![a-z0-9]){re.escape(keyword)}" if keyword.isascii() else re.escape(keyword)


def _weight(keyword: str) -> int:
    return sum(1 if character.isascii() else HANZI_WEIGHT for character in keyword)


def _best(says: dict[str, int]) -> str | None:
    """The one that says most; the area when those that tie share it; else nothing."""
    if not says:
        return None
    most = max(says.values())
    best = [code for code, weight in says.items() if weight == most]
    if len(best) == 1:
        return best[0]
    areas = {area_of(code) for code in best}
    return areas.pop() if len(areas) == 1 else None
