"""Batches are withdrawn after they were scored: the tables become those of a world in which their rows never came."""

from __future__ import annotations

import datetime as dt
import gzip
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.conftest import Template, fresh_home
from tests.end_to_end.chain import COMPARED, contents

from mend.damage import scoring
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records import record_grumbles
from mend.intake import core
from mend.intake.extract import extract, load_source
from mend.simulate import simulate

DAYS = [dt.date(2026, 5, 1) + dt.timedelta(days=number) for number in range(8)]
TABLES = (*COMPARED, "mart_grumble", "mart_complaint")
# Record and day of the batches that should never have come.
WRONG = {
    ("contact", DAYS[2]),
    ("ticket", DAYS[3]),
    ("survey_reply", DAYS[4]),
    ("contact", DAYS[7]),
    ("repair_action", DAYS[5]),
}


def load(home: Home, inbox: Path) -> None:
    with Workbench.open(home) as bench:
        extract(home, bench, load_source(home, "simulator"), DAYS, [inbox])
    make(home, DAYS)


def make(home: Home, days: Sequence[dt.date]) -> None:
    with Workbench.open(home) as bench:
        core.load(home, bench, days)
        core.reconcile(home, bench, DAYS, may_wait=True)
        scoring.score(home, bench, days)
        record_grumbles(home, bench, days)


def empty(inbox: Path) -> None:
    """Leave the header alone in the files of the wrong batches."""
    for record, day in WRONG:
        path = inbox / str(day) / f"{record}.csv.gz"
        header = gzip.decompress(path.read_bytes()).splitlines(keepends=True)[0]
        path.write_bytes(gzip.compress(header))


@pytest.mark.long
@pytest.mark.parametrize("in_one_go", [True, False])
def test_the_tables_are_those_of_a_world_in_which_the_rows_never_came(
    template: Template, tmp_path: Path, in_one_go: bool
) -> None:
    for name in ("all", "right"):
        simulate(tmp_path / name, 400, "2026-05", 1, seed=5)
    empty(tmp_path / "right")
    with fresh_home(template, tmp_path / "home-right") as home:
        load(home, tmp_path / "right")
        expected = contents(home, TABLES)
    with fresh_home(template, tmp_path / "home-all") as home:
        load(home, tmp_path / "all")
        before = contents(home, TABLES)
        assert before != expected
        wrong = [
            batch.batch_number
            for batch in operations.batches(home.database_url)
            if (batch.record_code, batch.arrived_on) in WRONG
        ]
        assert len(wrong) == len(WRONG)
        order = random.Random(in_one_go).sample(wrong, len(wrong))
        for number in order:
            operations.withdraw(home.database_url, number, "made up", "ann")
        due = operations.due_days(home.database_url)
        for days in [due] if in_one_go else [[day] for day in random.Random(1).sample(due, len(due))]:
            make(home, days)
        assert contents(home, TABLES) == expected
        for number in order:
            operations.take_back(home.database_url, number, "it was right", "ann")
        make(home, due)
        assert contents(home, TABLES) == before
        with Workbench.open(home) as bench:
            core.reconcile(home, bench, DAYS)
