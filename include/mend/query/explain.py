"""A customer's month in words: every point of the ledger, the carry-over, and how they make the score."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from mend.damage.closing.errors import MonthError
from mend.damage.closing.month import month_to_date_view, months_with_days
from mend.damage.scoring.rules import RuleSet, load_rules, rules_on
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, one_of
from mend.foundation.periods import days_of, first_day_of, month_before
from mend.foundation.persons import persons_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import CODES

WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "title": "Customer {customer}, {month}: score {score}, level {level} ({level_words})",
        "open": "month to date, not closed",
        "sum": "{carry} carried over from {before} + {damage} damage - {repair} repair = {score}",
        "floor": "(not under zero)",
        "exposure": "{contacts} contacts in {incidents} incidents; worst {peak} points, latest {end} points; segment: "
        "{segment}",
        "cap": "incident cap: {words}",
        "line": "{time}  {points:>4}  {id:<7} {words} ({kind} {subject}{of_incident}{by})",
        "incident": ", incident {incident}",
        "by": ", by {cause}",
        "offered": ", of {offered}",
        "repairs": "{words}, repairs",
        "person": "Customer {customer} goes by {person} since {day}.",
        "ids": "with what was posted on {ids}",
        "none": "Customer {customer} has no contact, no damage and no carry-over in {month}.",
    },
    "zh": {
        "title": "客户 {customer}，{month}：受损得分 {score}，等级 {level}（{level_words}）",
        "open": "月内累计，未月结",
        "sum": "{before} 结转 {carry} + 受损 {damage} - 修复 {repair} = {score}",
        "floor": "（不低于零）",
        "exposure": "接触 {contacts} 次，事件 {incidents} 起；最差 {peak} 分，最近 {end} 分；分群：{segment}",
        "cap": "事件封顶：{words}",
        "line": "{time}  {points:>4}  {id:<7} {words}（{kind} {subject}{of_incident}{by}）",
        "incident": "，事件 {incident}",
        "by": "，依据 {cause}",
        "offered": "，规则 {offered} 分",
        "repairs": "{words}，修复",
        "person": "客户 {customer} 自 {day} 起并入客户 {person}。",
        "ids": "含原客户编号 {ids} 的积分",
        "none": "客户 {customer} 在 {month} 没有接触、受损和结转。",
    },
}

COLUMNS: Final = (
    "posted_on", "posted_at", "indicator_id", "entry_kind_code", "subject_kind_code", "subject_id", "cause_id",
    "incident_id", "points", "rule_version",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One ledger row in words. `points` are above zero for damage, below for caps and repair; its rule has
    `offered_points`.
    """

    posted_on: dt.date
    posted_at: dt.datetime
    indicator_id: str
    entry_kind_code: str
    subject_kind_code: str
    subject_id: str
    cause_id: str | None
    incident_id: str | None
    points: Decimal
    rule_version: dt.date
    offered_points: int
    words: str


@dataclass(frozen=True)
class Explanation:
    """A customer's month: the score, what it is made of, and the lines to show."""

    customer_id: str
    month: str
    score: Decimal
    carry_over_points: Decimal
    level: int
    entries: tuple[Entry, ...]
    lines: tuple[str, ...]

    def text(self) -> str:
        """The explanation as text."""
        return "\n".join(self.lines)


def explain(home: Home, bench: Workbench, customer: str, month: str, language: str = "en") -> Explanation:
    """Explain a customer's score in a month (YYYY-MM), closed or to date.

    Args:
        language: 'en' or 'zh'.

    Raises:
        MonthError: when nothing of the month is loaded.
    """
    asked = customer
    persons = persons_of(bench, days_of(month)[-1])
    customer = persons[asked].person_id if asked in persons else asked
    ids = sorted({customer} | {name for name, person in persons.items() if person.person_id == customer})
    open_months = month_to_date_view(home, bench, customer)
    found = bench.engine.run(
        "select * from mart_damage_month where customer_id = $customer and month = $month",
        {"customer": customer, "month": month},
    )
    names = [column[0] for column in found.description]
    row = found.fetchone()
    if row is None:
        _require_month(home, bench, month)
        text = WORDS[language]["none"].format(customer=customer, month=month)
        return Explanation(customer, month, Decimal(0), Decimal(0), 0, (), (text,))
    versions = load_rules(home.root / "rules")
    entries = _entries(bench, versions, ids, month, language)
    values = dict(zip(names, row, strict=True))
    lines = _lines(values, entries, language, month in open_months, [name for name in ids if name != customer])
    if customer != asked:
        lines.insert(0, WORDS[language]["person"].format(customer=asked, person=customer, day=persons[asked].merged_on))
    return Explanation(
        customer, month, values["score"], values["carry_over_points"], values["level"], tuple(entries), tuple(lines)
    )


def _require_month(home: Home, bench: Workbench, month: str) -> None:
    if month not in months_with_days(home, bench):
        raise MonthError(
            f"{month}: nothing of it is loaded; run the nightly chain for its days first (mend run ... --from "
            f"{month}-01)"
        )


def _entries(bench: Workbench, versions: list[RuleSet], ids: list[str], month: str, language: str) -> list[Entry]:
    days = days_of(month)
    where = all_of(one_of("customer_id", ids), at_least("posted_on", days[0]), at_most("posted_on", days[-1]))
    with open_step(bench, "explain") as step:
        step.view("mart_damage_ledger", "explained", where=where)
        found = step.rows(
            read_model("query", "explained_entry"), {"ids": ids, "first_day": days[0], "last_day": days[-1]}
        )
    return [_entry(dict(zip(COLUMNS, row, strict=True)), versions, language) for row in found]


def _entry(row: dict[str, Any], versions: list[RuleSet], language: str) -> Entry:
    rules = rules_on(row["rule_version"], versions)
    rule = rules.rule(row["indicator_id"])
    return Entry(**row, offered_points=rule.points, words=rules.words(rule.id, language))


def _lines(row: dict[str, Any], entries: list[Entry], language: str, is_open: bool, other_ids: list[str]) -> list[str]:
    words = WORDS[language]
    lines = [
        words["title"].format(
            customer=row["customer_id"],
            month=row["month"],
            score=row["score"],
            level=row["level"],
            level_words=_code("level", row["level"], language),
        ),
        _sum_line(row, language),
        words["exposure"].format(
            contacts=row["contact_count"],
            incidents=row["incident_count"],
            peak=row["peak_points"],
            end=row["end_points"],
            segment=_code("segment", row["segment_code"], language),
        ),
    ]
    if other_ids:
        lines.append(words["ids"].format(ids=", ".join(other_ids)))
    if is_open:
        lines.append(words["open"])
    return [*lines, *(_entry_line(entry, language) for entry in entries)]


def _sum_line(row: dict[str, Any], language: str) -> str:
    words = WORDS[language]
    line = words["sum"].format(
        carry=row["carry_over_points"],
        before=month_before(first_day_of(row["month"])),
        damage=row["damage_points"],
        repair=row["repair_points"],
        score=row["score"],
    )
    under_zero = row["carry_over_points"] + row["damage_points"] - row["repair_points"] < 0
    return f"{line} {words['floor']}" if under_zero else line


def _entry_line(entry: Entry, language: str) -> str:
    words = WORDS[language]
    text = entry.words
    if entry.entry_kind_code == "cap":
        text = words["cap"].format(words=text)
    if entry.entry_kind_code == "credit":
        text = words["repairs"].format(words=text)
    line = words["line"].format(
        time=f"{entry.posted_at:%Y-%m-%d %H:%M}",
        points=f"{entry.points.normalize():+f}",
        id=entry.indicator_id,
        words=text,
        kind=_code("subject_kind", entry.subject_kind_code, language),
        subject=entry.subject_id,
        of_incident=words["incident"].format(incident=entry.incident_id) if entry.incident_id else "",
        by=words["by"].format(cause=entry.cause_id) if entry.cause_id else "",
    )
    is_less = entry.entry_kind_code == "credit" and entry.points != -entry.offered_points
    return line + words["offered"].format(offered=entry.offered_points) if is_less else line


def _code(name: str, code: object, language: str) -> str:
    en, zh = CODES[name][str(code)]
    return zh if language == "zh" else en
