"""Whose stories a night makes: of customers whose row of the month differs, or of whom an event came or went in the
lake since the last publication. A month's close makes every story.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from mend.foundation.changes import Changes
from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import at_most
from mend.foundation.operations.publications import Publication, note_publication, read_publication
from mend.foundation.periods import days_of
from mend.foundation.persons import aliases_in, persons_of, resolved
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.workbench import day_column
from mend.query.pages.tables import ROOM, PageTable, Part

ALIAS: Final = "core_customer_alias"


def put_touched(
    home: Home, step: Step, connection: Connection, table: PageTable, part: Part, shape: str, is_whole: bool
) -> None:
    """Make `touched` of the part's inputs and of `known_row`, and note what was read, in the caller's transaction."""
    changes = Changes(shape, read_publication(connection, table.name, part.code))
    days = days_of(part.month)
    for name, lake_table in table.events.items():
        changes.add(name, lake_table, step.bench.lake.files_of(lake_table, **{day_column(lake_table): days}))
    changes.add("alias_file", ALIAS, step.bench.lake.files(ALIAS, at_most("merged_on", days[-1])))
    before = changes.before
    if is_whole or before is None or changes.is_whole(home):
        step.make(read_model(ROOM, "everybody"), "touched")
    else:
        changes.open(step, is_whole=False)
        _put_person_change(step, before, part)
        step.make(read_model(ROOM, "touched"), "touched")
    note_publication(connection, table.name, part.code, changes.publication)


def _put_person_change(step: Step, before: Publication, part: Part) -> None:
    """`person_change`: ids that go by another id now, the id of before, and that of now."""
    last = days_of(part.month)[-1]
    now = persons_of(step.bench, last)
    files: Sequence[StoredFile] = [StoredFile(path) for path in before.files["alias_file"]]
    then = resolved(aliases_in(step.bench, files, last), last)
    found: set[str] = set()
    for name in now.keys() | then.keys():
        ids = {persons[name].person_id if name in persons else name for persons in (now, then)}
        if len(ids) > 1:
            found |= {name, *ids}
    step.put("person_change", {"customer_id": "varchar"}, [(name,) for name in sorted(found)])
