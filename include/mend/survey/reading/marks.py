"""Signs of doubt in the unknown words beside an answer, and numbers that were put right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mend.survey.reading.cover import Said
from mend.survey.reading.patterns import patterns

LONGEST_COMMENT: Final = 200
AS_SCORE: Final = re.compile("分|point|out of|/ ?10|rate|give|score")
SCORE_LIKE: Final = re.compile(r"\d|[一二两三四五六七八九十]分|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b")


def has(mark: str, text: str) -> bool:
    """Whether the text has a sign of this sort (a list of marks.yaml)."""
    return bool(patterns("marks")[mark].search(text))


def has_second_number(text: str) -> bool:
    """Whether unknown words hold a number that is no measure."""
    return bool(SCORE_LIKE.search(patterns("marks")["measure"].sub(" ", text)))


def about_service(said: Sequence[Said], left: str) -> bool:
    """Whether unknown words beside a number speak of a service, or the number says itself that it is a score."""
    given = " ".join(each.words for each in said if each.tag == "number")
    return bool(AS_SCORE.search(given)) or has("about_service", left)


def corrected(text: str) -> str:
    """The text with 'not 7, 1' as 1.

    >>> corrected("不是7是1,按错了"), corrected("not 7 but 1")
    ('1,按错了', '1')
    """
    for name in ("corrected", "corrected_behind", "corrected_en", "corrected_en_behind"):
        text = patterns("marks")[name].sub(lambda found: found.group("right"), text)
    return text


def leading_number(words: str) -> int:
    """Where a comment begins behind a number, without a separator; 0 where none does."""
    for name in ("begins_comment", "begins_comment_zh"):
        found = patterns("marks")[name].match(words)
        if found and (name == "begins_comment" or has("about_service", words[found.end() :])):
            return found.end("number")
    return 0
