"""Files of playbooks for tests: the shipped one, changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from tests.mend.repair.strategies.files import Change, patch

from mend.prevention.playbooks.rules import FOLDER

SHIPPED = FOLDER / "1990-01-01.yaml"


def changed(change: Change | None = None, day: str = "2026-06-01") -> str:
    """The shipped file's text, in force from another day and changed."""
    content: dict[str, Any] = yaml.safe_load(SHIPPED.read_text("utf-8"))
    content["valid_from"] = dt.date.fromisoformat(day)
    if change is not None:
        change(content)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def write(folder: Path, change: Change | None = None, day: str = "2026-06-01") -> Path:
    """Such a file in a home's folder of playbooks; the folder."""
    folder.mkdir(exist_ok=True, parents=True)
    (folder / f"{day}.yaml").write_text(changed(change, day), "utf-8")
    return folder


__all__ = ["changed", "patch", "write"]
