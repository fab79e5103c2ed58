"""The room's SQL as statements that are parsed once a process: a relay runs them some thousand times a second."""

from __future__ import annotations

from functools import cache

from sqlalchemy import TextClause, text

from mend.models import load


@cache
def statement(name: str) -> TextClause:
    """`sql/<name>.sql`."""
    return text(load("sms", name))
