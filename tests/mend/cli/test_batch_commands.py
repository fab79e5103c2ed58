"""`mend withdraw`, `accept`, `recompute`, `check` and `run --path` as people call them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.mend.cli.shell import Shell

pytestmark = pytest.mark.slow
DESK = """
source: desk
en: Front desk
zh: 前台
zone: Asia/Shanghai
records:
  contact:
    path: 'desk_{business_date}.csv'
    optional: true
    columns: {contact_id: id, customer_id: customer, started_at: at, outcome: outcome}
"""
DAY = "2026-01-02"
RUN = ("run", "--source", "desk", "--from", DAY)
COUNT = ("sql", "select count(*) from core_contact", "--csv")


def rows(outcome: str, count: int = 3) -> str:
    lines = (f"D{number},12000000000{number},{DAY}T10:0{number}:00+08:00,{outcome}\n" for number in range(count))
    return f"id,customer,at,outcome\n{''.join(lines)}"


@pytest.fixture(scope="module")
def mend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A home with a source of a person's own."""
    shell = Shell(tmp_path_factory.mktemp("batches"))
    (shell.folder / "user").mkdir()
    (shell.home / "sources").mkdir(parents=True)
    (shell.home / "inbox").mkdir()
    (shell.home / "sources" / "desk.yaml").write_text(DESK, "utf-8")
    yield shell
    shell("stop")


def held(mend: Shell) -> int:
    return int(mend.good(*COUNT).split()[1])


def test_a_batch_is_stopped_accepted_withdrawn_and_taken_back(mend: Shell) -> None:
    """One long way, since each step stands on the one before."""
    path = mend.home / "inbox" / f"desk_{DAY}.csv"
    path.write_text(rows("nonsense"), "utf-8")
    stopped = mend.apart(*RUN)
    assert stopped.returncode == 1
    assert "Traceback" not in stopped.stderr
    assert f"{path.resolve()} (batch 1)" in stopped.stderr.splitlines()[-1]
    assert "mend accept 1 --why" in stopped.stderr.splitlines()[-1]
    assert "quality      2026-01-02" in stopped.stdout
    told = mend.good("check", apart=True)
    assert "batch 1 (contact of 2026-01-02, " in told
    assert "is stopped by the quality gate, all of it in quarantine" in told
    assert mend("accept", "1").returncode == 2  # a reason must be given
    assert "no batch 9" in mend("accept", "9", "--why", "fine").stderr
    assert "is accepted" in mend.good("accept", "1", "--why", "a trial", apart=True)
    assert "accepted before" in mend.good("accept", "1", "--why", "a trial")
    assert "deliveries" in mend.good(*RUN).splitlines()[-1]
    assert "was stopped by the quality gate and accepted: a trial (" in mend.good("check")
    assert "nothing to accept" not in mend("accept", "1", "--why", "a trial").stderr

    good = mend.folder / f"desk_{DAY}_more.csv"
    good.write_text(rows("answered"), "utf-8")
    mend.good(*RUN, "--path", str(good))  # a person's own file, outside of the inbox
    assert held(mend) == 3
    withdrawn = mend.good("withdraw", "2", "--why", "another centre's", apart=True)
    assert f"batch 2 (contact of {DAY}, {good.resolve()}) is withdrawn" in withdrawn
    assert f"to be made again by the next nightly run or `mend recompute`: {DAY}" in mend.good("check")
    assert held(mend) == 3
    assert "core contact 0" in mend.good("recompute", apart=True)
    assert held(mend) == 0
    assert "no day is marked" in mend.good("recompute")
    assert "already; nothing changed" in mend.good("withdraw", "2", "--why", "another centre's")
    again = mend.good(*RUN, "--path", str(good))
    assert f"warning: {good.resolve()}: batch 2 has this content and was withdrawn" in again
    assert "mend withdraw 2 --undo --why" in again
    assert held(mend) == 0
    assert "is withdrawn: another centre's (" in mend.good("check", "--batches")
    assert "counts again" in mend.good("withdraw", "2", "--undo", "--why", "it was ours")
    mend.good("run", "--source", "desk", "--from", "2026-01-05")  # the next run takes the marked day along
    assert held(mend) == 3
    assert "to be made again" not in mend.good("check")


def test_a_broken_file_is_named_with_its_folder_and_without_a_traceback(mend: Shell, tmp_path: Path) -> None:
    path = tmp_path / "desk_2026-01-07.csv"
    path.write_bytes(gzip.compress(rows("answered").encode())[:-9])
    done = mend.apart("run", "--source", "desk", "--from", "2026-01-07", "--path", str(path))
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (1, False)
    assert done.stderr.startswith(f"mend: {path}: cut short or damaged")
    assert "extract desk 2026-01-07" in done.stdout
    assert "is missing: " in mend.good("check")
