"""Codes that no code list has, since sources name them: topics, touchpoints, teams, cities; in words as far as a home
or we know them. A home's own words are in <home>/words/*.yaml.
"""

from __future__ import annotations

import logging
from typing import Final

from mend.foundation.home import Home
from mend.foundation.source_words import SourceWords, SourceWordsError, shipped_words, source_words

log: Final = logging.getLogger(__name__)


def words_of(home: Home) -> SourceWords:
    """The words of a home; where a file of them is broken, those that come with Mend: a page is shown all the same."""
    try:
        return source_words(home)
    except SourceWordsError as error:
        log.warning("words: %s", error)
        return shipped_words()
