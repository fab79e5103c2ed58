"""`mend campaign-summary`, `-decide`, `-publish`, `-recall` and `mend export` as people call them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.mend.care.survey.desk import rows
from tests.mend.repair.publishing.written import known, open_account, row, write

from mend.cli.main import main
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

LIST = "2026-03-v1"


@pytest.fixture
def desk(home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A list in a home that commands find by the environment."""
    open_account(home)
    known(home, "A", "B")
    listed = [row("phone_callback", "A"), row("dropped_call_care", "B", valid_until="2099-01-01")]
    write(bench, listed)
    for name, value in {
        "MEND_HOME": str(home.root),
        "MEND_DATABASE_URL": home.database_url,
        "MEND_CATALOG_URL": home.catalog_url,
        "MEND_ZONE": home.zone,
    }.items():
        monkeypatch.setenv(name, value)
    return home


def said(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> str:
    """What a command writes; its exit code is the one that is expected."""
    assert main(words) == code
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def test_a_list_goes_from_its_summary_to_its_recall(desk: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert "not before the approvers" in said(capsys, 1, "campaign-decide", LIST, "--approve", "--as", "admin")
    assert "2 candidates: 2 listed" in said(capsys, 0, "campaign-summary", LIST)
    assert "'viewer' may not" in said(capsys, 1, "campaign-decide", LIST, "--approve", "--as", "viewer")
    assert "draft, not approved" in said(capsys, 1, "campaign-publish", LIST)
    assert "is approved by admin\n" in said(capsys, 0, "campaign-decide", LIST, "--approve", "--as", "admin")
    assert "already" in said(capsys, 0, "campaign-decide", LIST, "--approve", "--as", "admin")
    told = said(capsys, 0, "campaign-publish", LIST)
    assert "2 rows, 4 files" in told
    assert "1 messages queued\n" in told
    assert "was published before" in said(capsys, 0, "campaign-publish", LIST)
    why = ("--as", "li", "--reason", "today's callbacks")
    folder = Path(said(capsys, 0, "export", LIST, "--channel", "call", *why).split(": ")[1].strip())
    assert sorted(path.name for path in folder.iterdir()) == ["hangzhou-call.csv", "hangzhou-call.xlsx"]
    assert "1 messages ended" in said(capsys, 0, "campaign-recall", LIST, "--as", "admin", "--reason", "wrong month")
    assert "recalled before" in said(capsys, 0, "campaign-recall", LIST, "--as", "admin", "--reason", "again")
    through = rows(desk, "select distinct left(decided_through, 20) from campaign_decision")
    assert through == [("command, system user",)]


def test_a_list_that_is_named_wrongly_is_told_in_one_line(desk: Home, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, 1, "campaign-summary", "march")
    assert told == "mend: 'march' names no list; write month and version, such as 2026-03-v1\n"
    assert "mend campaign --month 2031-01" in said(capsys, 1, "campaign-summary", "2031-01-v1")


def test_a_refusal_needs_its_reason(desk: Home, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, 0, "campaign-summary", LIST)
    assert "refused with a reason" in said(capsys, 1, "campaign-decide", LIST, "--refuse", "--as", "admin")
    said(capsys, 0, "campaign-decide", LIST, "--refuse", "--as", "admin", "--reason", "too expensive")
    assert "(reason: too expensive)" in said(capsys, 1, "campaign-decide", LIST, "--approve", "--as", "admin")
