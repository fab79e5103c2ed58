"""Which files of the lake a publication into the operations database has read: what the next one compares with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from mend.foundation.operations.tables import METADATA

PUBLICATION: Final = METADATA.tables["publication"]


@dataclass(frozen=True)
class Publication:
    """One publication.

    Attributes:
        shape: digest of the models and rules that made its rows.
        files: input → paths of the files that it read.
    """

    shape: str
    files: Mapping[str, Sequence[str]]


def read_publication(connection: Connection, code: str, part: str) -> Publication | None:
    """What was noted of a part; None when nothing was."""
    table = PUBLICATION.c
    query = select(table.shape_digest, table.files).where(table.publication_code == code, table.part_code == part)
    row = connection.execute(query).one_or_none()
    return None if row is None else Publication(row.shape_digest, row.files)


def note_publication(connection: Connection, code: str, part: str, read: Publication) -> None:
    """Note what was read, in the transaction that writes the rows."""
    values = {"shape_digest": read.shape, "files": dict(read.files)}
    put = insert(PUBLICATION).values(publication_code=code, part_code=part, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["publication_code", "part_code"], set_=values))


def forget_publications(connection: Connection, code: str, before_part: str) -> None:
    """Take away what was noted of parts before this one."""
    table = PUBLICATION.c
    connection.execute(delete(PUBLICATION).where(table.publication_code == code, table.part_code < before_part))
