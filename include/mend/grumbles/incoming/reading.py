"""Answers from what the night published: two look-ups by key in the operations database, no engine, no lake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from mend.foundation.operations.statements import statement
from mend.foundation.periods import local_day
from mend.foundation.schema import CODES
from mend.grumbles.incoming.answer import Answer, answer
from mend.grumbles.incoming.basis import Basis, Customer, days_of_text, open_of_text, read_basis
from mend.grumbles.incoming.errors import NothingPublishedError, QuestionError
from mend.grumbles.incoming.features import Facts
from mend.grumbles.records.classifier import TextClassifier
from mend.grumbles.records.keywords import KeywordReader
from mend.grumbles.records.taxonomy import load_taxonomies, taxonomy_on
from mend.grumbles.records.texts import NOT_A_GRUMBLE, Reader

CUSTOMER: Final = statement("grumbles/incoming", "customer")
DIGEST: Final = text("select digest from incoming_basis where name = :name")
CONTENT: Final = text("select digest, content from incoming_basis where name = :name")
LONGEST_TEXT: Final = 4000


@dataclass(frozen=True)
class Question:
    """A grumble that an agent records now.

    Attributes:
        point: point or area of the taxonomy, or a source's own code for one. `text` is read where there is none.
        at: when they grumble, with zone.
        channel: contact or ticket.
        city: as known now; the night's where it is not said.
        solved_state: how far it is solved.
        contacts_today, grumbles_today, complaints_today, open_today: see Facts.
    """

    customer_id: str
    at: dt.datetime
    point: str | None = None
    text: str | None = None
    channel: str = "contact"
    city: str | None = None
    mood: str | None = None
    is_company_at_fault: bool | None = None
    solved_state: str = "untouched"
    contacts_today: int = 1
    grumbles_today: int = 1
    complaints_today: int = 0
    open_today: Sequence[str | None] = ()


@dataclass(frozen=True)
class Told:
    """The answer to a question: with the city, what the type rests on (source, text, none), and the basis for its
    words."""

    answer: Answer
    city: str
    classified_by: str
    confidence: float | None
    basis: Basis


class IncomingReader:
    """Answers questions; keeps the basis and the classifier of texts until a night publishes others.

    Args:
        taxonomy_folder: the home's own taxonomies, for texts before there is a classifier.
    """

    def __init__(self, taxonomy_folder: Path | None = None) -> None:
        self._taxonomy_folder = taxonomy_folder
        self._basis: tuple[str, Basis] | None = None
        self._reader: tuple[str, Reader] | None = None

    def tell(self, connection: Connection, question: Question) -> Told:
        """The answer.

        Raises:
            QuestionError: a word of the question is none that is known.
            NothingPublishedError: no night has published yet.
        """
        basis = self.basis(connection)
        point, by, confidence = self._point(connection, basis, question)
        row = connection.execute(CUSTOMER, {"customer": question.customer_id}).one_or_none()
        customer = None if row is None else customer_of(row)
        day = local_day(question.at, basis.zone)
        known = basis.points.get(point or "")
        facts = Facts(
            day=day,
            grumbled_on=day,
            point=point,
            area=known.area if known else point,
            source_kind=_word("channel", question.channel, "grumble_source"),
            mood=None if question.mood is None else _word("mood", question.mood, "mood"),
            is_company_at_fault=question.is_company_at_fault,
            solved_state=_word("solved state", question.solved_state, "solved_state"),
            contacts_today=question.contacts_today,
            grumbles_today=question.grumbles_today,
            complaints_today=question.complaints_today,
            open_today=tuple(question.open_today),
        )
        city = question.city or (customer and customer.city) or "unknown"
        return Told(answer(basis, customer, facts), city, by, confidence, basis)

    def warm(self, connection: Connection) -> None:
        """Load what the first answer would have to load: for a server, before it takes questions."""
        self._texts(connection, self.basis(connection)).read([""], 1.0)

    def basis(self, connection: Connection) -> Basis:
        """What is in force, read again when it has changed."""
        digest = connection.execute(DIGEST, {"name": "in_force"}).scalar_one_or_none()
        if digest is None:
            raise NothingPublishedError("no night has published what answers need; run `mend run` for a night first")
        if self._basis is None or self._basis[0] != digest:
            digest, content = connection.execute(CONTENT, {"name": "in_force"}).one()
            self._basis = digest, read_basis(content)
        return self._basis[1]

    def _point(self, connection: Connection, basis: Basis, question: Question) -> tuple[str | None, str, float | None]:
        """The point, what it rests on, and the confidence of a text's reading. The source's code wins over the text."""
        if question.point:
            if (known := basis.codes.get(question.point)) is None:
                raise QuestionError(
                    f'the taxonomy has no point {question.point!r}; `mend sql "select distinct grumble_type_code from '
                    f'mart_grumble_type"` lists them, or leave it out and give the text'
                )
            return known, "source", None
        if not question.text:
            return None, "none", None
        if len(question.text) > LONGEST_TEXT:
            raise QuestionError(f"the text has {len(question.text)} signs, over {LONGEST_TEXT}; say it shorter")
        (read,) = self._texts(connection, basis).read([question.text], basis.least_confidence)
        if read.code is None or read.code == NOT_A_GRUMBLE:
            return None, "none", None
        return read.code, "text", read.confidence

    def _texts(self, connection: Connection, basis: Basis) -> Reader:
        """The classifier in force; before there is one, the taxonomy's keywords."""
        digest = connection.execute(DIGEST, {"name": "classifier"}).scalar_one_or_none()
        wanted = digest or f"keywords {basis.day}"
        if self._reader is None or self._reader[0] != wanted:
            self._reader = wanted, self._made(connection, basis, digest is not None)
        return self._reader[1]

    def _made(self, connection: Connection, basis: Basis, is_model: bool) -> Reader:
        if is_model:
            return TextClassifier.from_json(connection.execute(CONTENT, {"name": "classifier"}).one().content)
        return KeywordReader(taxonomy_on(basis.day, load_taxonomies(self._taxonomy_folder)))


def customer_of(row: Any) -> Customer:
    """A row of incoming_customer, in the order of the query."""
    city, joined, arpu, value, behaviour, grumbles, complaints, contacts, opened = row
    return Customer(
        city,
        joined,
        None if arpu is None else float(arpu),
        value,
        behaviour,
        days_of_text(grumbles),
        days_of_text(complaints),
        days_of_text(contacts),
        open_of_text(opened),
    )


def _word(what: str, word: str, codes: str) -> str:
    if word not in CODES[codes]:
        raise QuestionError(f"{what}: {word!r} is none; say one of {', '.join(CODES[codes])}")
    return word
