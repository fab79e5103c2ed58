"""What a month's look for trouble reads: sums by source, worked out in shares of customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from mend.foundation.lake.filters import all_of, at_least, at_most, one_of
from mend.foundation.periods import days_of, first_day_of, month_before
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.shares import Sharing, Way, in_shares, share_count
from mend.foundation.schema import CODES
from mend.prevention.trouble.errors import TroubleError
from mend.prevention.trouble.excess import OWN
from mend.prevention.trouble.excess import WHOLE as OF_KIND
from mend.prevention.trouble.outages import Hours
from mend.prevention.trouble.rules import TroubleRules

ROOM: Final = "prevention/trouble"
DIMENSIONS: Final = tuple(CODES["trouble_dimension"])
HOUR_DIMENSIONS: Final = ("ivr_node", "center", "city")
UNKNOWN: Final = "unknown"
WHOLE: Final = ""
REACH: Final = dt.timedelta(days=45)  # a rating belongs to a contact of 31 days before it, a call again to one of 7
MICROSECONDS: Final = 1_000_000
HOUR: Final = dt.timedelta(hours=1)
BYTES_A_ROW: Final = 2500  # of a contact: six dimensions, each with its sums
SHARED: Final = (
    Sharing("contact", key="contact_id"),
    Sharing("snapshot"),
    Sharing("posted"),
    Sharing("complaint", (Way("customer_id"), Way("contact_id", via="contact"))),
)
OF_SHARE: Final = (
    ("month_part", "month_parts"),
    ("day_part", "day_parts"),
    ("cell", "cells"),
    ("complaint_cause", "complaint_causes"),
)
SUMS: Final = (
    *OWN,
    *(one + other for place, one in enumerate(OWN) for other in OWN[place:]),
    *(one + other for one in OWN for other in OF_KIND),
)


Key = tuple[str, str]


@dataclass(frozen=True)
class Volume:
    """A source in a month; `compared` are the thousandths that can be held against the months before."""

    contacts: int = 0
    unnamed: int = 0
    thousandths: int = 0
    compared: int = 0
    customers: int = 0

    @property
    def points(self) -> float:
        return self.thousandths / 1000


@dataclass(frozen=True)
class Window:
    """The month that is looked at, and the months before it that it is held against."""

    month: str
    history: tuple[str, ...]
    outage_history: tuple[str, ...]

    @property
    def days(self) -> list[dt.date]:
        return days_of(self.month)

    @property
    def history_from(self) -> dt.date:
        return first_day_of(min((self.month, *self.history)))

    @property
    def outages_from(self) -> dt.date:
        return first_day_of(min((self.month, *self.outage_history)))


@dataclass(frozen=True)
class Read:
    """Sums of a month by kind of source and source; `months` has those of the months before, too."""

    window: Window
    months: Mapping[Key, Mapping[str, Volume]]
    customers: Mapping[Key, Mapping[str, int]]
    days: Mapping[Key, Mapping[str, int]]
    complaints: Mapping[Key, int]
    hours: Sequence[Hours]
    contact_thousandths: int
    not_compared: tuple[str, ...]
    other_thousandths: int

    def volume(self, key: Key) -> Volume:
        return self.months.get(key, {}).get(self.window.month, Volume())

    def sources(self, dimension: str) -> list[Key]:
        """Those with a contact or a point in the month."""
        return [key for key, by_month in self.months.items() if key[0] == dimension and self.window.month in by_month]


def window_of(step: Step, month: str, rules: TroubleRules) -> Window:
    """The months that are read. TroubleError when the month is not closed: its points are not all there yet."""
    step.view("mart_closed_month", "closed_month")
    closed = {found for (found,) in step.bench.sql("select month from closed_month")}
    if month not in closed:
        raise TroubleError(f"{month} is not closed; close it first (mend month {month})")
    return Window(
        month,
        _before(month, closed, rules.sources.history_months),
        _before(month, closed, rules.outages.history_months),
    )


def _before(month: str, closed: Iterable[str], count: int) -> tuple[str, ...]:
    """The closed months right before it, oldest first, so many at most."""
    found: list[str] = []
    known = set(closed)
    before = month_before(first_day_of(month))
    while len(found) < count and before in known:
        found.insert(0, before)
        before = month_before(first_day_of(before))
    return tuple(found)


def open_inputs(step: Step, window: Window, rules: TroubleRules) -> None:
    """Make `contact`, `posted`, `complaint`, `snapshot` and the small tables; read `ledger_file` for the check."""
    first, last = window.days[0], window.days[-1]
    complaint_from = first - dt.timedelta(days=rules.complaints.days + 1)
    from_day = min(window.history_from, window.outages_from, complaint_from)
    put_persons(step, persons_of(step.bench, last))
    within = all_of(at_least("started_on", from_day - REACH), at_most("started_on", last))
    step.view("core_contact", "contact_file", where=within)
    step.view(
        "mart_damage_ledger", "ledger_file", where=all_of(at_least("posted_on", from_day), at_most("posted_on", last))
    )
    step.view("mart_indicator_month", "indicator_month_file", where=one_of("month", [*window.history, window.month]))
    step.view("mart_indicator", "indicator_file")
    step.view("core_ticket", "ticket_file", days=window.days)
    view_snapshots(step, (from_day - REACH).replace(day=1), last)


def read_sums(step: Step, window: Window, rules: TroubleRules, shares: int | None = None) -> Read:
    """All sums of the month; the step has `contact_file`, `ledger_file`, `ticket_file`, `snapshot` and the persons."""
    values = _values(step, window, rules)
    step.make(read_model(ROOM, "contact"), "contact", is_view=True)
    step.run(read_model(ROOM, "comparable"), values)
    step.make(read_model(ROOM, "posted"), "posted", is_view=True)
    step.make(read_model(ROOM, "complaint"), "complaint", values)
    step.put("dimension", {"dimension_code": "varchar"}, [(each,) for each in DIMENSIONS])
    stages = [(kind, stage) for kind in DIMENSIONS for stage in rules.sources.stages_of(kind)]
    step.put("dimension_stage", {"dimension_code": "varchar", "stage_code": "varchar"}, stages)
    step.put("hour_dimension", {"dimension_code": "varchar"}, [(each,) for each in HOUR_DIMENSIONS])
    step.run(read_model(ROOM, "small_group"), values)
    [(contact_thousandths, other_thousandths)] = step.rows(read_model(ROOM, "ledger_total"), values)
    count = share_count(step.bench, step.count("contact"), BYTES_A_ROW) if shares is None else shares
    for _ in in_shares(step, SHARED, count):
        _sum_share(step, values)
    customers = _moments(step)
    step.make(read_model(ROOM, "day_cluster"), "cluster")
    step.run(read_models(ROOM, "cluster_sum", "moment"))
    step.append("moment", "moments")
    days = _moments(step)
    read = Read(
        window,
        _months(step),
        customers,
        days,
        {(kind, code): count for kind, code, count in step.rows(read_model(ROOM, "complaint_total"))},
        _hours(step, window),
        contact_thousandths,
        tuple(each for (each,) in step.rows(read_model(ROOM, "not_compared"), values)),
        other_thousandths,
    )
    _require_sums(read)
    return read


def _values(step: Step, window: Window, rules: TroubleRules) -> dict[str, Any]:
    zone = ZoneInfo(step.bench.zone)
    return {
        "first_on": window.days[0],
        "last_on": window.days[-1],
        "history_from": window.history_from,
        "outages_from": window.outages_from,
        "months": [*window.history, window.month],
        "from_us": _microseconds(window.outages_from, zone),
        "least_agents": rules.sources.least_agents,
        "complaint_us": rules.complaints.days * 86_400 * MICROSECONDS,
    }


def _sum_share(step: Step, values: Mapping[str, Any]) -> None:
    step.run(read_models(ROOM, "contact_place", "placed", "source_fact", "customer_cluster"), values)
    step.run(read_models(ROOM, *(model for model, _ in OF_SHARE)), values)
    for model, name in OF_SHARE:
        step.append(model, name)
    step.run(read_model(ROOM, "caller_hour"), {**values, "history_from": values["outages_from"]})
    step.append("caller_hour", "caller_hours")
    step.make(read_model(ROOM, "customer_cluster"), "cluster")
    step.run(read_models(ROOM, "cluster_sum", "moment"))
    step.append("moment", "moments")


def _moments(step: Step) -> dict[Key, dict[str, int]]:
    """Sums over clusters by source, and by kind of source as a whole (its source is empty); then they are gone."""
    rows = step.rows(read_model(ROOM, "moment_total"))
    step.drop("moments")
    return {(kind, code): dict(zip(SUMS, map(int, sums), strict=True)) for kind, code, *sums in rows}


def _months(step: Step) -> dict[Key, dict[str, Volume]]:
    found: dict[Key, dict[str, Volume]] = {}
    for kind, code, month, *counts in step.rows(read_model(ROOM, "month_total")):
        found.setdefault((kind, code), {})[month] = Volume(*counts)
    return found


def _hours(step: Step, window: Window) -> list[Hours]:
    """Failed customers by hour; a kind of source without any is not looked at."""
    import numpy as np

    zone = ZoneInfo(step.bench.zone)
    begin, first, end = (
        dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)
        for day in (window.outages_from, window.days[0], window.days[-1] + dt.timedelta(days=1))
    )
    local = [(begin + number * HOUR).astimezone(zone) for number in range(int((end - begin) / HOUR))]
    seen: dict[str, dict[str, dict[int, int]]] = {}
    for kind, code, hour, callers in step.rows(read_model(ROOM, "hour_total")):
        seen.setdefault(kind, {}).setdefault(code, {})[hour] = callers
    found = []
    for kind, sources in seen.items():
        callers = np.zeros((len(sources), len(local)))
        for row, by_hour in enumerate(sources.values()):
            callers[row, list(by_hour)] = list(by_hour.values())
        found.append(
            Hours(
                kind,
                list(sources),
                callers,
                int((first - begin) / HOUR),
                np.array([each.hour for each in local]),
                np.array([each.weekday() for each in local]),
            )
        )
    return found


def _microseconds(day: dt.date, zone: ZoneInfo) -> int:
    return int(dt.datetime.combine(day, dt.time(), zone).timestamp()) * MICROSECONDS


def _require_sums(read: Read) -> None:
    """Every point of the ledger has one source in each dimension."""
    for dimension in DIMENSIONS:
        placed = sum(read.volume(key).thousandths for key in read.sources(dimension))
        if placed != read.contact_thousandths:
            raise TroubleError(
                f"{read.window.month}: the ledger has {read.contact_thousandths / 1000} points of contacts, the "
                f"sources of {dimension} add up to {placed / 1000}; load the month's contacts again (mend run)"
            )


def read_pairs(step: Step, asked: Sequence[Key]) -> dict[tuple[Key, Key], tuple[int, int, int, int]]:
    """What two of these sources share: contacts and thousandths of the month, and of the months before."""
    _put_keys(step, "asked", asked)
    return {
        ((kind, code), (other, other_code)): (n, p, m, q)
        for kind, code, other, other_code, n, p, m, q in step.rows(read_model(ROOM, "pair"))
    }


@dataclass(frozen=True)
class Complaints:
    """The month's complaints, each once: all; those whose customer and topic are known; those that go back to a contact
    that hurt; those of them at one of the top sources.
    """

    all: int
    attributable: int
    with_cause: int
    of_top: int


def read_complaints(step: Step, top: Sequence[Key]) -> Complaints:
    """The complaints, and those that go back to these sources."""
    _put_keys(step, "top_source", top)
    [counts] = step.rows(read_model(ROOM, "complaint_of_top"))
    return Complaints(*map(int, counts))


def _put_keys(step: Step, name: str, keys: Sequence[Key]) -> None:
    step.put(name, {"dimension_code": "varchar", "source_code": "varchar"}, sorted(keys))
