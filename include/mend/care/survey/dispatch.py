"""From events to messages: who is asked what and when, under the contact rules, each at most once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, text

from mend.care.survey.errors import SurveyError
from mend.care.survey.events import Taken, take_events
from mend.care.survey.hours import language_of, zones_of
from mend.care.survey.rules import Policy, RuleSet, Trigger, load_rules, rules_on
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline import model as models

CHUNK: Final = 50_000  # events decided on in one transaction
# Whoever counts messages and adds to them holds this lock: without it two processes would each see room for one more.
CONTACT_LOCK: Final = "select pg_advisory_xact_lock(hashtext('contact rules'))"
HASHES: Final = 1 << 32
UNPLACED: Final = (
    "select distinct phone_number from candidate where phone_number is not null and (zones is null or "
    "language_code is null)"
)


@dataclass(frozen=True)
class Dispatched:
    """What a run did: events taken in and decided on, messages queued, deferred to the next batch, refused by
    reason.
    """

    taken: Taken
    events: int = 0
    queued: int = 0
    deferred: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    settled: int = 0


@dataclass(frozen=True)
class _Chunk:
    """What became of a chunk of events. `last` is where the next one begins."""

    events: int
    last: tuple[dt.datetime, str]
    reasons: dict[str | None, int]
    deferred: int


def dispatch(home: Home, at: dt.datetime) -> Dispatched:
    """Take in new events and queue the messages they ask for, as of `at` (the end of the run's interval).

    Run again, with the same `at` or a later one, it queues nothing twice.

    Raises:
        SurveyError: when no account could send.
        SurveyRuleError: when a rule file is broken.
    """
    versions = load_rules(home.root / "survey_rules")
    policy = rules_on(at.date(), versions).policy
    taken = take_events(home, at)
    settled = settle(home, at)
    chunks = _chunks(home, versions, policy, at)
    reasons: dict[str, int] = {}
    for chunk in chunks:
        for reason, count in chunk.reasons.items():
            if reason is not None:
                reasons[reason] = reasons.get(reason, 0) + count
    queued = sum(chunk.reasons.get(None, 0) for chunk in chunks)
    return Dispatched(
        taken,
        sum(chunk.events for chunk in chunks),
        queued,
        sum(chunk.deferred for chunk in chunks),
        dict(sorted(reasons.items())),
        settled,
    )


def settle(home: Home, at: dt.datetime) -> int:
    """Take over what became of the messages: sent, not sent and why, silent. Returns the surveys whose state
    changed.
    """
    changed = 0
    with operations.transaction(home.database_url) as connection:
        for name in ("settle_sent", "settle_not_sent", "settle_refusal", "settle_room", "settle_silent"):
            rows = connection.execute(text(models.load("care/survey", name)), {"at": at}).rowcount
            changed += rows if name not in ("settle_refusal", "settle_room") else 0
    return changed


def _chunks(home: Home, versions: Sequence[RuleSet], policy: Policy, at: dt.datetime) -> list[_Chunk]:
    zone = home.zone
    found: list[_Chunk] = []
    after = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), "")
    while True:
        with operations.transaction(home.database_url) as connection:
            connection.execute(text(CONTACT_LOCK))
            chunk = _chunk(connection, home, versions, policy, zone, at, after)
        if chunk is None:
            return found
        found.append(chunk)
        after = chunk.last


def _chunk(
    connection: Connection,
    home: Home,
    versions: Sequence[RuleSet],
    policy: Policy,
    zone: str,
    at: dt.datetime,
    after: tuple[dt.datetime, str],
) -> _Chunk | None:
    """Decide on the next events in the caller's transaction; None when there are none left."""
    values = {"at": at, "zone": zone, "batch": at.astimezone(dt.UTC).isoformat(), **policy_values(policy)}
    _run(connection, "chunk", {"at": at, "after_at": after[0], "after_id": after[1], "size": CHUNK})
    last = connection.execute(text("select happened_at, event_id from chunk order by 1 desc, 2 desc limit 1")).first()
    if last is None:
        return None
    _put_triggers(connection, versions)
    connection.execute(text("analyze chunk, trigger_rule"))  # taken for one row each, they are joined event by event
    _run(connection, "candidate", {"zone": zone})
    _place_numbers(connection)
    connection.execute(text("analyze candidate"))
    _run(connection, "verdict", values)
    connection.execute(text("analyze verdict"))
    reasons = connection.execute(
        text("select reason_code, count(*) from verdict where not is_deferred group by 1")
    ).all()
    if any(row[0] is None for row in reasons):
        values |= _account(connection, home)
        for name in ("put_survey", "put_reservation", "put_budget", "put_outbox"):
            _run(connection, name, values)
    for name in ("put_refusal", "mark_dispatched"):
        _run(connection, name, values)
    events, deferred = connection.execute(
        text("select (select count(*) from chunk), count(*) from verdict where is_deferred")
    ).one()
    return _Chunk(events, (last[0], last[1]), {row[0]: row[1] for row in reasons}, deferred)


def _run(connection: Connection, name: str, values: dict[str, Any]) -> None:
    """Run one of the room's statements with those of the values that it asks for."""
    statement = text(models.load("care/survey", name))
    connection.execute(statement, {key: values[key] for key in statement.compile().params})


def _put_triggers(connection: Connection, versions: Sequence[RuleSet]) -> None:
    connection.execute(text(models.load("care/survey", "trigger_rule")))
    ends: list[dt.date | None] = [version.valid_from for version in versions[1:]]
    rows = [
        _trigger_row(place, name, trigger, version, end)
        for version, end in zip(versions, [*ends, None], strict=True)
        for place, (name, trigger) in enumerate(version.triggers.items())
    ]
    connection.execute(text(models.load("care/survey", "put_trigger")), rows)


def _trigger_row(place: int, name: str, trigger: Trigger, version: RuleSet, end: dt.date | None) -> dict[str, Any]:
    fields = ("kind_code", "topic_code", "ticket_kind_code", "outcome_code", "city_code")
    return {
        "place": place,
        "trigger": name,
        "valid_from": version.valid_from,
        "valid_before": end,
        "purpose": trigger.purpose,
        **{each: list(trigger.when[each]) if each in trigger.when else None for each in fields},
        "delay": dt.timedelta(seconds=trigger.delay_seconds),
        "latest": dt.timedelta(seconds=trigger.latest_seconds),
        "valid_for": dt.timedelta(hours=trigger.valid_hours),
        "threshold": round(trigger.share * HASHES),
        "consent": trigger.consent,
        "promised": trigger.promised,
        "needs_consent": trigger.needs_consent,
        "questionnaire": trigger.questionnaire,
        "text_en": version.text(name, "en"),
        "text_zh": version.text(name, "zh"),
    }


def _place_numbers(connection: Connection) -> None:
    """Zones and language of numbers that came with an event and are not those of the snapshot."""
    numbers = connection.execute(text(UNPLACED)).scalars().all()
    zones, languages = [",".join(zones_of(number)) for number in numbers], [language_of(number) for number in numbers]
    places = {"numbers": numbers, "zones": zones, "languages": languages}
    connection.execute(text(models.load("care/survey", "place_numbers")), places)
    connection.execute(
        text("update candidate set language_code = :language where language_code is null"),
        {"language": language_of(None)},
    )


def policy_values(policy: Policy) -> dict[str, Any]:
    """The policy's numbers as verdict.sql binds them."""
    caps = {name: getattr(policy.caps, name) for name in ("service", "commercial", "promised", "all")}
    return {
        "hours_from": policy.hours.start,
        "hours_until": policy.hours.until,
        **{f"{name}_most": cap.most for name, cap in caps.items()},
        **{f"{name}_window": dt.timedelta(days=cap.days) for name, cap in caps.items()},
        "reserved": policy.reserved_for_promised,
        "service_budget": policy.budgets.service,
        "commercial_budget": policy.budgets.commercial,
        "budget_reserved": policy.reserved_of_budget,
    }


def _account(connection: Connection, home: Home) -> dict[str, Any]:
    """The account that sends: MEND_SMS_ACCOUNT, else the first there is."""
    wanted = home.settings.get("MEND_SMS_ACCOUNT")
    query = (
        "select account_code, sender_number from sms_account where :wanted is null or account_code = :wanted "
        "order by 1 limit 1"
    )
    found = connection.execute(text(query.replace(":wanted", "cast(:wanted as text)")), {"wanted": wanted}).first()
    if found is None:
        raise SurveyError(
            f"no SMS account {wanted or ''} in sms_account: register the account that sends, then run again"
        )
    return {"account": found[0], "sender": found[1]}
