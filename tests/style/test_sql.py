"""The layout of SQL files: lower case, lines of at most 120 characters, models declared, the result last."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scripts.wrap_sql import HEADER

from mend.foundation.pipeline.headers import has_header

MEND = Path(__file__).resolve().parents[2] / "include" / "mend"
FILES = sorted(path for path in MEND.rglob("*.sql") if "migrations" not in path.parts)
TO_CLEAN = [
    line
    for line in Path(__file__).with_name("sql_to_clean.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
TEXT = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$\$.*?\$\$", re.DOTALL)
LAST_LINE = "select * from final"


def name_of(path: Path) -> str:
    return path.relative_to(MEND).as_posix()


def still_unclean(path: Path) -> bool:
    return any(name_of(path).startswith(each) for each in TO_CLEAN)


def code(text: str) -> str:
    """The text without comments, and without what stands between quotes."""
    return TEXT.sub("''", re.sub(r"--.*", "", text))


def faults_of(path: Path) -> list[str]:
    """Models of the lake are in `models/`, statements of the operations database in `statements/`. The simulator's SQL
    makes a world in a DuckDB of its own; no step of the lake runs it.
    """
    is_model = path.parent.name == "models" and not path.is_relative_to(MEND / "simulate")
    return faults(path.read_text("utf-8"), is_model)


def faults(text: str, is_model: bool) -> list[str]:
    """What is wrong with the layout of a file, in words."""
    lines = text.rstrip("\n").splitlines()
    found = [
        f"line {number} is longer than 120"
        for number, line in enumerate(lines, 1)
        if len(line) > 120 and not HEADER.match(line)
    ]
    found += [f"not in lower case: {word}" for word in re.findall(r"\w*[A-Z]\w*", code(text))[:3]]
    if is_model:
        found += [] if has_header(text) else ["its first line is no `-- model: ...`"]
        if re.match(r"\s*with\b", code(text)) and lines[-1] != LAST_LINE:  # a plain select is its own result
            found.append(f"its last line is not `{LAST_LINE}`")
    return found


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_has_the_common_layout(path: Path) -> None:
    if not still_unclean(path):
        assert faults_of(path) == []


def test_what_is_still_to_be_cleaned_is_still_to_be_cleaned() -> None:
    unclean = [name_of(path) for path in FILES if faults_of(path)]
    assert [each for each in TO_CLEAN if not any(name.startswith(each) for name in unclean)] == []


def test_faults_are_told() -> None:
    good = "-- model: a\n-- grain: a row\n-- inputs: b\nwith\nfinal as (select 'Text' from b)\nselect * from final\n"
    assert faults(good, is_model=True) == []
    assert faults("with a as (select 1)\nselect A from b where c = 'D'\n", is_model=True) == [
        "not in lower case: A",
        "its first line is no `-- model: ...`",
        "its last line is not `select * from final`",
    ]
    assert faults("select a from b where c = :day\n", is_model=False) == []
    assert faults(good.replace("'Text'", f"'{'x' * 120}'"), is_model=True) == ["line 5 is longer than 120"]
