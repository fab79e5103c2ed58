"""Repair credits: what each rule offers, and how much of the damage that it names is still there to repair."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Final

from mend.damage.scoring.record_entries import (
    FILES,
    ROOM,
    drop_made,
    make_hits,
    of_days,
    open_record_inputs,
)
from mend.damage.scoring.rules import RuleSet, rules_on
from mend.damage.scoring.settlement import AccountRow, CarryOver, Claim, kept, settle
from mend.foundation.lake.filters import one_of
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step

log = logging.getLogger(__name__)
MISNAMED: Final = "mart_misnamed_record"
ACCOUNTS: Final = read_models(ROOM, "credit_row", "credit_claim")
TAKEN_COLUMNS: Final = {
    "offer_number": "bigint",
    "subject_kind_code": "varchar",
    "subject_id": "varchar",
    "account_id": "varchar",
    "thousandths": "bigint",
}


def make_credit_entries(
    step: Step, versions: Sequence[RuleSet], days: Sequence[dt.date], is_open: bool = False, is_found: bool = False
) -> None:
    """Make `_credit_entry`: the credits posted on these days, in the ledger's columns.

    Args:
        days: a range without gaps.
        is_open: `open_record_inputs` was called before, with days around these; else it is called here.
        is_found: `make_record_entries` left what hits the rules of credits, on all of these days.

    Needs `ledger_debit` (debits and caps as they will be, from `first_account_day` on) and `ledger_credit` (the credits
    posted before the first of the days, from there on, as they are). Leaves `misnamed_record` for `write_misnamed`.
    """
    if not is_open:
        open_record_inputs(step, versions, days)
    if not is_found:
        chosen = [(rules, rule) for rules in versions for rule in rules.credits.values()]
        step.make(read_model(ROOM, "ticket_confirmed"), "ticket_of_days", of_days(days))
        make_hits(step, chosen, versions[-1].settings, days, 0)
    step.run(read_model(ROOM, "credit_offer"), of_days(days))
    drop_made(step)
    _settle(step, versions)
    step.drop("credit_offer", "credit_taken", *([] if is_open else [*FILES, "same_person"]))


def write_misnamed(step: Step, days: Sequence[dt.date]) -> int:
    """Put the records of these days that name another customer's contact or ticket where a person can see them; gives
    how many they are."""
    count = len(step.read("misnamed_record"))
    step.bench.lake.replace(MISNAMED, one_of("recorded_on", days), step.write(MISNAMED, "misnamed_record"))
    if count:
        log.warning("%d records name another customer's contact or ticket and repair nothing: see %s", count, MISNAMED)
    return count


def first_account_day(versions: Sequence[RuleSet], day: dt.date) -> dt.date:
    """The first day of the earliest month whose debits may have something left on a day. (One of ten points that is
    carried over at half has nothing left after ten closes.)"""
    most = max((rule.points for rules in versions for rule in rules.indicators.values()), default=0) * 1000
    carry_over, first = carry_over_of(versions), day.replace(day=1)
    while (most := kept(most, carry_over(_month_number(first)))) > 0:
        first = (first - ONE_DAY).replace(day=1)
    return first


def carry_over_of(versions: Sequence[RuleSet]) -> CarryOver:
    """The share that is carried over into a month, by the month's number (12 × year + month): by the rules in force on
    its last day, as its own close has it."""

    @cache
    def carry_over(month_number: int) -> Fraction:
        year, month = divmod(month_number - 1, 12)
        last = days_of(f"{year:04}-{month + 1:02}")[-1]
        return Fraction(str(rules_on(last, versions).settings.carry_over))

    return carry_over


def _settle(step: Step, versions: Sequence[RuleSet]) -> None:
    step.run(ACCOUNTS)
    rows = map(AccountRow._make, step.rows(read_model(ROOM, "credit_account")))
    claims = map(Claim._make, step.read("credit_claim"))
    step.put("credit_taken", TAKEN_COLUMNS, settle(rows, claims, carry_over_of(versions)))
    step.make(read_model(ROOM, "credit_entry"), "_credit_entry")
    step.drop(*(model.name for model in ACCOUNTS))


def _month_number(day: dt.date) -> int:
    return 12 * day.year + day.month
