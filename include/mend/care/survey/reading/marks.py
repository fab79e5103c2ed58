"""Signs of doubt in the unknown words beside an answer, and numbers that were put right."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from mend.care.survey.reading.cover import Said
from mend.care.survey.reading.patterns import patterns

LONGEST_COMMENT: Final = 200
AS_SCORE: Final = re.compile("分|point|out of|/ ?10|rate|give|score")
NUMBER: Final = frozenset({"number"})
YES_NO: Final = frozenset({"affirmed", "denied", "polite", "hello", "link"})
BEGINNINGS: Final = (
    ("begins_comment", NUMBER, False),
    ("begins_comment_7", NUMBER, False),
    ("begins_comment_zh", NUMBER, True),
    ("begins_after_yes", YES_NO, True),
)
MOST_CONJUNCTIONS: Final = 4


def has(mark: str, text: str) -> bool:
    """Whether the text has a sign of this sort (a list of marks.yaml)."""
    return bool(patterns("marks")[mark].search(text))


def has_second_number(text: str, mark: str = "score_like") -> bool:
    """Whether unknown words hold a number that may be another answer: no measure, no count of things, no number of a
    ticket.

    >>> [has_second_number(text) for text in ("4 days", "four people", "工单号20230615", "8 or nine", "给9分")]
    [False, False, False, True, True]
    """
    return bool(patterns("marks")[mark].search(patterns("marks")["measure"].sub(" ", text)))


def about_service(said: Sequence[Said], left: str) -> bool:
    """Whether unknown words beside a number speak of a service, or the number says itself that it is a score."""
    given = " ".join(each.words for each in said if each.tag == "number")
    return bool(AS_SCORE.search(given)) or has("about_service", left)


def corrected(text: str) -> str:
    """The text with 'not 7, 1' as 1.

    >>> corrected("不是7是1,按错了"), corrected("not 7 but 1")
    ('1,按错了', '1')
    >>> corrected("i pressed 1 by mistake, it is 7")
    '7'
    """
    for name in ("slipped", "slipped_zh", "corrected", "corrected_behind", "corrected_en", "corrected_en_behind"):
        text = patterns("marks")[name].sub(lambda found: found.group("right"), text)
    return text


def partings(words: str) -> Iterator[tuple[int, frozenset[str] | None, bool]]:
    """Where an answer may end and a comment begin, with no sign between: the place, the tags the answer may have, if it
    is closed.
    """
    known = patterns("marks")
    for name, tags, is_closed in BEGINNINGS:
        if found := known[name].match(words):
            place = found.end("answer")
            rest = words[place:].strip()
            is_clear = known["begins_closed"].match(rest) or known["conjunction"].match(words, place + 1)
            yield place, tags, is_closed or is_clear is not None
    found = known["begins_comment_points"].match(words)
    if found and has("about_service", words[found.end() :]):
        yield found.end("answer"), NUMBER, True
    for each in itertools.islice(known["conjunction"].finditer(words), MOST_CONJUNCTIONS):
        yield each.start(), None, True


def is_elsewhere(text: str) -> bool:
    """Whether words speak of a life that has nothing to do with a service; to whom somebody was patient does not count.

    >>> is_elsewhere("very patient with my mum"), is_elsewhere("dinner with my mum")
    (False, True)
    """
    return has("elsewhere", patterns("marks")["served"].sub(" ", text))


def is_harmless(words: str) -> bool:
    """Whether a comment beside "solved" takes nothing back: no sign of doubt, or only about how it went and not about
    how it is.

    >>> [is_harmless(words) for words in ("but it took three weeks", "but still weak", "但是没人道歉", "但是又断了")]
    [True, False, True, False]
    """
    if has("still_wrong", words) or is_elsewhere(words):
        return False
    return not has("beside_solved", words) or has("about_process", words)


def is_of_the_way(words: str) -> bool:
    """Whether words speak of how something was brought about, and not of how it is."""
    return has("about_process", words) and not has("still_wrong", words)
