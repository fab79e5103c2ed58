"""Persons in a step: aliases read from the lake, and who is whom as a small table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import at_most
from mend.foundation.persons.resolving import Alias, Person, resolved
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.workbench import Workbench

READ: Final = (
    "select old_customer_id, new_customer_id, merged_on from alias_file where merged_on <= $day and is_cancelled "
    "is not true"
)
COLUMNS: Final = {"customer_id": "varchar", "person_id": "varchar", "doubt_code": "varchar"}


def aliases(bench: Workbench, day: dt.date) -> list[Alias]:
    """The aliases that hold on a day."""
    return aliases_in(bench, bench.lake.files("core_customer_alias", at_most("merged_on", day)), day)


def aliases_in(bench: Workbench, files: Sequence[StoredFile], day: dt.date) -> list[Alias]:
    """The aliases of these files that hold on a day."""
    if not files:
        return []
    bench.view_files("core_customer_alias", files, "alias_file")
    return [Alias(*row) for row in bench.sql(READ, {"day": day})]


def persons_of(bench: Workbench, day: dt.date) -> dict[str, Person]:
    """The person of each id that became another by a day."""
    return resolved(aliases(bench, day), day)


def rows_of(persons: Mapping[str, Person]) -> list[tuple[str, str, str | None]]:
    """Persons as rows of `person_of_customer`, in order."""
    return [(name, person.person_id, person.doubt) for name, person in sorted(persons.items())]


def put_persons(step: Step, persons: Mapping[str, Person]) -> None:
    """The table `person_of_customer` of a step: customer_id, person_id, doubt_code."""
    step.put("person_of_customer", COLUMNS, rows_of(persons))


def view_snapshots(step: Step, first: dt.date | None, last: dt.date) -> None:
    """The view `snapshot`: customer snapshots of the months from `first` (None: from the beginning) to `last` under the
    id by which each customer goes; the step has put the persons.
    """
    known = step.bench.lake.days("core_customer", "month_on")
    step.view(
        "core_customer", "snapshot_file", days=[day for day in known if (first is None or day >= first) and day <= last]
    )
    step.make(read_model("foundation/persons", "snapshot"), "snapshot", is_view=True)
