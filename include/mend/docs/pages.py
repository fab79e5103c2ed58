"""Generated pages: written into docs/, or compared with what is there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[3] / "docs"


@dataclass(frozen=True)
class Page:
    """A file of docs/ and what it should hold."""

    name: str
    text: str


def write(pages: Sequence[Page], folder: Path = FOLDER) -> list[str]:
    """Write the pages that differ; gives their names."""
    stale = differing(pages, folder)
    for page in pages:
        if page.name in stale:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / page.name).write_text(page.text, "utf-8")
    return stale


def differing(pages: Sequence[Page], folder: Path = FOLDER) -> list[str]:
    """Names of the pages that are missing or hold something else."""
    return [page.name for page in pages if _held(folder / page.name) != page.text]


def run(pages: Sequence[Page], arguments: Sequence[str]) -> int:
    """The command line of a generator: nothing writes, `--check` compares. The exit code."""
    if list(arguments) == ["--check"]:
        stale = differing(pages)
        for name in stale:
            sys.stderr.write(f"docs/{name} is not what its sources give: run `make docs`\n")
        return 1 if stale else 0
    if arguments:
        sys.stderr.write("usage: [--check]\n")
        return 2
    changed = write(pages)
    for page in pages:
        sys.stdout.write(f"docs/{page.name}{' (written)' if page.name in changed else ''}\n")
    return 0


def _held(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
