"""Contacts of earlier days that something later may decide: a call back, a window that closes, the next contact on the
topic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from mend.damage.scoring.contact_rules import ContactRules
from mend.damage.scoring.rules import RuleSet
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench

THE_CLOCK: Final = ("seconds_known", "seconds_known_after_end")
ANY_CONTACT: Final = ("contact_from_us_after_seconds", "contact_from_us_after_end_seconds", *THE_CLOCK)
SAME_TOPIC: Final = ("next_same_topic_seconds", "agent_call_after_seconds")


def find_waiting(bench: Workbench, versions: Sequence[RuleSet], days: Sequence[dt.date]) -> None:
    """`waiting (customer_id, day, topic_code, for_clock, for_contact, for_topic)`: the contacts of these days whose own
    row leaves a rule open for the clock, for any later contact, or for a later contact on the same topic. The view
    `topic_median` must be there."""
    bench.execute(
        "create or replace temp table waiting "
        "(customer_id varchar, day date, topic_code varchar, for_clock boolean, for_contact boolean, for_topic boolean)"
    )
    for rules in versions:
        covered = [day for day in days if rules.covers(day)]
        if covered:
            _add(bench, rules, covered)


def _add(bench: Workbench, rules: RuleSet, days: Sequence[dt.date]) -> None:
    compiled = ContactRules(rules)
    bench.view("core_contact", days=days, as_name="waiting_file")
    bench.execute(
        "create or replace temp view target_contact as select * from waiting_file where customer_id is not null"
    )
    failed = f"coalesce({rules.failed_attempt.sql()}, false)"
    bench.execute(
        f"""insert into waiting
        with
        contact as (select *, {failed} as is_failed_attempt from ({models.load("damage/scoring", "contact_feature")})),
        decided as (
            select
                customer_id, started_on, topic_code,
                {compiled.waiting_for(THE_CLOCK)} as for_clock,
                {compiled.waiting_for(ANY_CONTACT)} as for_contact,
                {compiled.waiting_for(SAME_TOPIC)} as for_topic
            from contact
        )
        select * from decided where for_clock or for_contact or for_topic"""
    )
