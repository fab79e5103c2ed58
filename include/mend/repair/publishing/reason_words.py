"""Why a number of a list is not shown, beside the reasons of the contact rules: code, English, Chinese."""

from __future__ import annotations

from typing import Final

SAME_PERSON: Final = (
    "same_person",
    "the same person as in another row, which stands",
    "与名单另一行为同一人，以该行为准",
)
HELD_OUT: Final = (
    "held_out",
    "held out for comparison, by an id that has become theirs",
    "属于随机对照（以合并后的客户编号为准）",
)
