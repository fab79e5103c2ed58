"""What an answer rests on, as a night publishes it: rules, models, rates, associations, taxonomy, cut points. Numbers
and words as JSON; loading it executes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from mend.grumbles.incoming.errors import NothingPublishedError
from mend.grumbles.warning.complaint_model import ComplaintModel
from mend.grumbles.warning.expectations import Expectations
from mend.grumbles.warning.rules import Rules

EPOCH: Final = dt.date(1970, 1, 1)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PointWords(_Strict):
    """A point or area of the taxonomy."""

    area: str
    en: str
    zh: str
    departments: tuple[str, ...]
    item: str | None = None
    item_en: str | None = None
    item_zh: str | None = None


class ModelInForce(_Strict):
    """A version of the complaint model."""

    version: str
    model: ComplaintModel


class Cut(_Strict):
    """A level's cut point: points, of equal points the age, of equal age the association coefficient."""

    level: int
    points: int
    age_days: int
    coefficient: float


class KeyPoint(_Strict):
    """A key grumble point and the quality specialist who answers for it."""

    cluster: str
    point: str
    specialist: str


class Basis(_Strict):
    """What holds for grumbles from `day` on, the day after the night that published it.

    Attributes:
        rates: horizon → area ('*': all) → share of earlier grumbles that became complaints.
        influence: cluster ('all': everybody) → grumble type → coefficient.
        codes: every code that a source may use → ours.
        cut_month: of the cut points; None where they are the night's own.
    """

    night: dt.date
    zone: str
    rules: Rules
    expectations: Expectations
    models: dict[int, ModelInForce]
    rates: dict[int, dict[str, float]]
    influence: dict[str, dict[str, float]]
    key_points: tuple[KeyPoint, ...]
    points: dict[str, PointWords]
    codes: dict[str, str]
    least_confidence: float
    cut_month: str | None
    cuts: tuple[Cut, ...]

    @property
    def day(self) -> dt.date:
        """The first day that it is for."""
        return self.night + dt.timedelta(days=1)

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """The areas that the models ask about, each once."""
        return tuple(sorted({area for each in self.models.values() for area in each.model.areas}))

    def coefficient(self, cluster: str | None, point: str | None, area: str | None) -> float | None:
        """The influence of a point on complaints: the cluster's own, else everybody's; else that of its area."""
        for kind in (point, area):
            for group in (cluster, "all"):
                found = self.influence.get(group or "", {}).get(kind or "")
                if found is not None:
                    return found
        return None


@dataclass(frozen=True)
class Customer:
    """What the night knows of a customer: monthly facts, and days of what happened (day → number)."""

    city: str | None
    joined_on: dt.date | None
    arpu: float | None
    value: str | None
    behaviour: str | None
    grumbles: Mapping[dt.date, int]
    complaints: Mapping[dt.date, int]
    contacts: Mapping[dt.date, int]
    open_grumbles: tuple[tuple[str | None, dt.date], ...]


NOBODY: Final = Customer(None, None, None, None, None, {}, {}, {}, ())  # on whom nothing is on record


def read_basis(text: str) -> Basis:
    """The basis of a published text. NothingPublishedError for one of another version of Mend."""
    try:
        return Basis.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ": ".join(str(step) for step in first["loc"])
        raise NothingPublishedError(
            f"incoming_basis, in_force: {place}: {first['msg']}; run the step `incoming` of a night again"
        ) from None


def days_of_text(text: str | None) -> dict[dt.date, int]:
    """Published days with their numbers.

    >>> days_of_text("20488:2,20490:1")
    {datetime.date(2026, 2, 4): 2, datetime.date(2026, 2, 6): 1}
    """
    pairs = (each.split(":") for each in text.split(",")) if text else ()
    return {EPOCH + dt.timedelta(days=int(day)): int(number) for day, number in pairs}


def open_of_text(text: str | None) -> tuple[tuple[str | None, dt.date], ...]:
    """Published open grumbles: area (None: unclassified) and day.

    >>> open_of_text("marketing:20488,:20490")
    (('marketing', datetime.date(2026, 2, 4)), (None, datetime.date(2026, 2, 6)))
    """
    pairs = (each.rsplit(":", 1) for each in text.split(",")) if text else ()
    return tuple((area or None, EPOCH + dt.timedelta(days=int(day))) for area, day in pairs)
