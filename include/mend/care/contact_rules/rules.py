"""The contact policy as data: permitted hours, caps, budgets. A version of the survey rules holds it."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Cap(_Strict):
    """At most so many messages within so many rolling days."""

    most: int = Field(ge=0)
    days: int = Field(gt=0, le=366)


class Caps(_Strict):
    """Caps by kind of message, and over all kinds."""

    service: Cap
    commercial: Cap
    promised: Cap
    all: Cap


class Hours(_Strict):
    """Local hours in which messages may be sent: from the first, before the second (HH:MM)."""

    start: str = Field(alias="from", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    until: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")

    @property
    def start_time(self) -> dt.time:
        return dt.time.fromisoformat(self.start)

    @property
    def until_time(self) -> dt.time:
        return dt.time.fromisoformat(self.until)


class Budgets(_Strict):
    """Messages a day by kind."""

    service: int = Field(ge=0)
    commercial: int = Field(ge=0)


class Policy(_Strict):
    """When, how often and how many."""

    hours: Hours
    caps: Caps
    reserved_for_promised: int = Field(ge=0)
    budgets: Budgets
    reserved_of_budget: int = Field(ge=0)


def check_policy(policy: Policy) -> str | None:
    """What is impossible about it; None when it can be used."""
    if policy.hours.start_time >= policy.hours.until_time:
        return "hours: from must be before until"
    if policy.reserved_for_promised > policy.caps.all.most:
        return "reserved_for_promised is more than the cap of all messages"
    if policy.reserved_of_budget > policy.budgets.service:
        return "reserved_of_budget is more than the service budget"
    return None
