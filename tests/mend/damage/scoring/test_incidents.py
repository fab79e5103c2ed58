"""Incidents: less than half an hour apart, over midnights too; capped in the order of decision."""

from __future__ import annotations

import pytest
from tests.mend.damage.scoring.nights import MAY, REFUSED, WRONG, contact, entries, may, tables
from tests.mend.damage.scoring.rows import put

from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench

ROOM = "damage/scoring"


def scored(home: Home, bench: Workbench, *rows: dict[str, object], days: list[object] | None = None) -> None:
    put(bench, "contact", rows)
    run = days or MAY[:20]
    score(home, bench, run, loaded=run, provided=EVERYTHING)


def incidents(bench: Workbench) -> dict[str, str]:
    """Contact → first contact of its incident."""
    bench.view("mart_damage_ledger")
    return dict(bench.sql("select distinct subject_id, coalesce(incident_id, subject_id) from mart_damage_ledger"))


def chain(first_day: int, last_day: int) -> list[dict[str, object]]:
    """Wrong answers every 29 minutes from 23:45 of the first day to the end of the last."""
    rows = []
    for number in range(2000):
        minutes = 23 * 60 + 45 + 29 * number
        day = first_day + minutes // 1440
        if day > last_day:
            return rows
        clock = f"{minutes % 1440 // 60:02}:{minutes % 60:02}:00"
        rows.append({**contact(f"k{number:04}", f"{day:02} {clock}", topic_code=None, **WRONG), "customer_id": "anna"})
    return rows


def test_a_chain_over_the_second_midnight_stays_one_incident(home: Home, bench: Workbench) -> None:
    scored(home, bench, *chain(10, 12))
    assert set(incidents(bench).values()) == {"k0000"}
    assert sum(points for *_, points in entries(bench)) == 15
    bench.view("mart_exposure_day")
    counted = bench.sql("select day(subject_on), incident_count from mart_exposure_day order by all")
    assert counted == [(10, 1), (11, 0), (12, 0)]


def test_a_chain_that_goes_on_for_longer_is_cut_at_midnight(home: Home, bench: Workbench) -> None:
    """Three days are one incident, every day after it one of its own, however the days are scored."""
    rows = chain(10, 14)
    scored(home, bench, *rows)
    first = {day: min(row["contact_id"] for row in rows if row["started_at"][8:10] == str(day)) for day in (10, 13, 14)}
    assert set(incidents(bench).values()) == set(first.values())
    straight = tables(bench)
    for day in (may(12), may(14), may(13)):
        score(home, bench, [day], loaded=MAY[:20], provided=EVERYTHING)
        assert tables(bench) == straight


def test_a_topic_of_an_earlier_day_alone_counts_for_the_cap(home: Home, bench: Workbench) -> None:
    """An incident from the 9th to the 11th: 10 points and 3 for calling again, about what only the 8th and 9th have.
    What is decided on the 12th goes over the cap by 1, also when the 12th is scored by itself."""
    quiet = [{**row, "is_answered": None, "is_wrong_answer": None} for row in chain(9, 11)[:52]]
    again = {**quiet[0], "topic_code": "bill", **WRONG, "is_poor_attitude": 1}
    before = {**contact("anna0", "08 10:00:00"), "customer_id": "anna"}
    scored(home, bench, before, again, *quiet[1:-1], {**quiet[-1], "is_answered": 1, "is_resolved": 0})
    assert [row for row in entries(bench) if row[0] == 12] == [(12, "AGT-09", "k0051", -1), (12, "AGT-09", "k0051", 3)]
    straight = tables(bench)
    score(home, bench, [may(12)], loaded=MAY[:20], provided=EVERYTHING)
    assert tables(bench) == straight


def test_the_cap_is_used_up_in_the_order_of_decision(home: Home, bench: Workbench) -> None:
    """Nobody followed the attempt up: that is decided a day after the wrong answers, and finds the cap used up."""
    scored(
        home,
        bench,
        contact("anna1", "10 10:00:00", **REFUSED),
        contact("anna2", "10 10:10:00", **WRONG, is_poor_attitude=1),
        contact("anna3", "10 10:20:00", topic_code=None, is_system_fault=1),
        {**contact("anna4", "10 10:25:00", topic_code=None), "outcome": "refused", "is_refused": 1},
    )
    bench.view("mart_damage_ledger")
    rows = bench.sql(
        "select entry_kind_code, indicator_id, subject_id, points::int from mart_damage_ledger "
        "where entry_kind_code = 'cap' order by posted_at, indicator_id"
    )
    assert rows == [("cap", "IVR-11", "anna3", -1), ("cap", "CON-01", "anna4", -3), ("cap", "CON-06", "anna4", -3)]


def test_the_cap_of_one_moment_is_used_up_by_the_contact_s_id() -> None:
    check(
        read_model(ROOM, "contact_cap"),
        {
            "contact_debit": """
                contact_number | incident_number | rule_number | points | posted_us | posted_on  | is_apart
                1              | 1               | 1           | 10     | 100       | 2026-05-10 | false
                2              | 1               | 3           | 4      | 200       | 2026-05-10 | false
                3              | 1               | 2           | 4      | 200       | 2026-05-10 | false
                4              | 4               | 2           | 15     | 200       | 2026-05-10 | false
            """,
            "contact_name": """
                posted_on  | contact_number | contact_id
                2026-05-10 | 2              | b
                2026-05-10 | 3              | a
                2026-05-11 | 3              | a
            """,
            "incident_over_cap": """
                incident_number
                1
            """,
        },
        """
            contact_number | rule_number | points
            2              | 3           | -3
        """,
        {"cap_points": 15},
    )


def test_an_incident_of_exactly_the_cap_is_not_over_it() -> None:
    check(
        read_model(ROOM, "incident_over_cap"),
        {
            "contact_debit": """
                incident_number | points
                1               | 10
                1               | 5
                2               | 10
                2               | 6
            """
        },
        """
            incident_number
            2
        """,
        {"cap_points": 15},
    )


def test_a_name_is_asked_for_on_each_day_that_needs_it() -> None:
    """Contact 2 is posted on two days beside its incident's first contact; 1 and 3 were decided in one moment of an
    incident over the cap; nobody asks for 4, or for a day that is not scored."""
    check(
        read_model(ROOM, "contact_name"),
        {
            "contact_debit": """
                contact_number | incident_number | posted_us | posted_on  | is_apart
                2              | 1               | 100       | 2026-05-10 | false
                2              | 1               | 200       | 2026-05-11 | true
                2              | 1               | 300       | 2026-05-12 | true
                1              | 1               | 150       | 2026-05-10 | false
                3              | 3               | 150       | 2026-05-10 | false
                5              | 3               | 150       | 2026-05-10 | false
                4              | 4               | 150       | 2026-05-10 | false
            """,
            "incident_over_cap": """
                incident_number
                3
            """,
            "contact_file": """
                row_number | contact_id | customer_id
                1          | a          | anna
                2          | b          | anna
                3          | c          | bert
                4          | d          | cleo
                5          | e          | bert
            """,
            "scored_day": """
                day
                2026-05-10
                2026-05-11
            """,
        },
        """
            posted_on | contact_number | contact_id | customer_id
            2026-05-10      | 1              | a          | anna
            2026-05-11      | 1              | a          | anna
            2026-05-11      | 2              | b          | anna
            2026-05-10      | 3              | c          | bert
            2026-05-10      | 5              | e          | bert
        """,
    )


PLACED = "customer_number | started_us | started_on | place | topic_key::bigint | contact_seconds::bigint | contact_number | bits | is_answered | is_failed_attempt | is_first | is_tied | is_last_of_day | incident_place"  # noqa: E501
SCANNED = "customer_number | topic_key::bigint | started_us | started_on | contact_seconds::bigint | contact_number | bits | is_answered | is_failed_attempt"  # noqa: E501
TIE = "place | topic_key::bigint | contact_seconds::bigint | contact_number | bits | is_answered | is_failed_attempt"


def test_contacts_of_one_moment_are_placed_by_their_ids() -> None:
    rows = f"""
        {PLACED}
        1 | 100 | 2026-05-10 | 1 |   | 1 | 11 | 1 | false | false | true  | false | false | 1
        1 | 200 | 2026-05-10 | 2 | 7 | 2 | 12 | 2 | true  | false | false | false | false | 1
        1 | 200 | 2026-05-10 | 3 |   | 3 | 13 | 4 | false | true  | false | true  | true  | 1
    """
    check(
        read_model(ROOM, "contact_tie"),
        {
            "contact_incident": rows,
            "contact_file": """
                row_number | contact_id
                11         | z
                12         | y
                13         | x
            """,
        },
        """
            place | contact_number | topic_key | bits | is_answered | is_failed_attempt
            2     | 13             |           | 4    | false       | true
            3     | 12             | 7         | 2    | true        | false
        """,
    )


def test_a_contact_in_another_s_place_takes_its_own_topic_along() -> None:
    """Place 2 was given to contact 12, and is 13's by its id: 13 has no topic, and what 12 was held against is 11."""
    check(
        read_model(ROOM, "contact_placed"),
        {
            "contact_incident": f"""
                {PLACED}
                1 | 100 | 2026-05-10 | 1 | 7 | 1 | 11 | 1 | false | false | true  | false | false | 1
                1 | 200 | 2026-05-10 | 2 | 7 | 2 | 12 | 2 | true  | false | false | false | false | 1
                1 | 200 | 2026-05-10 | 3 |   | 3 | 13 | 4 | false | true  | false | true  | true  | 1
            """,
            "contact_tie": f"""
                {TIE}
                2 |   | 3 | 13 | 4 | false | true
                3 | 7 | 2 | 12 | 2 | true  | false
            """,
        },
        """
            place | contact_number | topic_key | is_answered | is_failed_attempt | bits
            1     | 11             | 7         | false       | false             | 0
            2     | 13             |           | false       | true              | 0
            3     | 12             | 7         | true        | false             | 1
        """,
        {"topic_reach_us": 1000},
        {"bits_after_neighbours": "cast(previous_same_topic_seconds is not null as integer)"},
    )


@pytest.mark.parametrize(("clock", "incident"), [("10:29:59", 1), ("10:30:00", 2)])
def test_contacts_less_than_the_gap_apart_are_one_incident(clock: str, incident: int) -> None:
    second = 1_800_000_000 if clock == "10:30:00" else 1_799_000_000
    check(
        read_model(ROOM, "contact_incident"),
        {
            "contact_scanned": f"""
                {SCANNED} | is_outbound
                2 |   | {second} | 2026-05-10 | 1 | 13 | 0 | false | false | false
                1 |   | {second} | 2026-05-10 | 1 | 12 | 0 | false | false | false
                1 |   | 0        | 2026-05-10 | 1 | 11 | 0 | false | false | false
                1 |   | 5        | 2026-05-10 | 1 | 10 | 0 | false | false | true
                2 |   | {second} | 2026-05-10 | 1 | 14 | 0 | false | false | false
            """,
        },
        f"""
            place | customer_number | incident_place | is_first          | is_tied | is_last_of_day
            1     | 1               | 1              | true              | false   | false
            2     | 1               | {incident}     | {str(incident != 1).lower()} | false   | true
            3     | 2               | {incident + 1} | true              | false   | false
            4     | 2               | {incident + 1} | false             | true    | true
        """,
        {"gap_us": 1_800_000_000, "reach_days": 3},
    )


def test_a_day_counts_the_contacts_and_the_incidents_that_began_on_it() -> None:
    """Customer 1 calls over midnight: the second day has a contact and no incident. A day that is not scored keeps its
    contacts to itself. The last two of customer 2 began in one moment: the last one is the greater id."""
    check(
        read_model(ROOM, "exposure_count"),
        {
            "contact_incident": f"""
                {PLACED}
                1 | 100 | 2026-05-10 | 1 |   | 1 | 11 | 0 | false | false | true  | false | false | 1
                1 | 200 | 2026-05-10 | 2 |   | 1 | 12 | 0 | false | false | true  | false | true  | 2
                1 | 300 | 2026-05-11 | 3 |   | 1 | 13 | 0 | false | false | false | false | true  | 2
                2 | 100 | 2026-05-09 | 4 |   | 1 | 14 | 0 | false | false | true  | false | true  | 3
                2 | 200 | 2026-05-10 | 5 |   | 1 | 15 | 0 | false | false | true  | false | false | 4
                2 | 200 | 2026-05-10 | 6 |   | 1 | 16 | 0 | false | false | false | true  | true  | 4
            """,
            "contact_tie": f"""
                {TIE}
                5 |   | 1 | 16 | 0 | false | false
                6 |   | 1 | 15 | 0 | false | false
            """,
            "scored_day": """
                day
                2026-05-10
                2026-05-11
            """,
        },
        """
            started_on | contact_count | incident_count | contact_number
            2026-05-10       | 2             | 2              | 12
            2026-05-11       | 1             | 0              | 13
            2026-05-10       | 2             | 1              | 15
        """,
    )


def test_a_higher_scoring_member_decided_later_is_posted_with_the_difference() -> None:
    check(
        read_model(ROOM, "contact_debit"),
        {
            "contact_hit": """
                contact_number | incident_number | started_us | started_on | contact_seconds::bigint | agent_call_us | bits
                1              | 1               | 0          | 1970-01-01 | 60                      |               | 3
                2              | 2               | 0          | 1970-01-01 | 0                       | 500           | 4
            """,  # noqa: E501
            "hit_pattern": """
                bits | rule_number | indicator_id | points | family  | is_late | is_from_end | after_us   | is_contested
                3    | 1           | AGT-01       | 3      | dropped | false   | false       |            | true
                3    | 2           | AGT-03       | 4      | dropped | true    | true        | 1800000000 | true
                4    | 3           | IVR-12       | 3      |         | true    | false       |            | false
            """,
        },
        """
            contact_number | rule_number | points | posted_us
            1              | 1           | 3      | 0
            1              | 2           | 1      | 1860000000
            2              | 3           | 3      | 500
        """,
    )
