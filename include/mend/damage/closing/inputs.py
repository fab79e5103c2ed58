"""What a month's close reads: views and small tables, and a digest of them that tells when a closed month is stale."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from mend.damage.closing.incidents import put_incident_left
from mend.damage.closing.rules import Grades, grades_on
from mend.damage.scoring.rules import RuleSet, load_rules, rules_on
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most
from mend.foundation.periods import ONE_DAY, days_of, first_day_of, month_before
from mend.foundation.persons import aliases, put_persons, resolved, rows_of, view_snapshots
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench

ROOM: Final = "damage/closing"
MONTHS_BACK: Final = 12  # of a score of a year ago the carry-over is gone, and so is what was left of a debit
NOTHING_LEFT_UNDER: Final = 0.01
STATEMENTS: Final = read_models(ROOM, "ticket_owner", "explicit_entry", "statement")
JUDGED: Final = read_models(ROOM, "subject_left", "confirmation", "explicit")
AGENT_STAGES: Final = ("connection", "agent", "resolution")


def rules_of(home: Home, month: str) -> RuleSet:
    """The scoring rules in force on a month's last day."""
    return rules_on(days_of(month)[-1], load_rules(home.root / "rules"))


def grades_of(home: Home, month: str) -> Grades:
    """The explicit grades in force on a month's last day."""
    return grades_on(days_of(month)[-1], home.root / "rules" / "closing")


def months_back(month: str) -> list[str]:
    """The month and those before it that still bear on it, oldest first.

    >>> months_back("2026-02")[-2:], len(months_back("2026-02"))
    (['2026-01', '2026-02'], 13)
    """
    found = [month]
    while len(found) <= MONTHS_BACK:
        found.append(month_before(first_day_of(found[-1])))
    return found[::-1]


def open_month(home: Home, step: Step, month: str) -> None:
    """Make the month's inputs: `posted`, `contact_day`, `snapshot`, `person_of_customer`, `indicator_word`; what was
    said, `explicit`. `month_before` is the caller's. Whoever had several ids is in all of them under the one they go by
    at the month's end: what was posted on another id stays there, and counts here.
    """
    days = days_of(month)
    put_persons(step, resolved(aliases(step.bench, days[-1]), days[-1]))
    step.view("mart_damage_ledger", "posted", days=days)
    step.view("mart_exposure_day", "contact_day", days=days)
    view_snapshots(step, None, days[-1])
    grades, versions = grades_of(home, month), load_rules(home.root / "rules")
    _put_words(step, versions, grades)
    _open_statements(step, grades, month)
    _put_weights(step, versions, month)
    values = {
        "grumble_grade": grades.grumble,
        "complaint_grade": grades.complaint,
        "confirming_scale": grades.confirming_scale,
        "confirming_from": grades.confirming_from,
        "lapses_after_closes": grades.lapses_after_closes,
        "nothing_left_under": NOTHING_LEFT_UNDER,
        "first_day": days[0],
        "last_day": days[-1],
    }
    step.run(STATEMENTS, values)
    put_incident_left(step, ROOM, versions, days[0])
    step.run(JUDGED, values)


def _put_words(step: Step, versions: Sequence[RuleSet], grades: Grades) -> None:
    """What each indicator of each version says: stage, whether it is explicit, grade; and its number in this step."""
    ids = sorted({rule_id for version in versions for rule_id in (*version.indicators, *version.credits)})
    numbers = {rule_id: number for number, rule_id in enumerate(ids)}
    columns = {
        "rule_version": "date",
        "indicator_id": "varchar",
        "indicator_number": "integer",
        "is_ivr": "boolean",
        "is_agent": "boolean",
        "is_of_contact": "boolean",
        "is_explicit": "boolean",
        "is_escalation": "boolean",
        "grade": "integer",
    }
    rows = [
        (
            version.valid_from,
            rule.id,
            numbers[rule.id],
            rule.stage == "ivr",
            rule.stage in AGENT_STAGES,
            rule.record == "contact",
            rule.is_explicit,
            rule.is_escalation,
            grades.indicators.get(rule.id, grades.other_explicit),
        )
        for version in versions
        for rule in (*version.indicators.values(), *version.credits.values())
    ]
    step.put("indicator_word", columns, rows)


def _open_statements(step: Step, grades: Grades, month: str) -> None:
    """What customers said in the months that still bear on this one. What is later than the month is no matter."""
    months = months_back(month)
    first, last = first_day_of(months[0]), days_of(month)[-1]
    _view_said(step, first, last)
    replied = all_of(at_least("replied_on", first), at_most("replied_on", last))
    step.view("core_survey_reply", "reply", where=replied)
    posted = all_of(at_least("posted_on", first), at_most("posted_on", last))
    step.view("mart_damage_ledger", "posted_year", where=posted)
    step.make(read_model(ROOM, "nameless_ticket"), "nameless_ticket")
    opened = {opened_on for (opened_on,) in step.read("nameless_ticket")}
    step.view("core_contact", "opening_contact", days=opened | {day - ONE_DAY for day in opened})
    columns = {"scale": "integer", "lowest": "integer", "highest": "integer", "grade": "integer"}
    step.put("rating_grade", columns, [(each.scale, each.lowest, each.highest, each.grade) for each in grades.ratings])


def _view_said(step: Step, first: dt.date, last: dt.date) -> None:
    said = all_of(at_least("grumbled_on", first), at_most("grumbled_on", last))
    opened = all_of(at_least("opened_on", first), at_most("opened_on", last))
    step.view("mart_grumble", "grumble", where=said)
    step.view("core_ticket", "complaint_ticket", where=opened)


def _put_weights(step: Step, versions: Sequence[RuleSet], month: str) -> None:
    """What the closes since a month left of what was posted in it: the product of their carry-over."""
    weight, rows = Decimal(1), []
    for each in reversed(months_back(month)):
        rows.append((first_day_of(each), weight))
        weight *= Decimal(str(rules_on(days_of(each)[-1], versions).settings.carry_over))
    step.put("month_weight", {"month_on": "date", "weight": "decimal(18, 12)"}, rows)


def digests(bench: Workbench, months: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Of each month, in order, a digest of what its close reads now, and what the close of the month before wrote down.

    Files of ledger, exposure, snapshots and replies are told by their names: a file never changes. What tickets and
    grumbles say is told by its content: their files change with every later state.
    """
    if not months:
        return
    said = _said(bench, months)
    known = aliases(bench, days_of(months[-1])[-1])
    stored = stored_digests(bench)
    for month in months:
        days = days_of(month)
        lines = [
            stored.get(month_before(days[0]), ""),
            *_file_names(bench, month),
            *map(repr, rows_of(resolved(known, days[-1]))),
            said.get(month, ""),
        ]
        yield month, hashlib.sha256("\n".join(lines).encode()).hexdigest()


def stored_digests(bench: Workbench) -> Mapping[str, str]:
    """Of each closed month the digest that its close wrote down."""
    bench.view("mart_closed_month", as_name="closed_month")
    return dict(bench.sql("select month, inputs_digest from closed_month"))


def _file_names(bench: Workbench, month: str) -> list[str]:
    """Names of files below their table's folder: a home that moves keeps them."""
    days = days_of(month)
    snapshots = [first_day_of(each) for each in months_back(month)[-4:]]
    read: dict[str, Mapping[str, Any]] = {
        "mart_damage_ledger": {"posted_on": days},
        "mart_exposure_day": {"subject_on": days},
        "core_survey_reply": {"replied_on": days},
        "core_customer": {"month_on": snapshots},
    }
    return [
        file.path.rpartition("/data/")[2]
        for table, partitions in read.items()
        for file in bench.lake.files_of(table, **partitions)
    ]


def _said(bench: Workbench, months: Sequence[str]) -> dict[str, str]:
    with open_step(bench, "said") as step:
        _view_said(step, first_day_of(months[0]), days_of(months[-1])[-1])
        return {month: f"{rows} {words}" for month, rows, words in step.rows(read_model(ROOM, "said_check"))}
