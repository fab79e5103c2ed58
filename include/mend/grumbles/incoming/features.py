"""The features of a grumble from what a night published and what is known now: those of the nightly scoring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from mend.grumbles.incoming.basis import Basis, Customer

TEXTS: Final = (
    "area_code", "solved_state_code", "mood_code", "value_code", "behaviour_code", "source_kind_code", "fault_code",
)  # fmt: skip
NUMBERS: Final = (
    "age_days", "tenure_months", "arpu_amount", "coefficient", "recent_7", "recent_count", "latest_days",
    "complaint_count", "complaint_30", "complaint_days", "contact_30", "open_count",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """A grumble as it is known now.

    Attributes:
        day: the business day of the answer; `grumbled_on`: of the grumble.
        point: point or area of the taxonomy; None: unclassified.
        contacts_today, grumbles_today, complaints_today: the day's that the night's record does not have yet, this one
            among them.
        open_today: areas of other open grumbles of the day that it does not have yet.
        is_on_record: the night's record has this grumble already.
    """

    day: dt.date
    grumbled_on: dt.date
    point: str | None = None
    area: str | None = None
    source_kind: str = "contact"
    mood: str | None = None
    is_company_at_fault: bool | None = None
    solved_state: str = "untouched"
    contacts_today: int = 1
    grumbles_today: int = 1
    complaints_today: int = 0
    open_today: tuple[str | None, ...] = ()
    is_on_record: bool = False


def feature_rows(basis: Basis, asked: Sequence[tuple[Customer, Facts]]) -> list[dict[str, Any]]:
    """The features of each grumble, and open_<place>: days since the latest open grumble of each area."""
    return [_features(basis, customer, facts) for customer, facts in asked]


def feature_table(basis: Basis, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The rows as the complaint models read them."""
    opened = [f"open_{place}" for place in range(len(basis.areas))]
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in TEXTS}
    columns |= {name: pa.array([row[name] for row in rows], pa.float64()) for name in (*NUMBERS, *opened)}
    return pa.table(columns)


def _features(basis: Basis, customer: Customer, facts: Facts) -> dict[str, Any]:
    rules, day = basis.rules, facts.day
    grumbles = _with_today(customer.grumbles, day, 0 if facts.is_on_record else facts.grumbles_today)
    complaints = _with_today(customer.complaints, day, facts.complaints_today)
    contacts = _with_today(customer.contacts, day, facts.contacts_today)
    recent, year = _within(grumbles, day, rules.open.recent_days), _within(complaints, day, rules.open.complaint_days)
    opened = _open(basis, customer, facts)
    ages = {area: min(age for other, age in opened if other == area) for area in {area for area, _ in opened}}
    fault = {True: "yes", False: "no", None: None}[facts.is_company_at_fault]
    return {
        "area_code": facts.area,
        "age_days": (day - facts.grumbled_on).days,
        "solved_state_code": facts.solved_state,
        "mood_code": facts.mood,
        "value_code": customer.value,
        "behaviour_code": customer.behaviour,
        "source_kind_code": facts.source_kind,
        "fault_code": fault,
        "tenure_months": _months(customer.joined_on, day),
        "arpu_amount": customer.arpu,
        "coefficient": basis.coefficient(customer.behaviour, facts.point, facts.area),
        "recent_7": sum(_within(grumbles, day, 7).values()),
        "recent_count": sum(recent.values()),
        "latest_days": _since(recent, day),
        "complaint_count": sum(year.values()),
        "complaint_30": sum(_within(complaints, day, 30).values()),
        "complaint_days": _since(year, day),
        "contact_30": sum(_within(contacts, day, 30).values()),
        "open_count": len(opened),
        **{f"open_{place}": ages.get(area) for place, area in enumerate(basis.areas)},
    }


def _open(basis: Basis, customer: Customer, facts: Facts) -> list[tuple[str | None, int]]:
    """Area and age of the customer's open grumbles, this one among them."""
    kept = [(area, (facts.day - day).days) for area, day in customer.open_grumbles]
    opened = [(area, age) for area, age in kept if age < basis.rules.open.days]
    if facts.is_on_record:
        return opened
    return [*opened, *((area, 0) for area in facts.open_today), (facts.area, (facts.day - facts.grumbled_on).days)]


def _with_today(counts: Mapping[dt.date, int], day: dt.date, more: int) -> dict[dt.date, int]:
    return {**counts, day: counts.get(day, 0) + more} if more else dict(counts)


def _within(counts: Mapping[dt.date, int], day: dt.date, days: int) -> dict[dt.date, int]:
    """Those of the last so many days, the day itself among them."""
    return {each: count for each, count in counts.items() if 0 <= (day - each).days < days}


def _since(days: Iterable[dt.date], day: dt.date) -> int | None:
    return min(((day - each).days for each in days), default=None)


def _months(joined: dt.date | None, day: dt.date) -> int | None:
    """Turns of the month since they joined."""
    return None if joined is None else 12 * (day.year - joined.year) + day.month - joined.month
