"""From events to messages: who is asked what and when, under the contact rules, each at most once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, text

from mend.care import contact_rules, service_events, sms
from mend.care.contact_rules import Reserved, Terms
from mend.care.service_events import Taken, take_events
from mend.care.survey.errors import SurveyError
from mend.care.survey.rules import RuleSet, Trigger, load_rules, rules_on
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement

CHUNK: Final = 50_000  # events decided on in one transaction
HASHES: Final = 1 << 32


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
    reserved: Reserved


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
    terms = Terms(policy, at, home.zone, batch=at.astimezone(dt.UTC).isoformat())
    chunks = _chunks(home, versions, terms)
    reasons: Counter[str] = Counter()
    for chunk in chunks:
        reasons.update(chunk.reserved.by_reason)
    return Dispatched(
        taken,
        sum(chunk.events for chunk in chunks),
        sum(chunk.reserved.permitted for chunk in chunks),
        sum(chunk.reserved.deferred for chunk in chunks),
        dict(sorted(reasons.items())),
        settled,
    )


def settle(home: Home, at: dt.datetime) -> int:
    """Take over what became of the messages: sent, not sent and why, silent. Returns the surveys whose state
    changed.
    """
    changed = 0
    with operations.transaction(home.database_url) as connection:
        for name in ("settle_sent", "settle_not_sent", "settle_silent"):
            changed += connection.execute(statement("care/survey", name), {"at": at}).rowcount
        connection.execute(statement("care/survey", "settle_refusal"), {"at": at})
        contact_rules.release_untried(connection)
    return changed


def _chunks(home: Home, versions: Sequence[RuleSet], terms: Terms) -> list[_Chunk]:
    found: list[_Chunk] = []
    after = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), "")
    while True:
        with operations.transaction(home.database_url) as connection:
            contact_rules.lock(connection)
            chunk = _chunk(connection, home, versions, terms, after)
        if chunk is None:
            return found
        found.append(chunk)
        after = chunk.last


def _chunk(
    connection: Connection,
    home: Home,
    versions: Sequence[RuleSet],
    terms: Terms,
    after: tuple[dt.datetime, str],
) -> _Chunk | None:
    """Decide on the next events in the caller's transaction; None when there are none left."""
    values = {"at": terms.at, "zone": terms.zone}
    _run(connection, "chunk", {"at": terms.at, "after_at": after[0], "after_id": after[1], "size": CHUNK})
    last = connection.execute(text("select happened_at, event_id from chunk order by 1 desc, 2 desc limit 1")).first()
    if last is None:
        return None
    _put_triggers(connection, versions)
    connection.execute(text("analyze chunk, trigger_rule"))  # taken for one row each, they are joined event by event
    _run(connection, "candidate", values)
    connection.execute(text("analyze candidate"))
    contact_rules.open_requests(connection)
    _run(connection, "ask_contact_rules", {})
    reserved = contact_rules.reserve(connection, terms)
    if reserved.permitted:
        _run(connection, "put_survey", values)
        sms.enqueue(connection, _messages(connection, home, terms), terms.at)
    _run(connection, "put_refusal", values)
    decided = connection.execute(statement("care/survey", "decided_events")).scalars().all()
    service_events.mark_dispatched(connection, decided, terms.at)
    events = connection.execute(text("select count(*) from chunk")).scalar_one()
    return _Chunk(events, (last[0], last[1]), reserved)


def _messages(connection: Connection, home: Home, terms: Terms) -> list[sms.NewMessage]:
    """The messages of the surveys that may go."""
    account, sender = _account(connection, home)
    hours = terms.policy.hours
    rows = connection.execute(statement("care/survey", "message"), {"zone": terms.zone}).mappings().all()
    sent_by = {"account_code": account, "sender_number": sender}
    permitted = {"allowed_from": hours.start, "allowed_until": hours.until}
    return [sms.NewMessage(**{**row, "quiet_zones": tuple(row["quiet_zones"]), **sent_by, **permitted}) for row in rows]


def _run(connection: Connection, name: str, values: dict[str, Any]) -> None:
    """Run one of the room's statements with those of the values that it asks for."""
    found = statement("care/survey", name)
    connection.execute(found, {key: values[key] for key in found.compile().params})


def _put_triggers(connection: Connection, versions: Sequence[RuleSet]) -> None:
    connection.execute(statement("care/survey", "trigger_rule"))
    ends: list[dt.date | None] = [version.valid_from for version in versions[1:]]
    rows = [
        _trigger_row(place, name, trigger, version, end)
        for version, end in zip(versions, [*ends, None], strict=True)
        for place, (name, trigger) in enumerate(version.triggers.items())
    ]
    connection.execute(statement("care/survey", "put_trigger"), rows)


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


def _account(connection: Connection, home: Home) -> tuple[str, str]:
    """The account that sends: MEND_SMS_ACCOUNT, else the first there is."""
    wanted = home.settings.get("MEND_SMS_ACCOUNT")
    found = sms.sending_account(connection, wanted)
    if found is None:
        raise SurveyError(
            f"no SMS account {wanted or ''} in sms_account: register the account that sends, then run again"
        )
    return found
