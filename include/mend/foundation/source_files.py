"""The files that describe the sources, and what each maps: who scores asks for that, whatever is loaded so far."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from mend.foundation.home import Home
from mend.foundation.yaml_text import read_yaml

SHIPPED: Final = Path(__file__).parents[1] / "intake" / "extract" / "sources"


def source_folders(home: Home) -> list[Path]:
    """Where sources are looked for, the user's own first: MEND_SOURCES (folders, as in PATH), <home>/sources, those
    shipped."""
    named = [Path(folder) for folder in home.settings.get("MEND_SOURCES", "").split(os.pathsep) if folder]
    return [*named, home.root / "sources", SHIPPED]


def source_files(home: Home) -> dict[str, Path]:
    """Name of each source → its file. A user's own source hides a shipped one of the same name."""
    found: dict[str, Path] = {}
    for folder in source_folders(home):
        for path in sorted(folder.glob("*.yaml")):
            found.setdefault(path.stem, path)
    return found


def mapped_columns(path: Path) -> dict[str, frozenset[str]]:
    """The contract's columns that a source's file maps, by record. Who extracts checks the file; here it is read."""
    records = read_yaml(path.read_text("utf-8"))["records"]
    return {record: frozenset(described["columns"]) for record, described in records.items()}
