"""What pages of a month share: which month is shown, and which there are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import HTTPException
from sqlalchemy import Connection

from mend.foundation.source_words import SourceWords
from mend.query.pages.published import parts_of, read_document
from mend_airflow.ui.language import Language
from mend_airflow.ui.words import say, say_code

MONTH: Final = re.compile(r"\d{4}-\d{2}")
Names = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """A month's document. `month` is empty, and `content` too, when nothing was published of the month `asked` for,
    or of any.
    """

    month: str
    months: Sequence[str]
    content: Mapping[str, Any]
    asked: str | None = None

    @property
    def status(self) -> int:
        """404 for a month that has nothing."""
        return 404 if self.asked and not self.month else 200


def shown_of(connection: Connection, page: str, month: str | None) -> Shown:
    """The month that is asked for, or the latest; 404 for what is no month."""
    if month is not None and not MONTH.fullmatch(month):
        raise HTTPException(404)
    found = read_document(connection, page, month)
    months = parts_of(connection, page)
    return Shown(found.part_code, months, found.content, month) if found else Shown("", months, {}, month)


def of_tongue(row: Mapping[str, Any], name: str, language: Language) -> str:
    """The words of a row in the page's language."""
    return str(row.get(f"{name}_{language}") or row.get(f"{name}_en") or "—")


def grumble_name(names: Names, code: str | None, language: Language) -> str:
    """A grumble point in words; one that the taxonomy does not know with spaces."""
    if not code:
        return "—"
    found = names.get(code)
    return found[language == "zh"] if found else code.replace("_", " ")


def cluster_name(code: str, words: SourceWords, language: Language) -> str:
    """A cluster in words: of value, consumption or behaviour, a group of a brand, or all customers."""
    if code == "all":
        return say(language, "association.all_customers")
    for kind in ("value_cluster", "consumption_cluster", "behaviour_cluster"):
        if (said := say_code(language, kind, code)) != code:
            return said
    brand, _, group = code.partition(":")
    name = words.name("brand", brand, language)
    return say(language, "clusters.group", brand=name, group=group) if group else words.say("brand", code, language)
