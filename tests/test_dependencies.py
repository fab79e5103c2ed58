"""The dependency runs one way: dags → mend_airflow → mend, and a room of mend never imports another room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
MEND = REPOSITORY / "include" / "mend"
# What every room may stand on: where things are, what they look like, and what runs them.
FOUNDATION = {
    "home",
    "identity",
    "opening",
    "calendar",
    "schema",
    "lake",
    "engine",
    "workbench",
    "operations",
    "models",
    "server",
    "sessions",
    "exchange",
    "persons",
    "dated",
    "yaml_text",
    "fact_days",
    "list_file",
    "files",
}
# The command line is no room: it hands what the user says to the rooms.
ABOVE_THE_ROOMS = {"cli", "docs"}
# What parts of the foundation may stand on in turn.
FOUNDATION_OWN = {
    "home": {"server"},
    "identity": {"home"},
    "opening": {"home", "identity", "server", "lake", "operations", "sessions"},
    "server": {"home", "identity"},
    "calendar": set(),
    "schema": {"yaml_text"},
    "models": set(),
    "engine": {"schema"},
    "lake": {"schema", "sessions"},
    "operations": {"schema", "home", "sessions"},
    "workbench": {"home", "schema", "lake", "engine", "opening"},
    "exchange": {"workbench"},
    "persons": {"workbench", "lake"},
    "dated": {"yaml_text"},
    "fact_days": {"home", "operations", "workbench"},
    "sessions": set(),
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


def room_of(path: Path) -> str:
    return path.relative_to(MEND).parts[0].removesuffix(".py")


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("mend.")}


@pytest.mark.parametrize("path", python_files(MEND), ids=lambda path: str(path.relative_to(MEND)))
def test_the_domain_knows_nothing_of_airflow(path: Path) -> None:
    assert {name for name in imported(path) if name.split(".")[0] in ("airflow", "mend_airflow", "dags")} == set()


@pytest.mark.parametrize("path", python_files(MEND), ids=lambda path: str(path.relative_to(MEND)))
def test_a_room_imports_no_other_room(path: Path) -> None:
    room = room_of(path)
    if room in ABOVE_THE_ROOMS or room == "__init__":
        return
    allowed = FOUNDATION_OWN.get(room, FOUNDATION) | {room}
    assert rooms_imported(path) - allowed == set()


def test_operators_know_airflow_but_no_dag() -> None:
    for path in python_files(REPOSITORY / "plugins"):
        assert not [name for name in imported(path) if name.split(".")[0] == "dags"], path


def test_dag_files_know_airflow_and_its_operators_alone() -> None:
    for path in python_files(REPOSITORY / "dags"):
        roots = {name.split(".")[0] for name in imported(path)}
        assert roots <= {"__future__", "airflow", "mend_airflow"}, path


def test_operators_import_the_domain_when_they_run_and_not_before() -> None:
    """A DAG file is parsed every few seconds: what it imports must be light."""
    light = {"mend.home", "mend.cli.errors"}
    for path in python_files(REPOSITORY / "plugins" / "mend_airflow" / "operators"):
        at_the_top = {node.module for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.ImportFrom) and node.module}
        assert {name for name in at_the_top if name.startswith("mend.")} <= light, path
