"""The month's grumble index of each service item beside the survey's satisfaction, and how the two go together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal
from mend.foundation.periods import ONE_DAY, days_of, month_before
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.correlation import write_correlations
from mend.grumbles.warning.lists import open_taxonomy
from mend.grumbles.warning.rule_tables import make
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
    _open(bench, rules, days)
    bench.execute(f"create or replace temp table answer as {models.load('grumbles/warning', 'answer')}")
    values = {"month": month, "half_rate": rules.index.half_rate, "least_replies": rules.index.least_replies}
    bench.execute(
        f"create or replace temp table month_index as {models.load('grumbles/warning', 'grumble_index')}", values
    )
    bench.replace("mart_grumble_index", "select * from month_index", equal("month", month))
    correlated = write_correlations(bench, rules, month, _window(month, rules.index.window_months))
    counts = dict(bench.sql("select match_code, count(*) from month_index where city_code = 'all' group by 1"))
    replies = bench.sql("select coalesce(sum(reply_count), 0) from month_index where city_code = 'all'")[0][0]
    unattributed = bench.sql("select count(*) from answer where is_unattributed")[0][0]
    matched, survey_only, grumble_only = (
        int(counts.get(code, 0)) for code in ("matched", "survey_only", "grumble_only")
    )
    return IndexReport(month, matched, survey_only, grumble_only, int(replies), int(unattributed), correlated)


def _window(month: str, months: int) -> list[str]:
    """The month and those before it, so many in all."""
    window = [month]
    while len(window) < months:
        window.append(month_before(dt.date.fromisoformat(f"{window[-1]}-01")))
    return window


def _open(bench: Workbench, rules: Rules, days: list[dt.date]) -> None:
    """The month's inputs: grumble, person, taxonomy, survey_item, reply and what the replies are about."""
    first, last = days[0], days[-1]
    bench.view("mart_grumble", days=days, as_name="grumble")
    _open_persons(bench, last)
    open_taxonomy(bench, last)
    bench.view("mart_survey_item", as_name="every_item")
    bench.execute(
        "create or replace temp table survey_item as select * from every_item where taxonomy_version = "
        "(select max(taxonomy_version) from every_item where taxonomy_version <= $day)",
        {"day": last},
    )
    bench.view("core_survey_reply", days=days, as_name="reply")
    back = first - ASKED_WITHIN
    bench.view(
        "mart_grumble",
        where=all_of(at_least("grumbled_on", back), at_most("grumbled_on", last)),
        as_name="about_grumble",
    )
    for record, day in (("contact", "started_on"), ("ticket", "opened_on")):
        bench.view(f"core_{record}", where=all_of(at_least(day, back), at_most(day, last)), as_name=f"every_{record}")
        bench.execute(
            f"create or replace temp table {record}_topic as select {record}_id, topic_code from every_{record} "
            f"semi join (select about_id as {record}_id from reply where about_kind_code = '{record}') using "
            f"({record}_id)"
        )
    # Rules may name items that a home's own taxonomy does not have: nothing is known of them.
    items = {item for (item,) in bench.sql("select survey_item_code from survey_item")}
    topics = [(topic, item) for topic, item in sorted(rules.index.topics.items()) if not items or item in items]
    make(bench, "topic_item", "topic_code varchar, survey_item_code varchar", topics)


def _open_persons(bench: Workbench, last: dt.date) -> None:
    """`person`: the customers of the month's latest snapshot; without any, those who were in contact or grumbled in the
    month.
    """
    snapshots = [each for each in bench.lake.days("core_customer", "month_on") if each <= last]
    if snapshots:
        bench.view("core_customer", days=[max(snapshots)], as_name="snapshot")
        query = (
            "select customer_id, coalesce(city_code, 'unknown') as city_code from snapshot where status_code is "
            "distinct from 'left'"
        )
    else:
        month = all_of(at_least("subject_on", last.replace(day=1)), at_most("subject_on", last))
        bench.view("mart_exposure_day", where=month, as_name="exposure")
        query = (
            "select customer_id, coalesce(max(city_code), 'unknown') as city_code from "
            "(select customer_id, city_code from grumble union all select customer_id, null from exposure) group by "
            "customer_id"
        )
    bench.execute(f"create or replace temp table person as {query}")
