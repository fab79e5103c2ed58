"""How customers react to repair campaigns: effects per strategy as data, put into DuckDB beside what the lists gave."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import yaml

from mend.foundation.yaml_text import read_yaml
from mend.simulate.settings import WORLD, SimulationError
from mend.simulate.tables import table

# A row is a candidate of a published list whom no gate kept back, in the campaign's month; `strategy_code` and what
# follows are empty when nothing was given to them (held out, deferred).
TREATMENT: Final = pa.schema(
    [
        ("customer_id", pa.string()),
        ("campaign_on", pa.date32()),
        ("strategy_code", pa.string()),
        ("action_code", pa.string()),
        ("list_id", pa.string()),
        ("planned_on", pa.date32()),
        ("cost_amount", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Without:
    """What candidates do when nothing is done for them, as shares; `dissatisfied` is of those who answer."""

    complaint: float
    repeat_contact: float
    churn: float
    answers: float
    dissatisfied: float


@dataclass(frozen=True)
class Reaction:
    """One strategy: the share that its channel reaches, and for those the factors on the shares and on spend."""

    done: float = 1.0
    complaint: float = 1.0
    repeat_contact: float = 1.0
    churn: float = 1.0
    dissatisfied: float = 1.0
    spend: float = 1.0


@dataclass(frozen=True)
class Reactions:
    """The truth of a world's campaigns. A strategy that is not named reaches nine of ten and changes nothing."""

    without: Without
    strategies: Mapping[str, Reaction]


def read_reactions(path: Path) -> Reactions:
    """The effects of a file of the same shape as `reactions` in world.yaml; SimulationError when it is none."""
    try:
        return parse_reactions(read_yaml(path.read_text(encoding="utf-8")), str(path))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SimulationError(f"{path} cannot be read as YAML: {error}") from error


def parse_reactions(words: Any, where: str) -> Reactions:
    """The effects as values.

    >>> parse_reactions({"without": {"complaint": 0.1}, "strategies": {}}, "x.yaml")
    Traceback (most recent call last):
        ...
    mend.simulate.settings.SimulationError: x.yaml, without: names answers, churn, complaint, dissatisfied, \
repeat_contact, each once, not complaint
    """
    if not isinstance(words, dict) or set(words) != {"without", "strategies"}:
        raise SimulationError(f"{where}: has the keys without and strategies, and no others")
    without, names = words["without"], sorted(field.name for field in fields(Without))
    if not isinstance(without, dict) or sorted(map(str, without)) != names:
        named = ", ".join(sorted(map(str, without))) if isinstance(without, dict) else repr(without)
        raise SimulationError(f"{where}, without: names {', '.join(names)}, each once, not {named}")
    for name, value in without.items():
        _check(f"{where}, without.{name}", value, 1.0)
    if not isinstance(words["strategies"], dict):
        raise SimulationError(f"{where}, strategies: is a mapping of strategy to its factors")
    strategies = {str(code): _reaction(code, given, where) for code, given in words["strategies"].items()}
    return Reactions(Without(**without), strategies)


def _reaction(code: object, given: object, where: str) -> Reaction:
    known = {field.name for field in fields(Reaction)}
    if not isinstance(given, dict) or set(given) - known:
        raise SimulationError(f"{where}, strategy {code}: takes {', '.join(sorted(known))}, not {given!r}")
    for name, value in given.items():
        _check(f"{where}, strategy {code}, {name}", value, 1.0 if name == "done" else 100.0)
    return Reaction(**given)


def _check(where: str, value: object, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise SimulationError(f"{where} must be a number from 0 to {most:g}, not {value!r}")


def defaults() -> Reactions:
    """The effects of world.yaml."""
    return parse_reactions(WORLD["reactions"], "world.yaml, reactions")


def install_reactions(connection: duckdb.DuckDBPyConnection, treatments: pa.Table, reactions: Reactions) -> None:
    """Create `treatment`, `reaction_without` and `reaction_setting`."""
    connection.register("treatment", treatments.cast(TREATMENT))
    without = reactions.without
    names = [field.name for field in fields(Without)]
    shares = ", ".join(f"{name} double" for name in names)
    table(connection, "reaction_without", shares, [tuple(getattr(without, name) for name in names)])
    columns = (
        "strategy_code varchar, done_share double, complaint_factor double, contact_factor double, "
        "churn_factor double, dissatisfied_factor double, spend_factor double"
    )
    rows = [
        (code, each.done, each.complaint, each.repeat_contact, each.churn, each.dissatisfied, each.spend)
        for code, each in sorted(reactions.strategies.items())
    ]
    # One that no list can name, so that the table is there when no strategy has an effect.
    table(connection, "reaction_setting", columns, rows or [("", 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)])


def digest_of(treatments: pa.Table, reactions: Reactions) -> str:
    """A name for what was given and how customers react, whatever the order of the rows."""
    rows = sorted(repr(tuple(row.values())) for row in treatments.cast(TREATMENT).to_pylist())
    return hashlib.sha256("\n".join([repr(reactions), *rows]).encode()).hexdigest()
