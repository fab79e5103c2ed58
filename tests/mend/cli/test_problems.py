"""`mend problems` and `mend problem` as a person types them."""

from __future__ import annotations

import pytest
from tests.mend.prevention.routing.worlds import PROBLEM, load

from mend.cli.main import parser
from mend.errors import UsageError
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.routing import ProblemError
from mend.prevention.routing.step import route

DAYS_AGO = "acknowledgement overdue by "


def typed(home: Home, *words: str) -> None:
    arguments = parser().parse_args(words)
    arguments.command(arguments, home)


@pytest.fixture
def routed(home: Home, bench: Workbench) -> Home:
    """February opened a problem; its deadlines are long past."""
    load(bench)
    for month in ("2026-02", "2026-03"):
        route(home, bench, month)
    return home


def test_a_problem_is_listed_answered_and_shown(routed: Home, capsys: pytest.CaptureFixture[str]) -> None:
    typed(routed, "problems", "--month", "2026-02")
    said = capsys.readouterr().out
    assert said.startswith("2026-02: problems 1, parts 1; overdue 1\n")
    assert "Voice quality  Nanjing  network     city Nanjing  not acknowledged" in said
    assert DAYS_AGO in said
    assert "now with network-lead" in said
    typed(routed, "problem", PROBLEM, "--acknowledge", "--by", "network-city")
    assert "answer overdue by " in capsys.readouterr().out
    typed(routed, "problem", PROBLEM, "--pass", "--to-level", "branch", "--by", "network-city", "--reason", "one cell")
    assert "waits for network (branch Nanjing)" in capsys.readouterr().out
    typed(routed, "problem", PROBLEM, "--return", "--level", "branch", "--by", "network-branch", "--reason", "no cell")
    typed(routed, "problem", PROBLEM, "--answer", "--by", "network-city", "--measure", "two cells repaired")
    said = capsys.readouterr().out
    assert said.count(f"Problem {PROBLEM}: Voice quality, Nanjing: ") == 2
    assert "answered; a month's figure measures it" in said
    assert "Measure: two cells repaired" in said


def test_in_chinese_and_by_department(routed: Home, capsys: pytest.CaptureFixture[str]) -> None:
    typed(routed, "problem", PROBLEM, "--lang", "zh")
    said = capsys.readouterr().out
    assert "2026-02：2000位客户中120位抱怨；预期40.0位" in said
    assert "影响因素：掉话。" in said
    typed(routed, "problems", "--month", "2026-03", "--department", "network", "--lang", "zh")
    said = capsys.readouterr().out
    assert "2026-03：问题1个，部门事项1项；超期1项" in said
    assert "已升级至network-lead" in said
    assert "网络部     1  0/1       0/1          1  0/0" in said
    typed(routed, "problems", "--month", "2026-03", "--department", "market")
    assert "2026-03: no problem is open" in capsys.readouterr().out


def test_what_is_missing_is_said(routed: Home) -> None:
    with pytest.raises(UsageError, match="--answer needs --by NAME"):
        typed(routed, "problem", PROBLEM, "--answer", "--measure", "x")
    with pytest.raises(UsageError, match=r"--pass needs --to-department CODE \(across\), or --to-level LEVEL"):
        typed(routed, "problem", PROBLEM, "--pass", "--by", "network-city", "--reason", "x")
    with pytest.raises(ProblemError, match=r"an answer says what is done \(--measure\)"):
        typed(routed, "problem", PROBLEM, "--answer", "--by", "network-city")
    with pytest.raises(ProblemError, match="there is no problem 'nothing'"):
        typed(routed, "problem", "nothing")
