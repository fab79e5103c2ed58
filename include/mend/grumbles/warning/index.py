"""The month's grumble index of each service item beside the survey's satisfaction, and how the two go together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal
from mend.foundation.periods import ONE_DAY, days_of, month_before
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.correlation import write_correlations
from mend.grumbles.warning.judging import judging_on
from mend.grumbles.warning.lists import open_taxonomy
from mend.grumbles.warning.nights import ROOM
from mend.grumbles.warning.rules import Rules, load_rules, rules_on

ASKED_WITHIN = 31 * ONE_DAY  # a reply is about a contact or ticket of so many days before it at most


@dataclass(frozen=True)
class IndexReport:
    """A month's index: service items with both, survey items without a grumble point, grumble types without a survey
    item; the replies counted in satisfaction, and those of them that name no customer."""

    month: str
    matched: int
    survey_only: int
    grumble_only: int
    replies: int
    unattributed: int
    correlated: int


def grumble_index(home: Home, bench: Workbench, month: str) -> IndexReport:
    """Write mart_grumble_index and mart_grumble_correlation of a month (YYYY-MM)."""
    days = days_of(month)
    rules = rules_on(days[-1], load_rules(home.root / "rules" / "warning"))
    with open_step(bench, "grumble index") as step:
        _open(step, rules, days)
        values = {"month": month, "half_rate": rules.index.half_rate, "least_replies": rules.index.least_replies}
        step.run(read_model(ROOM, "answer"))
        step.make(read_model(ROOM, "grumble_index"), "month_index", values)
        bench.lake.replace("mart_grumble_index", equal("month", month), step.write("mart_grumble_index", "month_index"))
        counted = step.rows(read_model(ROOM, "index_count"))
        ((unattributed,),) = step.rows(read_model(ROOM, "unattributed"))
        correlated = write_correlations(
            step, rules, judging_on(days[-1], home), month, _window(month, rules.index.window_months)
        )
    items = {code: number for code, number, _ in counted}
    matched, survey_only, grumble_only = (items.get(code, 0) for code in ("matched", "survey_only", "grumble_only"))
    replies = sum(int(each) for _, _, each in counted)
    return IndexReport(month, matched, survey_only, grumble_only, replies, unattributed, correlated)


def _window(month: str, months: int) -> list[str]:
    """The month and those before it, so many in all."""
    window = [month]
    while len(window) < months:
        window.append(month_before(dt.date.fromisoformat(f"{window[-1]}-01")))
    return window


def _open(step: Step, rules: Rules, days: list[dt.date]) -> None:
    """The month's inputs: grumble, person, taxonomy, survey_item, reply and what the replies are about."""
    first, last = days[0], days[-1]
    step.view("mart_grumble", "grumble", days)
    snapshots = [each for each in step.bench.lake.days("core_customer", "month_on") if each <= last]
    step.view("core_customer", "snapshot_file", [max(snapshots)] if snapshots else [])
    step.view("mart_exposure_day", "exposure", where=all_of(at_least("subject_on", first), at_most("subject_on", last)))
    open_taxonomy(step, last)
    step.view("mart_survey_item", "every_item")
    step.view("core_survey_reply", "reply", days)
    for table, day, name in (
        ("mart_grumble", "grumbled_on", "about_grumble"),
        ("core_contact", "started_on", "every_contact"),
        ("core_ticket", "opened_on", "every_ticket"),
    ):
        step.view(table, name, where=all_of(at_least(day, first - ASKED_WITHIN), at_most(day, last)))
    step.run(read_models(ROOM, "person", "survey_item", "contact_topic", "ticket_topic"), {"day": last})
    # Rules may name items that a home's own taxonomy does not have: nothing is known of them.
    names = step.bench.described("mart_survey_item").column_names
    items = {row[names.index("survey_item_code")] for row in step.read("survey_item")}
    topics = [(topic, item) for topic, item in sorted(rules.index.topics.items()) if not items or item in items]
    step.put("topic_item", {"topic_code": "varchar", "survey_item_code": "varchar"}, topics)
