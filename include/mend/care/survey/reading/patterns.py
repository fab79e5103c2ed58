"""Regular expressions kept as data: a name and its lines in a YAML file, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from mend.care.survey.reading.words import read_words


@cache
def patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of `<name>.yaml`, each any of its lines; `{part}` stands for the line of that name under `parts`."""
    content = read_words(name)
    parts: dict[str, str] = content.get("parts", {})
    return {
        key: _any([lines] if isinstance(lines, str) else lines, parts)
        for key, lines in content.items()
        if key != "parts"
    }


def _any(lines: list[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    text = "|".join(f"(?:{line})" for line in lines)
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return re.compile(text, re.MULTILINE)
