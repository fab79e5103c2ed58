"""The dependency runs one way: dags → mend_airflow → mend, and a room of mend never imports another room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
MEND = REPOSITORY / "include" / "mend"
# A wing is a folder of rooms. What it stands on lies in foundation/; what stands above the rooms may use any of them.
WINGS = {"intake", "damage", "grumbles", "care", "repair"}
ABOVE_THE_ROOMS = {"cli", "docs", "query"}
EVERYBODYS = {"errors"}
# What parts of the foundation may stand on in turn.
FOUNDATION_OWN = {
    "home": {"server"},
    "identity": {"home"},
    "opening": {"home", "identity", "server", "lake", "operations", "sessions"},
    "server": {"home", "identity"},
    "periods": set(),
    "schema": {"yaml_text"},
    "engine": {"schema", "periods"},
    "lake": {"schema", "sessions"},
    "operations": {"schema", "home", "sessions"},
    "pipeline": {"home", "schema", "lake", "engine", "opening", "periods"},
    "persons": {"pipeline", "lake", "periods"},
    "rules": {"yaml_text"},
    "fact_days": {"home", "operations", "pipeline"},
    "list_file": {"pipeline"},
    "sessions": set(),
    "source_files": {"home", "yaml_text"},
    "yaml_text": set(),
    "files": {"home"},
}


def imported(path: Path) -> Iterator[str]:
    """Full names of what a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def python_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def room_of(dotted: str) -> str:
    """The room of a module below mend: 'damage.scoring' of 'damage.scoring.rules'; a part of the foundation is one,
    too.
    """
    parts = dotted.split(".")
    return ".".join(parts[:2]) if parts[0] in WINGS | {"foundation"} else parts[0]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(MEND).with_suffix("").parts)


def rooms_imported(path: Path) -> set[str]:
    return {room_of(name.removeprefix("mend.")) for name in imported(path) if name.startswith("mend.")}


@pytest.mark.parametrize("path", python_files(MEND), ids=lambda path: str(path.relative_to(MEND)))
def test_the_domain_knows_nothing_of_airflow(path: Path) -> None:
    assert {name for name in imported(path) if name.split(".")[0] in ("airflow", "mend_airflow", "dags")} == set()


@pytest.mark.parametrize("path", python_files(MEND), ids=lambda path: str(path.relative_to(MEND)))
def test_a_room_imports_no_other_room(path: Path) -> None:
    room = room_of(module_of(path))
    top, _, part = room.partition(".")
    if top in ABOVE_THE_ROOMS or top == "__init__" or part == "__init__":
        return
    others = rooms_imported(path) - {room} - EVERYBODYS
    if top == "foundation":
        assert others <= {f"foundation.{name}" for name in FOUNDATION_OWN[part]}
    else:
        assert {each for each in others if not each.startswith("foundation.")} == set()


def test_operators_know_airflow_but_no_dag() -> None:
    for path in python_files(REPOSITORY / "plugins"):
        assert not [name for name in imported(path) if name.split(".")[0] == "dags"], path


def test_dag_files_know_airflow_and_its_operators_alone() -> None:
    for path in python_files(REPOSITORY / "dags"):
        roots = {name.split(".")[0] for name in imported(path)}
        assert roots <= {"__future__", "airflow", "mend_airflow"}, path


def test_operators_import_the_domain_when_they_run_and_not_before() -> None:
    """A DAG file is parsed every few seconds: what it imports must be light."""
    light = {"mend.foundation.home", "mend.errors"}
    for path in python_files(REPOSITORY / "plugins" / "mend_airflow" / "operators"):
        at_the_top = {
            node.module
            for node in ast.parse(path.read_text("utf-8")).body
            if isinstance(node, ast.ImportFrom) and node.module
        }
        assert {name for name in at_the_top if name.startswith("mend.")} <= light, path
