"""What may be changed of a strategy in a question, as people write it, and the file of strategies that follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from mend.foundation.yaml_text import read_yaml
from mend.repair.strategies import StrategyError, StrategySet, parse_strategies
from mend.repair.strategies.fields import UNLIMITED
from mend.repair.trials.errors import TrialError

AUDIENCE: Final = "audience"
COUNTS: Final = ("capacity_per_day", "capacity_per_month")
BY_CITY: Final = ("city_capacity", "city_budget")
CHANGEABLE: Final = (AUDIENCE, *COUNTS, *BY_CITY)
LONGEST: Final = 2000  # signs of one value
PARTS: Final = re.compile(r"[,，;；、\n]")
SIGN: Final = re.compile(r"[:：=]")
Text = Mapping[str, str]


def texts_of(rules: StrategySet, code: str) -> dict[str, str]:
    """What the strategy says of each key that may be changed, as it is written in a form; empty where it has none.

    Keys of a capacity that it takes from another strategy are left out. TrialError when there is no such strategy.
    """
    said = _said(read_yaml(rules.text), code)
    keys = [key for key in CHANGEABLE if key not in COUNTS or "capacity_from" not in said]
    return {key: _text(said.get(key)) for key in keys}


def changes_of(rules: StrategySet, code: str, given: Text) -> dict[str, Any]:
    """Of what was written into a form, that which differs, as values of a file of strategies.

    Raises:
        TrialError: there is no such strategy, nothing differs, or a value cannot be read; the message names the key.
    """
    now = texts_of(rules, code)
    told = {key: given[key].strip() for key in now if key in given}
    found = {key: _value(key, text) for key, text in told.items() if text and text != now[key]}
    if not found:
        raise TrialError("nothing_changed", f"{code}: no value differs from today's")
    changed_text(rules, code, found)
    return found


def changed_text(rules: StrategySet, code: str, changes: Mapping[str, Any]) -> str:
    """The file of strategies with these values in place of the strategy's own.

    Raises:
        TrialError: the file would be refused; the message says why.
    """
    content = read_yaml(rules.text)
    _said(content, code).update(changes)
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    try:
        parse_strategies(text, "the question")
    except StrategyError as error:
        raise TrialError("not_read", str(error)) from None
    return text


def _said(content: Mapping[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] | None = content["strategies"].get(code)
    if found is None:
        raise TrialError("no_strategy", f"there is no strategy {code!r}; there are {', '.join(content['strategies'])}")
    return found


def _text(value: Any) -> str:
    """
    >>> _text({"default": 2500, "hangzhou": "unlimited"}), _text(600), _text(None)
    ('default: 2500, hangzhou: unlimited', '600', '')
    """
    if isinstance(value, Mapping):
        return ", ".join(f"{city}: {number}" for city, number in value.items())
    return "" if value is None else str(value)


def _value(key: str, text: str) -> Any:
    if len(text) > LONGEST:
        raise TrialError("not_read", f"{key}: over {LONGEST} signs")
    if key == AUDIENCE:
        return text
    return _limit(key, text) if key in COUNTS else _by_city(key, text)


def _by_city(key: str, text: str) -> dict[str, Any]:
    """
    >>> _by_city("city_budget", "default: 50000，hangzhou：unlimited")
    {'default': 50000, 'hangzhou': 'unlimited'}
    """
    found: dict[str, Any] = {}
    for part in (each.strip() for each in PARTS.split(text)):
        if part:
            city, *numbers = (each.strip() for each in SIGN.split(part))
            if len(numbers) != 1 or city in found:
                raise TrialError("not_read", f"{key}: write each city once with its number, such as default: 100")
            found[city] = _limit(key, numbers[0])
    return found


def _limit(key: str, text: str) -> int | str:
    if text.lower() == UNLIMITED:
        return UNLIMITED
    if not text.isdecimal():
        raise TrialError("not_read", f"{key}: {text[:40]!r} is no whole number; write one, or {UNLIMITED}")
    return int(text)
