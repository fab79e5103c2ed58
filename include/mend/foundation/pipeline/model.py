"""SQL models: one file each, read from the room that owns it."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import TextClause


@cache
def load(room: str, name: str) -> str:
    """The text of `include/mend/<room>/models/<name>.sql`."""
    return (resources.files("mend").joinpath(*room.split("/")) / "models" / f"{name}.sql").read_text("utf-8")


@cache
def statement(room: str, name: str) -> TextClause:
    """The model as a statement of the operations database, taken apart once a process: some steps run theirs ten
    thousand times.
    """
    from sqlalchemy import text

    return text(load(room, name))
