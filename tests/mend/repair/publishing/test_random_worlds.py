"""Random customers, consents, opt-outs, complaints and earlier messages: nobody is written to who must not be, and what
is owed is never dropped. The rules are said here once more, in Python.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
import yaml
from tests.mend.care.survey.desk import customer, rows, run
from tests.mend.repair.publishing.written import AT, LIST, RULES, approved, number, open_account, row, write

from mend.care.survey.rules import load_rules
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import publish

CAPS = load_rules()[0].policy.caps
KINDS = {"dropped_call_care": "owed", "sms_consolidation": "commercial", "phone_callback": "call"}


@dataclass(frozen=True)
class Person:
    """What is known of somebody."""

    name: str
    phone: str | None
    is_active: bool
    service: bool | None
    marketing: bool | None
    opted_out: bool
    has_ticket: bool
    sent: int

    def may_get(self, kind: str) -> bool:
        """Whether a message may go to them: `owed` (service, promised) or `commercial`."""
        if self.phone is None or not self.is_active or self.opted_out:
            return False
        if kind == "owed":
            return self.service is True
        full = self.sent >= min(CAPS.commercial.most, CAPS.all.most - load_rules()[0].policy.reserved_for_promised)
        return self.marketing is True and not self.has_ticket and not full


def person(draw: random.Random, place: int) -> Person:
    return Person(
        f"K{place}",
        None if draw.random() < 0.1 else number(place),
        draw.random() > 0.1,
        draw.choice([True, True, True, False, None]),
        draw.choice([True, True, False, None]),
        draw.random() < 0.15,
        draw.random() < 0.2,
        draw.choice([0, 0, 0, 1, CAPS.commercial.most]),
    )


def known(home: Home, people: list[Person]) -> None:
    for each in people:
        consents = {"has_survey_consent": each.service, "has_marketing_consent": each.marketing}
        customer(home, each.name, each.phone, is_active=each.is_active, **consents)
        if each.opted_out and each.phone:
            run(home, "insert into sms_opt_out values (:phone, :at, 'reply')", phone=each.phone, at=AT)
        if each.has_ticket:
            run(home, "insert into known_ticket values (:name, :name, 'billing', :at)", name=each.name, at=AT)
        for turn in range(each.sent):
            run(
                home,
                "insert into contact_reservation values (:key, :name, :phone, 'commercial', false, :at, :key)",
                key=f"before {each.name} {turn}", name=each.name, phone=each.phone or f"none {each.name}",
                at=AT + dt.timedelta(days=1),
            )  # fmt: skip


def text() -> str:
    """A message that is owed, and one that is an offer."""
    content = yaml.safe_load(RULES.text)
    content["strategies"]["dropped_call_care"] |= {"is_entitlement": True, "hold_out_share": 0.0}
    content["strategies"]["sms_consolidation"] |= {"consent_code": "commercial"}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def listed_rows(draw: random.Random, people: list[Person]) -> list[dict[str, object]]:
    """Each one on the list by one strategy: two of a person in one batch are another test's."""
    found = []
    for rank, each in enumerate(people, 1):
        strategy = draw.choice(list(KINDS))
        found.append(row(strategy, each.name, rank, is_entitlement=KINDS[strategy] == "owed"))
    return found


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 30))])
def test_who_may_be_written_to_is_and_nobody_else_and_what_is_owed_is_never_dropped(
    new_home: Callable[[], AbstractContextManager[Home]], seed: int
) -> None:
    draw = random.Random(seed)
    people = [person(draw, place) for place in range(60)]
    with new_home() as home, Workbench.open(home) as bench:
        open_account(home)
        known(home, people)
        listed = listed_rows(draw, people)
        write(bench, listed, text=text())
        approved(home, bench)
        for _ in range(2):  # the rerun too
            publish(home, bench, LIST, "admin", AT, "a test")
        found = rows(home, "select customer_id, strategy_code, state_code, reason_code from campaign_action")
        by_name = {each.name: each for each in people}
        assert len(found) == len(listed)
        for name, strategy, state, _ in found:
            kind = KINDS[strategy]
            each = by_name[name]
            may_call = each.phone is not None and each.is_active and each.service and not each.opted_out
            expected = "queued" if kind != "call" and each.may_get(kind) else None
            expected = "planned" if kind == "call" and may_call else expected
            assert state == (expected or ("to_person" if kind == "owed" else "withheld")), (by_name[name], strategy)
        queued = {name for name, _, state, _ in found if state == "queued"}
        assert rows(home, "select count(*), count(distinct customer_id) from sms_outbox") == [
            (len(queued), len(queued))
        ]
