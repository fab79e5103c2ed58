"""Statements of the operations database: a room keeps them by subject, several in a file.

    include/mend/<room>/statements/<subject>.sql

    -- statement: settle_sent
    -- Surveys whose message was given to the message centre.
    update survey set ...

Values are bound. A place such as `{requests}` is for another statement of the room, never for a value.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Final

from sqlalchemy import TextClause, text

NAMED: Final = re.compile(r"^-- statement: (\w+)$", re.MULTILINE)


@cache
def statement_text(room: str, name: str) -> str:
    """A room's statement of that name; KeyError, naming both, when it has none."""
    found = _statements(room)
    if name not in found:
        raise KeyError(f"{room} has no statement {name}")
    return found[name]


@cache
def statement(room: str, name: str) -> TextClause:
    """The same for SQLAlchemy, taken apart once a process: some steps run theirs ten thousand times."""
    return text(statement_text(room, name))


@cache
def _statements(room: str) -> dict[str, str]:
    folder = resources.files("mend").joinpath(*room.split("/")) / "statements"
    found: dict[str, str] = {}
    for file in folder.iterdir():
        if file.name.endswith(".sql"):
            found |= read_statements(file.read_text("utf-8"), f"{room}/{file.name}", found)
    return found


def read_statements(content: str, file: str, known: dict[str, str] | None = None) -> dict[str, str]:
    """Name → statement of a file. ValueError, naming the file, when a name comes twice or there is none.

    >>> read_statements("-- statement: one\\nselect 1\\n-- statement: two\\nselect 2\\n", "room/subject.sql")
    {'one': 'select 1', 'two': 'select 2'}
    """
    _, *parts = NAMED.split(content)
    names = parts[::2]
    if not names:
        raise ValueError(f"{file}: no line `-- statement: <name>`")
    if twice := {name for name in names if names.count(name) > 1} | (set(names) & (known or {}).keys()):
        raise ValueError(f"{file}: the room has several statements {', '.join(sorted(twice))}")
    return {name: words.strip() for name, words in zip(names, parts[1::2], strict=True)}
