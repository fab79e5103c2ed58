"""How customers are clustered, as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mend.errors import BadConfigurationError
from mend.foundation import rules as dated
from mend.foundation.schema import CODES

FOLDER: Final = Path(__file__).parent / "rules"
FIRST_FORM: Final = "1990-01-01"  # what earlier months were fitted with: kept on record, read by nothing
Feature = Literal["age", "tenure_months", "spend"]
KindName = Literal["consumption", "behaviour"]
VALUE_FEATURES: Final[tuple[Feature, ...]] = ("age", "tenure_months", "spend")
Question = Literal["complains_soon", "about_money", "complains", "angry", "traditional", "ivr_sms", "web_wap"]


class ClusterRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """English and Chinese."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class ClusterSettings(_Strict):
    """Sample, stability, and what a claim takes."""

    sample_customers: int = Field(ge=100)
    classified_customers: int = Field(ge=100)
    minimum_customers: int = Field(ge=20)
    least_share: float = Field(ge=0.01, lt=0.5)
    starts: int = Field(ge=1)
    seed: int = Field(ge=0)
    keep_shift: float = Field(ge=0)
    still: float = Field(gt=0)
    watched_customers: int = Field(ge=100)
    confidence_customers: int = Field(ge=10)


class ValueRules(_Strict):
    """Groups within a brand, and the classes of all brands' groups by what they spend."""

    numbers: tuple[int, ...] = Field(min_length=1)
    weights: dict[Feature, float]
    winsorised: tuple[float, float]
    deepest_valley: float = Field(gt=0, lt=1)
    factor: float = Field(gt=1)
    default: Literal["normal"]
    features: dict[Feature, Words]
    names: dict[Literal["high", "normal", "low"], Words]

    @model_validator(mode="after")
    def _is_whole(self) -> ValueRules:
        if not all(set(given) == set(VALUE_FEATURES) for given in (self.weights, self.features)):
            raise ValueError(f"weights and features are of {', '.join(VALUE_FEATURES)}, each once")
        if set(self.names) != {"high", "normal", "low"}:
            raise ValueError("names are high, normal and low")
        if min(self.numbers) < 2:
            raise ValueError(f"numbers begin with 2, not {min(self.numbers)}: one group needs no fit")
        if not 0 <= self.winsorised[0] < self.winsorised[1] <= 1:
            raise ValueError(f"winsorised needs two quantiles, the lower first, not {list(self.winsorised)}")
        return self


class Counted(_Strict):
    """Which records count, and as what."""

    months: int = Field(ge=1, le=12)
    least_wait_seconds: int = Field(ge=0)
    money_areas: tuple[str, ...] = Field(min_length=1)
    hotline: tuple[str, ...]
    traditional: tuple[str, ...]
    ivr_sms: tuple[str, ...]
    web_wap: tuple[str, ...]


class Name(Words):
    """A label: its words; the log odds against everybody's that a group needs; which label fits best; of which
    outcomes a customer must have shown one to get it."""

    least: dict[str, float] = {}
    most: dict[str, float] = {}
    one_of: dict[str, float] = {}
    weights: dict[str, float] = {}
    own: tuple[str, ...] = ()

    @property
    def needs(self) -> set[str]:
        """Outcomes without which nobody can say whether a group is so."""
        return {*self.least, *self.most}


class Claim(Words):
    """What a label says of the month after, and whether it says more or less than of others."""

    asks: Question
    is_more: bool


class Kind(_Strict):
    """Consumption or behaviour: blocks of outcomes, names and what they claim."""

    numbers: tuple[int, ...] = Field(min_length=1)
    least_matters: int = Field(ge=1)
    least_gain: float = Field(ge=0)
    default: str
    blocks: dict[str, tuple[str, ...]] = Field(min_length=1)
    features: dict[str, Words]
    names: dict[str, Name]
    claims: dict[str, Claim]

    @model_validator(mode="after")
    def _hangs_together(self) -> Kind:
        if self.default not in self.names:
            raise ValueError(f"default {self.default} is no name of the kind")
        if min(self.numbers) < 2:
            raise ValueError(f"numbers begin with 2, not {min(self.numbers)}: one group needs no fit")
        outcomes = {outcome for block in self.blocks.values() for outcome in block}
        for name, words in self.names.items():
            used = {*words.needs, *words.one_of, *words.weights, *words.own}
            if unknown := used - outcomes:
                raise ValueError(f"{name} speaks of unknown outcomes: {', '.join(sorted(unknown))}")
            if name != self.default and not words.needs:
                raise ValueError(f"{name} needs `least` or `most`: a label is earned")
        if unknown := {*self.claims} - {*self.names}:
            raise ValueError(f"claims of unknown names: {', '.join(sorted(unknown))}")
        return self


class ClusterRules(_Strict):
    """One version of the rules."""

    valid_from: dt.date
    form: Literal[2]
    source: str = Field(min_length=1)
    settings: ClusterSettings
    value: ValueRules
    counted: Counted
    kinds: dict[KindName, Kind]

    @model_validator(mode="after")
    def _names_are_codes(self) -> ClusterRules:
        if set(self.kinds) != {"consumption", "behaviour"}:
            raise ValueError("kinds must be consumption and behaviour")
        for kind, described in self.kinds.items():
            if unknown := set(described.names) - set(CODES[f"{kind}_cluster"]):
                known = ", ".join(CODES[f"{kind}_cluster"])
                raise ValueError(
                    f"{kind}: names that are no codes: {', '.join(sorted(unknown))}; those known are {known}"
                )
        return self


def rules_on(day: dt.date, extra_folder: Path | None = None) -> ClusterRules:
    """The version in force on that day: of those shipped and those of `extra_folder` (one of the same day takes the
    shipped one's place).

    Raises:
        ClusterRuleError: naming file, rule and reason, when any file is broken or none is in force.
    """
    shipped = FOLDER / f"{FIRST_FORM}.yaml"
    versions = [read_rule_file(path) for path in dated.paths(FOLDER, extra_folder) if path != shipped]
    return dated.in_force(day, versions, "cluster rules", ClusterRuleError)


def read_rule_file(path: Path) -> ClusterRules:
    """Read and check one rule file."""
    return dated.read(path, ClusterRules, ClusterRuleError, _what_is_wrong)


def _what_is_wrong(problem: ValidationError) -> str:
    if any(each["loc"] == ("form",) for each in problem.errors()):
        return "form: cluster rules are of form 2 now; write the file again after the shipped rules/1990-01-02.yaml"
    return dated.first_problem(problem)
