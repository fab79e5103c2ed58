"""The dependency runs one way: dags → mend_airflow → mend, and within mend: what people use → wings → foundation.

Imports within functions and those for types alone count like all others.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from mend.errors import MendError

REPOSITORY = Path(__file__).resolve().parents[1]
MEND = REPOSITORY / "include" / "mend"
# A wing is a folder of rooms. Its rooms may use one another, as long as no module comes back to itself.
WINGS = {"intake", "damage", "grumbles", "care", "repair", "prevention"}
# What stands above the wings: any of it may use any room, and no room uses it.
ABOVE_THE_WINGS = {"cli", "docs", "query", "asof", "simulate", "chain"}
EVERYBODYS = {"errors"}
# What a wing uses of another: functions of the room that owns a table, by their full names.
OWNERS_FUNCTIONS = {
    # Which playbook a ticket and a call label carry is the playbooks' to say; the row is the caller's own.
    "care.followup": {
        "mend.prevention.playbooks.PlaybookSet",
        "mend.prevention.playbooks.load_playbooks",
        "mend.prevention.playbooks.playbook_of_ticket",
    },
    # A playbook's condition asks for what a strategy's audience asks for, in the same words and checks.
    "prevention.playbooks": {
        "mend.damage.scoring.measured.provided_by_sources",
        "mend.repair.strategies.AUDIENCE_COLUMNS",
        "mend.repair.strategies.audience.AudienceColumn",
        "mend.repair.strategies.audience.INDICATORS",
        "mend.repair.strategies.audience.audience_columns",
        "mend.repair.strategies.audience.columns_named",
        "mend.repair.strategies.fields.Chinese",
        "mend.repair.strategies.fields.Code",
        "mend.repair.strategies.fields.English",
        "mend.repair.strategies.parse_audience",
    },
    # The stage of customers whom no close knows is told as the close tells it.
    "grumbles.lifecycle": {"mend.damage.closing.place_customers", "mend.damage.closing.stage_settings"},
    "repair.campaign": {
        "mend.care.contact_rules.Request",
        "mend.care.contact_rules.Terms",
        "mend.care.contact_rules.reasons_of_set",
        "mend.care.contact_rules.rules.Policy",
        "mend.care.survey.rules.contact_policy",
        "mend.damage.closing.to_list",
    },
    "repair.publishing": {
        "mend.care.contact_rules.REASONS",
        "mend.care.contact_rules.Terms",
        "mend.care.contact_rules.lock",
        "mend.care.contact_rules.numbers_now",
        "mend.care.contact_rules.open_requests",
        "mend.care.contact_rules.release_untried",
        "mend.care.contact_rules.reserve",
        "mend.care.sms.NewMessage",
        "mend.care.sms.enqueue",
        "mend.care.sms.sending_account",
        "mend.care.sms.withdraw",
        "mend.care.survey.rules.contact_policy",
        "mend.prevention.playbooks.Chosen",
        "mend.prevention.playbooks.PlaybookSet",
        "mend.prevention.playbooks.hits_named",
        "mend.prevention.playbooks.load_playbooks",
        "mend.prevention.playbooks.pinned_playbooks",
        "mend.prevention.playbooks.playbooks_on",
        "mend.prevention.playbooks.put_label_playbooks",
    },
}
# What a part of the foundation stands on.
FOUNDATION = {
    "counts": {"yaml_text"},
    "conditions": set(),
    "condition_kinds": {"conditions"},
    "condition_values": {"conditions"},
    "message_words": set(),
    "periods": set(),
    "sessions": set(),
    "source_files": {"home", "yaml_text"},
    "source_words": {"home", "source_files", "yaml_text"},
    "yaml_text": set(),
    "home": {"periods"},
    "identity": {"home"},
    "files": {"home"},
    "report_files": set(),
    "report_page": set(),
    "rules": {"yaml_text"},
    "schema": {"yaml_text"},
    "statistics": set(),
    "server": {"home", "identity"},
    "engine": {"schema", "periods"},
    "lake": {"schema", "sessions"},
    "operations": {"schema", "home", "sessions", "periods"},
    "opening": {"home", "identity", "server", "lake", "operations", "sessions"},
    "pipeline": {"home", "schema", "lake", "engine", "opening", "periods"},
    "persons": {"pipeline", "lake", "periods"},
    "fact_days": {"home", "operations", "pipeline"},
    "changes": {"home", "lake", "operations", "pipeline"},
    "copying": {"home", "pipeline"},
    "list_file": {"pipeline"},
    "excel_file": {"list_file"},
}
# Circles that stay, and why.
CIRCLES: dict[frozenset[str], str] = {}


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


def name_of(path: Path) -> str:
    """A module's full name."""
    parts = path.relative_to(MEND.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(name: str) -> str:
    """The room of a name: 'damage.scoring' of 'mend.damage.scoring.rules'. A part of the foundation is one, too."""
    parts = name.split(".")[1:]
    return ".".join(parts[:2]) if parts and parts[0] in WINGS | {"foundation"} else ".".join(parts[:1])


def of_mend(path: Path) -> list[str]:
    return [name for name in imported(path) if name.startswith("mend.")]


@cache
def graph() -> Mapping[str, frozenset[str]]:
    """Every module of mend, and the modules that it imports."""
    names = {name_of(path): path for path in python_files(MEND)}
    return {name: frozenset(_modules(path, names) - {name}) for name, path in names.items()}


def _modules(path: Path, names: Mapping[str, Path]) -> set[str]:
    found = {name if name in names else name.rpartition(".")[0] for name in of_mend(path)}
    return found & names.keys()


def circles(edges: Mapping[str, frozenset[str]]) -> list[frozenset[str]]:
    """Modules that reach one another; each circle once."""
    reached = {name: _reach(name, edges) for name in edges}
    found = {frozenset(each for each in reached[name] if name in reached[each]) for name in edges}
    return sorted((circle for circle in found if circle), key=sorted)


def _reach(name: str, edges: Mapping[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    left = list(edges[name])
    while left:
        if (each := left.pop()) not in found:
            found.add(each)
            left += edges.get(each, ())
    return found


def test_a_circle_is_found_however_long_it_is() -> None:
    edges = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("ad"), "d": frozenset[str]()}
    assert circles(edges) == [frozenset("abc")]
    assert circles({"a": frozenset("b"), "b": frozenset[str]()}) == []


def test_no_module_comes_back_to_itself() -> None:
    assert [sorted(circle) for circle in circles(graph()) if circle not in CIRCLES] == []


@pytest.mark.parametrize("path", python_files(MEND), ids=lambda path: str(path.relative_to(MEND)))
def test_the_domain_knows_nothing_of_airflow(path: Path) -> None:
    assert {name for name in imported(path) if name.split(".")[0] in ("airflow", "mend_airflow", "dags")} == set()


@pytest.mark.parametrize("path", python_files(MEND), ids=lambda path: str(path.relative_to(MEND)))
def test_a_room_uses_its_wing_the_foundation_and_owners_functions_of_other_wings(path: Path) -> None:
    room = room_of(name_of(path))
    top, _, part = room.partition(".")
    if top in ABOVE_THE_WINGS | EVERYBODYS or not part:
        return
    others = [name for name in of_mend(path) if room_of(name) not in {room, *EVERYBODYS}]
    if top == "foundation":
        allowed = {f"foundation.{name}" for name in FOUNDATION[part]}
        assert [name for name in others if room_of(name) not in allowed] == []
        return
    elsewhere = [name for name in others if room_of(name).split(".")[0] not in {top, "foundation"}]
    assert set(elsewhere) <= OWNERS_FUNCTIONS.get(room, set())


def test_the_parts_of_the_foundation_stand_in_an_order() -> None:
    parts = {name: frozenset(under) for name, under in FOUNDATION.items()}
    modules = [path for path in MEND.joinpath("foundation").iterdir() if path.suffix in ("", ".py")]
    assert {path.stem for path in modules} - {"__init__", "__pycache__"} == set(parts)
    assert circles(parts) == []


def test_errors_stand_on_nothing() -> None:
    assert of_mend(MEND / "errors.py") == []


@pytest.mark.parametrize(
    "path", [*python_files(MEND), *python_files(REPOSITORY / "plugins" / "mend_airflow")], ids=lambda path: path.stem
)
def test_an_error_of_ours_is_bad_data_bad_configuration_or_retryable(path: Path) -> None:
    """By its base class: operators tell by it what is tried again."""
    named = [
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and (node.name.endswith("Error") or _is_exception(node))
    ]
    if not named or path == MEND / "errors.py":
        return
    root = MEND.parent if path.is_relative_to(MEND) else REPOSITORY / "plugins"
    module = importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))
    kinds = {name: getattr(module, name) for name in named if hasattr(module, name)}
    assert [name for name, kind in kinds.items() if not issubclass(kind, MendError)] == []


def _is_exception(node: ast.ClassDef) -> bool:
    bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
    return any(base.endswith(("Error", "Exception")) for base in bases)


def test_operators_know_airflow_but_no_dag() -> None:
    for path in python_files(REPOSITORY / "plugins"):
        assert not [name for name in imported(path) if name.split(".")[0] == "dags"], path


def test_dag_files_know_airflow_and_its_operators_alone() -> None:
    for path in python_files(REPOSITORY / "dags"):
        roots = {name.split(".")[0] for name in imported(path)}
        assert roots <= {"__future__", "airflow", "mend_airflow"}, path


def test_operators_import_of_the_domain_what_is_light_and_no_room() -> None:
    """A DAG file is parsed every few seconds: what it imports must be light."""
    light = {"mend", "mend.chain", "mend.errors", "mend.foundation.counts", "mend.foundation.home"}
    for path in python_files(REPOSITORY / "plugins" / "mend_airflow" / "operators"):
        at_the_top = {
            node.module
            for node in ast.parse(path.read_text("utf-8")).body
            if isinstance(node, ast.ImportFrom) and node.module
        }
        of_ours = {name for name in at_the_top if name.split(".")[0] == "mend"}
        assert of_ours <= light | {"mend.foundation.periods"}, path


def test_nothing_is_put_on_the_path_but_by_installing_it() -> None:
    """The editable install is the one way: no code, test, image or service sets a path for Python."""
    # A Python without the install, of another user; and a setting of the user's that must not count.
    others = ("foundation/test_server.py", "mend_airflow/test_demo_environment.py")
    folders = ("include", "plugins", "dags", "bench", "tests", "deploy", "docs", "scripts")
    files = [path for folder in folders for path in (REPOSITORY / folder).rglob("*") if path.suffix in (".py", ".sh")]
    files += [REPOSITORY / name for name in ("Makefile", "Dockerfile", "docker-compose.yaml", ".ci/run")]
    tricks = ("sys.path.insert", "sys.path.append", "PYTHONPATH=", '"PYTHONPATH": ', "PYTHONPATH: ")
    found = [
        f"{path.relative_to(REPOSITORY)}: {trick}"
        for path in files
        if path != Path(__file__) and not path.as_posix().endswith(others)
        for trick in tricks
        if trick in path.read_text("utf-8")
    ]
    assert found == []
