"""The nightly warning: grade the open grumbles, put them on the warning list, route the problems, publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.expectations import load_expectations
from mend.grumbles.warning.levels import grade_nights
from mend.grumbles.warning.list_files import write_files
from mend.grumbles.warning.lists import derive_lists
from mend.grumbles.warning.publication import publish
from mend.grumbles.warning.rules import Rules, load_rules, rules_on


@dataclass(frozen=True)
class WarningReport:
    """A run's warnings, over all its nights.

    Attributes:
        without_cluster, without_association, without_taxonomy: grumbles whose part stood at neutral, or department at
        the default. from_model, from_rate, without_probability: what the 7-day probability rests on.
        derived_nights: nights whose list was made again, the run's own and later ones that an earlier list changed.
        level_5 to level_1: open grumbles of each level, beside the shares that the cut points were fitted to.
        published: customers in the operations database afterwards.
        folder: the latest list's files.
        warnings: departments of the taxonomy without specialists in the rules, and who has their customers instead.
    """

    nights: int
    open_grumbles: int
    without_cluster: int
    without_association: int
    without_taxonomy: int
    from_model: int
    from_rate: int
    without_probability: int
    level_5: int
    level_4: int
    level_3: int
    level_2: int
    level_1: int
    listed: int
    new: int
    derived_nights: tuple[str, ...]
    published: int
    folder: str
    warnings: tuple[str, ...] = ()


def warn(
    home: Home, bench: Workbench, days: Sequence[dt.date], unmasked: bool = False, shares: int | None = None
) -> WarningReport:
    """Write mart_grumble_level of the nights, then the lists of these and of the later nights they reach, and publish
    the latest.

    A rerun at any later date gives the same; nights may come in any order. Files and pictures are written for the run's
    last night and for the last night of each month (see `list_files.py`); every night's rows are in the tables.

    Args:
        unmasked: write whole phone numbers into the lists' files, in a folder that only its owner can read.
        shares: of customers, worked on one after the other; by memory where nothing is said. The rows are the same.
    """
    versions = load_rules(home.root / "rules" / "warning")
    counts = grade_nights(bench, versions, days, shares)
    with operations.locked(home.database_url, "warning"):
        expectations = load_expectations(home.root / "rules" / "expectations")
        derived = derive_lists(bench, versions, days, expectations)
        published = publish(home, bench, versions)
    folder = write_files(home, bench, derived.nights, max(days), unmasked) if days else None
    return WarningReport(
        nights=len(set(days)),
        **counts,
        listed=derived.listed,
        new=derived.new,
        derived_nights=tuple(night.isoformat() for night in derived.nights),
        published=published,
        folder=str(folder or ""),
        warnings=_without_specialists(bench, versions, days),
    )


def _without_specialists(bench: Workbench, versions: Sequence[Rules], days: Sequence[dt.date]) -> tuple[str, ...]:
    """A sentence for each department that a taxonomy names and the rules do not."""
    if not days:
        return ()
    found: dict[tuple[str, str], set[str]] = {}
    with open_step(bench, "departments") as step:
        step.view("mart_grumble_level", "graded_night", sorted(set(days)))
        for department, day, customer in step.rows(read_model("grumbles/warning", "unnamed_department")):
            rules = rules_on(day, versions)
            if department not in rules.departments:
                found.setdefault((department, rules.open.department), set()).add(customer)
    return tuple(
        f"the warning rules have no specialists of department {department}: open grumbles of {len(customers)} "
        f"customers go to "
        f"{instead}. Name the department in rules/warning, or give the grumbles another one in taxonomy"
        for (department, instead), customers in found.items()
    )
