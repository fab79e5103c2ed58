"""What is wrong with a file of strategies, in words that say where, why, and what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from mend.errors import BadConfigurationError
from mend.repair.strategies.content import HOLDS, MANY, FileText

LONGEST_VALUE: Final = 60  # characters of a wrong value that are shown
PLAINER: Final = {
    "valid tuple": "list",
    "valid dictionary": "mapping of keys to values",
    "Input ": "",
    "Value error, ": "",
}


class StrategyError(BadConfigurationError, ValueError):
    """A file of strategies that cannot be used; the message names file, strategy, reason and what to do."""


def first_problem(problem: ValidationError) -> str:
    """The first thing that is wrong: where it stands, what it is, and what to write there."""
    first = problem.errors()[0]
    steps = [str(step) for step in first["loc"] if step != "[key]"]
    model = model_of(steps)
    is_strategy = steps[:1] == ["strategies"] and len(steps) > 1 and "[key]" not in first["loc"]
    place = ": ".join(steps[1:] if is_strategy else steps) or "the file"
    if first["type"] == "extra_forbidden":
        return f"{place}: there is no such key{_near(steps[-1], model)}"
    field = model.model_fields.get(steps[-1]) if steps else None
    advice = f"; write here: {field.description}" if field is not None else ""
    return f"{place}: {'is missing' if first['type'] == 'missing' else _reason(first)}{advice}"


def model_of(steps: Sequence[str]) -> type[BaseModel]:
    """The model that describes the keys among which the last step stands.

    >>> model_of(["strategies", "rebate", "prior", "probability"]).__name__
    'PriorText'
    """
    model: type[BaseModel] = FileText
    left = list(steps[:-1])
    while left:
        key = left.pop(0)
        model = HOLDS.get((model, key), model)
        if key in MANY and left:
            left.pop(0)  # a strategy's code, a city, a number in a list
    return model


def _reason(first: Any) -> str:
    message, value = first["msg"], first["input"]
    message = re.sub(r" or instance of \w+", "", message)
    for word, plain in PLAINER.items():
        message = message.replace(word, plain)
    if first["type"] == "value_error" or isinstance(value, (dict, list)):
        return str(message)
    shown = repr(value)
    return f"{message}, not {shown if len(shown) <= LONGEST_VALUE else shown[:LONGEST_VALUE] + '...'}"


def _near(key: str, model: type[BaseModel]) -> str:
    known = list(model.model_fields)
    if close := difflib.get_close_matches(key, known, 1):
        return f"; did you mean {close[0]}?"
    return f"; take it out, or write one of {', '.join(known)}"
