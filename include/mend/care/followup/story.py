"""What happens to a ticket when events come: those told, and what follows from them by itself. Nothing is written
here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from mend.care.followup.automatic import Notice, event_notice, limit_notices, next_event
from mend.care.followup.folding import applied, opened
from mend.care.followup.machine import Reason, reason_to_refuse
from mend.care.followup.order import in_order
from mend.care.followup.rules import RuleSet
from mend.care.followup.states import EventCode, State
from mend.care.followup.ticket import Event, Ticket

HandlerOf: TypeAlias = Callable[[Ticket], "str | None"]
BEFORE_THE_OPENING: Final = "before_the_opening"


@dataclass(frozen=True)
class Happened:
    """An event, and the ticket after it."""

    event: Event
    ticket: Ticket


@dataclass(frozen=True)
class Refused:
    """An event that did not fit, the state it met, and why."""

    event: Event
    state: State
    reason: Reason


@dataclass
class Story:
    """A ticket from some moment on: events in the order of their own time, refusals, notices.

    Attributes:
        handler_of: who takes the ticket at its tier; None when there is nobody.
        keys: keys by which events of a kind and moment are known already; what is made again keeps its key.
    """

    follow_up_id: str
    rules: RuleSet
    handler_of: HandlerOf
    ticket: Ticket
    keys: Mapping[tuple[EventCode, dt.datetime], str] = field(default_factory=dict)
    events: list[Happened] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notices: dict[str, tuple[Notice, Ticket]] = field(default_factory=dict)

    @property
    def keys_told(self) -> list[str]:
        """Keys of the events that happened or were refused."""
        return [*(happened.event.key for happened in self.events), *(refused.event.key for refused in self.refused)]

    def take(self, event: Event) -> Reason | None:
        """Let a told event happen, after what the ticket does by itself until then. Gives why it does not fit; None
        when it does.
        """
        if event.at < self.ticket.opened_at:
            self.refused.append(Refused(event, self.ticket.state, BEFORE_THE_OPENING))
            return BEFORE_THE_OPENING
        self.catch_up(event.at)
        if (reason := reason_to_refuse(self.ticket, event)) is not None:
            self.refused.append(Refused(event, self.ticket.state, reason))
            return reason
        self._happen(event)
        return None

    def catch_up(self, until: dt.datetime) -> None:
        """Let happen what the ticket does by itself until then, and tell its people."""
        while (event := next_event(self.ticket, until, self.rules)) is not None:
            self._tell(limit_notices(self.ticket, event.at, self.rules))
            self._happen(self._known(event))
        self._tell(limit_notices(self.ticket, until, self.rules))

    def hand_over(self, at: dt.datetime) -> None:
        """Give a ticket that nobody was there to take to whoever is there now. That moment is the run's own, so it is
        told, not made.
        """
        if (handler := self.handler_of(self.ticket)) is not None:
            self._happen(
                Event(
                    f"{self.follow_up_id}:handed:{self.ticket.phase}",
                    "assign",
                    at,
                    handler_id=handler,
                    tier=self.ticket.tier,
                )
            )

    def _happen(self, event: Event) -> None:
        self.ticket = applied(self.ticket, event, self.rules)
        self.events.append(Happened(event, self.ticket))
        if (notice := event_notice(self.ticket, event, self.rules)) is not None:
            self._tell([notice])
        if event.code != "assign":
            self._staff(event.at)

    def _staff(self, at: dt.datetime) -> None:
        """Give the ticket to whoever takes it at its tier; without anybody its people are told so."""
        if self.ticket.handler_id is not None or self.ticket.is_answered:
            return
        handler = self.handler_of(self.ticket)
        if handler is None:
            key = f"{self.follow_up_id}:{self.ticket.phase}:unassigned"
            self._tell([Notice(key, "unassigned", at, self.ticket.due_at(self.rules))])
            return
        event = self._known(
            Event(f"{self.follow_up_id}:assign:tier{self.ticket.tier}", "assign", at, handler_id=handler)
        )
        self.ticket = applied(self.ticket, event, self.rules)
        self.events.append(Happened(event, self.ticket))

    def _known(self, event: Event) -> Event:
        return replace(event, key=self.keys.get((event.code, event.at), event.key))

    def _tell(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            self.notices.setdefault(notice.key, (notice, self.ticket))


def begun(
    follow_up_id: str,
    opening: Event,
    rules: RuleSet,
    handler_of: HandlerOf,
    keys: Mapping[tuple[EventCode, dt.datetime], str] | None = None,
) -> Story:
    """The story of a ticket from its opening on."""
    ticket = opened(follow_up_id, opening, rules)
    story = Story(follow_up_id, rules, handler_of, ticket, keys or {}, [Happened(opening, ticket)])
    story._staff(opening.at)
    return story


def replayed(
    follow_up_id: str,
    told: Iterable[Event],
    rules_of: Callable[[dt.datetime], RuleSet],
    handler_of: HandlerOf,
    keys: Mapping[tuple[EventCode, dt.datetime], str],
    until: dt.datetime,
) -> Story:
    """The story that everything told of a ticket gives, in the order in which it happened, looked at until a moment."""
    opening, *rest = in_order(follow_up_id, told)
    story = begun(follow_up_id, opening, rules_of(opening.at), handler_of, keys)
    for event in rest:
        story.take(event)
    story.catch_up(max(until, story.ticket.changed_at))
    return story
