"""Which versions people have decided on: one that was approved or published stands."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign.versions import Version, versions_of

DECIDED = ("approved", "published")


def version_in_force(home: Home, bench: Workbench, month: str) -> Version | None:
    """The version of a month that was approved or published and not recalled; None when there is none."""
    numbers = _decided(home, [month], DECIDED)
    if not numbers:
        return None
    newest = max(number for _, number in numbers)
    return next((each for each in versions_of(bench, month) if each.version == newest), None)


def versions_in_force(home: Home, months: Sequence[str]) -> list[tuple[str, int]]:
    """Of each month the version that was published: what was only drafted reached nobody."""
    found: dict[str, int] = {}
    for month, version in _decided(home, months, ("published",)):
        found[month] = max(version, found.get(month, 0))
    return sorted(found.items())


def _decided(home: Home, months: Sequence[str], states: Sequence[str]) -> list[tuple[str, int]]:
    table = METADATA.tables.get("campaign_list")
    if table is None:
        return []
    wanted = select(table.c.month, table.c.version).where(table.c.month.in_(months), table.c.state_code.in_(states))
    with operations.transaction(home.database_url) as connection:
        return [(row.month, int(row.version)) for row in connection.execute(wanted)]
