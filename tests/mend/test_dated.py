"""Dated rules: the newest file that has begun is in force, and a broken one is named with place and reason."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from mend.foundation import rules as dated


class Limit(BaseModel):
    """Rules of one number."""

    valid_from: dt.date
    most: int = Field(ge=1)


class LimitError(ValueError):
    """A room's own error."""


def put(folder: Path, day: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{day}.yaml").write_text(text, "utf-8")


def versions(shipped: Path, own: Path | None = None) -> list[Limit]:
    return [dated.read(path, Limit, LimitError) for path in dated.paths(shipped, own)]


def test_the_last_version_that_has_begun_is_in_force_and_ones_own_takes_the_shipped_one_s_place(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    put(shipped, "2026-01-01", "{valid_from: 2026-01-01, most: 1}")
    put(shipped, "2026-03-01", "{valid_from: 2026-03-01, most: 3}")
    put(own, "2026-03-01", "{valid_from: 2026-03-01, most: 9}")
    found = versions(shipped, own)
    days = [dt.date(2026, 1, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 1)]
    assert [dated.in_force(day, found, "limits", LimitError).most for day in days] == [1, 1, 9]
    with pytest.raises(
        LimitError, match="no limits are in force on 2025-12-31: the first version begins on 2026-01-01"
    ):
        dated.in_force(dt.date(2025, 12, 31), found, "limits", LimitError)
    with pytest.raises(LimitError, match="there is no version"):
        dated.in_force(dt.date(2026, 1, 1), versions(tmp_path / "none"), "limits", LimitError)


@pytest.mark.parametrize(("text", "reason"), [
    ("{valid_from: 2026-01-01, most: 0}", "2026-01-01.yaml: most: Input should be greater than or equal to 1"),
    ("{valid_from: 2026-01-02, most: 1}", "2026-01-01.yaml: valid_from is 2026-01-02, the file's name says 2026-01-01"),
    ("{most", "2026-01-01.yaml: not YAML"),
    ("", "2026-01-01.yaml: rules: Input should be a valid dictionary"),
])  # fmt: skip
def test_a_broken_file_is_named_with_place_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    put(tmp_path, "2026-01-01", text)
    with pytest.raises(LimitError, match=reason):
        versions(tmp_path)


def test_a_file_that_is_no_text_is_named_and_a_pipe_holds_nothing_up(tmp_path: Path) -> None:
    (tmp_path / "2026-01-01.yaml").write_bytes("valid_from: 2026-01-01 # 规则\n".encode("gbk"))
    with pytest.raises(LimitError, match=r"2026-01-01.yaml: not UTF-8 at byte \d+; save it as UTF-8"):
        versions(tmp_path)
    (tmp_path / "2026-01-01.yaml").unlink()
    os.mkfifo(tmp_path / "2026-01-01.yaml")
    with pytest.raises(LimitError, match=r"2026-01-01\.yaml: not a plain file"):
        versions(tmp_path)


def test_what_is_wrong_is_said_with_the_folder_of_the_file(tmp_path: Path) -> None:
    """A home has a folder for each kind of rules, and files of the same name in them."""
    put(tmp_path / "survey_rules", "2026-01-01", "{valid_from: 2026-01-02, most: 1}")
    with pytest.raises(LimitError) as refused:
        versions(tmp_path / "survey_rules")
    assert str(refused.value).startswith(f"{tmp_path}/survey_rules/2026-01-01.yaml: valid_from is 2026-01-02")
