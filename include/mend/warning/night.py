"""The nightly warning: grade the open grumbles, put them on the warning list, route the problems, publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mend import operations
from mend.home import Home
from mend.warning.grading import grade_nights
from mend.warning.lists import derive_lists
from mend.warning.papers import write_papers
from mend.warning.publication import publish
from mend.warning.rules import load_rules
from mend.workbench import Workbench


@dataclass(frozen=True)
class WarningReport:
    """A run's warnings, over all its nights.

    Attributes:
        without_cluster, without_association, without_taxonomy: grumbles whose part stood at neutral, or department at the default.
        from_model, from_rate, without_probability: what the 7-day probability rests on.
        derived_nights: nights whose list was made again, the run's own and later ones that an earlier list changed.
        published: customers in the operations database afterwards.
        folder: the latest list's files.
    """

    nights: int
    open_grumbles: int
    without_cluster: int
    without_association: int
    without_taxonomy: int
    from_model: int
    from_rate: int
    without_probability: int
    listed: int
    new: int
    derived_nights: tuple[str, ...]
    published: int
    folder: str


def warn(home: Home, bench: Workbench, days: Sequence[dt.date], unmasked: bool = False) -> WarningReport:
    """Write mart_grumble_level of the nights, then the lists of these and of the later nights they reach, and publish the latest.

    A rerun at any later date gives the same; nights may come in any order. Files and pictures are written for the run's last night and for
    the last night of each month (see `mend.warning.papers`); every night's rows are in the tables.

    Args:
        unmasked: write whole phone numbers into the lists' files, in a folder that only its owner can read.
    """
    versions = load_rules(home.root / "rules" / "warning")
    counts = grade_nights(bench, versions, days)
    with operations.locked(home.database_url, "warning"):
        derived = derive_lists(bench, versions, days)
        published = publish(home, bench, versions)
    folder = write_papers(home, bench, derived.nights, max(days), unmasked) if days else None
    return WarningReport(
        nights=len(set(days)),
        **counts,
        listed=derived.listed,
        new=derived.new,
        derived_nights=tuple(night.isoformat() for night in derived.nights),
        published=published,
        folder=str(folder or ""),
    )
