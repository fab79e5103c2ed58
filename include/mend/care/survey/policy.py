"""Why a customer is not written to: the contact rules for one message.

`sql/verdict.sql` says the same of many; a test holds the two together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mend.care.survey.hours import next_open
from mend.care.survey.rules import Cap, Policy, Trigger

Reason = Literal[
    "number_in_doubt",
    "opted_out",
    "customer_left",
    "no_number",
    "no_consent",
    "matter_open",
    "too_late",
    "quiet_hours",
    "number_in_batch",
    "cap_kind",
    "cap_total",
    "budget_spent",
]


@dataclass(frozen=True)
class Counted:
    """A message that was counted for the customer or the number: when, of which kind, promised or not."""

    at: dt.datetime
    consent: str
    is_promised: bool


@dataclass(frozen=True)
class Person:
    """What the rules want to know of the customer, by all their ids, at this moment. `zones` is empty when the number
    is not usable; the number is in doubt when it may be another customer's."""

    zones: tuple[str, ...]
    is_active: bool = True
    has_survey_consent: bool | None = None
    has_marketing_consent: bool | None = None
    is_opted_out: bool = False
    has_open_matter: bool = False
    counted: tuple[Counted, ...] = ()
    is_number_in_doubt: bool = False


def reason_not_to_contact(
    person: Person, trigger: Trigger, policy: Policy, happened_at: dt.datetime, at: dt.datetime
) -> Reason | None:
    """The first rule that forbids the trigger's message, decided at `at`; None when it may be queued.

    The rules of a batch (one message a number, the day's budget) are not a person's and are decided by the dispatch.
    """
    if not person.zones:
        return "no_number"
    if person.is_number_in_doubt:
        return "number_in_doubt"
    if person.is_opted_out:
        return "opted_out"
    if not person.is_active:
        return "customer_left"
    if not _consents(person, trigger):
        return "no_consent"
    if person.has_open_matter and trigger.questionnaire is not None:
        return "matter_open"
    return _late(person, trigger, policy, happened_at, at) or _capped(person, trigger, policy, happened_at, at)


def not_before(
    person: Person, trigger: Trigger, policy: Policy, happened_at: dt.datetime, at: dt.datetime
) -> dt.datetime | None:
    """When the message would go out: its delay after the event, not before `at`, in permitted hours; None without
    any.
    """
    planned = max(happened_at + dt.timedelta(seconds=trigger.delay_seconds), at)
    return next_open(planned, person.zones, policy.hours)


def _consents(person: Person, trigger: Trigger) -> bool:
    """Silence is refusal: a consent that was never given does not count."""
    given = person.has_survey_consent if trigger.consent == "service" else person.has_marketing_consent
    return not trigger.needs_consent or given is True


def _late(person: Person, trigger: Trigger, policy: Policy, happened_at: dt.datetime, at: dt.datetime) -> Reason | None:
    latest = happened_at + dt.timedelta(seconds=trigger.latest_seconds)
    if at > latest:
        return "too_late"
    planned = not_before(person, trigger, policy, happened_at, at)
    return "quiet_hours" if planned is None or planned > latest else None


def _capped(
    person: Person, trigger: Trigger, policy: Policy, happened_at: dt.datetime, at: dt.datetime
) -> Reason | None:
    planned = not_before(person, trigger, policy, happened_at, at)
    assert planned is not None, "a message without a permitted hour was refused before"
    kind = policy.caps.promised if trigger.promised else getattr(policy.caps, trigger.consent)
    of_kind = [
        each
        for each in person.counted
        if each.is_promised == trigger.promised and (trigger.promised or each.consent == trigger.consent)
    ]
    if _within(of_kind, planned, kind) >= kind.most:
        return "cap_kind"
    room = policy.caps.all.most - (0 if trigger.promised else policy.reserved_for_promised)
    # Promised messages never use up what ordinary ones may have: those are counted against the whole.
    return "cap_total" if _within(person.counted, planned, policy.caps.all) >= room else None


def _within(counted: Sequence[Counted], at: dt.datetime, cap: Cap) -> int:
    """Messages within the rolling days on either side of the moment: another run may have planned one for later
    already.
    """
    days = dt.timedelta(days=cap.days)
    return sum(at - days < each.at < at + days for each in counted)
