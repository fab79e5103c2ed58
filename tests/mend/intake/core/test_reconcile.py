"""Every line is accounted for; a row lost, doubled or swapped anywhere is found."""

from __future__ import annotations

import pytest
from tests.mend.intake.core.arrivals import arrive, at, contact, on, put_aside

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.operations import Counts
from mend.foundation.pipeline.workbench import Workbench
from mend.intake import core

ROWS = [contact("a", at(1)), contact("b", at(1)), contact("a", at(1))]


def loaded(home: Home, bench: Workbench) -> int:
    number = arrive(home, bench, on(1), ROWS, rejected=["bad_date", "bad_code"])
    put_aside(bench, number, on(1), [3])
    core.load(home, bench, [on(1)])
    return number


def test_lines_are_accepted_quarantined_or_superseded(home: Home, bench: Workbench) -> None:
    number = loaded(home, bench)
    found = core.Reconciled(number, "contact", "test", "contact.csv", lines=5, accepted=1, quarantined=3, superseded=1)
    assert core.reconcile(home, bench, [on(1)]) == [found]


def test_lines_of_other_batches_of_the_file_do_not_count(home: Home, bench: Workbench) -> None:
    number = loaded(home, bench)
    counts = Counts(lines=105, accepted=3, rejected=2, outside=100)
    operations.mark_loaded(home.database_url, {number: counts})
    assert core.reconcile(home, bench, [on(1)])[0].lines == 5


def test_a_batch_without_rows_is_accounted_for(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [], rejected=["bad_date"])
    core.load(home, bench, [on(1)])
    [batch] = core.reconcile(home, bench, [on(1)])
    assert (batch.lines, batch.accepted, batch.quarantined) == (1, 0, 1)


def test_a_day_on_which_nothing_arrived_gives_nothing(home: Home, bench: Workbench) -> None:
    assert core.reconcile(home, bench, [on(1)]) == []


def test_a_line_that_is_nowhere_is_found(home: Home, bench: Workbench) -> None:
    number = loaded(home, bench)
    operations.mark_loaded(home.database_url, {number: Counts(lines=6, accepted=3, rejected=3)})
    with pytest.raises(
        core.ReconciliationError, match=r"contact batch \d+ \(contact.csv\): 6 lines came, but 1 accepted"
    ):
        core.reconcile(home, bench, [on(1)])


def test_a_raw_row_that_the_lake_lost_is_found(home: Home, bench: Workbench) -> None:
    number = loaded(home, bench)
    operations.mark_loaded(home.database_url, {number: Counts(lines=5, accepted=4, rejected=1)})
    with pytest.raises(core.ReconciliationError, match="the parse gate passed 4 rows, the lake holds 3"):
        core.reconcile(home, bench, [on(1)])


@pytest.mark.parametrize(
    ("tampered", "holds"),
    [
        pytest.param("select * from held_now where false", 0, id="lost"),
        pytest.param("select * from held_now union all select * from held_now", 2, id="doubled"),
        pytest.param("select * replace ('z' as contact_id) from held_now", 1, id="swapped"),
    ],
)
def test_a_core_table_that_does_not_hold_the_accepted_rows_is_found(
    home: Home, bench: Workbench, tampered: str, holds: int
) -> None:
    loaded(home, bench)
    bench.view("core_contact", as_name="held_now")
    bench.replace("core_contact", tampered, equal("started_on", on(1)))
    with pytest.raises(core.ReconciliationError, match=f"2024-03-01 .* 1 valid rows arrived, the table holds {holds}"):
        core.reconcile(home, bench, [on(1)])
