"""The playbooks of a card: of the open follow-up ticket that is due first, of the call label or warning, else of the
damage that is open. The same playbooks as the page of a ticket and `mend playbook` show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from mend.prevention.playbooks import Found, PlaybookSet, of_customer, of_ticket, playbooks_on
from mend.prevention.playbooks.cases import Case
from mend.query.pages.card import Card

DAMAGE: Final = "damage"
CLOSED: Final = ("answered", "closed")
ESCALATED: Final = "RES-07"


def cases_of(connection: Connection, card: Card, at: dt.datetime, versions: Sequence[PlaybookSet]) -> list[Found]:
    """The card's cases with their playbooks, the one to begin with first, each playbook once. Empty where nothing is
    open.

    Args:
        at: now, in the business zone.
        versions: playbooks, oldest first.
    """
    found = _of_tickets(connection, card, at, versions)
    if card.labels or card.warning:
        found += of_customer(connection, card.customer_id, at.date(), versions)
    if not found and card.latest and card.latest["level"]:
        playbooks = playbooks_on(at.date(), versions)
        found = [Found(DAMAGE, card.latest["month"], card.customer_id, playbooks, playbooks.choose(case_of_card(card)))]
    once = {each.chosen.playbook.code: each for each in reversed(found)}
    return [each for each in found if once[each.chosen.playbook.code] is each]


def _of_tickets(connection: Connection, card: Card, at: dt.datetime, versions: Sequence[PlaybookSet]) -> list[Found]:
    waiting = [each for each in card.follow_ups if each["state_code"] not in CLOSED]
    first = min(waiting, key=lambda each: (each["due_at"] is None, each["due_at"] or each["opened_at"]), default=None)
    return [of_ticket(connection, first["follow_up_id"], at, versions)] if first else []


def case_of_card(card: Card) -> Case:
    """The columns of a case that the story of the month tells: level, segment, and which indicators hit."""
    latest = card.latest or {}
    entries = card.month.lists["entries"] if card.month else []
    hits = {each["indicator"] for each in entries if each["kind"] == "debit"}
    return {
        "level": latest.get("level"),
        "score": latest.get("score"),
        "is_explicit": latest.get("is_explicit"),
        "segment_code": latest.get("segment_code"),
        "lifecycle_stage_code": latest.get("lifecycle_stage_code"),
        "is_escalated": ESCALATED in hits,
        **{f"hit_{each.lower().replace('-', '_')}": True for each in hits},
    }
