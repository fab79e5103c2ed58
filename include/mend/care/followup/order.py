"""In which order the events of a ticket happened, whatever the order in which they came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from mend.care.followup.errors import FollowUpError
from mend.care.followup.states import EventCode
from mend.care.followup.ticket import Event

Place: TypeAlias = tuple[dt.datetime, int, str]
# Of events of one moment, which one happened first. What opens the matter once more comes after what settles it: doubt
# keeps it open.
KINDS: Final[tuple[EventCode, ...]] = (
    "open", "assign", "change_limit", "start", "pause", "resume", "suspend", "wake", "progress", "escalate",
    "answer", "confirm", "close",
    "deny", "reopen", "complain",
)  # fmt: skip
RANK: Final[Mapping[EventCode, int]] = {code: rank for rank, code in enumerate(KINDS)}
BY_ITSELF: Final = ("wake", "escalate", "assign")


def place(event: Event) -> Place:
    """Where the event stands in its ticket's history: by its own time; of one moment by kind, then by key."""
    return event.at, RANK[event.code], event.key


def is_by_itself(follow_up_id: str, event: Event) -> bool:
    """Whether the step itself made the event, as a consequence of others: it is made again when these change."""
    return event.code in BY_ITSELF and event.key.startswith(f"{follow_up_id}:{event.code}:")


def is_of_old(follow_up_id: str, event: Event) -> bool:
    """Whether the step made the event when it still numbered such events by their place. It keeps its key when it is
    made again.
    """
    return is_by_itself(follow_up_id, event) and event.key.rpartition(":")[2].isdigit()


def may_open(event: Event) -> bool:
    """Whether the event can open its ticket: it carries what a ticket is opened with."""
    return event.facts is not None


def in_order(follow_up_id: str, events: Iterable[Event]) -> list[Event]:
    """What was told of a ticket, in the order in which it happened. Of the events that can open it the first one does,
    and each later one is a complaint. FollowUpError when none can.
    """
    told = list(events)
    openings = [event for event in told if may_open(event)]
    if not openings:
        raise FollowUpError(f"follow-up {follow_up_id} does not begin with an opening")
    first = min(openings, key=lambda event: (event.at, event.key))
    later = [replace(event, code="complain") if may_open(event) else event for event in told if event.key != first.key]
    return [replace(first, code="open"), *sorted(later, key=place)]
