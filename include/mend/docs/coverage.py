"""docs/coverage.md: what of the domain is there, from the rooms' READMEs, the schema and the rules."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mend.damage.scoring.rules import Rule, RuleSet, load_rules
from mend.docs.indicators import needs
from mend.docs.markdown import code, link, page, table
from mend.docs.pages import FOLDER, Page
from mend.foundation.schema import TABLES
from mend.foundation.yaml_text import read_yaml

REPOSITORY: Final = FOLDER.parent
MEND: Final = REPOSITORY / "include" / "mend"
OUTSIDE: Final = (REPOSITORY / "plugins" / "mend_airflow",)
OPERATIONS: Final = MEND / "foundation" / "schema" / "operations"
AROUND: Final = "-"
# The domain's sections: title, and the systems that a section belongs to.
SECTIONS: Final = {
    "1": ("Records that arrive", ""),
    "2": ("Damage scoring", "S1, S2"),
    "3": ("Repair strategies", "S1"),
    "4": ("Grumbles and complaints", "S2, S4"),
    "5": ("Pre-warning", "S4"),
    "6": ("SMS surveys and follow-up", "S3"),
    "7": ("Repair-campaign lists", "S1, S3"),
    "8": ("Did it work?", "S1, S4"),
    "9": ("Prevention", "S3"),
    "10": ("Touchpoints", "S5"),
}
SYSTEMS: Final = {
    "S1": "perceived-damage scoring and three-layer repair (客户感知受损评分模型)",
    "S2": "relationship repair at grumble points over the life cycle (抱怨点关系修复)",
    "S3": "six service-recovery measures (服务补救6措施)",
    "S4": "generalized complaints (广义投诉)",
    "S5": "touchpoint inventory and matrix (触点盘点)",
}
STATES: Final = ("there", "in part", "not yet")
INTRO: Final = """\
What of the domain is there, which room has it, which test holds it and how to see it run. *There* means built and
tested; *in part* says what is missing; *not yet* means that nothing of it is built. Each row is in the README of its
room, under `## Covers`; this page puts them together.

To see things run, make the small world of the [README](../README.md#first-result); commands below are in that home.
Tables of the operations database (surveys, messages, follow-up) are read as the
[runbook](runbook.md#reading-the-operations-database) says."""
INDICATORS: Final = """\
Each is data in `include/mend/damage/scoring/rules/`. The test of each is
`tests/mend/damage/scoring/test_indicators.py` with the option in the table: rows in a small table and the points
expected, boundaries on both sides (`make test TESTS="tests/mend/damage/scoring/test_indicators.py -k IVR-01"`).
`tests/mend/damage/scoring/test_truth.py` compares all of them with a simulated world's planted truth."""


@dataclass(frozen=True)
class Covered:
    """A row of a room's README: a piece of the domain."""

    room: str
    section: str
    what: str
    test: str
    see: str
    state: str

    @property
    def kind(self) -> str:
        """there, in part or not yet; ValueError when the state begins with none of them."""
        for each in STATES:
            if self.state.startswith(each):
                return each
        raise ValueError(f"{self.room}/README.md: {self.what}: a state begins with one of {', '.join(STATES)}")


def coverage() -> Page:
    """The page."""
    rows = [row for readme in readmes() for row in covered(readme)]
    parts = [INTRO, "## The five systems", _systems(rows)]
    for section, (title, _) in SECTIONS.items():
        parts += [f"## {section}. {title}", _rows(row for row in rows if row.section == section)]
        parts += _indicators() if section == "2" else []
    parts += ["## Around the rooms", _rows(row for row in rows if row.section == AROUND)]
    parts += ["## Rooms, their tables and tests", _rooms()]
    return Page("coverage.md", page("Coverage", *parts))


def readmes() -> list[Path]:
    """The README of every room, in order."""
    return [*sorted(MEND.rglob("README.md")), *(folder / "README.md" for folder in OUTSIDE)]


def covered(readme: Path) -> Iterator[Covered]:
    """The rows under `## Covers` of a README, links as seen from docs/."""
    _, _, below = readme.read_text("utf-8").partition("\n## Covers\n")
    for line in below.partition("\n## ")[0].splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5 and cells[0] != "section" and set(cells[0]) != {"-", ":"} and not cells[0].startswith("---"):
            yield Covered(_room(readme.parent), *(_seen_from_docs(cell, readme.parent) for cell in cells))


def _room(folder: Path) -> str:
    return folder.relative_to(MEND).as_posix() if folder.is_relative_to(MEND) else folder.name


def _seen_from_docs(text: str, folder: Path) -> str:
    def moved(found: re.Match[str]) -> str:
        name, mark, anchor = found[1].partition("#")
        if not name or name.startswith("http"):
            return found[0]
        return f"]({Path(os.path.relpath(folder / name, FOLDER)).as_posix()}{mark}{anchor})"

    return re.sub(r"\]\(([^)\s]+)\)", moved, text)


def _systems(rows: list[Covered]) -> str:
    lines = []
    for system, name in SYSTEMS.items():
        mine = [number for number, (_, systems) in SECTIONS.items() if system in systems]
        counts = [sum(row.kind == kind for row in rows if row.section in mine) for kind in STATES]
        lines.append([system, name, ", ".join(mine), *(str(count) for count in counts)])
    return table(["", "system", "sections", *STATES], lines)


def _rows(rows: Iterable[Covered]) -> str:
    lines = [[row.what, _linked(row.room), row.test, row.see, row.state] for row in rows if row.kind]
    return table(["what", "room", "test", "see it run", "state"], lines)


def _linked(room: str) -> str:
    folder = OUTSIDE[0] if room == OUTSIDE[0].name else MEND / room
    return link("mend" if room == "." else room, Path(os.path.relpath(folder / "README.md", FOLDER)).as_posix())


def _indicators() -> list[str]:
    rules = load_rules()[-1]
    return [
        "### The indicators and credits",
        INDICATORS,
        table(["id", "indicator or credit", "needs", "test"], [_rule(each) for each in _every(rules)]),
    ]


def _every(rules: RuleSet) -> list[Rule]:
    return [*rules.indicators.values(), *rules.credits.values()]


def _rule(rule: Rule) -> list[str]:
    return [rule.id, f"{rule.en} · {rule.zh}", needs(rule), code(f"-k {rule.id}")]


def _rooms() -> str:
    owned = list(_owners())
    lines = []
    for readme in readmes():
        room = _room(readme.parent)
        tables = [code(name) for name, owner in owned if owner == room]
        models = len(list((readme.parent / "models").glob("*.sql")))
        lines.append([_linked(room), ", ".join(tables), str(models or ""), _tests(room)])
    return table(["room", "tables that it alone writes", "SQL files", "tests"], lines)


def _owners() -> Iterator[tuple[str, str]]:
    """Each table with the room that owns it, of the lake and of the operations database."""
    yield from ((each.name, each.owner) for each in TABLES.values())
    for path in sorted(OPERATIONS.glob("*.yaml")):
        described: dict[str, dict[str, Any]] = read_yaml(path.read_text("utf-8"))
        yield from ((name, str(words.get("owner", ""))) for name, words in described.items())


def _tests(room: str) -> str:
    """The folder or file of a room's tests, where there is one."""
    places = (f"tests/mend/{room}/", f"tests/mend/test_{Path(room).name}.py", f"tests/{room}/")
    return next((code(place) for place in places if room != "." and (REPOSITORY / place).exists()), "")
