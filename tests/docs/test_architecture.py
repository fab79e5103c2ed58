"""docs/architecture.md shows the rooms that there are, and where ten changes are made."""

from __future__ import annotations

import re

from mend.docs.coverage import MEND, REPOSITORY

PAGE = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8")
CHANGES = [line for line in PAGE.splitlines() if re.match(r"\| \d+\. ", line)]


def test_ten_changes_name_places_that_exist() -> None:
    assert [int(line.split(".")[0].strip("| ")) for line in CHANGES] == list(range(1, 11))
    for line in CHANGES:
        places = re.findall(r"`((?:include|plugins|dags)/[\w./-]+)`", line)
        assert places, line
        assert [name for name in places if not (REPOSITORY / name).exists()] == []


def test_every_room_is_in_the_tree() -> None:
    tree = PAGE.split("```")[1]
    wings = ("intake", "damage", "grumbles", "care", "repair", "foundation")
    rooms = {path.parent.name for wing in wings for path in (MEND / wing).glob("*/__init__.py")}
    assert {name for name in rooms if not re.search(rf"\b{name}\b", tree)} == set()


def test_every_folder_of_mend_is_in_the_tree() -> None:
    tree = PAGE.split("```")[1]
    folders = {path.parent.name for path in MEND.glob("*/__init__.py")}
    assert {name for name in folders if f"{name}/" not in tree} == set()
