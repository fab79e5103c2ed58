"""The time left on a clock, in words and a tone: never by colour alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mend_airflow.ui.formats import lasting
from mend_airflow.ui.language import Language
from mend_airflow.ui.words import say

SOON: Final = dt.timedelta(hours=2)
LEGAL_SOON: Final = dt.timedelta(days=2)


@dataclass(frozen=True)
class Left:
    """Words, and the tone in which they are shown: bad, warn, good or none."""

    tone: str
    words: str
    legal: str = ""


def time_left(row: Mapping[str, Any], now: dt.datetime, language: Language) -> Left:
    """A ticket's time left; the legal limit is named where it is near or past."""
    if row["state_code"] in ("answered", "closed"):
        return Left("good", say(language, "desk.is_answered"))
    tone, words = _left(row, now, language)
    return Left(tone, words, _legal(row["legal_due_at"], now, language))


def _left(row: Mapping[str, Any], now: dt.datetime, language: Language) -> tuple[str, str]:
    due = row["due_at"]
    if due is None:
        return "", say(language, "desk.stands", left=lasting(row["left_seconds"], language))
    left = due - now
    length = lasting(abs(left.total_seconds()), language)
    if left < dt.timedelta():
        return "bad", say(language, "desk.past", time=length)
    return ("warn", say(language, "desk.soon", time=length)) if left <= SOON else (
        "good", say(language, "desk.left", time=length))  # fmt: skip


def _legal(due: dt.datetime, now: dt.datetime, language: Language) -> str:
    left = due - now
    if left > LEGAL_SOON:
        return ""
    length = lasting(abs(left.total_seconds()), language)
    return say(language, "desk.legal_past" if left < dt.timedelta() else "desk.legal_soon", time=length)
