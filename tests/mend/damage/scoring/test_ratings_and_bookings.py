"""Poor ratings and missed callbacks: when they count, and what they are about."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.mend.damage.scoring.cases import REFUSED, Row, at, booking, contact, reply
from tests.mend.damage.scoring.record_steps import MAY, debits, debits_by_night, entries_of, named, put_rows
from tests.mend.damage.scoring.test_tickets import CLOSED, state

from mend.damage.scoring.record_entries import make_record_entries
from mend.damage.scoring.rules import load_rules
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench


def rating(when: str, score: int, scale: int = 10, about: str = "k1", kind: str = "contact", **columns: Any) -> Row:
    return reply(when, about, kind, "hang_up", score=score, score_scale=scale, **columns)


def about(bench: Workbench) -> list[tuple[Any, ...]]:
    """Subject, cause and incident of each record entry of May."""
    with open_step(bench, "test") as step:
        make_record_entries(step, load_rules()[-1], MAY)
        columns = "customer_id, subject_kind_code, subject_id, cause_id, incident_id"
        return bench.sql(f"select {columns} from _record_entry order by all")


SCALES = [
    (10, [0, 6], [7, 10]),
    (5, [1, 2], [0, 3, 5]),  # the lowest of five is one: nought is no rating of that scale
    (7, [], [0, 1, 2, 7]),  # nobody has said which of seven are poor
]


def test_the_poor_band_of_each_scale(bench: Workbench) -> None:
    ratings = [(scale, score) for scale, poor, fine in SCALES for score in (*poor, *fine)]
    rows = [
        row
        for number, (scale, score) in enumerate(ratings)
        for row in named([contact(), rating("11 10:00:00", score, scale)], number)
    ]
    put_rows(bench, rows)
    found = debits(bench)
    assert {rating: entries_of(found, number) for number, rating in enumerate(ratings)} == {
        (scale, score): [("RES-08", "k1", "11 10:00:00", 8)] if score in poor else []
        for scale, poor, fine in SCALES
        for score in (*poor, *fine)
    }


def test_a_rating_of_a_contact_counts_for_it_and_carries_its_incident(bench: Workbench) -> None:
    put_rows(bench, [contact("10 23:50:00", "k0"), contact("11 00:10:00", "k1"), rating("12 10:00:00", 3)])
    assert about(bench) == [("anna", "contact", "k1", "s 12 10:00:00 k1", "k0")]


def test_a_rating_of_an_incident_s_first_contact_names_no_incident_besides(bench: Workbench) -> None:
    put_rows(bench, [contact("10 23:20:00", "k0"), contact("10 23:50:00", "k1"), rating("12 10:00:00", 3)])
    assert about(bench) == [("anna", "contact", "k1", "s 12 10:00:00 k1", None)]


def test_a_rating_of_a_call_from_us_counts_for_it(bench: Workbench) -> None:
    """A callback that was made is surveyed, too. It is no part of an incident."""
    put_rows(
        bench,
        [
            contact("10 10:00:00", "k0"),
            contact("10 10:10:00", "k1", direction_code="outbound"),
            rating("12 10:00:00", 3),
        ],
    )
    assert about(bench) == [("anna", "contact", "k1", "s 12 10:00:00 k1", None)]


def test_a_rating_of_a_ticket_counts_for_it(bench: Workbench) -> None:
    put_rows(bench, [state("10 09:00:00", **CLOSED), rating("12 10:00:00", 3, about="t1", kind="ticket")])
    assert about(bench) == [("anna", "ticket", "t1", "s 12 10:00:00 t1", None)]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([], "campaign"),
        ([], "contact"),
        ([], "ticket"),
        ([contact(customer_id="bert")], "contact"),
        ([contact("01 10:00:00")], "campaign"),
    ],
    ids=["a campaign", "a contact nobody knows", "a ticket nobody knows", "another customer's contact", "same name"],
)  # fmt: skip
def test_a_rating_of_what_is_not_the_customer_s_stands_for_itself(bench: Workbench, rows: list[Row], kind: str) -> None:
    """A campaign's survey, one imported from the province, one that names a contact which is not theirs."""
    put_rows(bench, [*rows, rating("12 10:00:00", 3, kind=kind)])
    assert about(bench) == [("anna", "reply", "s 12 10:00:00 k1", None, None)]


def test_a_contact_is_known_for_31_days(bench: Workbench) -> None:
    early = [contact("01 10:00:00", "k1"), contact("01 12:00:00", "k2")]
    june = [dt.date(2026, 6, 1), dt.date(2026, 6, 2)]
    times = {"replied_at": "2026-06-02 10:00:00+08:00", "sent_at": "2026-06-02 10:00:00+08:00"}
    put_rows(bench, [*early, rating("30 10:00:00", 3), rating("31 10:00:00", 3, about="k2", **times)])
    assert debits(bench) == [("RES-08", "k1", "30 10:00:00", 8)]
    late = [("RES-08", "s 31 10:00:00 k2", "02 10:00:00", 8)]
    assert debits(bench, june) == late
    assert [entry for entry in debits(bench, [*MAY, *june]) if entry[2] == "02 10:00:00"] == late


def test_of_several_poor_ratings_of_a_contact_the_first_counts_by_night_too(bench: Workbench) -> None:
    put_rows(
        bench, [contact(), rating("11 10:00:00", 3), rating("13 10:00:00", 2), rating("14 10:00:00", 1, about="x")]
    )
    expected = [("RES-08", "k1", "11 10:00:00", 8.0), ("RES-08", "s 14 10:00:00 x", "14 10:00:00", 8.0)]
    assert debits(bench) == expected
    assert debits_by_night(bench, MAY[9:15]) == expected


def test_a_rating_under_the_id_that_an_account_became_is_the_same_person_s(bench: Workbench) -> None:
    alias = {"old_customer_id": "anna", "new_customer_id": "zoe", "merged_on": "2026-05-12"}
    early = rating("11 10:00:00", 3, customer_id="zoe")
    late = rating("12 10:00:00", 3, about="k2", customer_id="zoe")
    put_rows(bench, [contact(), contact("10 11:00:00", "k2"), early, late, ("customer_alias", alias)])
    assert about(bench) == [
        ("zoe", "contact", "k2", "s 12 10:00:00 k2", None),  # from the day of the merge on
        ("zoe", "reply", "s 11 10:00:00 k1", None, None),
    ]


@pytest.mark.parametrize(
    ("called", "is_missed"),
    [("11 10:00:00", False), ("11 10:00:01", True), (None, True)],
)
def test_a_booking_is_missed_after_24_h(bench: Workbench, called: str | None, is_missed: bool) -> None:
    put_rows(bench, [contact(**REFUSED), booking("10 10:00:00", called)])
    assert debits(bench) == ([("CON-07", "b1", "11 10:00:00", 5)] if is_missed else [])


def test_a_booking_of_the_last_day_is_decided_on_the_next(bench: Workbench) -> None:
    put_rows(bench, [booking("31 10:00:00")])
    assert debits(bench) == []
    assert [entry[:2] for entry in debits(bench, [dt.date(2026, 6, 1)])] == [("CON-07", "b1")]


def test_times_are_of_the_business_zone(bench: Workbench) -> None:
    """A minute after midnight in Shanghai is the day before in UTC."""
    put_rows(bench, [contact("12 00:00:30"), rating("12 00:01:00", 3)])
    assert debits(bench, [dt.date(2026, 5, 11)]) == []
    assert debits(bench, [dt.date(2026, 5, 12)]) == [("RES-08", "k1", "12 00:01:00", 8)]
    assert at("12 00:01:00").startswith("2026-05-12")
