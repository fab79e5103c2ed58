"""A text made plain: one form for each sign, simple characters, words as they are meant."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, Final

from mend.care.survey.reading.slips import unslipped
from mend.care.survey.reading.words import read_words

CIRCLED: Final = re.compile("[①-⑩➀-➉❶-❿]")
TEN: Final = "🔟"
# The invisible signs of emoji and of copied text, and the shades of skin.
INVISIBLE: Final = re.compile(
    "[\ufe00-\ufe0f\u20e3\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\U0001f3fb-\U0001f3ff]"
)
WORDS: Final = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)?")
FRACTION: Final = re.compile(r"(?<=\d) ?/ ?(?=\d)")
IS: Final = re.compile(r"([a-z])'s\b")
LETTERS_JOINED: Final = re.compile(r"(?<=[a-z])-(?=[a-z])")
LONG_WORD: Final = re.compile(r"\b[a-z]{5,13}\b")
DRAWN_OUT: Final = re.compile(r"([a-z])\1{2,}|([^\x00-\x7f])\2{3,}")


def normalised(text: str) -> str:
    """Full-width, circled and compatibility signs made plain, lower case, traditional characters made simple, on one
    line.

    >>> normalised(" ７。 "), normalised("沒解決"), normalised("7️⃣")
    ('7。', '没解决', '7')
    """
    return " ".join(plain_lines(text).split())


def plain_lines(text: str) -> str:
    """The same with its lines kept."""
    apart = INVISIBLE.sub("", text).replace(TEN, " 10 ")
    apart = CIRCLED.sub(lambda sign: f" {unicodedata.numeric(sign.group()):.0f} ", apart)
    plain = unicodedata.normalize("NFKC", apart).casefold().translate(_simple())
    for old, new in (("’", "'"), ("‘", "'"), ("`", "'"), ("\r\n", "\n"), ("\r", "\n")):
        plain = plain.replace(old, new)
    return re.sub(r"[^\S\n]+", " ", plain)


def meant(plain: str) -> str:
    """Short forms, slips of the keyboard and drawn-out words as they are meant.

    >>> meant("it's nt fixd yet, thx"), meant("己经解决"), meant("noooo")
    ('it is not fixed yet, thanks', '已经解决', 'no')
    """
    plain = FRACTION.sub("/", plain)
    text = DRAWN_OUT.sub(
        lambda found: found.group(1) or found.group(2) * 3,
        LETTERS_JOINED.sub(" ", IS.sub(r"\1 is", plain).replace("'", "")),
    )
    for slip, right in _signs()["meant"].items():
        text = text.replace(slip, right)
    typed: dict[str, str] = _signs()["typed"]
    text = re.sub(r"[a-z0-9]+", lambda word: typed.get(word.group(), word.group()), _pairs(text, typed))
    return LONG_WORD.sub(lambda word: unslipped(word.group()), text)


def _pairs(text: str, typed: dict[str, str]) -> str:
    """Two words that are one ('do not')."""
    for pair, right in typed.items():
        if " " in pair and pair in text:
            text = re.sub(rf"\b{pair}\b", right, text)
    return text


def _signs() -> dict[str, Any]:
    return read_words("signs")


@cache
def _simple() -> dict[int, str]:
    pairs = zip(_signs()["traditional"].strip(), _signs()["simple"].strip(), strict=True)
    return {ord(old): new for old, new in pairs}
