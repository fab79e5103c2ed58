"""Inbound messages into answers: read in the order they came, each once, opt-outs at once, doubtful ones to a
person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from mend.care import contact_rules, sms
from mend.care.survey.dispatch import settle
from mend.care.survey.matching import Asked, match
from mend.care.survey.reply import (
    Meaning,
    asks_to_stop,
    is_courtesy,
    parse,
    wants_marketing_again,
    wants_messages_again,
)
from mend.care.survey.rules import Questionnaire, RuleSet, load_rules, rules_on
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement

BLOCK: Final = 1_000  # messages read in one transaction
COUNTS_AS: Final = ("first", "later", "opt_out", "opt_in", "unclear", "unmatched")
REPLY_LOCK: Final = "select pg_advisory_xact_lock(hashtext('survey replies'))"


@dataclass(frozen=True)
class RepliesRead:
    """Messages read, by what they count for. `for_people` of them wait for a person."""

    read: int = 0
    first: int = 0
    later: int = 0
    opt_out: int = 0
    opt_in: int = 0
    unclear: int = 0
    unmatched: int = 0
    for_people: int = 0


def read_replies(home: Home, at: dt.datetime) -> RepliesRead:
    """Read the messages that arrived until `at` (the end of the run's interval) and were not read before."""
    settle(home, at)
    versions = load_rules(home.root / "survey_rules")
    found: list[tuple[str, bool]] = []
    while True:
        with operations.transaction(home.database_url) as connection:
            connection.execute(text(REPLY_LOCK))
            block = (
                connection.execute(statement("care/survey", "new_inbound"), {"at": at, "size": BLOCK}).mappings().all()
            )
            found += [_read(connection, message, versions, at) for message in block]
        if len(block) < BLOCK:
            return _counted(found)


def _counted(found: Sequence[tuple[str, bool]]) -> RepliesRead:
    counts = {name: sum(counts_as == name for counts_as, _ in found) for name in COUNTS_AS}
    return RepliesRead(len(found), **counts, for_people=sum(needs_person for _, needs_person in found))


def _read(
    connection: Connection, message: Mapping[Any, Any], versions: Sequence[RuleSet], at: dt.datetime
) -> tuple[str, bool]:
    """Read one message; gives what it counts for and whether a person must look at it."""
    rows = (
        connection.execute(statement("care/survey", "asked"), {"phone_number": message["phone_number"]})
        .mappings()
        .all()
    )
    asked = [
        Asked(row["survey_id"], row["extension"], row["sent_at"], row["valid_until"], row["is_answered"])
        for row in rows
    ]
    how, found = match(asked, message["extension"], message["received_at"])
    row = next((row for row in rows if found and row["survey_id"] == found.survey_id), None)
    questionnaire = _questionnaire(versions, row)
    is_whole = message["state_code"] == "new"
    meaning = (
        _said(connection, message, questionnaire, row["sent_text"] if row else "") if is_whole else Meaning("unclear")
    )
    counts_as = _counts_as(meaning, found)
    # After an answer, thanks need nobody; anything else that is not clear does.
    is_after_all = is_whole and found is not None and found.is_answered and is_courtesy(message["text"])
    needs_person = counts_as in ("unclear", "unmatched") and not is_after_all
    if counts_as == "opt_out":
        number, received_at = message["phone_number"], message["received_at"]
        contact_rules.opt_out(connection, number, received_at, "reply", message["inbound_id"])
    if counts_as == "first" and found and questionnaire:
        _answer(connection, found.survey_id, message, meaning, questionnaire)
    _remember(connection, message, at, found.survey_id if found else None, how, meaning, counts_as, needs_person)
    return counts_as, needs_person


def _questionnaire(versions: Sequence[RuleSet], row: Mapping[Any, Any] | None) -> Questionnaire | None:
    """The questionnaire of the version by which the survey was asked."""
    if row is None or row["questionnaire_code"] is None:
        return None
    return rules_on(row["rule_version"], versions).questionnaires.get(row["questionnaire_code"])


def _said(
    connection: Connection, message: Mapping[Any, Any], questionnaire: Questionnaire | None, sent: str
) -> Meaning:
    """What a whole message means; one that asks for messages again lifts the opt-out."""
    return Meaning("opt_in") if _opt_in(connection, message) else _meaning(message["text"], questionnaire, sent)


def _meaning(words: str, questionnaire: Questionnaire | None, sent: str) -> Meaning:
    """What a message means. To no question of ours it can only be an opt-out."""
    if questionnaire is not None:
        return parse(words, questionnaire, sent)
    return Meaning("opt_out" if asks_to_stop(words) else "unclear")


def _counts_as(meaning: Meaning, found: Asked | None) -> str:
    if meaning.code in ("opt_out", "opt_in"):
        return meaning.code
    if found is None:
        return "unmatched"
    if meaning.code == "unclear":
        return "unclear"
    return "later" if found.is_answered else "first"


def _answer(
    connection: Connection, survey_id: str, message: Mapping[Any, Any], meaning: Meaning, questionnaire: Questionnaire
) -> None:
    values = {
        "survey_id": survey_id,
        "inbound_id": message["inbound_id"],
        "replied_at": message["received_at"],
        "meaning": meaning.code,
        "score": meaning.score,
        "scale": questionnaire.scale if meaning.score is not None else None,
        "is_solved": {"solved": True, "unsolved": False}.get(meaning.code),
    }
    connection.execute(statement("care/survey", "put_answer"), values)


def _remember(
    connection: Connection,
    message: Mapping[Any, Any],
    at: dt.datetime,
    survey_id: str | None,
    how: str,
    meaning: Meaning,
    counts_as: str,
    person: bool,
) -> None:
    values = {
        "inbound_id": message["inbound_id"],
        "survey_id": survey_id,
        "received_at": message["received_at"],
        "at": at,
        "match": how,
        "meaning": meaning.code,
        "score": meaning.score,
        "counts_as": counts_as,
        "needs_person": person,
    }
    connection.execute(statement("care/survey", "put_reply"), values)
    state: Final = "parked" if message["state_code"] == "parked" else "unclear" if person else "matched"
    sms.mark_inbound(connection, message["inbound_id"], state, at, survey_id)


def opt_in(connection: Connection, phone_number: str, at: dt.datetime, words: str, inbound_id: int) -> bool:
    """Lift the opt-out of a number; False where there is none that the words lift."""
    return contact_rules.opt_in(connection, phone_number, at, words, inbound_id, wants_marketing_again(words))


def _opt_in(connection: Connection, message: Mapping[Any, Any]) -> bool:
    """Whether a message lifts an opt-out: all of it asks for messages again, and an opt-out is in force."""
    if not wants_messages_again(message["text"]):
        return False
    return opt_in(connection, message["phone_number"], message["received_at"], message["text"], message["inbound_id"])
