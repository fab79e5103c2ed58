"""A month or a range of days in words: what was grumbled about and complained of, how it was classified, who called
again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.plan import view_between
from mend.grumbles.records.taxonomy import Taxonomy, load_taxonomies, taxonomy_on

REPEAT_DAYS: Final = 7
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Section:
    """A table of the report: what it is, its columns' headings, its rows; `missing` says why there are none."""

    title_en: str
    title_zh: str
    headings: tuple[str, ...]
    rows: Rows
    missing: str | None = None


@dataclass(frozen=True)
class Report:
    """The sections of a range of days. It holds counts and names, never a customer or a text."""

    first: dt.date
    last: dt.date
    sections: tuple[Section, ...]

    def section(self, title_en: str) -> Section:
        """The section of that title; KeyError when there is none."""
        return {section.title_en: section for section in self.sections}[title_en]

    def lines(self) -> list[str]:
        """The report as text, a line each."""
        text = [f"{self.first} - {self.last}"]
        for section in self.sections:
            text += ["", f"{section.title_en} · {section.title_zh}"]
            text += [f"  ({section.missing})"] if section.missing else _table(section.headings, section.rows)
        return text


def grumble_report(home: Home, bench: Workbench, first: dt.date | str, last: dt.date | None = None) -> Report:
    """The report of a month (YYYY-MM), or of the days from `first` to `last`. A record that no source gives is said to
    be missing.
    """
    if isinstance(first, str):
        days = days_of(first)
        first, last = days[0], days[-1]
    last = last or first
    taxonomy = taxonomy_on(last, load_taxonomies(home.root / "taxonomy"))
    with open_step(bench, "grumble report") as step:
        view_between(step, "mart_grumble", "grumbled_on", first, last, "grumble_file")
        view_between(step, "mart_complaint", "complained_on", first, last, "complaint_file")
        sections = (_types(step, taxonomy, first, last), _basis(step, first, last), _calls(step, first, last))
    return Report(first, last, sections)


def _types(step: Step, taxonomy: Taxonomy, first: dt.date, last: dt.date) -> Section:
    found = step.rows(read_model("grumbles/records", "report_types"), {"first": first, "last": last})
    rows = [(code or "-", taxonomy.words(code), taxonomy.words(code, "zh"), *counts) for code, *counts in found]
    headings = ("code", "type", "类型", "grumbles", "customers", "open", "complaints", "escalated")
    missing = None if rows else "no grumbles and no complaints on record"
    return Section("Grumbles and complaints by type", "抱怨与投诉分类", headings, rows, missing)


def _basis(step: Step, first: dt.date, last: dt.date) -> Section:
    """By kind and by what the type rests on: how many, their share, the mean confidence."""
    rows = step.rows(read_model("grumbles/records", "report_basis"), {"first": first, "last": last})
    headings = ("kind", "by", "classifier", "count", "share", "confidence")
    return Section("What the types rest on", "分类依据", headings, rows, None if rows else "nothing to classify")


def _calls(step: Step, first: dt.date, last: dt.date) -> Section:
    """Repeat calls and hang-ups before hang-ups, of customers who are known."""
    title = ("Repeat calls and hang-ups", "重复来电与挂机")
    where = all_of(at_least("started_on", first), at_most("started_on", last + REPEAT_DAYS * ONE_DAY))
    if not step.view("core_contact", "contact_file", where=where):
        return Section(*title, (), [], "no contacts in these days")
    counts = step.rows(read_model("grumbles/records", "report_calls"), {"first": first, "last": last})[0]
    if not counts[0]:
        return Section(*title, (), [], "no contacts of known customers in these days")
    return Section(*title, ("what", "内容", "count", "share"), _call_rows(*counts))


def _call_rows(
    calls: int,
    customers: int,
    week: int,
    day: int,
    week_people: int,
    day_people: int,
    hang_ups: int,
    followed: int,
    again: int,
    others: int,
    hung: int,
) -> Rows:
    return [
        ("calls of known customers", "已识别客户来电", calls, None),
        ("known customers", "已识别客户", customers, None),
        ("calls followed by another within 7 days", "7天内重复来电", week, _share(week, calls)),
        ("calls followed by another within 24 h", "24小时内重复来电", day, _share(day, calls)),
        ("customers who called again within 7 days", "7天内重复来电客户", week_people, _share(week_people, customers)),
        ("customers who called again within 24 h", "24小时内重复来电客户", day_people, _share(day_people, customers)),
        ("hang-ups before an agent answered", "接通前挂机", hang_ups, _share(hang_ups, calls)),
        ("hang-ups followed by a call within 24 h", "挂机后24小时内再来电", followed, _share(followed, hang_ups)),
        ("of these, the next one a hang-up too", "其中再次挂机", again, _share(again, followed)),
        ("other calls followed within 24 h", "其他来电后24小时内再来电", others, _share(others, calls - hang_ups)),
        ("of these, the next one a hang-up", "其中挂机", hung, _share(hung, others)),
    ]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _table(headings: tuple[str, ...], rows: Rows) -> list[str]:
    """Columns wide enough for their cells; a Chinese character takes two places."""
    cells = [[_cell(value) for value in row] for row in (headings, *rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return [
        "  " + "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _width(text: str) -> int:
    return sum(1 if ord(character) < 0x1100 else 2 for character in text)
