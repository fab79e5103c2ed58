"""`mend campaign`, `mend why-not`, `mend what-if` as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.mend.repair.campaign.worlds import MAY, Somebody, put_strategies, put_world

from mend.cli.campaigns import compare, make, why
from mend.cli.main import parser
from mend.errors import CommandError
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.strategies import StrategyError


def test_a_list_is_made_told_of_and_compared(
    home: Home, bench: Workbench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_world(home, bench, [Somebody("A", level=3), Somebody("B", level=2, has_survey_consent=False)])
    read = parser().parse_args
    make(read(["campaign", "--month", MAY]), home)
    said = capsys.readouterr().out
    assert said.startswith("2026-05, version 1 (new): 2 candidates, ")
    assert "(proven), gap 0.0000%" in said
    make(read(["campaign", "--month", MAY]), home)
    assert "version 1 (unchanged)" in capsys.readouterr().out
    why(read(["why-not", "B", "--month", MAY, "--lang", "zh"]), home)
    assert "电话回访：未入选，原因：未同意接收此类联系。" in capsys.readouterr().out
    compare(read(["what-if", "--month", MAY, "--strategies", str(put_strategies(tmp_path / "other", {}))]), home)
    assert "Come: 0\nGo: 0\nGet something else: 0\n" in capsys.readouterr().out


def test_a_folder_that_is_none_and_a_broken_file_are_said(home: Home, bench: Workbench, tmp_path: Path) -> None:
    put_world(home, bench, [Somebody("A", level=3)])
    read = parser().parse_args
    with pytest.raises(CommandError, match="nowhere is no folder"):
        compare(read(["what-if", "--month", MAY, "--strategies", str(tmp_path / "nowhere")]), home)
    folder = put_strategies(tmp_path / "broken", {"rebate": {"audience": "level >= high"}})
    with pytest.raises(StrategyError, match=r"1990-01-01\.yaml: rebate: audience"):
        compare(read(["what-if", "--month", MAY, "--strategies", str(folder)]), home)
