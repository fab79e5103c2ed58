"""Strategies and settings as frozen values: what a campaign asks of them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from mend.foundation.conditions import Condition
from mend.foundation.periods import first_day_of, month_of, next_month_begins
from mend.repair.strategies.fields import EVERY_OTHER_CITY


@dataclass(frozen=True)
class Prior:
    """The effect that is expected before there is history: points, how often it works, standard deviation (points)."""

    lift_points: float
    probability: float
    uncertainty: float


@dataclass(frozen=True)
class Sample:
    """A draw: of those for whom `of` holds, `share` come in by lot (a hash), before all others of the strategy; who is
    not drawn competes as everybody else does."""

    share: float
    of: Condition


@dataclass(frozen=True)
class Season:
    """A strategy's season: its theme, the months of the year from the first to the last (over the new year, too), and
    whom of the audience it is for. `audience` is None while nobody has looked the theme up."""

    theme: str
    from_month: int
    until_month: int
    audience: Condition | None

    def is_on(self, day: dt.date) -> bool:
        """Whether the day's month is one of the season's.

        >>> [Season("x", 12, 2, None).is_on(dt.date(2026, month, 28)) for month in (1, 2, 3, 11, 12)]
        [True, True, False, False, True]
        """
        return is_month_within(day.month, self.from_month, self.until_month)


def is_month_within(month: int, first: int, last: int) -> bool:
    """Whether a month of the year is among those from the first to the last.

    >>> is_month_within(6, 6, 6), is_month_within(1, 11, 1), is_month_within(5, 6, 4)
    (True, True, False)
    """
    return first <= month <= last if first <= last else month >= first or month <= last


@dataclass(frozen=True)
class Amount:
    """What a customer is given from a day on, in whole yuan by level (0 to 4)."""

    valid_from: dt.date
    by_level: Mapping[int, int]


@dataclass(frozen=True)
class Strategy:
    """One strategy. Capacities count customers; None is unlimited. Money is whole yuan; levels are 0 to 4."""

    code: str
    name_en: str
    name_zh: str
    audience: Condition
    action_code: str
    channel_code: str
    consent_code: str
    is_entitlement: bool
    capacity_per_day: int | None
    capacity_per_month: int | None
    capacity_from: str | None
    city_capacity: Mapping[str, int | None] | None
    cost: Mapping[int, int]
    city_budget: Mapping[str, int | None] | None
    authority_limit: Mapping[int, int] | None
    compensation: tuple[Amount, ...]
    hold_out_share: float
    valid_days: int
    label_en: str
    label_zh: str
    playbook_en: str
    playbook_zh: str
    message_en: str | None
    message_zh: str | None
    prior: Prior
    sample: Sample | None
    season: Season | None = None

    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that it asks of a customer."""
        own = [self.audience, self.sample.of if self.sample else None, self.season.audience if self.season else None]
        return tuple(each for each in own if each is not None)

    def audience_sql(self, day: dt.date) -> str:
        """Whom it is for in a campaign that begins on a day: out of its season nobody."""
        if self.season is None:
            return self.audience.sql()
        if self.season.audience is None or not self.season.is_on(day):
            return "false"
        return f"({self.audience.sql()}) and ({self.season.audience.sql()})"

    def name(self, language: str) -> str:
        """Its name in English ('en') or Chinese ('zh')."""
        return self.name_zh if language == "zh" else self.name_en

    def label(self, language: str) -> str:
        """The call label, its places still open."""
        return self.label_zh if language == "zh" else self.label_en

    def playbook(self, language: str) -> str:
        """What the agent does and says, its places still open."""
        return self.playbook_zh if language == "zh" else self.playbook_en

    def message(self, language: str) -> str | None:
        """The text of its SMS, its places still open; None for other channels."""
        return self.message_zh if language == "zh" else self.message_en

    def cost_at(self, level: int) -> int:
        """Yuan for one customer of a level, what they are given included."""
        return self.cost[level]

    def amount_on(self, day: dt.date, level: int) -> int:
        """Yuan that a customer of a level is given when the list is of that day; 0 where nothing is given."""
        given = [amount for amount in self.compensation if amount.valid_from <= day]
        return given[-1].by_level[level] if given else 0

    def is_over_authority(self, day: dt.date, level: int) -> bool:
        """Whether the amount is over what may be given at that level without a person's decision."""
        return self.authority_limit is not None and self.amount_on(day, level) > self.authority_limit[level]

    def capacity_in(self, city: str) -> int | None:
        """Customers a month in a city; None is unlimited."""
        return _of_city(self.city_capacity, city)

    def budget_in(self, city: str) -> int | None:
        """Yuan a month in a city; None is unlimited."""
        return _of_city(self.city_budget, city)


@dataclass(frozen=True)
class Experience:
    """What happened to a customer, in words that an agent can say, and when these words fit."""

    code: str
    when: Condition
    en: str
    zh: str


@dataclass(frozen=True)
class Cap:
    """At most so many discretionary contacts of a channel within so many days."""

    most: int
    days: int


@dataclass(frozen=True)
class Floor:
    """The least number of listed customers of a city: a number, or a share of its candidates."""

    least: int | None
    share: float | None

    def of(self, candidates: int) -> int:
        """The number, of a city with so many candidates; a share is rounded up, and nobody is listed twice.

        >>> Floor(None, 0.1).of(101), Floor(200, None).of(50)
        (11, 50)
        """
        share = Fraction(str(self.share or 0))  # as it is written: 0.07 of 100 are 7
        wanted = self.least if self.least is not None else math.ceil(share * candidates)
        return min(wanted, candidates)


@dataclass(frozen=True)
class CampaignSettings:
    """Settings that all strategies share."""

    universal_hold_out_share: float
    season_months: int
    seed: str
    worst_first_weight: float
    floors: Mapping[str, Floor]
    approvers: tuple[str, ...]
    bias_bound_share: float
    bias_least_candidates: int
    caps: Mapping[str, Cap]
    value_weights: Mapping[str, int]

    def season_of_campaign(self, damage_month: str) -> str:
        """The season in which the campaign of a damage month runs: it runs in the month after.

        >>> from mend.repair.strategies import load_strategies
        >>> load_strategies()[0].settings.season_of_campaign("2026-06")
        '2026H2'
        """
        return self.season_of(month_of(next_month_begins(first_day_of(damage_month))))

    def season_of(self, month: str) -> str:
        """The season of a month (YYYY-MM); within a season nobody changes arm.

        >>> from mend.repair.strategies import load_strategies
        >>> load_strategies()[0].settings.season_of("2026-07")
        '2026H2'
        """
        year, number = month.split("-")
        part = (int(number) - 1) // self.season_months + 1
        letter = {6: "H", 3: "Q", 1: "M"}.get(self.season_months, "S")
        return year if self.season_months == 12 else f"{year}{letter}{part}"

    def floor_in(self, city: str, candidates: int) -> int:
        """The least number of listed customers of a city with so many candidates; 0 where none is set."""
        floor = self.floors.get(city, self.floors.get(EVERY_OTHER_CITY))
        return 0 if floor is None else floor.of(candidates)


@dataclass(frozen=True)
class StrategySet:
    """All strategies of one version, in the file's order. `valid_until` is the first day of the next version, or None.
    `text` is the content alone, without comments: it is all that `parse_strategies` needs; `digest` is its SHA-256."""

    valid_from: dt.date
    valid_until: dt.date | None
    strategies: tuple[Strategy, ...]
    settings: CampaignSettings
    experiences: tuple[Experience, ...]
    otherwise_en: str
    otherwise_zh: str
    digest: str
    text: str

    @property
    def entitlements(self) -> tuple[Strategy, ...]:
        """What customers are owed."""
        return tuple(strategy for strategy in self.strategies if strategy.is_entitlement)

    @property
    def discretionary(self) -> tuple[Strategy, ...]:
        """What we choose to do."""
        return tuple(strategy for strategy in self.strategies if not strategy.is_entitlement)

    def strategy(self, code: str) -> Strategy:
        """The strategy of that code; KeyError when there is none."""
        return {strategy.code: strategy for strategy in self.strategies}[code]


def _of_city(by_city: Mapping[str, int | None] | None, city: str) -> int | None:
    if by_city is None:
        return None
    return by_city.get(city, by_city.get(EVERY_OTHER_CITY))
