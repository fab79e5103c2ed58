"""Which sources there are: those shipped, and those a user adds as YAML files in folders of their own."""

from __future__ import annotations

from mend.foundation.home import Home
from mend.foundation.source_files import source_files
from mend.intake.extract.config import Source, read_source
from mend.intake.extract.errors import ConfigError


def load_source(home: Home, name: str) -> Source:
    """The source of that name. ConfigError when there is none, or when its file is wrong."""
    files = source_files(home)
    if name not in files:
        raise ConfigError(f"no source {name!r}; there are {', '.join(sorted(files))}")
    source = read_source(files[name])
    if source.source != name:
        raise ConfigError(f"{files[name]}: source: is {source.source!r}, but the file is named {name!r}")
    return source
