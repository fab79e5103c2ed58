"""A contact that came late, went, or moved: only its own days and those of its customer's later contacts are scored."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

import pytest
from tests.mend.damage.scoring.nights import MAY, REFUSED, WRONG, contact, may, tables
from tests.mend.damage.scoring.rows import Row, put

from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench

LATE = may(25)
LOADED = [*MAY[:20], LATE]
OTHERS = [contact(f"zoe{number:02}x", f"{number:02} 12:00:00", **WRONG) for number in range(1, 21)]


def hold(bench: Workbench, rows: Sequence[Row]) -> None:
    """These contacts and no others are in the core table; the register says nothing."""
    bench.lake.replace("core_contact", every_row(), [])
    put(bench, "contact", rows)
    bench.lake.replace("core_change", every_row(), [])


def arrive(home: Home, bench: Workbench, rows: Sequence[Row]) -> int:
    """Score the night that brought these versions; gives the days written."""
    changes = [
        f"select 'contact' as record_code, date '{LATE}' as arrived_on, date '{str(row['started_at'])[:10]}' as "
        f"subject_on, '{row['contact_id']}' as subject_id, '{row['customer_id']}' as customer_id"
        for row in rows
    ]
    bench.replace("core_change", " union all ".join(changes), every_row())
    return score(home, bench, [LATE], loaded=LOADED, provided=EVERYTHING).written_days


def scored(home: Home, bench: Workbench, rows: Sequence[Row], days: Sequence[dt.date] = LOADED) -> None:
    """All of it in one run."""
    for table in ("mart_damage_ledger", "mart_exposure_day"):
        bench.lake.replace(table, every_row(), [])
    hold(bench, rows)
    score(home, bench, days, loaded=days, provided=EVERYTHING)


@pytest.mark.parametrize(
    ("later", "days"),
    [
        ([], 3),  # its own, and the two on which its last entries may be posted
        ([contact("anna2", "09 10:00:00")], 6),
        ([contact("anna2", "09 10:00:00", topic_code="roaming"), contact("bert1", "07 10:00:00")], 6),
        ([contact("anna2", "16 10:00:00")], 3),  # too late to be the topic again
    ],
)
def test_a_late_contact_scores_few_days(home: Home, bench: Workbench, later: list[Row], days: int) -> None:
    since = 5  # the days from the 21st to the 25th
    scored(home, bench, [*OTHERS, *later])
    late = contact("anna1", "03 10:00:00")
    hold(bench, [*OTHERS, *later, late])
    assert arrive(home, bench, [late]) == days + since
    found = tables(bench)
    scored(home, bench, [*OTHERS, *later, late])
    assert tables(bench) == found


def test_the_cap_of_an_incident_goes_on_after_the_topics_last_day(home: Home, bench: Workbench) -> None:
    """The late contact makes the 10th's contact a repeat, and so caps the 11th's, eight days after itself."""
    heavy = {"is_answered": 1, "is_wrong_answer": 1, "is_poor_attitude": 1, "topic_code": "roaming"}
    incident = [
        contact("anna2", "10 23:40:00"),
        contact("anna3", "10 23:58:00", **heavy),
        contact("anna4", "11 00:10:00", **heavy, hold_seconds=300),
    ]
    rows = [*OTHERS, *incident]
    scored(home, bench, rows)
    late = contact("anna1", "03 23:50:00")
    hold(bench, [*rows, late])
    arrive(home, bench, [late])
    found = tables(bench)
    capped = [row for row in found[0] if row[3] == "cap" and row[1] == may(11)]
    assert capped
    scored(home, bench, [*rows, late])
    assert tables(bench) == found


def test_a_contact_that_moved_to_another_customer_is_looked_at_on_both_sides(home: Home, bench: Workbench) -> None:
    after = [contact("anna2", "08 10:00:00"), contact("bert2", "09 10:00:00")]
    before = contact("anna1", "03 10:00:00")
    now = {**before, "customer_id": "bert"}
    scored(home, bench, [*OTHERS, *after, before])
    hold(bench, [*OTHERS, *after, now])
    arrive(home, bench, [before, now])
    found = tables(bench)
    scored(home, bench, [*OTHERS, *after, now])
    assert tables(bench) == found
    assert [row for row in found[0] if row[4] == "RES-01" and str(row[7]).startswith("bert2")]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 3))])
def test_any_late_or_withdrawn_contacts_leave_what_one_run_gives(home: Home, bench: Workbench, seed: int) -> None:
    chance = random.Random(seed)
    kinds = [REFUSED, WRONG, {"is_answered": 1, "is_dropped": 1}, {"direction_code": "outbound"}, {"is_answered": 1}]
    rows = []
    for number in range(90):
        hour = chance.choice((0, 0, 9, 23))
        when = f"{chance.randint(1, 20):02} {hour:02}:{chance.randint(0, 59):02}:00"
        row = contact(f"{chance.choice('abcdefghijkl')}{number}", when, **chance.choice(kinds))
        rows.append({**row, "customer_id": str(row["contact_id"])[0], "topic_code": chance.choice(("bill", "roaming"))})
    late, gone = rows[:4], rows[4:6]
    scored(home, bench, rows[4:])
    hold(bench, [*late, *rows[6:]])
    arrive(home, bench, [*late, *gone])
    found = tables(bench)
    scored(home, bench, [*late, *rows[6:]])
    assert tables(bench) == found


def test_the_days_of_later_contacts() -> None:
    check(
        read_model("damage/scoring", "day_beside"),
        {
            "change": """
                record_code | customer_id | subject_on
                contact     | anna        | 2026-05-03
                contact     |             | 2026-05-03
                ticket      | bert        | 2026-05-03
            """,
            "later_contact": """
                customer_id | started_on
                anna        | 2026-05-03
                anna        | 2026-05-12
                anna        | 2026-05-13
                bert        | 2026-05-05
                            | 2026-05-06
            """,
        },
        "started_on\n2026-05-12",
        {"reach_days": 9},
    )
