"""A month's rows read and summed: each record once, whatever the number of measures."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most
from mend.foundation.operations import batches
from mend.foundation.periods import ONE_DAY, day_begins, day_ends, days_between, days_of
from mend.foundation.persons import persons_of, put_persons
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.shares import Sharing, in_shares, share_count
from mend.prevention.touchpoint.formulas import Formula, belongs_fill, values_fill
from mend.prevention.touchpoint.scores import Sums

ROOM: Final = "prevention/touchpoint"
TICKET_LIMIT_SECONDS: Final = 172_800  # of a ticket that was promised nothing: as indicator RES-02 has it
CALLBACK_LIMIT_SECONDS: Final = 86_400  # as indicator CON-07 has it
LONGEST_PROMISE_DAYS: Final = 366
ASKED_ABOUT_DAYS: Final = 31  # a rating asks about a contact of at most so many days ago
BYTES_A_ROW: Final = 400  # of contacts: what a share keeps in memory for each
CONTACT_VIEWS: Final = read_models(ROOM, "measured_contact", "damage_entry")
SHARED: Final = [Sharing("measured_contact", key="row_key"), Sharing("damage_entry")]

Key = tuple[str, str, int]  # touchpoint, aspect, number of the measure


@dataclass
class Measured:
    """Sums of each measure that rows belong to; the damage of each touchpoint by indicator; indicators in words."""

    sums: dict[Key, Sums] = field(default_factory=dict)
    damage: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    words: dict[str, tuple[str, str]] = field(default_factory=dict)


def provided_in(home: Home, month: str) -> Mapping[str, frozenset[str]]:
    """The contract columns that the sources of a month's days mapped, by record."""
    days, found = set(days_of(month)), defaultdict[str, set[str]](set)
    for batch in batches(home.database_url):
        if not batch.is_withdrawn and (batch.business_date or batch.arrived_on) in days:
            found[batch.record_code] |= set(batch.provided_columns)
    return {record: frozenset(columns) for record, columns in found.items()}


def measure(
    step: Step, month: str, codes: Sequence[str], formulas: Sequence[Formula], shares: int | None = None
) -> Measured:
    """Sum the month's rows by these formulas; `codes` are the touchpoints, in order."""
    days, found = days_of(month), Measured()
    put_persons(step, persons_of(step.bench, days[-1]))
    _contacts(step, days, codes, [each for each in formulas if each.record == "contact"], found, shares)
    for record in ("ticket", "survey_reply", "callback_booking"):
        own = [each for each in formulas if each.record == record]
        if own:
            OPEN[record](step, days)
            _add(step, own, found)
    step.view("mart_indicator", "indicator_file")
    for indicator, en, zh in step.rows(read_model(ROOM, "indicator_word"), {"last_day": days[-1]}):
        found.words[indicator] = (en, zh)
    return found


def _contacts(
    step: Step,
    days: Sequence[dt.date],
    codes: Sequence[str],
    formulas: Sequence[Formula],
    found: Measured,
    shares: int | None,
) -> None:
    if not formulas:
        return
    step.view("core_contact", "contact_file", days=days)
    step.view("mart_damage_ledger", "posted", days=days)
    for view in CONTACT_VIEWS:
        step.make(view, view.name, is_view=True)
    counted = step.bench.lake.rows_by_day("core_contact", "started_on")
    rows = sum(counted.get(day, 0) for day in days)
    fills = {"belongs": belongs_fill(codes, formulas)}
    for _ in in_shares(step, SHARED, shares or share_count(step.bench, rows, BYTES_A_ROW)):
        step.make(read_model(ROOM, "contact_row"), "measured_row")
        _add(step, formulas, found)
        for number, indicator, points in step.rows(read_model(ROOM, "touchpoint_damage"), fills=fills):
            own = found.damage[codes[number - 1]]
            own[indicator] = own.get(indicator, 0) + points


def _tickets(step: Step, days: Sequence[dt.date]) -> None:
    opened = all_of(at_least("opened_on", days[0] - LONGEST_PROMISE_DAYS * ONE_DAY), at_most("opened_on", days[-1]))
    step.view("core_ticket_version", "ticket_state", where=opened)
    step.make(read_model(ROOM, "ticket_row"), "measured_row", _moments(step, days, TICKET_LIMIT_SECONDS))


def _bookings(step: Step, days: Sequence[dt.date]) -> None:
    step.view("core_callback_booking", "booking_file", days=days_between(days[0] - ONE_DAY, days[-1]))
    step.make(read_model(ROOM, "booking_row"), "measured_row", _moments(step, days, CALLBACK_LIMIT_SECONDS))


def _replies(step: Step, days: Sequence[dt.date]) -> None:
    step.view("core_survey_reply", "reply_file", days=days)
    earlier = days_between(days[0] - ASKED_ABOUT_DAYS * ONE_DAY, days[-1])
    step.view("core_contact", "recent_contact", days=earlier)
    step.run(read_models(ROOM, "about_contact"))
    step.make(read_model(ROOM, "reply_row"), "measured_row")


OPEN: Final = {"ticket": _tickets, "survey_reply": _replies, "callback_booking": _bookings}


def _moments(step: Step, days: Sequence[dt.date], limit_seconds: int) -> dict[str, object]:
    zone = step.bench.zone
    return {"first": day_begins(days[0], zone), "after": day_ends(days[-1], zone), "limit_seconds": limit_seconds}


def _add(step: Step, formulas: Sequence[Formula], found: Measured) -> None:
    """Add the sums of `measured_row`: a customer is in one share alone, so sums over customers add up."""
    for key, sums in _sums(step, formulas):
        before = found.sums.get(key, Sums(0, 0, 0, 0, 0, 0))
        found.sums[key] = before + sums


def _sums(step: Step, formulas: Sequence[Formula]) -> Iterator[tuple[Key, Sums]]:
    fills = {"measured": values_fill(formulas)}
    for number, *figures in step.rows(read_model(ROOM, "measure_sum"), fills=fills):
        formula = formulas[number - 1]
        yield (formula.touchpoint, formula.aspect, formula.number), Sums(*figures)
