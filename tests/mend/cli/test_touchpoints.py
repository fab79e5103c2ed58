"""`mend touchpoints` as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.mend.damage.closing.tables import close, indicators, ledger, load
from tests.mend.prevention.touchpoint.worlds import BALANCE, EVERYTHING, MONTH, calls, name_people, plan, put_month

from mend.cli.main import parser
from mend.cli.touchpoints import touchpoints
from mend.errors import UsageError
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.touchpoint.answers import answers_of
from mend.prevention.touchpoint.errors import AnswerError
from mend.prevention.touchpoint.inventory import load_inventories
from mend.prevention.touchpoint.month import assess


def typed(home: Home, *words: str) -> None:
    touchpoints(parser().parse_args(["touchpoints", *words]), home)


LEDGER = """
    customer_id | posted_at      | indicator_id | points | subject_id
    K1          | 03-04 10:00:00 | CON-01       | 3      | c1
"""


def closed(home: Home, bench: Workbench) -> None:
    indicators(bench)
    ledger(bench, LEDGER)
    load(home, MONTH)
    close(home, bench, MONTH)


def test_a_month_that_is_not_closed_is_not_judged(home: Home, bench: Workbench) -> None:
    with pytest.raises(UsageError, match=r"2026-03 is not closed; close it first \(mend month 2026-03\)"):
        typed(home, "--month", MONTH)
    bench.view("mart_touchpoint_month")
    assert bench.sql("select count(*) from mart_touchpoint_month") == [(0,)]


def test_a_month_by_the_shipped_inventory_in_both_languages(
    home: Home, bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    closed(home, bench)
    typed(home, "--month", MONTH)
    said = capsys.readouterr().out
    assert said.startswith("2026-03: 31 touchpoints, 0 measured, 0 rated alone, 31 unknown; 0 surely low\n")
    assert "hotline: queue" in said
    assert "actions: 0 opened" in said
    typed(home, "--month", MONTH, "--lang", "zh")
    assert "2026-03：触点31个" in capsys.readouterr().out


def test_a_sheet_is_written_and_loaded_from_a_day(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = str(tmp_path / "owners.xlsx")
    typed(home, "--sheet", sheet)
    typed(home, "--load", sheet, "--from", "2026-05-01")
    assert "31 touchpoints, 10 owners" in capsys.readouterr().out
    assert [str(each.valid_from) for each in load_inventories(home.root / "touchpoints")] == [
        "1990-01-01",
        "2026-05-01",
    ]
    with pytest.raises(UsageError, match="needs --from DAY"):
        typed(home, "--load", sheet)
    with pytest.raises(UsageError, match="is there already; it may be filled in"):
        typed(home, "--sheet", sheet)


def test_an_answer_is_on_record_and_shown_to_count_later(
    home: Home, bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    put_month(bench, calls(failed=0.45))
    closed(home, bench)
    assess(home, bench, MONTH, plan(BALANCE), EVERYTHING)
    name_people(home)
    words = ("--by", "Wu Min", "--state", "done", "--text", "node repaired")
    typed(home, "--answer", "balance-operating-2026-03", *words)
    with pytest.raises(AnswerError, match="'nobody' may not answer for balance; those who may are"):
        typed(home, "--answer", "balance-operating-2026-03", "--by", "nobody", *words[2:])
    assert capsys.readouterr().out == "balance-operating-2026-03: done by Wu Min: on record\n"
    [kept] = answers_of(home)
    assert (kept.by, kept.state, kept.text) == ("Wu Min", "done", "node repaired")
    typed(home, "--month", MONTH)
    assert "answered after 2026-03; counts from" in capsys.readouterr().out


def test_what_does_not_fit_together_is_said(home: Home) -> None:
    with pytest.raises(UsageError, match="say one"):
        typed(home)
    with pytest.raises(UsageError, match="say one"):
        typed(home, "--month", MONTH, "--answer", "x")
    with pytest.raises(UsageError, match="needs --by and --text"):
        typed(home, "--answer", "x", "--state", "done")
    with pytest.raises(AnswerError, match="no action 'x'"):
        typed(home, "--answer", "x", "--by", "A", "--state", "done", "--text", "t")
