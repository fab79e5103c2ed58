"""What is wrong with a file of strategies, in words that say where, why, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from mend.errors import BadConfigurationError

LONGEST_VALUE: Final = 60  # characters of a wrong value that are shown


class StrategyError(BadConfigurationError, ValueError):
    """A file of strategies that cannot be used; the message names file, strategy, reason and what to do."""


def first_problem(problem: ValidationError, keys: Mapping[str, str], models: Mapping[str, type[BaseModel]]) -> str:
    """The first thing that is wrong: where it stands, what it is, and what to write there.

    Args:
        keys: what to write, by key.
        models: which model describes what stands under a key of the file's top.
    """
    first = problem.errors()[0]
    steps = [str(step) for step in first["loc"] if str(step) not in _HIDDEN]
    place = ": ".join(steps[1:] if steps[:1] == ["strategies"] and len(steps) > 1 else steps) or "the file"
    key = next((step for step in reversed(steps) if step in keys), "")
    advice = f"; write here: {keys[key]}" if key else ""
    if first["type"] == "extra_forbidden":
        return f"{place}: there is no such key{_near(steps, models)}"
    if first["type"] == "missing":
        return f"{place}: is missing{advice}"
    return f"{place}: {_reason(first)}{advice}"


_HIDDEN: Final = {"function-after", "int", "literal['unlimited']", "dict[str,int]", "[key]"}


def _reason(first: Any) -> str:
    message = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    value = first["input"]
    if first["type"] == "value_error" or isinstance(value, (dict, list)):
        return str(message)
    if value is None:
        return "has no value"
    shown = repr(value)
    return f"{message}, not {shown if len(shown) <= LONGEST_VALUE else shown[:LONGEST_VALUE] + '...'}"


def _near(steps: list[str], models: Mapping[str, type[BaseModel]]) -> str:
    top = "" if len(steps) == 1 else "strategy" if steps[0] == "strategies" else steps[0]
    model = models.get(top)
    known = list(model.model_fields) if model is not None else []
    if close := difflib.get_close_matches(steps[-1], known, 1):
        return f"; did you mean {close[0]}?"
    return f"; take it out, or write one of {', '.join(known)}" if known else "; take it out"
