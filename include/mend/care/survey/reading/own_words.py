"""The customer's own words: without what was quoted, signed by the phone, or written by a machine."""

from __future__ import annotations

import re
from typing import Final

from mend.care.survey.reading.patterns import patterns

SENTENCE: Final = re.compile(r"[。.!?;\n]")
SHORTEST: Final = 6  # signs; a shorter sentence a customer may write too
AROUND: Final = re.compile(r"[\s,.，。?？!！;；:：、\"'“”]*")


def own_words(plain: str, sent: str = "") -> str:
    """The words of a plain text that are the customer's: without those of the plain message that was `sent`, or of any
    message like ours.

    >>> own_words("7\\n> 现在解决了吗?已解决请回复1,未解决请回复7。回t退订")
    '7'
    >>> own_words("was it mended? reply 1 or 7. 7", "was it mended? reply 1 or 7.")
    '7'
    """
    known = patterns("own_words")
    text = known["quoted_line"].sub("\n", plain)
    found = known["original"].search(text)
    if found and found.start() > 0:
        text = text[: found.start()]
    text = known["signed"].sub("", text.strip())
    text = _unquoted(text, sent)
    text = known["reply_mark"].sub("", known["head"].sub("", text))
    return text.strip()


def written_by_machine(plain: str) -> bool:
    """Whether it is an automatic reply."""
    return bool(patterns("own_words")["machine"].search(plain))


def _unquoted(text: str, sent: str) -> str:
    """Without the stretch from the first to the last sentence of ours."""
    strong = [(each.start(), each.end()) for each in patterns("own_words")["strong"].finditer(text)] + _sent_words(
        text, sent
    )
    weak = [(each.start(), each.end()) for each in patterns("own_words")["weak"].finditer(text)]
    if not strong and len(weak) < 2:
        return text
    places = sorted(strong + weak)
    first, last = places[0][0], max(end for _, end in places)
    before, after = text[:first], text[last:]
    head = before.rfind("【")
    if head >= 0 and "】" in before[head:]:
        before = before[:head]
    return before.rstrip("\"'“ \t") + "\n" + after[_skip(after) :]


def _sent_words(text: str, sent: str) -> list[tuple[int, int]]:
    """Where sentences of the message that was sent stand in the text."""
    sentences = [sentence.strip() for sentence in SENTENCE.split(sent)]
    found = [(text.find(sentence), len(sentence)) for sentence in sentences if len(sentence) >= SHORTEST]
    return [(place, place + size) for place, size in found if place >= 0]


def _skip(text: str) -> int:
    found = AROUND.match(text)
    return found.end() if found else 0
