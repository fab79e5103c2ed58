"""SQL models: one file each, read from the room that owns it. A header declares the model; a test holds it to the text.

    -- model: contact_incident
    -- grain: one inbound contact
    -- inputs: contact_number
    -- share: customer_id
    -- params: incident_gap_seconds
    -- fills: row_conditions
    -- Which contacts belong to one bad experience: less than the gap apart.
    with ...
    select * from final

`share` says how a row finds its share of customers, or `whole` for a model over all of them. `fills` names the places
where compiled rule conditions go: `{row_conditions}` in the text. `order` is the order in which a reader gets the rows;
without it there is none. Lines with nothing to say may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from mend.errors import BadConfigurationError

if TYPE_CHECKING:
    from sqlalchemy import TextClause

HEADER_LINE: Final = re.compile(r"-- (model|grain|inputs|share|params|fills|order):\s*(.*)")
FILL: Final = re.compile(r"\{(\w+)\}")
PARAMETER: Final = re.compile(r"\$([a-z_]\w*)")


class ModelError(BadConfigurationError, ValueError):
    """A model's file says something impossible, or a step uses it wrongly; the message names the model."""


@dataclass(frozen=True)
class Model:
    """One transformation: a `select` and what it declares of itself."""

    room: str
    name: str
    grain: str
    inputs: tuple[str, ...]
    share: str
    params: tuple[str, ...]
    fills: tuple[str, ...]
    order: str
    select: str

    def filled(self, fills: Mapping[str, str]) -> str:
        """The select with every place filled, in the declared order; ModelError when a fill is missing."""
        if missing := [name for name in self.fills if name not in fills]:
            raise ModelError(f"{self.room}/{self.name}: no text for {', '.join(missing)}")
        select = FILL.sub(lambda found: fills.get(found[1], found[0]), self.select)
        return f"{select}\norder by {self.order}" if self.order else select


@cache
def read_model(room: str, name: str) -> Model:
    """The model in `include/mend/<room>/models/<name>.sql`; ModelError when its header is not complete."""
    return parse_model(load(room, name), room, name)


def read_models(room: str, *names: str) -> tuple[Model, ...]:
    """Models of one room, in the order given."""
    return tuple(read_model(room, name) for name in names)


def parse_model(text: str, room: str, name: str) -> Model:
    """A model from its text.

    >>> parse_model("-- model: a\\n-- grain: a row\\n-- inputs: b\\nselect $day from b", "room", "a").params
    ()
    """
    declared: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if (found := HEADER_LINE.fullmatch(line.rstrip())) is not None:
            declared[found[1]] = found[2]
    if declared.get("model") != name or not declared.get("grain"):
        raise ModelError(f"{room}/{name}.sql: its header needs `-- model: {name}` and `-- grain: ...`")
    return Model(
        room=room,
        name=name,
        grain=declared["grain"],
        inputs=_listed(declared.get("inputs", "")),
        share=declared.get("share", "whole"),
        params=_listed(declared.get("params", "")),
        fills=_listed(declared.get("fills", "")),
        order=declared.get("order", ""),
        select=text,
    )


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


@cache
def load(room: str, name: str) -> str:
    """The text of `include/mend/<room>/models/<name>.sql`."""
    return (resources.files("mend").joinpath(*room.split("/")) / "models" / f"{name}.sql").read_text("utf-8")


@cache
def statement(room: str, name: str) -> TextClause:
    """The model as a statement of the operations database, taken apart once a process: some steps run theirs ten
    thousand times."""
    from sqlalchemy import text

    return text(load(room, name))
