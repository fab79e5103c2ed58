"""Clauses with unknown words whose core still says something for certain."""

from __future__ import annotations

from typing import Final

from mend.care.survey.reading.patterns import patterns

LONGEST: Final = 60  # signs
# What is looked for, and the signs of doubt that take it back.
CORES: Final = (
    ("optout", "optout", ("not_optout",)),
    ("loose_unsolved", "unsolved", ("doubt",)),
    ("loose_solved", "solved", ("not_solved",)),
    ("loose_solved", "solved_en", ("not_solved_en", "doubt_en")),
    ("loose_unsolved", "unsolved_en", ("doubt_en",)),
)


def loose_tag(words: str) -> str | None:
    """What a clause with unknown words says all the same: `optout`, `loose_solved`, `loose_unsolved`, or nothing."""
    if len(words) > LONGEST:
        return None
    known = patterns("loose")
    for tag, core, doubts in CORES:
        if known[core].search(words) and not any(known[doubt].search(words) for doubt in doubts):
            return tag
    return None
