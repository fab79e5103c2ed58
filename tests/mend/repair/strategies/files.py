"""Files of strategies for tests: the shipped one, changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from mend.repair.strategies.rules import FOLDER

SHIPPED = FOLDER / "1990-01-01.yaml"
Content = dict[str, Any]
Change = Callable[[Content], object]


def changed(change: Change | None = None, day: str = "2026-06-01") -> str:
    """The shipped file's text, in force from another day and changed."""
    content = yaml.safe_load(SHIPPED.read_text("utf-8"))
    content["valid_from"] = dt.date.fromisoformat(day)
    if change is not None:
        change(content)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def write(folder: Path, change: Change | None = None, day: str = "2026-06-01") -> Path:
    """Such a file in a home's folder of strategies; the folder."""
    folder.mkdir(exist_ok=True)
    (folder / f"{day}.yaml").write_text(changed(change, day), "utf-8")
    return folder


def of(code: str, **keys: Any) -> Change:
    """A change of one strategy's keys; a key of None is taken out."""

    def change(content: Content) -> None:
        strategy = content["strategies"][code]
        strategy.update(keys)
        for key in [key for key, value in keys.items() if value is None]:
            strategy.pop(key)

    return change


def setting(**keys: Any) -> Change:
    """A change of settings."""
    return lambda content: content["settings"].update(keys)


def patch(change: Content) -> Change:
    """A change as data: mappings are changed key by key, `gone` takes a key out, an empty mapping stays empty."""
    return lambda content: _merge(content, change)


def _merge(content: Content, change: Content) -> None:
    for key, value in change.items():
        if value == "gone":
            content.pop(key)
        elif isinstance(value, dict) and value and isinstance(content.get(key), dict):
            _merge(content[key], value)
        else:
            content[key] = value
