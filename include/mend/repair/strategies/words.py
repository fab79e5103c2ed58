"""What happened to a customer, in words; and the places in labels, playbooks and messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mend.repair.strategies.fields import PLACE
from mend.repair.strategies.strategy import StrategySet

MOST: Final = 2  # so many experiences are said: an agent reads them while the phone rings
BETWEEN: Final = {"en": "; ", "zh": "；"}


def happened_sql(rules: StrategySet, language: str, most: int = MOST) -> tuple[str, dict[str, str]]:
    """An expression over the audience columns that says what happened to a customer, the worst first; and the words
    that are bound to its parameters. What nobody knows (null) did not happen.
    """
    cases: list[str] = []
    values: dict[str, str] = {}
    for number, each in enumerate(rules.experiences):
        name = f"happened_{language}_{number}"
        cases.append(f"case when {each.when.sql()} then ${name} end")
        values[name] = each.zh if language == "zh" else each.en
    between, otherwise = f"happened_{language}_between", f"happened_{language}_otherwise"
    values[between] = BETWEEN[language]
    values[otherwise] = rules.otherwise_zh if language == "zh" else rules.otherwise_en
    found = f"list_filter([{', '.join(cases) or 'null'}], lambda word: word is not null)"
    said = f"array_to_string(list_slice({found}, 1, {int(most)}), ${between})"
    return f"coalesce(nullif({said}, ''), ${otherwise})", values


def fill(text: str, places: Mapping[str, str]) -> str:
    """A label, playbook or message with its places filled; KeyError when a place is not given. What is filled in is
    text: brackets in it stay.

    >>> fill("Sorry: {happened}.", {"happened": "cut off {twice}"})
    'Sorry: cut off {twice}.'
    """
    return PLACE.sub(lambda found: places[found[1]], text)
