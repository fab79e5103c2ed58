"""The words of this folder's YAML files: texts only, so that no `yes` or `1` of a list is read as something else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from mend.errors import BadConfigurationError
from mend.foundation.yaml_text import read_yaml

FOLDER: Final = Path(__file__).parent


class WordsError(BadConfigurationError, ValueError):
    """A value that is no text; the message names file, place and value."""


@cache
def read_words(name: str) -> dict[str, Any]:
    """The content of `<name>.yaml`. WordsError where a key or a value is no text."""
    content: dict[str, Any] = read_yaml((FOLDER / f"{name}.yaml").read_text("utf-8"))
    refuse_other_than_texts(f"{name}.yaml", content)
    return content


def refuse_other_than_texts(place: str, value: object) -> None:
    """WordsError where something below `value` is no text.

    >>> refuse_other_than_texts("signs.yaml", {"typed": {"yess": True}})
    Traceback (most recent call last):
    ...
    mend.care.survey.reading.words.WordsError: signs.yaml, typed, yess: True is read as bool; put it in quotation marks
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            _refuse_other_than_text(place, key)
            refuse_other_than_texts(f"{place}, {key}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            refuse_other_than_texts(f"{place}, line {number}", inner)
    else:
        _refuse_other_than_text(place, value)


def _refuse_other_than_text(place: str, value: object) -> None:
    if not isinstance(value, str):
        raise WordsError(f"{place}: {value!r} is read as {type(value).__name__}; put it in quotation marks")
