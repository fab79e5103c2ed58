"""What an agent's desktop sends about a grumble: one JSON object, or the fields of the card's form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

if TYPE_CHECKING:
    from mend.grumbles.incoming.reading import Question

LONGEST: Final = 64 * 1024  # bytes of a question
MANY: Final = 1000
FIRST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LAST: Final = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def _plain(word: str) -> str:
    """What a database takes, and no line or sign that nobody sees.

    >>> _plain("K1")
    'K1'
    >>> _plain("K" + chr(0))
    Traceback (most recent call last):
        ...
    ValueError: has signs that are none
    """
    if any(not sign.isprintable() for sign in word):
        raise ValueError("has signs that are none")
    return word


def _written(text: str) -> str:
    """A note: lines are in it, and whatever cannot be kept as text is not."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _moment(at: dt.datetime) -> dt.datetime:
    known = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    if not FIRST <= known <= LAST:
        raise ValueError("is no moment of these years")
    return at


Word = Annotated[str, Field(min_length=1, max_length=100, strict=True), AfterValidator(_plain)]
Note = Annotated[str, Field(max_length=LONGEST, strict=True), AfterValidator(_written)]
Number = Annotated[StrictInt, Field(ge=0, le=MANY)]


class Asked(BaseModel):
    """A grumble as it is recorded. What is left out is as usual: now, on the phone, untouched, the day's first.

    Attributes:
        at: when they grumble; without a zone in the business zone; now where it is left out.
        point: point or area of the taxonomy, or the source's own code. `text`, the note, is read where there is none.
        open_today: areas of other open grumbles of the day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Annotated[dt.datetime, AfterValidator(_moment)] | None = None
    point: Word | None = None
    text: Note | None = None
    channel: Word = "contact"
    city: Word | None = None
    mood: Word | None = None
    is_company_at_fault: StrictBool | None = None
    solved_state: Word = "untouched"
    contacts_today: Number = 1
    grumbles_today: Annotated[StrictInt, Field(ge=1, le=MANY)] = 1
    complaints_today: Number = 0
    open_today: Annotated[tuple[Word | None, ...], Field(max_length=50)] = ()

    def question(self, customer: str, now: dt.datetime, zone: str) -> Question:
        """The question that the room answers."""
        from mend.grumbles.incoming.reading import Question

        at = self.at or now
        own = {name: getattr(self, name) for name in type(self).model_fields if name not in ("at", "customer_id")}
        return Question(customer, at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone)), **own)


class AskedOf(Asked):
    """The same with the customer, as a program sends it."""

    customer_id: Word


def problems(error: ValidationError) -> str:
    """Which fields are wrong and why. What was sent is not repeated: it may be a note.

    >>> try:
    ...     AskedOf.model_validate({"customer_id": "K1", "mood": 3})
    ... except ValidationError as error:
    ...     problems(error)
    'mood: Input should be a valid string'
    """
    return "; ".join(f"{'.'.join(map(str, each['loc'])) or 'the text'}: {each['msg']}" for each in error.errors())


def of_form(given: Mapping[str, str]) -> dict[str, Any]:
    """The card's form: a field that is left empty says nothing.

    >>> of_form({"point": "marketing", "text": " "})
    {'point': 'marketing'}
    """
    return {name: word.strip() for name, word in given.items() if word.strip()}
