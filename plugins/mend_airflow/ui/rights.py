"""Who may do what in the pages. Six rights of our own, told by Airflow's auth manager.

With FAB a right is the permission `can_read` on a resource of that name (`roles.py` creates them). SimpleAuthManager
knows no permissions: there the setting MEND_RIGHTS gives rights to its four roles, and to single users.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from airflow.api_fastapi.app import get_auth_manager

from mend_airflow.ui.errors import RightsError


class Right(StrEnum):
    """What somebody may do. Whoever sees Mend sees the card, too; a handler is shown whole what they took, no more."""

    SEE = "see"
    HANDLE = "handle"
    WHOLE = "whole"
    CARD = "card"
    ON_CALL = "on_call"
    APPROVE = "approve"


# FAB: the resource on which `can_read` is the right.
RESOURCES: Final[Mapping[Right, str]] = {
    Right.SEE: "Mend",
    Right.HANDLE: "Mend: take and answer work",
    Right.WHOLE: "Mend: whole numbers and texts",
    Right.CARD: "Mend: card",
    Right.ON_CALL: "Mend: on call",
    Right.APPROVE: "Mend: approve lists and plans",
}
SETTING: Final = "MEND_RIGHTS"
DEFAULT: Final = (
    "viewer=see; user=see; op=see,handle,whole,on_call; admin=see,handle,whole,on_call,approve; "
    "@oncall=see,handle,whole,on_call; @handler=see,handle; @desktop=card"
)
# Who works on warnings, tickets and replies; and who of them is shown the number or words of what they took.
WORKING: Final = (Right.HANDLE, Right.WHOLE, Right.ON_CALL)
REVEALING: Final = (Right.HANDLE, Right.WHOLE)
ROLES: Final = frozenset({"viewer", "user", "op", "admin"})


def rights_of(user: Any) -> frozenset[Right]:
    """The rights of a user whom Airflow has signed in; none for anybody else."""
    if user is None:
        return frozenset()
    found = _of_simple(user) if is_simple(user) else _of_permissions(user)
    return found | {Right.CARD} if Right.SEE in found else found


def name_of(user: Any) -> str:
    """The name under which a look or an action is recorded."""
    return str(user.get_name() or user.get_id())


def is_simple(user: Any) -> bool:
    """Whether SimpleAuthManager made the user: it has a role, and no permissions."""
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    return isinstance(user, SimpleAuthManagerUser)


def _of_simple(user: Any) -> frozenset[Right]:
    given = read_setting(os.environ.get(SETTING) or DEFAULT)
    by_name = given.get(f"@{user.get_name()}")
    return by_name if by_name is not None else given.get(str(user.role or "").lower(), frozenset())


def _of_permissions(user: Any) -> frozenset[Right]:
    manager = get_auth_manager()
    return frozenset(
        right
        for right, resource in RESOURCES.items()
        if manager.is_authorized_custom_view(method="GET", resource_name=resource, user=user)
    )


def read_setting(text: str) -> dict[str, frozenset[Right]]:
    """Role or @user → rights. RightsError names what is no role and what is no right.

    >>> sorted(read_setting("viewer=see; @desktop=card")["@desktop"])
    [<Right.CARD: 'card'>]
    """
    found: dict[str, frozenset[Right]] = {}
    for part in (each.strip() for each in text.split(";")):
        if not part:
            continue
        who, sign, rights = (each.strip() for each in part.partition("="))
        if not sign or (who not in ROLES and not who.startswith("@")):
            raise RightsError(f"{SETTING}: {part!r} is not <role>=<rights>; roles are {_listed(ROLES)}, or @<user>")
        found[who] = frozenset(_right(each.strip()) for each in rights.split(",") if each.strip())
    return found


def _right(word: str) -> Right:
    if word not in list(Right):
        raise RightsError(f"{SETTING}: {word!r} is no right; there are {_listed(Right)}")
    return Right(word)


def _listed(words: Any) -> str:
    return ", ".join(sorted(words))
