"""A campaign's customers are followed: `mart_campaign_outcome` of one version of a month's list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.periods import month_of
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.outcomes.errors import OutcomeError
from mend.repair.outcomes.receipts import ROOM, put_receipts
from mend.repair.outcomes.rules import KEPT_SHARE, REPEAT_INDICATOR, Followed, followed

MODELS: Final = ("outcome_row", "outcome_done", "outcome_event", "outcome")


@dataclass(frozen=True)
class OutcomeReport:
    """What a follow-up found: rows, those done, whether the time is over, whether the snapshot after it is there."""

    month: str
    version: int
    rows: int
    done: int
    is_over: bool
    is_seen_after: bool


def follow(home: Home, bench: Workbench, month: str, version: int) -> OutcomeReport:
    """Follow the customers of one version of a month's list, as far as anything is known by now.

    Raises:
        OutcomeError: when there is no such version.
    """
    when = followed(month)
    with open_step(bench, "outcomes") as step:
        _open_inputs(step, month, version, when)
        put_receipts(step, home, f"{month}-v{version}")
        values = _values(bench, month, version, when)
        step.run([read_model(ROOM, name) for name in MODELS], values)
        rows, done = bench.sql("select count(*), count(*) filter (is_done) from outcome")[0]
        where = all_of(equal("month", month), equal("version", version))
        bench.lake.replace("mart_campaign_outcome", where, step.write("mart_campaign_outcome", "outcome"))
    return OutcomeReport(month, version, rows, done, values["is_over"], values["is_seen_after"])


def _open_inputs(step: Step, month: str, version: int, when: Followed) -> None:
    where = all_of(equal("month", month), equal("version", version))
    if not step.view("mart_campaign_gate", "gate_file", where=where):
        raise OutcomeError(
            f"{month} has no campaign of version {version}; make it first (mend campaign --month {month})"
        )
    step.view("mart_campaign_list", "list_file", where=where)
    put_persons(step, persons_of(step.bench, when.last_day))
    days = [when.first_day, when.last_day]
    step.view("core_repair_action", "repair_file", days=_known(step.bench, "core_repair_action", "done_on", when))
    step.view("mart_damage_ledger", "posted", days=_known(step.bench, "mart_damage_ledger", "posted_on", when))
    step.view("mart_complaint", "complaint_file", days=_known(step.bench, "mart_complaint", "complained_on", when))
    step.view("core_survey_reply", "reply_file", days=_known(step.bench, "core_survey_reply", "replied_on", when))
    step.view("mart_damage_month", "month_file", where=equal("month", month))
    view_snapshots(step, days[0], when.after_on)


def _known(bench: Workbench, table: str, column: str, when: Followed) -> list[Any]:
    return [day for day in bench.lake.days(table, column) if when.first_day <= day <= when.last_day]


def _values(bench: Workbench, month: str, version: int, when: Followed) -> dict[str, Any]:
    """The models' parameters. The time is over when its own month is closed: all its days are there then."""
    after = month_of(when.first_day)
    is_over = bool(bench.view("mart_closed_month", as_name="closed_after", where=equal("month", after)))
    bench.execute("drop view if exists closed_after")
    return {
        "list_id": f"{month}-v{version}",
        "first_day": when.first_day,
        "last_day": when.last_day,
        "before_on": when.before_on,
        "after_on": when.after_on,
        "followed_until": when.last_day,
        "repeat_indicator": REPEAT_INDICATOR,
        "kept_share": KEPT_SHARE,
        "is_over": is_over,
        "is_seen_after": is_seen_after(bench, when),
    }


def is_seen_after(bench: Workbench, when: Followed) -> bool:
    """Whether the snapshot is there that shows what the followed month brought."""
    return when.after_on in bench.lake.days("core_customer", "month_on")
