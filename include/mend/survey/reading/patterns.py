"""Regular expressions kept as data: a name and its lines in a YAML file, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mend.yaml_text import read_yaml

FOLDER = Path(__file__).parent


@cache
def patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of `<name>.yaml`, each any of its lines; `{part}` stands for the line of that name under `parts`."""
    content: dict[str, str | list[str] | dict[str, str]] = read_yaml((FOLDER / f"{name}.yaml").read_text("utf-8"))
    parts = content.pop("parts", {})
    assert isinstance(parts, dict)
    return {key: _any([lines] if isinstance(lines, str) else list(lines), parts) for key, lines in content.items()}


def _any(lines: list[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    text = "|".join(f"(?:{line})" for line in lines)
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return re.compile(text, re.MULTILINE)
