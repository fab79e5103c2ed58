"""What the places of a text stand for ({happened}, {amount}, {month}, {valid_until}), of one row of a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mend.repair.strategies import fill

PLACE: Final = "{happened}"


def places(month: str, label_template: str, row: Mapping[Any, Any], language: str) -> dict[str, str]:
    """Places and their words. What happened is read from the row's own label: a list keeps it nowhere else.

    Args:
        label_template: the strategy's label with its places open.
        row: amount, valid_until, label_en and label_zh.
    """
    known = {"amount": str(row["amount"]), "month": month, "valid_until": row["valid_until"].isoformat()}
    return known | {"happened": happened_in(label_template, row[f"label_{language}"], known)}


def happened_in(template: str, label: str, known: Mapping[str, str]) -> str:
    """What stands in a label where its template has {happened}; the whole label where that cannot be told.

    >>> happened_in("Sorry: {happened}. Until {month}.", "Sorry: cut off (twice). Until 2026-03.", {"month": "2026-03"})
    'cut off (twice)'
    >>> happened_in("Said {happened}, then {happened}.", "Said a, then a.", {})
    'a'
    """
    before, place, after = template.partition(PLACE)
    if not place:
        return label
    ends = [re.escape(fill(part, {**known, "happened": "\0"})) for part in (before, after)]
    pattern = f"{ends[0]}(?P<happened>.*?){ends[1]}".replace(re.escape("\0"), "(?P=happened)")
    found = re.fullmatch(pattern, label, re.DOTALL)
    return found["happened"] if found else label
