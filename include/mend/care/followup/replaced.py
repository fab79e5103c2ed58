"""A replayed story in place of a ticket's history: what no longer holds is kept, with the late event that overtook
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func
from sqlalchemy.dialects.postgresql import insert

from mend.care.followup.order import is_by_itself
from mend.care.followup.records import event_row, notice_row, refusal_row
from mend.care.followup.story import Refused, Story
from mend.care.followup.ticket import Event
from mend.foundation.operations.statements import statement
from mend.foundation.operations.tables import METADATA

EVENT: Final = METADATA.tables["follow_up_event"]
REFUSAL: Final = METADATA.tables["follow_up_refusal"]
NO_LONGER_DUE: Final = "no_longer_due"


@dataclass(frozen=True)
class Replaced:
    """Writes the story. `fitted` are the events that the history had until `late` came."""

    connection: Connection
    story: Story
    late: Event
    fitted: Mapping[str, Event]

    def put_events(self) -> None:
        """The events, numbered in the order in which they happened."""
        name = self.story.follow_up_id
        rows = [event_row(name, happened.event, happened.ticket.event_count) for happened in self.story.events]
        self.connection.execute(EVENT.delete().where(EVENT.c.follow_up_id == name))
        self.connection.execute(REFUSAL.delete().where(REFUSAL.c.event_key.in_([row["event_key"] for row in rows])))
        self.connection.execute(insert(EVENT), rows)

    def put_refusals(self, before: Iterable[Event]) -> list[Event]:
        """What does not fit, and of what was known before what the step made itself and would not make now. Gives all
        of these.
        """
        name, made = self.story.follow_up_id, {happened.event.key for happened in self.story.events}
        for refused in self.story.refused:
            self._refuse(refused, self.late.key if refused.event.key in self.fitted else None)
        gone = [event for event in before if is_by_itself(name, event) and event.key not in made]
        for event in gone:
            self._refuse(Refused(event, self.story.ticket.state, NO_LONGER_DUE), self.late.key)
        return [*(refused.event for refused in self.story.refused), *gone]

    def put_notices(self) -> list[str]:
        """What people were not told before; what they were told and does not hold any more is marked. Gives the
        kinds.
        """
        values = {"follow_up_id": self.story.follow_up_id, "keys": list(self.story.notices), "late_key": self.late.key}
        self.connection.execute(statement("care/followup", "overtake_notices"), values)
        rows = [notice_row(notice, ticket) for notice, ticket in self.story.notices.values()]
        if not rows:
            return []
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        return list(self.connection.execute(statement("care/followup", "put_notices"), columns).scalars())

    def _refuse(self, refused: Refused, overtaken_by: str | None) -> None:
        row = refusal_row(self.story.follow_up_id, refused, overtaken_by)
        changed = {name: row[name] for name in ("follow_up_id", "event_code", "state_code", "reason_code")}
        changed["overtaken_by"] = func.coalesce(REFUSAL.c.overtaken_by, overtaken_by)
        self.connection.execute(
            insert(REFUSAL).values(row).on_conflict_do_update(index_elements=["event_key"], set_=changed)
        )
