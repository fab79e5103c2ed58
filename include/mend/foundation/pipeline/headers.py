"""What a model's text says of itself, to hold its header to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp

from mend.foundation.pipeline.model import FILL, HEADER_LINE, PARAMETER, Model

INCLUDE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Read:
    """Tables, parameters and fills that a text names."""

    inputs: frozenset[str]
    params: frozenset[str]
    fills: frozenset[str]


def read_text(select: str) -> Read:
    """The tables that a select reads from outside of itself, its parameters and its places to fill.

    >>> sorted(read_text("with a as (select * from b where x > $least) select * from a join c using (x)").inputs)
    ['b', 'c']
    """
    body = "\n".join(line for line in select.splitlines() if not line.lstrip().startswith("--"))
    tree = sqlglot.parse_one(FILL.sub(r"fill_\1", body), read="duckdb")
    inside = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = {table.name for table in tree.find_all(exp.Table) if table.name}
    return Read(frozenset(tables - inside), frozenset(PARAMETER.findall(body)), frozenset(FILL.findall(body)))


def differences(model: Model) -> list[str]:
    """Where a model's header and its text disagree, in words; nothing when they agree."""
    read = read_text(model.select)
    pairs = {
        "inputs": (frozenset(model.inputs), read.inputs),
        "params": (frozenset(model.params), read.params),
        "fills": (frozenset(model.fills), read.fills),
    }
    return [
        f"{model.room}/{model.name}: {what}: header {sorted(declared)}, text {sorted(found)}"
        for what, (declared, found) in pairs.items()
        if declared != found
    ]


def model_files() -> Iterator[tuple[str, str]]:
    """Room and name of every model file, in order."""
    for path in sorted(INCLUDE.rglob("models/*.sql")):
        yield path.parent.parent.relative_to(INCLUDE).as_posix(), path.stem


def has_header(text: str) -> bool:
    """Whether a file declares itself as a model of the lake."""
    return any(HEADER_LINE.fullmatch(line.rstrip()) for line in text.splitlines()[:1])
