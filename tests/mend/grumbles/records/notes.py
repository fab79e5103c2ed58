"""Notes of simulated contacts with their true points, for tests of classifiers."""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb

from mend.simulate import World
from mend.simulate.settings import install
from mend.simulate.world import live

NOTED = """
    select contact_id, customer_id, started_at::varchar || '+08' as started_at, outcome, mood_code,
    grumble_type_code, topic_code,
        is_resolved, note_text, has_grumble, point_code, other_phrases is not null as is_vague
    from inbound_contact
    where note_text is not null and customer_id is not null
    order by started_at, contact_id"""


@cache
def simulated_notes(customers: int, months: int, seed: int) -> list[dict[str, Any]]:
    """Contacts with notes, in order of time: their columns as the core table has them, and the truth beside them."""
    asked = World(customers, "2026-03", months, seed)
    with duckdb.connect() as connection:
        install(connection, asked)
        live(connection, 1, customers)
        result = connection.execute(NOTED)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


TRUTH = {"has_grumble", "point_code", "is_vague"}


def as_contact(note: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The contact as its source delivers it."""
    return {name: value for name, value in {**note, **changed}.items() if name not in TRUTH}
