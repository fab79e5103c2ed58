"""Who may answer a corrective action: the owner's people, their deputies, and managers, as the inventory names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from mend.foundation.home import Home
from mend.prevention.touchpoint.errors import AnswerError
from mend.prevention.touchpoint.inventory import Inventory, inventory_on, load_inventories

Role = Literal["owner", "deputy", "manager"]
ROLES: Final[tuple[Role, ...]] = ("owner", "deputy", "manager")


@dataclass(frozen=True)
class Answerer:
    """Who answers, and as what: recorded with the answer.

    Args:
        through: where they did: the command and the account that ran it, or the page.
    """

    name: str
    role: Role
    through: str


def answerers_of(inventory: Inventory, touchpoint: str, owner_id: str | None) -> dict[Role, tuple[str, ...]]:
    """The names that may answer for a touchpoint.

    Args:
        owner_id: of the action; whoever owns the touchpoint now comes before it.
    """
    content = inventory.content
    known = content.touchpoints.get(touchpoint)
    code = known.owner_id if known is not None else owner_id
    person = content.owners.get(code or "")
    own = () if code is None else (code,)
    return {
        "owner": (*own, *(person.people if person else ())),
        "deputy": person.deputies if person else (),
        "manager": content.managers,
    }


def answering_as(by: str, touchpoint: str, owner_id: str | None, inventory: Inventory) -> Role:
    """As what somebody answers for a touchpoint; AnswerError, which names those who may, for anybody else."""
    allowed = answerers_of(inventory, touchpoint, owner_id)
    for role in ROLES:
        if by in allowed[role]:
            return role
    raise AnswerError(
        f"{by!r} may not answer for {touchpoint}; those who may are {_named(allowed)} "
        "(owners and managers of the inventory, <home>/touchpoints/)"
    )


def inventory_at(home: Home, day: dt.date) -> Inventory:
    """The inventory by which answers of that day are taken: people come and go."""
    return inventory_on(day, load_inventories(home.root / "touchpoints"))


def _named(allowed: Mapping[Role, tuple[str, ...]]) -> str:
    """
    >>> _named({"owner": ("shop_owner", "Li Na"), "deputy": (), "manager": ("admin",)})
    'shop_owner (owner), Li Na (owner), admin (manager)'
    """
    return ", ".join(f"{name} ({role})" for role in ROLES for name in allowed[role]) or "nobody"
