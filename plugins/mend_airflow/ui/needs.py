"""What a router asks of whoever comes: a right. Every route of ours has one; a test walks them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from starlette.requests import Request

from mend_airflow.ui.database import Database
from mend_airflow.ui.rights import Right, name_of


class Needs:
    """A dependency: 403 for whoever has none of these rights."""

    def __init__(self, *rights: Right) -> None:
        self.rights = frozenset(rights)

    def __call__(self, request: Request) -> None:
        if not self.rights & request.state.mend_rights:
            raise HTTPException(403)


def router(*rights: Right) -> APIRouter:
    """Routes for whoever has one of these rights."""
    return APIRouter(dependencies=[Depends(Needs(*rights))])


def database_of(request: Request) -> Database:
    """The app's database."""
    found: Database = request.app.state.database
    return found


def has(request: Request, right: Right) -> bool:
    """Whether the user has the right."""
    return right in request.state.mend_rights


def has_any(request: Request, rights: Collection[Right]) -> bool:
    """Whether the user has one of the rights."""
    return bool(request.state.mend_rights.intersection(rights))


def user_of(request: Request) -> str:
    """Who asks, as it is recorded."""
    user: Any = request.state.mend_user
    return name_of(user)
