"""Every room says in its README what it takes, gives and guarantees, and what of the domain it covers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mend.damage.scoring.rules import load_rules
from mend.docs.coverage import MEND, REPOSITORY, SECTIONS, SYSTEMS, coverage, covered, readmes

WINGS = ("intake", "damage", "grumbles", "care", "repair", "prevention")
PARTS = (*WINGS, "foundation")
ROOMS = sorted(
    path for part in PARTS for path in (MEND / part).iterdir() if path.is_dir() and (path / "__init__.py").exists()
)


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.relative_to(MEND).as_posix())
def test_a_room_has_a_readme(room: Path) -> None:
    assert (room / "README.md").exists()


@pytest.mark.parametrize("readme", readmes(), ids=lambda path: path.parent.relative_to(REPOSITORY).as_posix())
def test_a_readme_says_what_the_room_takes_gives_and_guarantees(readme: Path) -> None:
    text = readme.read_text("utf-8")
    assert text.startswith("# ")
    found = re.findall(r"^- \*\*(Takes|Gives|Guarantees)\*\*", text, re.MULTILINE)
    assert list(dict.fromkeys(found)) == ["Takes", "Gives", "Guarantees"]


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.relative_to(MEND).as_posix())
def test_a_room_of_a_wing_says_what_of_the_domain_it_covers(room: Path) -> None:
    if room.parent.name in WINGS:
        assert list(covered(room / "README.md"))


def test_every_row_names_a_section_a_state_and_tests_that_exist() -> None:
    for row in (row for readme in readmes() for row in covered(readme)):
        assert row.section in {*SECTIONS, "-"}, row
        assert row.kind == "not yet" or row.test or row.room == ".", row
        for name in re.findall(r"`(tests/[\w./-]+)`", row.test):
            assert (REPOSITORY / name).exists(), row


def test_the_page_has_every_section_system_indicator_and_credit() -> None:
    text = coverage().text
    assert re.findall(r"^## (\d+)\. ", text, re.MULTILINE) == list(SECTIONS)
    assert all(f"| {system} |" in text for system in SYSTEMS)
    for version in load_rules():
        for rule in (*version.indicators.values(), *version.credits.values()):
            row = next(line for line in text.splitlines() if line.startswith(f"| {rule.id} |"))
            assert f"{rule.en} · {rule.zh}" in row
            assert f"-k {rule.id}`" in row


def test_a_link_of_a_row_is_seen_from_docs() -> None:
    readme = MEND / "grumbles" / "clusters" / "README.md"
    row = next(row for row in covered(readme) if "](" in row.what)
    assert "](decisions/0044-labels-that-are-earned.md)" in row.what
