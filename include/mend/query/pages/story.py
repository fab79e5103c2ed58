"""A customer's story, from the operations database: what was published of their months, and what waits now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, cast

from sqlalchemy import Connection

from mend.query.pages.reading import Rows, row, rows

# The values of each list in page_customer_month.content, in order; a test holds them to the model.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "entries": ("at", "kind", "indicator", "rule", "subject_kind", "subject", "cause", "incident", "points"),
    "contacts": (
        "at", "id", "direction", "touchpoint", "topic", "outcome", "resolved", "is_grumble", "grumble",
        "grumble_solved",
    ),
    "tickets": (
        "at", "id", "kind", "tier", "topic", "promised", "suspended", "resolved_at", "closed", "resolved", "department",
        "reopened", "escalated",
    ),
    "surveys": ("at", "id", "purpose", "about_kind", "about", "score", "scale", "solved"),
    "warnings": (
        "from", "to", "level", "p7", "p30", "department", "owner", "grumble", "strategy_en", "strategy_zh",
        "reasons_en", "reasons_zh",
    ),
}  # fmt: skip
POINTS: Final = ("carry_over", "damage", "repair", "peak", "end")
MOMENTS: Final = frozenset({"at", "promised", "suspended", "resolved_at", "closed"})


@dataclass(frozen=True)
class Month:
    """What a customer's month is made of: the score's parts by name, and lists of named values."""

    month: str
    points: Mapping[str, Decimal]
    contact_count: int
    incident_count: int
    explicit_grade: int
    is_in_consolidation: bool
    is_last_known: bool
    lists: Mapping[str, Rows]


@dataclass(frozen=True)
class Words:
    """Words of indicators and grumble points, each by the day from which it counts."""

    found: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]

    def name(self, kind: str, code: str | None, language: str, on: str | None = None) -> str | None:
        """The name of a code in the version of a day, by default the latest; None where nobody has named it."""
        versions = self.found.get((kind, code or ""), ())
        of_day = [each for each in versions if on is None or str(each["valid_from"]) <= on]
        chosen = (of_day or versions)[-1:]
        return str(chosen[0][f"name_{language}"]) if chosen else None


@dataclass(frozen=True)
class Story:
    """A customer: their months, one of them in full, and what waits now. Without months nothing is on record."""

    customer_id: str
    asked_id: str
    address: Mapping[str, Any] | None
    months: Rows
    month: Month | None
    words: Words
    warning: Mapping[str, Any] | None
    follow_ups: Rows
    lists: Rows

    @property
    def shown(self) -> Mapping[str, Any] | None:
        """The row of the month that is shown."""
        return next((each for each in self.months if self.month and each["month"] == self.month.month), None)


def read_story(connection: Connection, customer: str, month: str | None = None) -> Story | None:
    """The customer's story with a month in full, by default the latest; None for an id that nobody knows."""
    person = person_of(connection, customer)
    months = rows(connection, "months_of_customer", customer=person)
    address = row(connection, "address", customer=person)
    if not months and address is None:
        return None
    known = [str(each["month"]) for each in months]
    chosen = month if month in known else next(iter(known), None)
    found = read_month(connection, person, chosen) if chosen else None
    warning = row(connection, "warning_now", customer=person)
    return Story(
        person,
        customer,
        address,
        months,
        found,
        read_words(connection, found, warning),
        warning,
        rows(connection, "follow_ups_of_customer", customer=person),
        rows(connection, "lists_of_customer", customer=person),
    )


def person_of(connection: Connection, customer: str) -> str:
    """The id by which a customer goes now: another one where accounts were merged."""
    found = row(connection, "person", customer=customer)
    return str(found["person_id"]) if found else customer


def read_month(connection: Connection, customer: str, month: str) -> Month | None:
    """One month of a customer in full."""
    found = row(connection, "month_of_customer", customer=customer, month=month)
    return None if found is None else month_from(month, found["content"])


def month_from(month: str, content: Mapping[str, Any]) -> Month:
    """A month from its published content."""
    return Month(
        month,
        dict(zip(POINTS, (Decimal(str(each)) for each in content["points"]), strict=True)),
        *cast("tuple[int, int]", tuple(content["exposure"])),
        int(content["explicit"][0]),
        bool(content["consolidation"]),
        bool(content["last_known"]),
        {name: [_named(values, fields) for values in content[name] or ()] for name, fields in FIELDS.items()},
    )


def _named(values: Sequence[Any], fields: Sequence[str]) -> Mapping[str, Any]:
    return {name: _moment(value) if name in MOMENTS else value for name, value in zip(fields, values, strict=True)}


def _moment(seconds: int | None) -> dt.datetime | None:
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)


def read_words(connection: Connection, month: Month | None, *others: Mapping[str, Any] | None) -> Words:
    """The words of the codes that a month and other rows name."""
    lists = month.lists if month else {}
    indicators = {each["indicator"] for each in lists.get("entries", ())}
    types = {each["grumble"] for name in ("contacts", "warnings") for each in lists.get(name, ())}
    types |= {each["grumble_type_code"] for each in others if each}
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    asked = {"indicators": sorted(indicators), "types": sorted(each for each in types if each)}
    for each in rows(connection, "words_of_codes", **asked):
        found.setdefault((each["kind_code"], each["code"]), []).append(each)
    return Words(found)


def customers_of(connection: Connection, number: str) -> list[str]:
    """Who has a number (E.164). Whoever asks is to be on record first."""
    return [str(each["customer_id"]) for each in rows(connection, "customers_of_number", number=number)]


def whole_number(connection: Connection, customer: str) -> str | None:
    """The customer's whole number. Whoever asks is to be on record first."""
    found = row(connection, "whole_number", customer=customer)
    return found["phone_number"] if found else None


def reply_texts(connection: Connection, customer: str) -> Rows:
    """What the customer wrote, latest first. Whoever asks is to be on record first."""
    return rows(connection, "reply_texts", customer=customer)
