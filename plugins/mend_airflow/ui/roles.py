"""Our rights in FAB: permissions, the roles that have them, and the nav entry for viewers. To be run at set-up and
after an upgrade of Airflow; running it again changes nothing.

python -m mend_airflow.ui.roles
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final

from mend_airflow.ui.errors import RightsError
from mend_airflow.ui.rights import RESOURCES, Right

READ: Final = "can_read"
# The nav entry of a plugin is shown to whoever may read plugins.
PLUGINS: Final = "Plugins"
# Airflow's own roles, and which rights of ours they get.
OF_AIRFLOW: Final[Mapping[str, tuple[Right, ...]]] = {
    "Viewer": (Right.SEE,),
    "User": (Right.SEE,),
    "Op": (Right.SEE, Right.HANDLE, Right.WHOLE, Right.ON_CALL),
    "Admin": tuple(Right),
}
# Roles of ours: the role of Airflow whose permissions they take, and their rights.
OURS: Final[Mapping[str, tuple[str | None, tuple[Right, ...]]]] = {
    "Mend on call": ("User", (Right.SEE, Right.HANDLE, Right.WHOLE, Right.ON_CALL)),
    "Mend approver": ("User", (Right.SEE, Right.APPROVE)),
    "Mend handler": ("Viewer", (Right.SEE, Right.HANDLE)),
    "Mend card": (None, (Right.CARD,)),
}
# What a role of ours had before there was a narrower right: it is taken back.
NO_MORE: Final[Mapping[str, tuple[Right, ...]]] = {"Mend handler": (Right.WHOLE,)}


def create() -> dict[str, list[str]]:
    """Create what is not there yet; gives the rights of each role. RightsError when FAB has no roles yet."""
    from airflow.providers.fab.www.security_appless import ApplessAirflowSecurityManager
    from airflow.utils.session import create_session

    with create_session() as session:
        manager: Any = ApplessAirflowSecurityManager(session=session)
        for role, rights in OF_AIRFLOW.items():
            _give(manager, _role(manager, role), rights)
        for role, (base, rights) in OURS.items():
            made = manager.find_role(role) or manager.add_role(role)
            for permission in _role(manager, base).permissions if base else ():
                manager.add_permission_to_role(made, permission)
            _give(manager, made, rights)
            for right in NO_MORE.get(role, ()):
                if (permission := manager.get_permission(READ, RESOURCES[right])) is not None:
                    manager.remove_permission_from_role(made, permission)
    return {role: [str(each) for each in rights] for role, rights in (*OF_AIRFLOW.items(), *_ours())}


def _ours() -> list[tuple[str, tuple[Right, ...]]]:
    return [(role, rights) for role, (_, rights) in OURS.items()]


def _role(manager: Any, name: str) -> Any:
    found = manager.find_role(name)
    if found is None:
        raise RightsError(f"FAB has no role {name} yet: run `airflow sync-perm` first")
    return found


def _give(manager: Any, role: Any, rights: tuple[Right, ...]) -> None:
    resources = [RESOURCES[right] for right in rights] + ([PLUGINS] if Right.SEE in rights else [])
    for resource in resources:
        manager.add_permission_to_role(role, manager.create_permission(READ, resource))


def main() -> None:
    """Create, and say what each role may do."""
    for role, rights in create().items():
        sys.stdout.write(f"{role}: {', '.join(rights)}\n")


if __name__ == "__main__":
    main()
