"""What a home is told to be from what is seen of it: one row of the table is one home."""

from __future__ import annotations

from pathlib import Path

import pytest

from mend.foundation.identity import Identity
from mend.foundation.opening import Case, Mixed, Original, Refused, Seen, decide

HERE, THERE = Path("/here"), Path("/there")
ALL, NONE, LAKE = frozenset({"operations", "catalog", "lake"}), frozenset[str](), frozenset({"lake"})
DATABASES = frozenset({"operations", "catalog"})

# The folder's identity, where it was, what is there now; marks of operations, catalog and lake; what is inside; whether
# tables are
# elsewhere, and that place is there.
KNOWN = [
    # an empty home; one of an earlier version, where it was, moved, copied
    (None, HERE, "same", (None, None, None), ALL, False, False, Case.MARK),
    (None, HERE, "same", (None, None, None), NONE, False, False, Case.MARK),
    (None, HERE, "same", (None, None, None), ALL, True, False, Case.MOVED),
    (None, HERE, "same", (None, None, None), ALL, True, True, Case.COPY),
    # a folder that is made again wherever it runs
    (None, HERE, "same", ("x", "x", "x"), NONE, False, False, Case.MARK),
    # the same home as yesterday, and by another mount, and in other folders with all stores elsewhere
    ("x", HERE, "same", ("x", "x", "x"), ALL, False, False, Case.SETTLED),
    ("x", THERE, "same", ("x", "x", "x"), ALL, False, False, Case.SETTLED),
    ("x", THERE, "present", ("x", "x", "x"), NONE, False, False, Case.SETTLED),
    ("x", THERE, "absent", ("x", "x", "x"), NONE, False, False, Case.SETTLED),
    # moved and copied whole
    ("x", THERE, "absent", ("x", "x", "x"), ALL, True, False, Case.MOVED),
    ("x", THERE, "present", ("x", "x", "x"), ALL, True, True, Case.COPY),
    # moved half-way: some tables' paths are written again
    ("x", THERE, "absent", ("x", "x", "x"), ALL, False, False, Case.MOVED),
    # its lake alone was moved, by MEND_LAKE
    ("x", HERE, "same", ("x", "x", "x"), DATABASES, True, False, Case.MOVED),
]
DOUBTFUL = [
    # databases shared by a folder and its copy; a lake shared by both
    (
        "x",
        THERE,
        "present",
        ("x", "x", "x"),
        LAKE,
        True,
        True,
        Refused,
        "is a copy of the home in /there, and the catalog's database and the op",
    ),
    (
        "x",
        THERE,
        "present",
        ("x", "x", "x"),
        DATABASES,
        False,
        False,
        Refused,
        "is a copy of the home in /there, and the lake would be shared",
    ),
    ("x", THERE, "absent", ("x", "x", "x"), DATABASES, False, False, Refused, "cannot be told"),
    # an old home with databases elsewhere
    (None, HERE, "same", (None, None, None), LAKE, True, True, Refused, "mend home copy"),
    (None, HERE, "same", (None, None, None), LAKE, True, False, Refused, "mend home moved"),
    # parts of two homes
    (
        "x",
        HERE,
        "same",
        ("y", "x", "x"),
        NONE,
        False,
        False,
        Mixed,
        "the operations database is of home y.*different homes",
    ),
    ("x", HERE, "same", ("x", "y", "y"), NONE, False, False, Mixed, "different homes"),
    ("x", HERE, "same", ("y", "y", "y"), NONE, False, False, Mixed, "different homes"),
    (None, HERE, "same", ("x", "y", "x"), NONE, False, False, Mixed, "different homes"),
    ("x", HERE, "same", ("x", "x", "y"), DATABASES, False, False, Mixed, "the lake is of home y"),
    # a lake that the catalog does not know
    (None, HERE, "same", (None, None, "y"), DATABASES, False, False, Mixed, "taken for waste"),
    ("x", HERE, "same", ("x", None, "x"), LAKE, False, False, Mixed, "taken for waste"),
    # a database that was made again without its content, and one that another home left
    ("x", HERE, "same", (None, "x", "x"), LAKE, False, False, Refused, "the operations database of /here should bear"),
    (
        "x",
        HERE,
        "same",
        ("x", None, None),
        ALL,
        False,
        False,
        Refused,
        "the catalog's database and the lake of /here should bear",
    ),
    (None, HERE, "same", ("x", None, None), LAKE, False, False, Refused, "the operations database is of home x"),
    # MEND_LAKE names another folder, and the tables are where they were
    ("x", HERE, "same", ("x", "x", None), DATABASES, True, True, Refused, "Set MEND_LAKE=file:///there/lake"),
]


def seen(
    home_id: str | None,
    root: Path,
    original: str,
    marks: tuple[str | None, ...],
    inside: frozenset[str],
    lay: bool,
    is_left: bool,
) -> Seen:
    known = Identity(home_id, root, "2026-01-01", is_complete=True) if home_id else None
    lay_in = ("file:///there/lake",) if lay else ()
    return Seen(HERE, known, Original(original), *marks, inside, "file:///here/lake", lay_in, is_left)


@pytest.mark.parametrize("row", KNOWN)
def test_a_home_that_can_be_one_thing_alone_is_settled(row: tuple) -> None:  # type: ignore[type-arg]
    *home, case = row
    assert decide(seen(*home)) is case


@pytest.mark.parametrize("row", DOUBTFUL)
def test_a_doubt_is_told_with_what_to_do(row: tuple) -> None:  # type: ignore[type-arg]
    *home, error, words = row
    with pytest.raises(error, match=words):
        decide(seen(*home))


def test_a_copy_on_its_way_may_bear_both_identities() -> None:
    known = Identity("y", HERE, "2026-01-01", leaves=("x",))
    half = Seen(HERE, known, Original.SAME, "y", "x", "x", ALL, "file:///here/lake", ("file:///there/lake",), True)
    assert decide(half) is Case.MOVED
    assert decide(Seen(HERE, known, Original.SAME, "y", "x", "x", ALL, "file:///here/lake")) is Case.MARK


def test_tables_that_no_catalog_knows_are_told_before_they_are_taken_for_waste() -> None:
    with pytest.raises(Mixed, match="does not know"):
        decide(Seen(HERE, None, Original.SAME, None, None, None, ALL, "file:///here/lake", has_unknown_tables=True))
