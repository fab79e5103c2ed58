"""The contact part of the ledger, and the exposure: whole days, in shares of customers when memory asks for it.

The contacts around the days are read once, into numbers alone. Names are fetched where a day's rows are written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mend.damage.scoring.contact_rules import RULE_COLUMNS, ContactRules
from mend.damage.scoring.rules import RuleSet, Settings
from mend.foundation.lake import StoredFile
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Fills, Step, Values
from mend.foundation.pipeline.shares import Sharing, in_shares, share_count

ROOM: Final = "damage/scoring"
BYTES_A_CONTACT: Final = 300  # what the models of one share hold of a contact, at their fullest
DECIDED_WITHIN_DAYS: Final = 2  # a contact's last entries are posted so many days after it began, at most
MICROSECONDS: Final = 1_000_000
DAY: Final = {"day": "date"}
# What each model makes is dropped when the last one that reads it has run.
PLACING: Final = read_models(ROOM, "contact_incident", "contact_tie", "exposure_count")
DECIDING: Final = (
    (read_model(ROOM, "contact_placed"), ("contact_incident", "contact_tie")),
    (read_model(ROOM, "contact_decided"), ()),
    (read_model(ROOM, "contact_hit"), ("contact_placed", "contact_decided")),
    (read_model(ROOM, "hit_pattern"), ()),
    (read_model(ROOM, "contact_debit"), ("contact_hit", "hit_pattern")),
)
NUMBERING: Final = read_models(ROOM, "customer_number", "topic_number", "ticket_opened")
NAMING: Final = read_models(ROOM, "incident_over_cap", "contact_name", "contact_cap", "contact_entry")


@dataclass
class ContactFiles:
    """Files written, which nobody sees before they are committed."""

    ledger: list[StoredFile] = field(default_factory=list)
    exposure: list[StoredFile] = field(default_factory=list)


def score_contacts(
    step: Step, versions: Sequence[RuleSet], days: Collection[dt.date], shares: int | None = None
) -> ContactFiles:
    """Write the contacts' debits and caps that are posted on these days, and the exposure of these days.

    The table `topic_median` must be there.

    Args:
        shares: in how many shares of customers; by default as many as memory asks for.
    """
    written = ContactFiles()
    for rules in versions:
        covered = sorted(day for day in days if rules.covers(day))
        if covered:
            _score(step, rules, covered, shares, written)
    return written


def context_days(settings: Settings, days: Collection[dt.date]) -> set[dt.date]:
    """The days whose contacts bear on what is posted on these days: entries are decided within two days, the cap asks
    for all entries of the incident, and each of these asks for earlier contacts on its topic and in its chain."""
    back = DECIDED_WITHIN_DAYS + settings.incident_reach_days - 1
    back += max(settings.contact_reach_days, settings.incident_reach_days)
    return {day - number * ONE_DAY for day in days for number in range(back + 1)}


def _score(step: Step, rules: RuleSet, days: list[dt.date], shares: int | None, written: ContactFiles) -> None:
    compiled, settings = ContactRules(rules), rules.settings
    step.put("contact_rule", RULE_COLUMNS, compiled.rule_rows())
    context = context_days(settings, days)
    rows = step.bench.lake.rows_by_day("core_contact", "started_on")
    count = shares or share_count(step.bench, sum(rows.get(day, 0) for day in context), BYTES_A_CONTACT)
    _open_inputs(step, days, context)
    values = {
        **compiled.values(),
        **_windows(settings),
        "first_on": _first_needed(settings, days),
        "share_count": count,
    }
    fills = compiled.fills()
    step.run(NUMBERING, values, fills)
    step.make(read_model(ROOM, "contact_scanned"), "contact_scanned", values, fills)
    for _ in in_shares(step, [Sharing("contact_scanned", share="share_number")], count):
        _score_share(step, values, fills)
    _write(step, rules, days, written)
    step.drop("contact_entries", "exposure_row", "contact_names", "customer_number")


def _score_share(step: Step, values: Values, fills: Fills) -> None:
    step.run(PLACING, values)
    step.append("exposure_count", "exposure_row")
    _run(step, DECIDING, values, fills)
    step.run(NAMING, values)
    step.drop("contact_debit", "incident_over_cap", "contact_cap")
    step.append("contact_entry", "contact_entries")
    step.append("contact_name", "contact_names")


def _run(step: Step, models: Sequence[Any], values: Values, fills: Fills) -> None:
    for model, done in models:
        step.run(model, values, fills)
        step.drop(*done)


def _open_inputs(step: Step, days: Collection[dt.date], context: Collection[dt.date]) -> None:
    """One snapshot of each input, the same for every share."""
    files = step.bench.lake.files_of("core_contact", started_on=context)
    step.view_files("core_contact", files, "contact_file", numbered=True)
    near = {day - number * ONE_DAY for day in days for number in range(DECIDED_WITHIN_DAYS + 1)}
    step.view("core_contact", as_name="contact_of_days", days=days)
    step.view("core_contact", as_name="contact_before", days=near.difference(days))
    step.view("core_ticket", days=_widened(context))
    step.view("core_callback_booking", days=_widened(context))
    step.put("scored_day", DAY, [(day,) for day in days])


def _widened(days: Collection[dt.date]) -> set[dt.date]:
    return {day + number * ONE_DAY for day in days for number in (-1, 0, 1)}


def _first_needed(settings: Settings, days: Collection[dt.date]) -> dt.date:
    """The first day of contacts whose entries are asked for."""
    return min(days) - (DECIDED_WITHIN_DAYS + settings.incident_reach_days - 1) * ONE_DAY


def _windows(settings: Settings) -> dict[str, int]:
    return {
        "gap_us": settings.incident_gap_seconds * MICROSECONDS,
        "reach_days": settings.incident_reach_days,
        "topic_reach_us": settings.contact_reach_days * 86_400 * MICROSECONDS,
        "repeated_failure_us": settings.repeated_failure_seconds * MICROSECONDS,
        "cap_points": settings.incident_cap_points,
    }


def _write(step: Step, rules: RuleSet, days: Sequence[dt.date], written: ContactFiles) -> None:
    """A file a day of each table; texts of few values are told to the engine, which writes them at a fraction."""
    few = {
        "entry_kind_code": ["debit", "cap"],
        "indicator_id": [rule.id for rule in rules.of_record("contact")] or ["none"],
        "subject_kind_code": ["contact"],
    }
    ledger, exposure = read_models(ROOM, "contact_ledger", "exposure")
    for day in days:
        values = {"day": day, "rule_version": rules.valid_from}
        written.ledger += step.write_partition("mart_damage_ledger", ledger, values, few=few)
        written.exposure += step.write_partition("mart_exposure_day", exposure, values)
