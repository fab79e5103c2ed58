"""Clauses with unknown words whose core still says something for certain."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from mend.yaml_text import read_yaml

FILE: Final = Path(__file__).parent / "loose.yaml"
LONGEST: Final = 60
GAP: Final = r"[^\d,。?!a-z]{0,14}"
GAP_EN: Final = r"[a-z0-9 ]{0,40}"


def loose_tag(words: str) -> str | None:
    """What a clause with unknown words says all the same: `optout`, `loose_unsolved`, or nothing."""
    if len(words) > LONGEST:
        return None
    if _pattern("optout").search(words) and not _pattern("not_optout").search(words):
        return "optout"
    if _pattern("unsolved").search(words) and not _pattern("doubt").search(words):
        return "loose_unsolved"
    if _pattern("unsolved_en").search(words) and _pattern("service_en").search(words) and not _pattern("doubt_en").search(words):
        return "loose_unsolved"
    return None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    lines: str | list[str] = _words()[name]
    filled = [line.replace("{gap}", GAP).replace("{gap_en}", GAP_EN) for line in ([lines] if isinstance(lines, str) else lines)]
    return re.compile("|".join(f"(?:{line})" for line in filled))


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = read_yaml(FILE.read_text("utf-8"))
    return words
