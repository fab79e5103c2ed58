"""Any number of shares has every row once, and what belongs together in one share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.shares import Disagreement, Sharing, Way, disagreements, in_shares, share_count
from mend.foundation.pipeline.workbench import Workbench

CONTACT = Sharing("contact", (Way("customer_id"),), "contact_id")
TICKET = Sharing("ticket", (Way("customer_id"), Way("contact_id", via="contact")), "ticket_id")
REPLY = Sharing(
    "reply",
    (
        Way("customer_id"),
        Way("about_id", via="ticket", where="about_kind_code = 'ticket'"),
        Way("about_id", via="contact", where="about_kind_code = 'contact'"),
    ),
    "survey_id",
)
INPUTS = [CONTACT, TICKET, REPLY]
CONTACTS = [(f"k{number}", f"c{number % 23}" if number % 5 else None) for number in range(60)]
TICKETS = [
    (f"t{number}", None if number % 3 else f"c{(number * 2 + number % 2) % 23}", f"k{number * 2}")
    for number in range(40)
]
REPLIES = [
    *((f"s{number}", None, "ticket", f"t{number}") for number in range(40)),
    *((f"r{number}", None, "contact", f"k{number}") for number in range(60)),
    ("n1", None, "other", "t1"),
]


@pytest.fixture
def step(bench: Workbench) -> Iterator[Step]:
    with open_step(bench, "test") as step:
        text = "varchar"
        step.put("contact", {"contact_id": text, "customer_id": text}, CONTACTS)
        step.put("ticket", {"ticket_id": text, "customer_id": text, "contact_id": text}, TICKETS)
        step.put("reply", {"survey_id": text, "customer_id": text, "about_kind_code": text, "about_id": text}, REPLIES)
        yield step


@pytest.mark.parametrize("count", [1, 2, 7])
def test_every_row_is_in_one_share_with_what_it_belongs_to(step: Step, count: int) -> None:
    share: dict[str, int] = {}
    for number in in_shares(step, INPUTS, count):
        for name in ("contact", "ticket", "reply"):
            for row in step.read(name):
                assert row[0] not in share
                share[row[0]] = number
    assert len(share) == len(CONTACTS) + len(TICKETS) + len(REPLIES)
    assert all(
        share[ticket] == share[contact] for ticket, customer, contact in TICKETS if not customer and contact in share
    )
    assert all(share[reply] == share[about] for reply, _, kind, about in REPLIES if kind != "other" and about in share)
    assert len(set(share.values())) == count


def test_the_share_is_that_of_md5_so_every_machine_finds_the_same(step: Step) -> None:
    found = {}
    for number in in_shares(step, [CONTACT], 7):
        found |= {customer: number for _, customer in step.read("contact") if customer}
    digest = {name: hashlib.md5(name.encode()).digest() for name in found}
    assert found == {name: int.from_bytes(each[8:], "little") % 7 for name, each in digest.items()}


def test_rows_that_name_another_customer_s_contact_are_counted(step: Step) -> None:
    owner = {contact: customer for contact, customer in CONTACTS if customer}
    disagreeing = sum(bool(customer and owner.get(contact, customer) != customer) for _, customer, contact in TICKETS)
    assert disagreeing
    assert disagreements(step, INPUTS) == [Disagreement("ticket", "contact_id", disagreeing)]


def test_two_tickets_of_a_contact_that_never_came_go_together(bench: Workbench) -> None:
    with open_step(bench, "test") as step:
        step.put("contact", {"contact_id": "varchar", "customer_id": "varchar"}, [])
        rows = [(f"t{number}", None, "missing") for number in range(9)]
        step.put("ticket", {"ticket_id": "varchar", "customer_id": "varchar", "contact_id": "varchar"}, rows)
        held = [len(step.read("ticket")) for _ in in_shares(step, [CONTACT, TICKET], 7)]
    assert sorted(held) == [0, 0, 0, 0, 0, 0, 9]


def test_the_number_of_shares_follows_memory(bench: Workbench) -> None:
    assert share_count(bench, 1000, 100) == 1
    assert share_count(bench, 10**12, 100) > 7
