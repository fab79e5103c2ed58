"""The room's SQL as statements that are parsed once a process: a step runs them some ten thousand times."""

from __future__ import annotations

from functools import cache

from sqlalchemy import TextClause, text

from mend.models import load


@cache
def statement(name: str) -> TextClause:
    """`sql/<name>.sql`."""
    return text(load("followup", name))
