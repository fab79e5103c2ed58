"""What is published of a page, whole: read without engine and lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from mend.query.pages.reading import row, rows

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """A published document."""

    page_code: str
    part_code: str
    content: Content


def read_document(connection: Connection, page: str, part: str | None = None) -> Document | None:
    """A page's document of a month, or its latest; None when there is none."""
    found = row(connection, "document", page=page, part=part)
    return Document(**found) if found else None


def parts_of(connection: Connection, page: str) -> list[str]:
    """The months of which a page has a document, the latest first."""
    return [str(each["part_code"]) for each in rows(connection, "document_parts", page=page)]


def grumble_names(connection: Connection) -> dict[str, tuple[str, str]]:
    """Grumble points in English and Chinese, as the latest taxonomy says them."""
    return {each["code"]: (each["name_en"], each["name_zh"]) for each in rows(connection, "grumble_names")}
