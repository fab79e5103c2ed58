"""Faults planted in a simulated centre: a menu node that fails more often, a queue with fewer seats, a team whose calls
drop. As data, put into DuckDB; which contacts each hurt is told beside the files.

    faults:
      - {what: ivr_node, code: bill_menu, from: 2026-02-01, until: 2026-02-28, factor: 2}
      - {what: queue, code: north, from: 2026-02-10, until: 2026-02-10, factor: 0}
      - {what: agent_group, code: team_3, from: 2026-02-01, until: 2026-02-28, factor: 4}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import duckdb
import yaml

from mend.foundation.yaml_text import read_yaml
from mend.simulate.settings import FAULT_COLUMNS, NO_FAULT, WORLD, SimulationError
from mend.simulate.tables import table

KEYS: Final = ("what", "code", "from", "until", "factor")
MOST: Final = 100.0


@dataclass(frozen=True)
class Fault:
    """One fault, in force from the first to the last day.

    Args:
        what: ivr_node, queue or agent_group.
        code: the menu node, the call centre, or the team.
        factor: of an ivr_node and of an agent_group on the chance of failing and of dropping; of a queue the share of
            its seats that is left, 0 when nobody answers. It is the queue of the hotline: chats in app and web go on.
    """

    what: str
    code: str
    first: dt.date
    last: dt.date
    factor: float


def read_faults(path: Path) -> list[Fault]:
    """The faults of a file with the key `faults`; SimulationError when it is none."""
    try:
        words = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SimulationError(f"{path} cannot be read as YAML: {error}") from error
    if not isinstance(words, dict) or set(words) != {"faults"} or not isinstance(words["faults"], list):
        raise SimulationError(f"{path}: has the key faults alone, with a list")
    return check_faults([_fault(given, f"{path}, fault {place}") for place, given in enumerate(words["faults"], 1)])


def check_faults(faults: Sequence[Fault]) -> list[Fault]:
    """The faults in the order of their days.

    Raises:
        SimulationError: two of one place meet, or a place, a day or a factor is impossible.
    """
    for fault in faults:
        if fault.what not in places():
            raise SimulationError(f"a fault is of {', '.join(places())}, not of {fault.what!r}")
        if fault.code not in places()[fault.what]:
            raise SimulationError(f"no {fault.what} {fault.code!r}: there are {', '.join(places()[fault.what])}")
        if fault.last < fault.first:
            raise SimulationError(f"fault of {fault.code}: ends on {fault.last}, before it begins on {fault.first}")
        if not 0 <= fault.factor <= (1.0 if fault.what == "queue" else MOST):
            raise SimulationError(f"fault of {fault.code}: factor {fault.factor:g} is impossible")
    ordered = sorted(faults, key=lambda fault: (fault.what, fault.code, fault.first))
    for before, after in pairwise(ordered):
        if (before.what, before.code) == (after.what, after.code) and after.first <= before.last:
            raise SimulationError(f"two faults of {after.code} meet on {after.first}")
    return ordered


def written(faults: Sequence[Fault]) -> list[list[str | float]]:
    """The faults as a world's settings keep them; `read_written` gives them back."""
    return [[each.what, each.code, str(each.first), str(each.last), each.factor] for each in check_faults(faults)]


def read_written(rows: Sequence[Sequence[Any]]) -> list[Fault]:
    """The faults of a world's settings.

    >>> fault = Fault("queue", "north", dt.date(2026, 2, 1), dt.date(2026, 2, 1), 0.0)
    >>> read_written(written([fault])) == [fault]
    True
    """
    return [
        Fault(what, code, dt.date.fromisoformat(first), dt.date.fromisoformat(last), factor)
        for what, code, first, last, factor in rows
    ]


def places() -> dict[str, list[str]]:
    """What can have a fault, and where."""
    return {
        "ivr_node": list(WORLD["ivr_nodes"]),
        "queue": sorted({city["center"] for city in WORLD["cities"].values()}),
        "agent_group": [f"team_{number}" for number in range(1, WORLD["agent_groups"] + 1)],
    }


def install_faults(connection: duckdb.DuckDBPyConnection, faults: Sequence[Fault]) -> None:
    """Create `fault_setting`: a fault's number is its place in the order of what, code and days, from 1."""
    rows: list[tuple[Any, ...]] = [
        (number, each.what, each.code, _begins(each.first), _begins(each.last + dt.timedelta(days=1)), each.factor)
        for number, each in enumerate(check_faults(faults), 1)
    ]
    table(connection, "fault_setting", FAULT_COLUMNS, rows or [NO_FAULT])


def _begins(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def _fault(given: Any, where: str) -> Fault:
    if not isinstance(given, dict) or set(given) != set(KEYS):
        raise SimulationError(f"{where}: takes {', '.join(KEYS)}, each once, not {given!r}")
    for key in ("from", "until"):
        if not isinstance(given[key], dt.date) or isinstance(given[key], dt.datetime):
            raise SimulationError(f"{where}, {key} must be a day such as 2026-02-01, not {given[key]!r}")
    factor = given["factor"]
    if isinstance(factor, bool) or not isinstance(factor, int | float):
        raise SimulationError(f"{where}, factor must be a number, not {factor!r}")
    return Fault(str(given["what"]), str(given["code"]), given["from"], given["until"], float(factor))
