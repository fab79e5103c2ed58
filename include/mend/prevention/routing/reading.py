"""What a month's routing reads from the lake: grumbles by department, item and city; shares hurt at sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.lake.filters import all_of, at_least, at_most, equal, one_of
from mend.foundation.periods import days_of, first_day_of, month_before
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.prevention.routing.acts import ROOM
from mend.prevention.routing.errors import RoutingError
from mend.prevention.routing.judging import Exposure, Key, Tally
from mend.prevention.routing.rules import EVERYWHERE
from mend.prevention.trouble.rules import SourceRules

TROUBLE: Final = "prevention/trouble"
SNAPSHOT_REACH: Final = dt.timedelta(days=92)  # who is absent from a month's snapshot keeps the city of an older one
Source = tuple[str, str]  # kind, code


@dataclass(frozen=True)
class Factor:
    """A grumble point (or area) behind a survey item, and who controls it."""

    code: str
    item: str
    departments: tuple[str, ...]
    topics: tuple[str, ...]
    en: str
    zh: str


@dataclass(frozen=True)
class Taxonomy:
    """Factors by code, and names of the survey items: English, Chinese."""

    factors: Mapping[str, Factor]
    items: Mapping[str, tuple[str, str]]

    def item_names(self, code: str) -> tuple[str, str]:
        """An item's names; a factor without an item stands for itself."""
        factor = self.factors.get(code)
        return self.items.get(code) or ((factor.en, factor.zh) if factor else (code, code))

    def of_topic(self, topic: str) -> str | None:
        """The factor that has the topic."""
        return next((code for code, each in sorted(self.factors.items()) if topic in each.topics), None)


@dataclass(frozen=True)
class Grumbles:
    """Sums of a month against the months before; `factors`: per key each factor's customers now and before."""

    tallies: Mapping[Key, Tally]
    whole: Tally
    exposures: Mapping[str, Exposure]
    factors: Mapping[Key, Mapping[str, tuple[int, int]]]


def months_before(step: Step, month: str, count: int) -> tuple[str, ...]:
    """The closed months right before it, so many at most. RoutingError when the month itself is not closed."""
    step.view("mart_closed_month", "closed_month")
    closed = {found for (found,) in step.bench.sql("select month from closed_month")}
    if month not in closed:
        raise RoutingError(f"{month} is not closed; close it first (mend month {month})")
    found: list[str] = []
    before = month_before(first_day_of(month))
    while len(found) < count and before in closed:
        found.insert(0, before)
        before = month_before(first_day_of(before))
    return tuple(found)


def read_taxonomy(step: Step, day: dt.date) -> Taxonomy:
    """The taxonomy in force on the day; the step has `factor`."""
    step.view("mart_grumble_type", "every_taxonomy")
    step.view("mart_survey_item", "every_item")
    step.run(read_model(ROOM, "factor"), {"day": day})
    factors = {
        code: Factor(code, item, _words(departments), _words(topics), en, zh)
        for code, item, _, departments, topics, en, zh in step.read("factor")
    }
    items = {code: (en, zh) for code, en, zh in step.rows(read_model(ROOM, "item_name"), {"day": day})}
    return Taxonomy(factors, items)


def read_grumbles(step: Step, month: str, before: Sequence[str]) -> Grumbles:
    """The month's sums against those of the months before; the step has `factor`."""
    months = [*before, month]
    first, last = first_day_of(min(months)), days_of(month)[-1]
    put_persons(step, persons_of(step.bench, last))
    view_snapshots(step, first - SNAPSHOT_REACH, last)
    days = [day for each in months for day in days_of(each)]
    step.view("mart_grumble", "grumble_file", where=one_of("grumbled_on", days))
    step.put(
        "month_snapshot", {"month": "varchar", "snapshot_on": "date"}, _snapshots(step, months, first - SNAPSHOT_REACH)
    )
    step.run(read_models(ROOM, "named_grumble", "placed_grumble", "customer_cell"), {"month": month})
    by_day: dict[Key, dict[dt.date, int]] = {}
    for department, item, city, day, count in step.rows(read_model(ROOM, "cell_day")):
        by_day.setdefault(Key(department, item, city), {})[day] = count
    now_days, before_days = days_of(month), [day for day in days if not first_day_of(month) <= day <= last]
    tallies = {}
    for department, item, city, *sums in step.rows(read_model(ROOM, "cell")):
        key = Key(department, item, city)
        tallies[key] = _tally(sums, by_day[key], now_days, before_days)
    [whole] = step.rows(read_model(ROOM, "whole"))
    all_days: dict[dt.date, int] = {}
    for key, counts in by_day.items():
        for day, count in counts.items() if key.city == EVERYWHERE else ():
            all_days[day] = all_days.get(day, 0) + count
    factors: dict[Key, dict[str, tuple[int, int]]] = {}
    for department, item, city, code, now, earlier in step.rows(read_model(ROOM, "cell_factor")):
        factors.setdefault(Key(department, item, city), {})[code] = (now, earlier)
    return Grumbles(tallies, _tally(whole, all_days, now_days, before_days), _exposures(step, month), factors)


def read_shares(
    step: Step, sources: Iterable[Source], months: Sequence[str], rules: SourceRules
) -> dict[Source, dict[str, tuple[int, int]]]:
    """Of each source and month: customers whom it hurt, and customers in contact there. Months without any are not
    there; the step has the persons and the snapshots.
    """
    wanted = sorted(set(sources))
    if not wanted:
        return {}
    first, last = first_day_of(min(months)), days_of(max(months))[-1]
    columns = {"dimension_code": "varchar", "source_code": "varchar", "stages": "varchar[]"}
    step.put("source_wanted", columns, [(kind, code, list(rules.stages_of(kind))) for kind, code in wanted])
    step.view("core_contact", "contact_file", where=all_of(at_least("started_on", first), at_most("started_on", last)))
    step.view(
        "mart_damage_ledger", "ledger_file", where=all_of(at_least("posted_on", first), at_most("posted_on", last))
    )
    step.view("mart_indicator_month", "indicator_month_file", where=one_of("month", months))
    step.view("mart_indicator", "indicator_file")
    values: dict[str, Any] = {"months": sorted(months), "history_from": first, "last_on": last}
    step.run(read_model(TROUBLE, "comparable"), values)
    found: dict[Source, dict[str, tuple[int, int]]] = {}
    for kind, code, month, customers, hurt in step.rows(read_model(ROOM, "source_share"), values):
        found.setdefault((kind, code), {})[month] = (hurt, customers)
    return found


def read_sources(step: Step, month: str) -> list[dict[str, Any]]:
    """The month's top sources of trouble that no narrower one explains, by rank."""
    step.view("mart_trouble_source", "trouble_file", where=equal("month", month))
    rows: list[dict[str, Any]] = step.arrow(read_model(ROOM, "top_source"), {"month": month}).to_pylist()
    return rows


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def _snapshots(step: Step, months: Sequence[str], since: dt.date) -> list[tuple[str, dt.date]]:
    """Each month's latest snapshot: its own, or one before it."""
    known = [day for day in step.bench.lake.days("core_customer", "month_on") if day >= since]
    latest = {month: max((day for day in known if day <= days_of(month)[-1]), default=None) for month in months}
    return [(month, day) for month, day in sorted(latest.items()) if day is not None]


def _exposures(step: Step, month: str) -> dict[str, Exposure]:
    found: dict[str, Exposure] = {}
    for each, city, customers in step.rows(read_model(ROOM, "population")):
        own = found.get(city, Exposure(0, 0))
        found[city] = Exposure(customers, own.before) if each == month else Exposure(own.now, own.before + customers)
    return found


def _tally(
    sums: Sequence[int], by_day: Mapping[dt.date, int], now_days: Sequence[dt.date], before_days: Sequence[dt.date]
) -> Tally:
    now, before, now_now, now_before, before_before = map(float, sums)
    days = [tuple(by_day.get(day, 0) for day in chosen) for chosen in (now_days, before_days)]
    return Tally(now, before, now_now, now_before, before_before, *days)
