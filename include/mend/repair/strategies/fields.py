"""What single keys of a file of strategies may hold. Each refuses with a sentence that names the value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, PlainValidator

UNLIMITED: Final = "unlimited"
LEVELS: Final = (0, 1, 2, 3, 4)
EVERY_OTHER_CITY: Final = "default"
MOST: Final = 1_000_000_000  # of anything that is counted
MOST_YUAN: Final = 1_000_000  # for one customer
PLACE: Final = re.compile(r"\{([^{}]*)\}")
PLACES: Final = frozenset({"happened", "amount", "month", "valid_until"})
CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _whole(value: Any, most: int = MOST) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(f"{_shown(value)} is no whole number from 0 to {most}")
    return value


def _limit(value: Any) -> int | None:
    if value is None:
        raise ValueError(f"has no number: write a whole number, or {UNLIMITED}")
    return None if value == UNLIMITED else _whole(value)


def _by_level(value: Any) -> dict[int, int]:
    """A number for all levels, or one for each: a level that nobody thought of is nobody's guess."""
    if not isinstance(value, Mapping):
        return dict.fromkeys(LEVELS, _whole(value, MOST_YUAN))
    if set(value) != set(LEVELS):
        raise ValueError(f"names the levels {', '.join(map(str, value))}: name each of 0, 1, 2, 3 and 4")
    return {level: _whole(value[level], MOST_YUAN) for level in LEVELS}


def _by_city(value: Any) -> dict[str, int | None]:
    """A number by city. `default` is asked for: a city that nobody thought of must not have all there is."""
    if not isinstance(value, Mapping) or not value:
        raise ValueError(f"{_shown(value)} is no list of cities: write {{{EVERY_OTHER_CITY}: 100, hangzhou: 300}}")
    for city in value:
        check_city(city)
    if EVERY_OTHER_CITY not in value:
        raise ValueError(f"says nothing of other cities: add {EVERY_OTHER_CITY}: a number (0: nothing), or {UNLIMITED}")
    return {city: _limit(number) for city, number in value.items()}


def check_city(city: Any) -> None:
    """Refuse a city's code that is no text: YAML reads 0571 as the number 377."""
    if not isinstance(city, str) or not city.strip():
        raise ValueError(f"the city {_shown(city)} is no text: put its code into quotes")


def _words(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{_shown(value)} are no words: write a sentence")
    if CONTROL.search(value):
        raise ValueError("holds a line break or a control character: write it in one line")
    for place in PLACE.findall(value):
        if place not in PLACES:
            raise ValueError(
                f"{{{place}}} stands for nothing: use {', '.join(f'{{{each}}}' for each in sorted(PLACES))}"
            )
    if "{" in PLACE.sub("", value) or "}" in PLACE.sub("", value):
        raise ValueError("holds a bracket without its other half")
    return value.strip()


def _code(value: Any) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise ValueError(f"{_shown(value)} is no code: write up to 40 lower-case letters, digits and _, a letter first")
    return value


def parts_of_a_year(months: int) -> int:
    """Refuse a season that does not end with a year."""
    if months not in (1, 2, 3, 4, 6, 12):
        raise ValueError(f"{months} months do not make a year up: write 1, 2, 3, 4, 6 or 12")
    return months


def _chinese(value: str) -> str:
    if not CHINESE.search(value):
        raise ValueError(f"{_shown(value)} is not Chinese: agents and customers read these words")
    return value


def _english(value: str) -> str:
    if CHINESE.search(value):
        raise ValueError(f"{_shown(value)} is not English: the Chinese words have a key of their own, ending in _zh")
    return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "..."


Limit = Annotated[int | None, PlainValidator(_limit)]
Whole = Annotated[int, PlainValidator(_whole)]
ByLevel = Annotated[dict[int, int], PlainValidator(_by_level)]
ByCity = Annotated[dict[str, int | None], PlainValidator(_by_city)]
English = Annotated[str, PlainValidator(_words), AfterValidator(_english)]
Chinese = Annotated[str, PlainValidator(_words), AfterValidator(_chinese)]
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Points = Annotated[float, Field(strict=True, ge=-1000, le=1000, allow_inf_nan=False)]
Code = Annotated[str, PlainValidator(_code)]
