"""A follow-up ticket, its clocks, and an event that happens to it: values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from mend.care.followup.clock import Mark, due_at, intervals, left
from mend.care.followup.rules import Measure, RuleSet
from mend.care.followup.states import EventCode, State


@dataclass(frozen=True)
class Event:
    """Something that happened to a ticket. `key` names it, whoever records it and however often."""

    key: str
    code: EventCode
    at: dt.datetime
    handler_id: str | None = None
    until: dt.datetime | None = None
    limit_seconds: int | None = None
    is_reached: bool | None = None
    is_solved: bool | None = None
    facts: dict[str, Any] | None = None  # of what can open a ticket: measure, customer, what it is about
    tier: int | None = None  # of a handing over that a run did: the tier it was for


@dataclass(frozen=True)
class Clock:
    """A promise: a limit on the time that counts, or a promised moment, which no pause moves. `marks` say when it runs
    and stands.
    """

    marks: tuple[Mark, ...]
    limit_seconds: int
    calendar_name: str
    promised_at: dt.datetime | None = None

    def due_at(self, rules: RuleSet) -> dt.datetime | None:
        """When it is reached, or was; None while it stands with time left."""
        return self.promised_at or due_at(intervals(self.marks), self._limit, rules.calendar_of(self.calendar_name))

    def left(self, rules: RuleSet, at: dt.datetime) -> dt.timedelta:
        """Time left at a moment, negative when past."""
        calendar = rules.calendar_of(self.calendar_name)
        return self.promised_at - at if self.promised_at else left(intervals(self.marks), self._limit, calendar, at)

    def is_past(self, rules: RuleSet, at: dt.datetime) -> bool:
        """Whether an answer at this moment is late; at the very limit it is not."""
        due = self.due_at(rules)
        return due is not None and due < at

    def unsure_years(self, rules: RuleSet, at: dt.datetime) -> tuple[int, ...]:
        """The years whose make-up workdays are not published, from its start to when it is reached, or to `at` while it
        stands.
        """
        due = self.due_at(rules)
        return (
            () if self.promised_at else rules.calendar_of(self.calendar_name).unsure_years(self.marks[0][0], due or at)
        )

    def marked(self, at: dt.datetime, runs: bool) -> Clock:
        """The clock, running or stopped from this moment on."""
        return self if self.marks[-1][1] == runs else replace(self, marks=(*self.marks, (at, runs)))

    @property
    def _limit(self) -> dt.timedelta:
        return dt.timedelta(seconds=self.limit_seconds)


@dataclass(frozen=True)
class Ticket:
    """A ticket's state. `clock` is that of its tier; `first` is the promise made at its opening, which decides whether
    it was kept.
    """

    follow_up_id: str
    measure: Measure
    opened_at: dt.datetime
    filed_at: dt.datetime
    state: State
    tier: int
    team: str
    clock: Clock
    first: Clock
    phase_at: dt.datetime
    legal_due_at: dt.datetime
    changed_at: dt.datetime
    event_count: int = 1
    handler_id: str | None = None
    wake_at: dt.datetime | None = None
    suspended_at: dt.datetime | None = None
    first_answered_at: dt.datetime | None = None
    answer_count: int = 0
    is_reached: bool | None = None
    is_solved: bool | None = None
    is_promise_kept: bool | None = None
    reopen_count: int = 0
    complaint_count: int = 0
    closed_at: dt.datetime | None = None

    @property
    def phase(self) -> str:
        """Names the clock that runs: it changes with every escalation and reopening."""
        return f"{self.tier}.{self.reopen_count}"

    @property
    def is_answered(self) -> bool:
        return self.state in ("answered", "closed")

    def due_at(self, rules: RuleSet) -> dt.datetime | None:
        """When the limit of this tier is reached; None while its clock stands with time left, or the ticket is
        answered.
        """
        return None if self.is_answered else self.clock.due_at(rules)
