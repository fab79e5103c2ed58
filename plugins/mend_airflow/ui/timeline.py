"""A customer's month as a line of events in words, in order of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mend.foundation.source_words import SourceWords
from mend.query.pages.story import Month, Words
from mend_airflow.ui import formats
from mend_airflow.ui.language import Language
from mend_airflow.ui.words import say, say_code


@dataclass(frozen=True)
class Event:
    """One line: when, of which kind (its word and colour), and what happened. `subject` is the record's id."""

    at: dt.datetime
    kind: str
    text: str
    subject: str = ""
    points: str = ""
    tone: str = ""


def timeline(month: Month, words: Words, names: SourceWords, language: Language, zone: str) -> list[Event]:
    """All events of the month."""
    told = Told(words, names, language, zone)
    found = [
        *(told.contact(each) for each in month.lists["contacts"]),
        *(told.entry(each) for each in month.lists["entries"]),
        *(told.survey(each) for each in month.lists["surveys"]),
        *(each for ticket in month.lists["tickets"] for each in told.ticket(ticket)),
    ]
    order = {"contact": 0, "ticket": 1, "survey": 2, "damage": 3, "repair": 4}
    return sorted(found, key=lambda each: (each.at, order[each.kind], each.subject, each.text))


@dataclass(frozen=True)
class Told:
    """Says one thing in the language of a page."""

    words: Words
    names: SourceWords
    language: Language
    zone: str

    def entry(self, entry: Mapping[str, Any]) -> Event:
        """A ledger entry with its points: damage, the cap of an incident, a repair."""
        name = self.indicator(entry)
        if entry["kind"] == "cap":
            name = say(self.language, "customers.cap", words=name)
        is_repair = entry["kind"] == "credit"
        sign = "+" if entry["points"] > 0 else ""
        return Event(
            entry["at"],
            "repair" if is_repair else "damage",
            name,
            str(entry["subject"]),
            f"{sign}{formats.points(entry['points'])}",
            "good" if entry["points"] < 0 else "bad",
        )

    def indicator(self, entry: Mapping[str, Any]) -> str:
        """The words of the entry's indicator, in the version that gave the points."""
        found = self.words.name("indicator", entry["indicator"], self.language, entry["rule"])
        return found or str(entry["indicator"])

    def contact(self, contact: Mapping[str, Any]) -> Event:
        """A contact: where, about what, how it ended; and the grumble in it."""
        parts = [
            say_code(self.language, "direction", contact["direction"]),
            self.names.say("touchpoint", contact["touchpoint"], self.language),
            *([self.names.say("topic", contact["topic"], self.language)] if contact["topic"] else []),
            say_code(self.language, "contact_outcome", contact["outcome"]),
            self.known("customers.solved", contact["resolved"]),
        ]
        if contact["is_grumble"]:
            what = self.words.name("grumble_type", contact["grumble"], self.language)
            parts.append(say(self.language, "customers.grumbled", what=what or say(self.language, "common.unknown")))
        text = say(self.language, "common.comma").join(each for each in parts if each)
        return Event(contact["at"], "contact", text, str(contact["id"]), tone="warn" if contact["is_grumble"] else "")

    def survey(self, survey: Mapping[str, Any]) -> Event:
        """An answer to a survey."""
        parts = [say_code(self.language, "survey_purpose", survey["purpose"])]
        if survey["score"] is not None:
            rated = {"score": survey["score"], "scale": survey["scale"] or "?"}
            parts.append(say(self.language, "customers.rated", **rated))
        parts.append(self.known("customers.solved", survey["solved"]))
        text = say(self.language, "common.comma").join(each for each in parts if each)
        return Event(survey["at"], "survey", text, str(survey["id"]))

    def ticket(self, ticket: Mapping[str, Any]) -> Iterator[Event]:
        """A ticket's opening, and its closing."""
        kind = say_code(self.language, "ticket_kind", ticket["kind"])
        about = self.names.say("topic", ticket["topic"], self.language)
        subject, tone = str(ticket["id"]), "warn" if ticket["kind"] == "complaint" else ""
        yield Event(
            ticket["at"], "ticket", say(self.language, "customers.opened", kind=kind, topic=about), subject, tone=tone
        )
        if ticket["closed"] is not None:
            closed = say(self.language, "customers.closed", kind=kind)
            said = [closed, self.known("customers.solved", ticket["resolved"])]
            yield Event(
                ticket["closed"],
                "ticket",
                say(self.language, "common.comma").join(each for each in said if each),
                subject,
            )

    def known(self, key: str, value: bool | None) -> str:
        """Words for yes and for no; of what nobody knows nothing is said."""
        return "" if value is None else say(self.language, f"{key}_{'yes' if value else 'no'}")
