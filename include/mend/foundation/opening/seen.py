"""What is found of a home before it is opened: the identities that its parts bear, and where its tables are. Nothing is
written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from mend.foundation import identity, operations
from mend.foundation.home import Home, HomeError
from mend.foundation.identity import Identity
from mend.foundation.lake import Lake, Whereabouts
from mend.foundation.lake.relocation import bare


class Original(Enum):
    """What is at the path at which the folder was last seen, where that is another one."""

    ABSENT = "absent"
    PRESENT = "present"  # the same home, or a folder that we may not look into
    SAME = "same"  # this very folder, by another mount


@dataclass(frozen=True)
class Seen:
    """One look at a home.

    Args:
        inside: the stores that a copy of the folder takes along, of `operations`, `catalog` and `lake`.
        lay_in: the warehouses other than this one in which the catalog has tables.
        lake_was_left: whether one of these still is there.
        has_unknown_tables: the lake's folder holds tables, and the catalog none.
    """

    root: Path
    identity: Identity | None
    original: Original
    operations: str | None
    catalog: str | None
    lake: str | None
    inside: frozenset[str]
    warehouse: str
    lay_in: tuple[str, ...] = ()
    lake_was_left: bool = False
    has_unknown_tables: bool = False

    @property
    def marks(self) -> dict[str, str | None]:
        """The identity that each store bears."""
        return {"operations": self.operations, "catalog": self.catalog, "lake": self.lake}

    @property
    def root_then(self) -> Path:
        """Where the folder was last seen: by its own record, else by the paths of its tables."""
        if self.identity:
            return self.identity.root
        return Path(bare(self.lay_in[0])).parent if self.lay_in else self.root


def look(home: Home) -> Seen:
    """Ask folder, databases and lake; the server runs."""
    whereabouts, known = whereabouts_of(home), identity.recorded(home.root)
    in_catalog = whereabouts.home_of_catalog()
    lay_in = tuple(sorted({each.warehouse for each in whereabouts.elsewhere()}))
    return Seen(
        home.root,
        known,
        _original(home.root, known),
        operations.home_of(home.database_url),
        in_catalog,
        whereabouts.home_of_lake(),
        home.stores_inside,
        whereabouts.warehouse,
        lay_in,
        any(_is_there(warehouse) for warehouse in lay_in),
        in_catalog is None and whereabouts.holds_unknown_tables(),
    )


def whereabouts_of(home: Home) -> Whereabouts:
    """The marks of the home's lake."""
    return Whereabouts(Lake(home.catalog_url, home.warehouse, home.s3_options))


def _original(root: Path, known: Identity | None) -> Original:
    if known is None or known.root == root:
        return Original.SAME
    try:
        if known.root.is_dir() and known.root.samefile(root):
            return Original.SAME
        other = identity.recorded(known.root)
    except (OSError, HomeError):
        return Original.PRESENT  # it cannot be told: the careful side
    ours = {known.home_id, *known.leaves}
    return Original.PRESENT if other and ours & {other.home_id, *other.leaves} else Original.ABSENT


def _is_there(warehouse: str) -> bool:
    """Whether a lake may be there; of a bucket that is taken for granted."""
    if warehouse.startswith("s3://"):
        return True
    try:
        return Path(bare(warehouse)).is_dir()
    except OSError:
        return True
