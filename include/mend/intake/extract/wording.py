"""What pydantic finds wrong with a configuration, in words: key, value, and what to do."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

from mend.intake.extract.nearest import with_nearest

SHOWN_CHARACTERS: Final = 60
DO: Final = {
    "string_type": "it must be a text; put it in quotes",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "int_type": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "float_type": "it must be a number",
    "float_parsing": "it must be a number",
    "dict_type": "it must be keys with values below it",
    "model_type": "it must be keys with values below it",
    "tuple_type": "it must be a list, as in [a, b]",
}


def problem_words(error: Any, model: type[BaseModel]) -> str:
    """One of a ValidationError's errors in words: the key with its whole path, what is wrong, what to do."""
    message = str(error["msg"]).removeprefix("Value error, ")
    if message.startswith("records."):  # it names its key itself
        return message
    path = [str(part) for part in error["loc"] if not _is_tag(part)]
    key, kind = ".".join(path) or "file", error["type"]
    if kind == "missing":
        return f"{key}: the key is missing; add it"
    if kind == "extra_forbidden":
        known = known_keys(model, path[:-1])
        return f"{key}: {with_nearest(path[-1], known)} is no key here; known are {', '.join(known)}"
    if kind == "literal_error":
        return f"{key}: {_shown(error['input'])} is none of {error['ctx']['expected']}; say one of these"
    if not path:  # the whole file is something else: what it holds may be anything
        return f"{key}: {DO.get(kind, message)}"
    return f"{key}: {DO.get(kind, message)} (it is {_shown(error['input'])})"


def known_keys(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    """The keys that the configuration knows at a path.

    A path that no model stands at has none.
    """
    place: Any = model
    for part in path:
        place = _below(place, part)
    found = _model_in(place)
    return [field.alias or name for name, field in found.model_fields.items()] if found else []


def _below(place: Any, part: str) -> Any:
    """The type at a key or place of a type."""
    if model := _model_in(place):
        by_key = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
        return by_key.get(part)
    for each in _members(place):
        if isinstance(origin := get_origin(each), type) and issubclass(origin, Mapping | tuple | list):
            inner = get_args(each)
            return inner[1] if issubclass(origin, Mapping) else inner[0]
    return None


def _model_in(place: Any) -> type[BaseModel] | None:
    return next((each for each in _members(place) if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _members(place: Any) -> list[Any]:
    """A type without its annotations; the members of a union."""
    origin = get_origin(place)
    if origin is Annotated:
        return _members(get_args(place)[0])
    if origin in (Union, types.UnionType):
        return [inner for each in get_args(place) for inner in _members(each)]
    return [place]


def _is_tag(part: Any) -> bool:
    """Whether a part of a path is pydantic's name for a member of a union, no key of the file."""
    return part in ("str", "bool", "int", "float") or (
        isinstance(part, str) and part.startswith(("function-", "tuple["))
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."
