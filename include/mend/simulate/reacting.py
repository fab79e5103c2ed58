"""A world that is there already goes on otherwise: the days after a list was published are made again, in place."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from mend.simulate.faults import read_written
from mend.simulate.groups import NONE
from mend.simulate.reactions import Reactions
from mend.simulate.settings import SimulationError
from mend.simulate.simulator import SETTINGS_FILE, Progress, Truth, simulate, summary

DRAFT: Final = ".reacting"


def react(
    into: Path,
    treatments: pa.Table,
    loaded: Collection[dt.date],
    *,
    reactions: Reactions | None = None,
    memory_limit: str = "4GB",
    threads: int = 2,
    progress: Progress = lambda _: None,
) -> Truth:
    """Let the customers of a simulated folder react to what lists gave them: files of the days that change are
    replaced, the truth too. Run again with the same lists it changes nothing, and it goes on where it died.

    Args:
        loaded: days that are loaded already: what they delivered is past, and none of them may change.

    Raises:
        SimulationError: the folder holds no simulated world; or a loaded day would change.
    """
    settings = _settings(into)
    draft = into / DRAFT
    if draft.exists():
        shutil.rmtree(draft)
    simulate(
        draft,
        *(settings[name] for name in ("customers", "first_month", "months", "seed", "dirty")),
        contacts_per_month=settings["contacts_per_month"],
        memory_limit=memory_limit,
        threads=threads,
        progress=progress,
        treatments=treatments,
        reactions=reactions,
        faults=read_written(settings.get("faults", ())),
        groups=settings.get("groups", NONE),
    )
    changed = [path for path in sorted(draft.glob("*/*.csv.gz")) if _is_other(path, into / path.relative_to(draft))]
    days = sorted({path.parent.name for path in changed})
    if past := [day for day in days if dt.date.fromisoformat(day) in loaded]:
        shutil.rmtree(draft)
        raise SimulationError(
            f"{past[0]} is loaded already, and customers would have lived it otherwise ({len(past)} such days): "
            "publish and simulate before you load the days of the campaign's month"
        )
    for path in changed:
        path.replace(into / path.relative_to(draft))
    _replace_truth(draft, into)
    progress(f"{len(days)} days from {days[0]} on are other than before" if days else "no day changes")
    return summary(into)


def _settings(into: Path) -> dict[str, Any]:
    path = into / "truth" / SETTINGS_FILE
    if not path.exists():
        raise SimulationError(f"{into} holds no simulated world to go on with; make one first (mend simulate)")
    settings: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return settings


def _is_other(path: Path, known: Path) -> bool:
    if not known.exists():
        return True
    old, new = known.read_bytes(), path.read_bytes()
    return old != new and gzip.decompress(old) != gzip.decompress(new)  # an earlier version packed them otherwise


def _replace_truth(draft: Path, into: Path) -> None:
    """The settings last: they say that all of it is there."""
    for path in sorted((draft / "truth").iterdir(), key=lambda path: path.name == SETTINGS_FILE):
        path.replace(into / path.relative_to(draft))
    shutil.rmtree(draft)
