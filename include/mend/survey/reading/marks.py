"""Signs of doubt in the unknown words beside an answer, and numbers that were put right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from mend.survey.reading.cover import Said
from mend.yaml_text import read_yaml

FILE: Final = Path(__file__).parent / "marks.yaml"
LONGEST_COMMENT: Final = 200
NUMBER: Final = r"(?:\d+|[一二两三四五六七八九十几半]+|[a-z]+teen|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty)"
AS_SCORE: Final = re.compile("分|point|out of|/ ?10|rate|give|score")
SCORE_LIKE: Final = re.compile(r"\d|[一二两三四五六七八九十]分|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b")


def has(mark: str, text: str) -> bool:
    """Whether the text has a sign of this sort (a list of marks.yaml)."""
    return bool(_pattern(mark).search(text))


def has_second_number(text: str) -> bool:
    """Whether unknown words hold a number that is no measure."""
    return bool(SCORE_LIKE.search(_measure().sub(" ", text)))


def about_service(said: Sequence[Said], left: str) -> bool:
    """Whether unknown words beside a number speak of a service, or the number says itself that it is a score."""
    given = " ".join(each.words for each in said if each.tag == "number")
    return bool(AS_SCORE.search(given)) or has("about_service", left)


def corrected(text: str) -> str:
    """The text with 'not 7, 1' as 1.

    >>> corrected("不是7是1,按错了"), corrected("not 7 but 1")
    ('1,按错了', '1')
    """
    for pattern in _correction():
        text = pattern.sub(lambda found: found.group("right"), text)
    return text


def leading_number(words: str) -> int:
    """Where a comment begins behind a number, without a separator; 0 where none does."""
    for name in ("begins_comment", "begins_comment_zh"):
        found = _pattern(name).match(words)
        if found and (name == "begins_comment" or has("about_service", words[found.end() :])):
            return found.end("number")
    return 0


@cache
def _pattern(name: str) -> re.Pattern[str]:
    lines: str | list[str] = _marks()[name]
    return re.compile("|".join(f"(?:{line})" for line in ([lines] if isinstance(lines, str) else lines)))


@cache
def _correction() -> list[re.Pattern[str]]:
    return [re.compile(line) for line in _marks()["corrected"]]


@cache
def _measure() -> re.Pattern[str]:
    return re.compile(_marks()["measure"].replace("#", NUMBER))


@cache
def _marks() -> dict[str, Any]:
    marks: dict[str, Any] = read_yaml(FILE.read_text("utf-8"))
    return marks
