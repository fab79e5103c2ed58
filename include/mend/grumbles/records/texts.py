"""Agents' texts before anything reads them, and what all readers of texts give."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Protocol

NOT_A_GRUMBLE: Final = "not_a_grumble"  # what a classifier says of a note without displeasure
_DIGITS: Final = re.compile(r"\d+")
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Reading:
    """What a text was read as: a point, an area, NOT_A_GRUMBLE, or None; with the confidence of exactly that."""

    code: str | None
    confidence: float


class Reader(Protocol):
    """Reads texts. `version` names it for ever: the same version reads the same text alike."""

    @property
    def version(self) -> str:
        """Its name."""

    def read(self, texts: list[str], least_confidence: float) -> list[Reading]:
        """A reading for each text; None below the least confidence, for a point and for its area."""


def plain(text: str) -> str:
    """A text as it is compared: full-width letters narrow, capitals small, one space at most.

    >>> plain("ＡＰＰ  登录")
    'app 登录'
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).lower().replace("’", "'")).strip()


def without_numbers(text: str) -> str:
    """A plain text in which every number is a single 0: no model may learn a phone number or an account.

    >>> without_numbers("来电 13812345678")
    '来电 0'
    """
    return _DIGITS.sub("0", plain(text))
