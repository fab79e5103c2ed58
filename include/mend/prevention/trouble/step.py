"""The step `trouble`: where a month's damage came from, and its outages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of, first_day_of, month_before
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.foundation.source_words import source_words
from mend.prevention.trouble.judging import Source, is_measured, judge
from mend.prevention.trouble.outages import Outage, explained, find_outages
from mend.prevention.trouble.reading import (
    DIMENSIONS,
    Complaints,
    Read,
    open_inputs,
    read_complaints,
    read_pairs,
    read_sums,
    window_of,
)
from mend.prevention.trouble.report import Page, moments_of, write_report
from mend.prevention.trouble.rows import outage_row, source_row
from mend.prevention.trouble.rules import TroubleRules, rules_on


@dataclass(frozen=True)
class TroubleReport:
    """A month's trouble.

    Attributes:
        points: damage of contacts that was posted in the month; each kind of source adds up to it.
        history: the months before that sources are held against.
        tested: sources with data enough. proven: those that cost more than their volume explains. top: of these, those
            that are shown first.
        not_measured: kinds of source that no contact of the month names.
        outages: those that no narrower one explains.
        complaints_of_top: complaints that go back to the top sources, each once.
        remade: closed months after it that were looked at again, for they are held against this one.
    """

    month: str
    points: float
    history: tuple[str, ...]
    tested: int
    proven: int
    top: int
    not_measured: tuple[str, ...]
    outages: int
    complaints: int
    complaints_of_top: int
    folder: str
    remade: tuple[str, ...] = ()


def find_month_trouble(home: Home, bench: Workbench, month: str) -> dict[str, Any]:
    """The month's trouble, and again that of the closed months that are held against it: counts."""
    report = find_trouble(home, bench, month)
    again = _held_against(home, bench, month)
    for each in again:
        find_trouble(home, bench, each)
    return asdict(replace(report, remade=tuple(again)))


def find_trouble(home: Home, bench: Workbench, month: str, shares: int | None = None) -> TroubleReport:
    """Write mart_trouble_source and mart_outage of a closed month (YYYY-MM), and its pages below
    `reports/trouble/<month>`.

    Args:
        shares: of customers, worked on one after the other; by memory where nothing is said. The rows are the same.

    Raises:
        TroubleError: the month is not closed, or its points do not add up.
    """
    rules, names = rules_on(days_of(month)[-1], home.root / "rules" / "trouble"), source_words(home)
    with open_step(bench, "trouble") as step:
        window = window_of(step, month, rules)
        open_inputs(step, window, rules)
        read = read_sums(step, window, rules, shares)
        sources = judge(read, rules.sources, lambda proven: read_pairs(step, proven))
        complaints = read_complaints(step, [each.key for each in sources if each.is_top])
        outages = _outages(read, rules)
        at = moments_of(dt.datetime.combine(window.outages_from, dt.time(), ZoneInfo(bench.zone)))
        _write(step, month, "mart_outage", [outage_row(month, each, at, names) for each in outages])
        _write(step, month, "mart_trouble_source", [source_row(month, each, rules.sources, names) for each in sources])
    folder = home.root / "reports" / "trouble" / month
    write_report(folder, Page(read, sources, outages, complaints, rules, at, names))
    return _report(read, sources, outages, complaints, str(folder))


def _outages(read: Read, rules: TroubleRules) -> list[Outage]:
    found = find_outages(read.hours, rules.outages)
    explanations = explained(found, rules.sources.explained_share)
    return [replace(each, explained_by=explanations.get(place)) for place, each in enumerate(found)]


def _report(
    read: Read, sources: Sequence[Source], outages: Sequence[Outage], complaints: Complaints, folder: str
) -> TroubleReport:
    return TroubleReport(
        read.window.month,
        read.contact_thousandths / 1000,
        read.window.history,
        sum(each.excess is not None for each in sources),
        sum(each.is_proven for each in sources),
        sum(each.is_top for each in sources),
        tuple(dimension for dimension in DIMENSIONS if not is_measured(read, dimension)),
        sum(each.explained_by is None for each in outages),
        complaints.all,
        complaints.of_top,
        folder,
    )


def _write(step: Step, month: str, table: str, rows: Sequence[dict[str, Any]]) -> None:
    import pyarrow as pa

    files: list[Any] = []
    if rows:
        names = TABLES[table].column_names
        step.put_arrow(f"{table}_row", pa.table({name: pa.array([row[name] for row in rows]) for name in names}))
        files = step.write(table, f"{table}_row")
    step.bench.lake.replace(table, equal("month", month), files)


def _held_against(home: Home, bench: Workbench, month: str) -> list[str]:
    """Closed months after it whose sources or hours are held against it, and that were looked at before, in order."""
    bench.view("mart_closed_month", as_name="closed_month")
    bench.view("mart_trouble_source", as_name="looked_at")
    closed = {each for (each,) in bench.sql("select month from closed_month semi join looked_at using (month)")}
    later = sorted(each for each in closed if each > month)
    return [each for each in later if month in _months_before(home, each)]


def _months_before(home: Home, month: str) -> list[str]:
    rules = rules_on(days_of(month)[-1], home.root / "rules" / "trouble")
    found = [month]
    for _ in range(max(rules.sources.history_months, rules.outages.history_months)):
        found.append(month_before(first_day_of(found[-1])))
    return found[1:]
