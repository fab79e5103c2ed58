"""Which sources there are: those shipped, and those a user adds as YAML files in folders of their own."""

from __future__ import annotations

import os
from pathlib import Path

from mend.foundation.home import Home
from mend.intake.extract.config import Source, read_source
from mend.intake.extract.errors import ConfigError

SHIPPED = Path(__file__).parent / "sources"


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


def load_source(home: Home, name: str) -> Source:
    """The source of that name. ConfigError when there is none, or when its file is wrong."""
    files = source_files(home)
    if name not in files:
        raise ConfigError(f"no source {name!r}; there are {', '.join(sorted(files))}")
    source = read_source(files[name])
    if source.source != name:
        raise ConfigError(f"{files[name]}: source: is {source.source!r}, but the file is named {name!r}")
    return source
