"""What a ticket becomes after a night changes nothing of that night, though its grumbles are recorded again by it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.mend.damage.scoring.rows import put
from tests.mend.grumbles.records.test_records import contact, ticket
from tests.mend.grumbles.warning.tables import rows

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.association import find_associations
from mend.grumbles.records import record_grumbles
from mend.grumbles.warning import warn

NIGHTS = [dt.date(2026, 5, day) for day in (14, 18, 25)]
LATER = dt.date(2026, 6, 20)


def _at(day: int, month: int = 5) -> str:
    return f"2026-{month:02}-{day:02} 12:00:00+08:00"


def _states(name: str, *states: dict[str, Any]) -> list[dict[str, Any]]:
    """States of a ticket that the contact of the same name opened; a state counts from its `version_at` on."""
    return [ticket(f"T{name}", "grumble", 10, contact_id=name, **each) for each in states]


SUSPENDED = {"suspended_at": _at(11), "suspended_until": _at(28), "promised_at": _at(28)}
BY_THEN = [
    _states("solved", {}, {"version_at": _at(12), "is_resolved": "true", "resolved_at": _at(12)}),
    _states("closed", {}, {"version_at": _at(12), "closed_at": _at(12)}),
    _states("promised", {}, {"version_at": _at(11), **SUSPENDED}),
    _states("open", {}),
]
LATER_STATES = {
    "solved": {"reopened_at": _at(2, 6), "reopen_count": "1", "is_resolved": "false"},
    "closed": {"closed_at": _at(3, 6), "is_resolved": "true", "resolved_at": _at(3, 6)},
    "promised": {**SUSPENDED, "suspended_until": _at(20, 6), "promised_at": _at(20, 6), "reopened_at": _at(15, 6)},
    "open": {"closed_at": _at(20), "is_resolved": "true", "resolved_at": _at(20)},  # said a month later
}
LEVELS = "day_on, grumble_id, solved_state_code, level, probability_7_days"
FOUND = "window_days, grumble_type_code, exposed_day_count, grumble_day_count"


def _nights(home: Home, bench: Workbench) -> list[Any]:
    warn(home, bench, NIGHTS)
    find_associations(home, bench, "2026-05")
    return [rows(bench, "mart_grumble_level", LEVELS, LEVELS), rows(bench, "mart_association", FOUND, FOUND)]


def test_a_past_night_and_month_are_the_same_after_later_states_of_their_tickets(home: Home, bench: Workbench) -> None:
    names = [states[0]["contact_id"] for states in BY_THEN]
    people = [{"customer_id": name, "month_on": "2026-05-01", "joined_on": "2024-01-01"} for name in names]
    put(bench, "customer", people)
    calls = [contact(name, customer_id=name, grumble_type_code="tariff_billing", mood_code="angry") for name in names]
    put(bench, "contact", calls)
    put(bench, "ticket", [state for states in BY_THEN for state in states])
    record_grumbles(home, bench, [dt.date(2026, 5, 10)])
    before = _nights(home, bench)
    states = {row[1].removeprefix("contact:"): row[2] for row in before[0] if row[0] == NIGHTS[1]}
    assert states == {"closed": "failed", "promised": "mending", "open": "overdue"}
    later = [
        [*each, *_states(each[0]["contact_id"], {"version_at": f"{LATER} 09:00:00+08:00", **LATER_STATES[name]})]
        for name, each in zip(names, BY_THEN, strict=True)
    ]
    put(bench, "ticket", [state for states in later for state in states], arrived_on=LATER)
    words = rows(bench, "mart_grumble", "solution_words", "grumble_id")
    record_grumbles(home, bench, [LATER])
    assert rows(bench, "mart_grumble", "solution_words", "grumble_id") != words
    assert _nights(home, bench) == before
