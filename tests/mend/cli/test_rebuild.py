"""A ledger of an older version: every command says what to do, and that command makes it again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pyiceberg.schema import Schema
from pyiceberg.types import DateType, IntegerType, NestedField, StringType
from tests.end_to_end.chain import COMPARED, contents, night

from mend.cli.main import main
from mend.damage.closing import close_month
from mend.damage.closing.months import stale_months
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.errors import OldTableError
from mend.foundation.lake.lake import NAMESPACE
from mend.foundation.pipeline.workbench import LEDGER, Workbench
from mend.grumbles.records import record_grumbles
from mend.repair.campaign import damage_list
from mend.simulate import simulate

pytestmark = pytest.mark.slow  # begins first

DAYS = [dt.date(2026, 5, 29) + dt.timedelta(days=number) for number in range(5)]
OLD = Schema(
    NestedField(1, "entry_id", StringType(), required=False),
    NestedField(2, "customer_id", StringType(), required=False),
    NestedField(3, "subject_on", DateType(), required=False),
    NestedField(4, "points", IntegerType(), required=False),
)


@pytest.fixture
def old(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A home with a closed month and its list, whose ledger is then one of the old columns; what it held before."""
    inbox = tmp_path / "inbox"
    simulate(inbox, 60, "2026-05", 2, seed=5)
    night(home, inbox, DAYS)
    with Workbench.open(home) as bench:
        record_grumbles(home, bench, DAYS)
        close_month(home, bench, "2026-05")
        damage_list(home, bench, "2026-05")
    before = dict(contents(home, [*COMPARED, "mart_damage_list"]))
    with Workbench.open(home) as bench:
        location = bench.lake.table(LEDGER).location()
        bench.lake.catalog.drop_table((NAMESPACE, LEDGER))
        bench.lake.catalog.create_table((NAMESPACE, LEDGER), schema=OLD, location=location)
    monkeypatch.setenv("MEND_HOME", str(home.root))
    for name, value in home.settings.items():
        monkeypatch.setenv(name, value)
    return before


def test_opening_it_names_the_command_and_the_command_gives_the_same_tables(
    home: Home, old: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OldTableError, match=r"mart_damage_ledger in .* older version.*`mend rebuild-ledger`"):
        Workbench.open(home).__enter__()
    assert main(["sql", "select count(*) from core_contact"]) == 1
    assert "mend rebuild-ledger" in capsys.readouterr().err
    assert main(["rebuild-ledger"]) == 0
    told = capsys.readouterr().out
    assert "the ledger is emptied; 5 days are scored again" in told
    assert "closed again: 2026-05" in told
    assert operations.due_days(home.database_url) == []
    assert dict(contents(home, list(old))) == old
    with Workbench.open(home) as bench:
        assert stale_months(bench, ["2026-05"]) == set()


def test_days_that_a_killed_rebuild_left_are_made_again_by_the_next_run(
    home: Home, old: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("mend.cli.rebuild.walk", die)
        assert main(["rebuild-ledger"]) == 130
    assert operations.due_days(home.database_url) == DAYS
    assert main(["recompute"]) == 0
    assert main(["month", "2026-05"]) == 0
    assert dict(contents(home, list(old))) == old
