"""Contacts that end now: the last simulated day's customers call once more, as a source that reports events would say
it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mend.care.followup.handlers import Handler, has_handlers, put_handlers
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.simulate.settings import WORLD, SimulationError

# Of simulated people alone: an event may become a message to the number of its customer.
SIMULATED: Final = frozenset({"simulator", "sms_survey"})
SPREAD: Final = dt.timedelta(minutes=1)  # they end within the minute before
HANDLERS: Final = (
    ("SIM-101", "specialists", 1),
    ("SIM-102", "specialists", 1),
    ("SIM-201", "senior_specialists", 2),
    ("SIM-301", "province", 3),
)  # of the teams that the follow-up rules name


@dataclass(frozen=True)
class LiveEvents:
    """Events in a file of <home>/events; `written` is 0 when an earlier call wrote the same file. `day`: whose
    customers they are.
    """

    events: int
    written: int
    day: dt.date
    file: str


def live_events(home: Home, bench: Workbench, count: int, at: dt.datetime, seed: int) -> LiveEvents:
    """Write up to `count` ended contacts, of customers of the last loaded day, each once, those with complex topics
    first.

    The same count and seed on the same last day are the same events, whenever they are asked for: the first call's file
    stays.

    Args:
        at: with its zone; the contacts end within the minute before.

    Raises:
        SimulationError: when the lake has no contacts, or rows that are not the simulator's: their customers are
            people.
    """
    day = _last_day(home, bench)
    path = home.root / "events" / f"simulated-{day}-{count}-{seed}.jsonl"
    known = next((each for each in (path, path.parent / "done" / path.name) if each.exists()), None)
    if known is not None:
        return LiveEvents(len(known.read_bytes().splitlines()), 0, day, str(known))
    events = _events(bench, day, count, at, seed)
    _write(path, events)
    return LiveEvents(len(events), len(events), day, str(path))


def seed_handlers(home: Home) -> int:
    """Put a few simulated people behind the follow-up teams where the home has nobody. Returns how many."""
    with operations.transaction(home.database_url) as connection:
        if has_handlers(connection):
            return 0
        put_handlers(connection, [Handler(*row) for row in HANDLERS])
    return len(HANDLERS)


def _last_day(home: Home, bench: Workbench) -> dt.date:
    others = {batch.source_code for batch in operations.batches(home.database_url)} - SIMULATED
    if others:
        raise SimulationError(
            f"{home.root} holds customers of {', '.join(sorted(others))}: events are made up for simulated ones only"
        )
    days = bench.lake.days("core_contact", "started_on")
    if not days:
        raise SimulationError(f"{home.root} holds no contacts yet; run the simulated days first")
    return max(days)


def _events(bench: Workbench, day: dt.date, count: int, at: dt.datetime, seed: int) -> list[dict[str, Any]]:
    bench.view("core_contact", days=[day])
    complex_topics = sorted(name for name, topic in WORLD["topics"].items() if topic["is_complex"])
    rows = bench.sql(
        models.load("simulate", "live_contact"), {"complex_topics": complex_topics, "seed": str(seed), "count": count}
    )
    step = SPREAD / max(1, len(rows))
    return [
        {
            # Another contact than the one in the lake, and so named.
            "event_id": f"live:{seed}:{contact_id}",
            "kind_code": "contact_ended",
            "customer_id": customer_id,
            "about_kind_code": "contact",
            "about_id": f"live:{seed}:{contact_id}",
            "topic_code": topic_code,
            "outcome_code": "answered",
            "happened_at": (at - SPREAD + (number + 1) * step).isoformat(timespec="seconds"),
        }
        for number, (contact_id, customer_id, topic_code) in enumerate(rows)
    ]


def _write(path: Path, events: list[dict[str, Any]]) -> None:
    """In one step: the intake reads whatever is called `.jsonl`."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    draft.write_text("".join(f"{json.dumps(event, ensure_ascii=False)}\n" for event in events), "utf-8")
    draft.replace(path)
