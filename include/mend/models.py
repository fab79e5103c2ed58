"""SQL models: one file each, read from the room that owns it."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def load(room: str, name: str) -> str:
    """The text of `include/mend/<room>/sql/<name>.sql`."""
    return (resources.files("mend") / room / "sql" / f"{name}.sql").read_text("utf-8")
