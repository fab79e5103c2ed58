"""The room's rules as dated data: read, checked whole at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mend.care.sms.errors import RuleError
from mend.foundation import rules as dated

FOLDER: Final = Path(__file__).parent / "rules"
Seconds = float


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Retry(_Strict):
    """Which refusals are for now, and how long to wait: doubled from the first to the most seconds."""

    codes: frozenset[int]
    first_seconds: Seconds = Field(gt=0)
    most_seconds: Seconds = Field(gt=0)

    def delay(self, attempts: int) -> dt.timedelta:
        """How long after the attempt of this number (from 1) the next one may come.

        >>> Retry(codes=frozenset(), first_seconds=1, most_seconds=60).delay(4)
        datetime.timedelta(seconds=8)
        """
        doubled = self.first_seconds * 2.0 ** min(max(attempts - 1, 0), 30)
        return dt.timedelta(seconds=min(doubled, self.most_seconds))


class Link(_Strict):
    """Time limits of a link."""

    response_seconds: Seconds = Field(gt=0)
    enquire_seconds: Seconds = Field(gt=0)
    connect_seconds: Seconds = Field(gt=0)
    reconnect_first_seconds: Seconds = Field(gt=0)
    reconnect_most_seconds: Seconds = Field(gt=0)
    doubt_most_seconds: Seconds = Field(gt=0)


class Claim(_Strict):
    """How the outbox is claimed."""

    batch_count: int = Field(gt=0, le=10_000)
    lease_seconds: Seconds = Field(gt=0)
    same_number_seconds: Seconds = Field(ge=0)
    poll_seconds: Seconds = Field(gt=0)


class Receipts(_Strict):
    """How long receipts are awaited, and parked ones kept for a match."""

    wait_seconds: Seconds = Field(ge=0)
    parked_seconds: Seconds = Field(gt=0)


class Inbound(_Strict):
    """Windows for messages from customers."""

    repeat_seconds: Seconds = Field(ge=0)
    parts_seconds: Seconds = Field(gt=0)


class Account(_Strict):
    """An account at a message centre (table sms_account)."""

    transport: Literal["smpp", "http"]
    sender_number: str = Field(pattern=r"^\d{3,15}$")
    sender_ton: int = Field(default=0, ge=0, le=6)
    sender_npi: int = Field(default=0, ge=0, le=18)
    window: int = Field(gt=0, le=1000)
    max_a_second: int | None = Field(default=None, gt=0)
    max_a_day: int | None = Field(default=None, gt=0)
    reserved_a_day: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _reserve_fits(self) -> Self:
        if self.max_a_day is not None and self.reserved_a_day > self.max_a_day:
            raise ValueError("reserved_a_day is more than max_a_day")
        return self


class Rules(_Strict):
    """One version of the room's rules."""

    valid_from: dt.date
    source: str = Field(min_length=1)
    region: str = Field(pattern=r"^[A-Z]{2}$")
    retry: Retry
    link: Link
    claim: Claim
    receipts: Receipts
    inbound: Inbound
    extensions: tuple[str, ...] = Field(min_length=1)
    accounts: dict[str, Account] = Field(min_length=1)

    @model_validator(mode="after")
    def _extensions_differ(self) -> Self:
        if len({len(each) for each in self.extensions}) > 1 or len(set(self.extensions)) < len(self.extensions):
            raise ValueError("extensions must differ and be of one length")
        if not all(each.isdecimal() for each in self.extensions):
            raise ValueError("extensions are digits")
        return self

    def account(self, code: str) -> Account:
        """The account of that code. RuleError when there is none."""
        if code not in self.accounts:
            raise RuleError(
                f"{self.valid_from}.yaml: accounts: there is no account {code!r}; there is "
                f"{', '.join(sorted(self.accounts))}"
            )
        return self.accounts[code]


def rules_on(day: dt.date, folder: Path = FOLDER) -> Rules:
    """The version in force on a business date. RuleError when a file is broken or none is in force yet."""
    return dated.in_force(day, versions(folder), "SMS rules", RuleError)


@cache
def versions(folder: Path = FOLDER) -> tuple[Rules, ...]:
    """All versions, oldest first. RuleError names file, rule and reason."""
    return tuple(read(path) for path in dated.paths(folder))


def read(path: Path) -> Rules:
    """One file, checked. RuleError names file, rule and reason."""
    return dated.read(path, Rules, RuleError)
