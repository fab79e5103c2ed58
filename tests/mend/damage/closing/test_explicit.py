"""What customers said, graded: a floor under the level while that damage is not wholly repaired."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.mend.damage.closing.tables import close, exposure, grumbles, ledger, load, month_rows, others_call, row
from tests.mend.damage.scoring.rows import put

from mend.damage.closing.inputs import ROOM
from mend.damage.closing.rules import GradeError, grades_on
from mend.foundation.home import Home
from mend.foundation.periods import first_day_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench

MAY, JUNE, JULY, AUGUST = "2026-05", "2026-06", "2026-07", "2026-08"
COLUMNS = "level, explicit_grade, is_explicit, is_in_consolidation"


def reply(about: str, on: str, kind: str = "contact", **columns: Any) -> dict[str, Any]:
    """A customer's answer about something, on a day of 2026."""
    return {
        "survey_id": f"s-{about}-{on}",
        "customer_id": "A",
        "about_kind_code": kind,
        "about_id": about,
        "purpose_code": "hang_up",
        "sent_at": f"2026-{on} 09:00:00+08:00",
        "replied_at": f"2026-{on} 09:30:00+08:00",
        **columns,
    }


def resurvey(about: str, on: str, score: int, kind: str = "contact") -> dict[str, Any]:
    return reply(about, on, kind, purpose_code="resurvey", score=score, score_scale=10)


def complaint(name: str, on: str, customer: str | None = "A", **columns: Any) -> dict[str, Any]:
    return {
        "ticket_id": name,
        "customer_id": customer,
        "kind_code": "complaint",
        "opened_at": f"2026-{on} 10:00:00+08:00",
        **columns,
    }


GRADES = [
    (7, 10, 0), (6, 10, 2), (5, 10, 2), (4, 10, 3), (3, 10, 3), (2, 10, 4), (0, 10, 4),
    (3, 5, 0), (2, 5, 3), (1, 5, 4), (0, 5, 4),
]  # fmt: skip


def test_ratings_are_graded_by_their_scale(home: Home, bench: Workbench) -> None:
    cases = {
        f"{kind} {score} of {scale}": (kind, score, scale, grade)
        for kind in ("contact", "ticket", "campaign")
        for score, scale, grade in GRADES
    }
    replies = [
        reply(f"k {name}", "05-10", kind, customer_id=name, score=score, score_scale=scale)
        for name, (kind, score, scale, _) in cases.items()
    ]
    put(bench, "survey_reply", replies)
    load(home, MAY)
    close(home, bench, MAY)
    assert month_rows(bench, MAY, f"customer_id, {COLUMNS}") == sorted(
        (name, grade, grade, True, False) for name, (*_, grade) in cases.items() if grade
    )


def test_a_grumbler_and_a_complainer_are_explicitly_damaged_even_without_points(home: Home, bench: Workbench) -> None:
    grumbles(bench, "customer_id | grumbled_at | source_id\nG | 05-10 10:00:00 | k")
    put(bench, "ticket", [complaint("t", "05-11", "C"), complaint("e", "05-11", "E", kind_code="enquiry")])
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nE | 05-10 10:00:00 | e")
    load(home, MAY)
    close(home, bench, MAY)
    assert month_rows(bench, MAY, f"customer_id, score, {COLUMNS}") == [
        ("C", 0, 2, 2, True, False),
        ("E", 0, 0, 0, False, False),
        ("G", 0, 1, 1, True, False),
    ]


def test_a_complaint_that_names_no_customer_is_that_of_its_contact(home: Home, bench: Workbench) -> None:
    contact = {"contact_id": "k", "customer_id": "A", "started_at": "2026-05-10 23:59:00+08:00", "outcome": "answered"}
    put(bench, "contact", [contact])
    put(bench, "ticket", [complaint("t", "05-11", None, contact_id="k"), complaint("u", "05-11", None)])
    load(home, MAY)
    close(home, bench, MAY)
    assert month_rows(bench, MAY, "customer_id, explicit_grade") == [("A", 2)]


@pytest.mark.parametrize(("indicator", "points", "grade"), [("RES-06", 8, 3), ("RES-07", 10, 4)])
def test_repeat_and_escalated_complaints_have_their_grade(
    home: Home, bench: Workbench, indicator: str, points: int, grade: int
) -> None:
    put(bench, "ticket", [complaint("t", "05-11")])
    ledger(
        bench,
        "customer_id | posted_at | indicator_id | points | subject_id | subject_kind_code\n"
        f"A | 05-11 10:00:00 | {indicator} | {points} | t | ticket",
    )
    close(home, bench, MAY)
    assert row(bench, "A", MAY, f"{COLUMNS}, is_escalated") == (grade, grade, True, False, grade == 4)


def test_the_grade_is_a_floor_while_the_debits_are_not_wholly_repaired(home: Home, bench: Workbench) -> None:
    """A rating of 2 with its debit of 8: half of it repaired in June, the rest in July."""
    put(bench, "survey_reply", [reply("k", "05-10", score=2, score_scale=10)])
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id | cause_id
        A           | 05-10 09:30:00 | RES-08       | 8      | k          | s-k-05-10
        A           | 06-10 09:30:00 | REP-01       | -2     | k          | r1
        A           | 07-10 09:30:00 | REP-04       | -1     | k          | r2
        """,
    )
    close(home, bench, MAY, JUNE, JULY)
    assert row(bench, "A", MAY, f"score, {COLUMNS}") == (8, 4, 4, True, False)
    assert row(bench, "A", JUNE, f"score, {COLUMNS}") == (2, 4, 4, True, False)
    assert row(bench, "A", JULY, f"score, {COLUMNS}") == (0, 0, 0, False, True)


def test_a_rating_about_damage_of_a_month_before_is_repaired_with_all_of_that_contact(
    home: Home, bench: Workbench
) -> None:
    """The credit takes what is left of May's 5 points first: 5.5 of June's rating are left."""
    put(bench, "survey_reply", [reply("k", "06-02", score=4, score_scale=10)])
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id | cause_id
        A           | 05-31 09:30:00 | AGT-08       | 5      | k          |
        A           | 06-02 09:30:00 | RES-08       | 8      | k          | s-k-06-02
        A           | 06-10 09:30:00 | REP-08       | -8     | k          | r1
        """,
    )
    close(home, bench, MAY, JUNE)
    assert row(bench, "A", JUNE, f"score, {COLUMNS}") == (2.5, 3, 3, True, False)


def test_without_debits_the_grade_lapses_after_three_closes(home: Home, bench: Workbench) -> None:
    grumbles(bench, "customer_id | grumbled_at | source_id\nA | 05-10 10:00:00 | k")
    others_call(bench, MAY, JUNE, JULY, AUGUST)
    load(home, MAY, JUNE, JULY, AUGUST)
    close(home, bench, MAY, JUNE, JULY, AUGUST)
    assert [row(bench, "A", month, COLUMNS) for month in (MAY, JUNE, JULY)] == [(1, 1, True, False)] * 3
    assert month_rows(bench, AUGUST, "customer_id") == [("Z",)], "it lapsed, and nobody repaired it"


ANSWERS = [
    ("contact", resurvey("k", "06-10", 9), True),
    ("contact", resurvey("k", "06-10", 8), False),
    ("contact", resurvey("other", "06-10", 10), False),
    ("contact", reply("k", "06-10", score=10, score_scale=10), False),  # a rating, no re-survey
    ("contact", reply("k", "06-10", purpose_code="complex_question", is_solved="true"), True),
    ("contact", reply("k", "06-10", purpose_code="complex_question", is_solved="false"), False),
    ("ticket", reply("k", "06-10", "ticket", purpose_code="second_follow_up", is_solved="true"), True),
    ("ticket", reply("k", "06-10", "contact", purpose_code="second_follow_up", is_solved="true"), False),
]


def test_without_debits_the_customers_word_repairs_it(home: Home, bench: Workbench) -> None:
    """Each answer is another customer's, about what that customer grumbled about."""
    lines = [f"C{number} | 05-10 10:00:00 | k{number} | {kind}" for number, (kind, *_) in enumerate(ANSWERS)]
    grumbles(bench, "\n".join(["customer_id | grumbled_at | source_id | source_kind_code", *lines]))
    own = [
        {**answer, "survey_id": f"s{number}", "customer_id": f"C{number}", "about_id": f"{answer['about_id']}{number}"}
        for number, (_, answer, _) in enumerate(ANSWERS)
    ]
    put(bench, "survey_reply", own)
    others_call(bench, MAY)
    load(home, MAY, JUNE)
    close(home, bench, MAY, JUNE)
    for number, (*_, is_repaired) in enumerate(ANSWERS):
        assert row(bench, f"C{number}", MAY, COLUMNS) == (1, 1, True, False), ANSWERS[number]
        expected = (0, 0, False, True) if is_repaired else (1, 1, True, False)
        assert row(bench, f"C{number}", JUNE, COLUMNS) == expected, ANSWERS[number]


def test_what_was_said_again_after_the_repair_counts_again(home: Home, bench: Workbench) -> None:
    first, last = (reply("k", day, score=score, score_scale=10) for day, score in (("05-10", 6), ("05-14", 4)))
    put(bench, "survey_reply", [first, resurvey("k", "05-12", 10), last])
    load(home, MAY)
    close(home, bench, MAY)
    assert row(bench, "A", MAY, COLUMNS) == (3, 3, True, False)


def test_a_debit_that_the_cap_took_away_is_none(home: Home, bench: Workbench) -> None:
    """Then the customer's word counts, not that nothing is left."""
    grumbles(bench, "customer_id | grumbled_at | source_id\nA | 05-10 10:00:00 | k")
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id | incident_id
        A           | 05-10 09:00:00 | AGT-08       | 15     | j          |
        A           | 05-10 09:10:00 | AGT-07       | 5      | k          | j
        A           | 05-10 09:10:00 | AGT-07       | -5     | k          | j
        A           | 05-12 09:10:00 | REP-04       | -15    | j          |
        """,
    )
    close(home, bench, MAY)
    assert row(bench, "A", MAY, f"score, {COLUMNS}") == (0, 1, 1, True, False)


def test_a_customer_without_explicit_damage_is_in_consolidation_when_all_is_repaired(
    home: Home, bench: Workbench
) -> None:
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id
        A           | 05-10 09:00:00 | AGT-08       | 5      | a
        A           | 05-12 09:00:00 | REP-04       | -5     | a
        B           | 05-10 09:00:00 | AGT-08       | 5      | b
        B           | 05-12 09:00:00 | REP-01       | -4.999 | b
        C           | 05-10 09:00:00 | AGT-08       | 5      | c
        C           | 05-12 09:00:00 | REP-01       | -4     | c
        """,
    )
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nD | 05-10 10:00:00 | d")
    close(home, bench, MAY)
    assert month_rows(bench, MAY, f"customer_id, {COLUMNS}") == [
        ("A", 0, 0, False, True),
        ("B", 0, 0, False, True),  # under a hundredth nothing is left
        ("C", 1, 0, False, False),
        ("D", 0, 0, False, False),
    ]


def test_a_rating_that_names_nobody_is_that_of_whom_its_debit_was_posted_on(home: Home, bench: Workbench) -> None:
    put(bench, "survey_reply", [reply("k", "05-10", customer_id=None, score=1, score_scale=10)])
    ledger(
        bench,
        "customer_id | posted_at | indicator_id | points | subject_id | cause_id\n"
        "A | 05-10 09:30:00 | RES-08 | 8 | k | s-k-05-10",
    )
    close(home, bench, MAY)
    assert month_rows(bench, MAY, "customer_id, explicit_grade") == [("A", 4)]


def test_a_credit_on_a_whole_incident_repairs_what_was_said_on_its_other_contacts(home: Home, bench: Workbench) -> None:
    """The credits name the first contact and leave nothing of the second's damage either."""
    load(home, MAY)
    grumbles(bench, "customer_id | grumbled_at | source_id\nA | 05-10 10:10:00 | k2")
    ledger(
        bench,
        "customer_id | posted_at | indicator_id | points | subject_id | cause_id | incident_id\n"
        "A | 05-10 10:00:00 | CON-02 | 3 | k1 |  | \n"
        "A | 05-10 10:10:00 | CON-03 | 1 | k2 |  | k1\n"
        "A | 05-12 10:00:00 | REP-06 | -3 | k1 | b |\n"
        "A | 05-13 10:00:00 | REP-03 | -1 | k1 | r |",
    )
    close(home, bench, MAY)
    assert row(bench, "A", MAY, COLUMNS) == (0, 0, True, True)


def test_a_credit_on_a_whole_incident_takes_the_oldest_damage_and_leaves_what_was_said_last_open(
    home: Home, bench: Workbench
) -> None:
    """Rating 8 on the first contact after damage of 5 on each: of 12 points of credit it keeps 6."""
    load(home, MAY)
    put(bench, "survey_reply", [reply("k1", "05-11", score=2, score_scale=10)])
    ledger(
        bench,
        "customer_id | posted_at | indicator_id | points | subject_id | cause_id | incident_id\n"
        "A | 05-10 10:00:00 | AGT-08 | 5 | k1 |  |\n"
        "A | 05-10 10:10:00 | AGT-08 | 5 | k2 |  | k1\n"
        "A | 05-11 09:30:00 | RES-08 | 8 | k1 | s-k1-05-11 |\n"
        "A | 05-12 10:00:00 | REP-04 | -6 | k1 | r1 |\n"
        "A | 05-13 10:00:00 | REP-04 | -6 | k1 | r2 |\n"
        "A | 05-14 10:00:00 | REP-03 | -1 | k1 | r3 |",
    )
    close(home, bench, MAY)
    assert row(bench, "A", MAY, COLUMNS) == (4, 4, True, False)


def test_what_another_customer_says_of_a_ticket_repairs_nothing_that_was_said_of_it(
    home: Home, bench: Workbench
) -> None:
    put(bench, "ticket", [complaint("t", "05-11")])
    put(bench, "survey_reply", [reply("t", "05-12", "ticket", customer_id="B", is_solved=True)])
    load(home, MAY)
    close(home, bench, MAY)
    assert row(bench, "A", MAY, COLUMNS) == (2, 2, True, False)


def test_a_rating_of_another_customer_s_contact_is_not_repaired_with_that_contact(home: Home, bench: Workbench) -> None:
    """B's damage on k has nothing left; A's rating of k has its own debit, on the reply."""
    load(home, MAY)
    put(bench, "survey_reply", [reply("k", "05-11", score=2, score_scale=10)])
    ledger(
        bench,
        "customer_id | posted_at | indicator_id | points | subject_id | cause_id | subject_kind_code\n"
        "B | 05-10 10:00:00 | AGT-08 | 5 | k |  | contact\n"
        "A | 05-11 09:30:00 | RES-08 | 8 | s-k-05-11 |  | reply\n"
        "B | 05-12 10:00:00 | REP-01 | -5 | k | r | contact",
    )
    close(home, bench, MAY)
    assert row(bench, "A", MAY, COLUMNS) == (4, 4, True, False)
    assert row(bench, "B", MAY, "explicit_grade") == (0,)


def test_an_incident_that_was_repaired_as_a_whole_is_settled_entry_by_entry() -> None:
    """Not `alone` (one damaged contact), not `apart` (its credit names the second contact), not `unsaid`."""
    check(
        read_model(ROOM, "repaired_incident"),
        {
            "posted_year": """
                posted_on  | posted_at                 | subject_kind_code | subject_id | incident_id | indicator_id | entry_kind_code | cause_id | points::decimal(9,3)
                2026-05-10 | 2026-05-10 10:00:00+08:00 | contact           | k1         |             | AGT-08       | debit           |          | 5
                2026-05-10 | 2026-05-10 10:10:00+08:00 | contact           | k2         | k1          | AGT-08       | debit           |          | 5
                2026-05-10 | 2026-05-10 10:10:00+08:00 | contact           | k2         | k1          | AGT-08       | cap             |          | -2
                2026-06-12 | 2026-06-12 10:00:00+08:00 | contact           | k1         |             | REP-04       | credit          | r        | -6
                2026-05-10 | 2026-05-10 10:00:00+08:00 | contact           | alone      |             | AGT-08       | debit           |          | 5
                2026-05-11 | 2026-05-11 10:00:00+08:00 | contact           | alone      |             | REP-01       | credit          | r2       | -5
                2026-05-10 | 2026-05-10 10:10:00+08:00 | contact           | second2    | second      | CON-03       | debit           |          | 1
                2026-05-11 | 2026-05-11 10:00:00+08:00 | contact           | second     |             | REP-03       | credit          | r5       | -1
                2026-05-10 | 2026-05-10 10:00:00+08:00 | contact           | apart      |             | AGT-08       | debit           |          | 5
                2026-05-10 | 2026-05-10 10:10:00+08:00 | contact           | apart2     | apart       | AGT-08       | debit           |          | 5
                2026-05-11 | 2026-05-11 10:00:00+08:00 | contact           | apart2     | apart       | REP-01       | credit          | r3       | -5
                2026-05-10 | 2026-05-10 10:00:00+08:00 | contact           | unsaid     |             | AGT-08       | debit           |          | 5
                2026-05-10 | 2026-05-10 10:10:00+08:00 | contact           | unsaid2    | unsaid      | AGT-08       | debit           |          | 5
                2026-05-11 | 2026-05-11 10:00:00+08:00 | contact           | unsaid     |             | REP-01       | credit          | r4       | -5
            """,  # noqa: E501
            "statement": """
                subject_kind_code | subject_id
                contact           | k2
                contact           | alone
                contact           | apart
                contact           | second2
            """,
        },
        """
        account_id | subject_id | indicator_id | is_credit | cause_key | month_number | thousandths
        k1         | k1         | AGT-08       | false     |           | 24317        | 5000
        k1         | k2         | AGT-08       | false     |           | 24317        | 3000
        k1         | k1         | REP-04       | true      | r         | 24318        | -6000
        second     | second2    | CON-03       | false     |           | 24317        | 1000
        second     | second     | REP-03       | true      | r5        | 24317        | -1000
        """,
    )


def test_after_a_merge_the_survivor_has_what_the_other_id_said(home: Home, bench: Workbench) -> None:
    put(bench, "ticket", [complaint("t", "05-11")])
    put(bench, "customer_alias", [{"old_customer_id": "A", "new_customer_id": "B", "merged_on": "2026-06-03"}])
    load(home, MAY, JUNE)
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nB | 06-10 10:00:00 | b")
    close(home, bench, MAY, JUNE)
    assert month_rows(bench, MAY, "customer_id, explicit_grade") == [("A", 2)]
    assert month_rows(bench, JUNE, "customer_id, explicit_grade") == [("B", 2)]


def test_what_is_left_of_a_subject_by_the_weights_of_the_closes_since() -> None:
    check(
        read_model(ROOM, "subject_left"),
        {
            "posted_year": """
                customer_id | posted_on  | subject_kind_code | subject_id | entry_kind_code | points::decimal(9,3)
                A           | 2026-05-10 | contact           | k          | debit           | 5
                A           | 2026-06-10 | contact           | k          | credit          | -1
                A           | 2026-05-10 | contact           | unsaid     | debit           | 5
                A           | 2026-05-10 | contact           | capped     | debit           | 5
                A           | 2026-05-10 | contact           | capped     | cap             | -5
                A           | 2026-05-10 | ticket            | k          | debit           | 4
                A           | 2026-05-10 | contact           | first      | debit           | 5
            """,
            "statement": """
                subject_kind_code | subject_id | survey_id
                contact           | k          |
                contact           | capped     |
                contact           | first      |
            """,
            "person_of_customer": "customer_id | person_id",
            "incident_left": "subject_id | left_points::decimal(18, 12) | credited_on\nfirst | 1.5 | 2026-07-01",
            "month_weight": """
                month_on   | weight::decimal(18, 12)
                2026-05-01 | 0.25
                2026-06-01 | 0.5
                2026-07-01 | 1
            """,
        },
        """
        owner_id | subject_kind_code | subject_id | left_points       | credited_on
        A        | contact           | k          | 0.750000000000000 | 2026-06-01
        A        | contact           | first      | 1.500000000000000 | 2026-07-01
        """,
    )


def test_the_worst_of_what_is_open_is_the_grade() -> None:
    check(
        read_model(ROOM, "explicit"),
        {
            "statement": """
                customer_id | said_at                   | grade::integer | subject_kind_code | subject_id | survey_id
                A           | 2026-07-10 10:00:00+08:00 | 1              | contact           | a          |
                A           | 2026-05-10 10:00:00+08:00 | 3              | ticket            | t          |
                A           | 2026-04-10 10:00:00+08:00 | 4              | ticket            | old        |
                B           | 2026-07-10 10:00:00+08:00 | 2              | contact           | b          |
            """,
            "subject_left": """
                owner_id | subject_kind_code | subject_id | left_points::double | credited_on
                B        | contact           | b          | 0.004               | 2026-07-01
                B        | contact           | a          | 0.004               | 2026-07-01
            """,
            "confirmation": "owner_id | subject_kind_code | subject_id | confirmed_at",
        },
        """
        customer_id | explicit_grade | is_explicit | is_repaired
        A           | 3              | true        | false
        B           | 0              | true        | true
        """,
        {"first_day": first_day_of(JULY), "lapses_after_closes": 3, "nothing_left_under": 0.01},
    )


def test_a_home_has_its_own_grades_and_a_broken_file_names_its_field(home: Home, bench: Workbench) -> None:
    folder = home.root / "rules" / "closing"
    folder.mkdir(parents=True)
    text = (Path(__file__).parents[4] / "include/mend/damage/closing/rules/1990-01-01.yaml").read_text("utf-8")
    (folder / "2026-05-01.yaml").write_text(
        text.replace("1990-01-01", "2026-05-01").replace("grumble: 1", "grumble: 2"), "utf-8"
    )
    grumbles(bench, "customer_id | grumbled_at | source_id\nA | 05-10 10:00:00 | k")
    others_call(bench, MAY)
    close(home, bench, MAY)
    assert row(bench, "A", MAY, COLUMNS) == (2, 2, True, False)
    (folder / "2026-05-01.yaml").write_text(
        text.replace("1990-01-01", "2026-05-01").replace("to: 6", "to: 60"), "utf-8"
    )
    with pytest.raises(
        GradeError, match=r"2026-05-01.yaml: ratings: 0: .*from 5 to 60 are no ratings of a scale to 10"
    ):
        grades_on(first_day_of(MAY), folder)
