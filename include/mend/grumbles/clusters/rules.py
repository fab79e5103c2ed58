"""How customers are clustered, as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mend.errors import BadConfigurationError
from mend.foundation import rules as dated
from mend.foundation.schema import CODES

FOLDER: Final = Path(__file__).parent / "rules"
KindName = Literal["value", "behaviour"]


class ClusterRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClusterSettings(_Strict):
    """Sample, criterion and stability."""

    behaviour_months: int = Field(ge=1, le=12)
    sample_customers: int = Field(ge=100)
    criterion_customers: int = Field(ge=100)
    minimum_customers: int = Field(ge=20)
    starts: int = Field(ge=1)
    seed: int = Field(ge=0)
    keep_margin: float = Field(ge=0, le=1)
    largest_drift: float = Field(gt=0)


class Feature(_Strict):
    """A feature: whether its logarithm is taken, and its words."""

    log: bool
    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Name(_Strict):
    """A cluster's name: what it is in words, and the weights of the features that speak for it."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    weights: dict[str, float]


class Kind(_Strict):
    """Value or behaviour: the numbers of clusters to try, the default cluster, features and names."""

    numbers: tuple[int, ...] = Field(min_length=1)
    default: str
    features: dict[str, Feature] = Field(min_length=1)
    names: dict[str, Name]

    @model_validator(mode="after")
    def _hangs_together(self) -> Kind:
        if self.default not in self.names:
            raise ValueError(f"default {self.default} is no name of the kind")
        if min(self.numbers) < 2 or max(self.numbers) > len(self.names):
            raise ValueError(f"numbers must be between 2 and the {len(self.names)} names, not {list(self.numbers)}")
        for name, words in self.names.items():
            if unknown := set(words.weights) - set(self.features):
                raise ValueError(f"{name} weighs unknown features: {', '.join(sorted(unknown))}")
        return self


class ClusterRules(_Strict):
    """One version of the rules."""

    valid_from: dt.date
    source: str = Field(min_length=1)
    settings: ClusterSettings
    areas: dict[str, tuple[str, ...]]
    kinds: dict[KindName, Kind]

    @model_validator(mode="after")
    def _names_are_codes(self) -> ClusterRules:
        for kind, described in self.kinds.items():
            if unknown := set(described.names) - set(CODES[f"{kind}_cluster"]):
                known = ", ".join(CODES[f"{kind}_cluster"])
                raise ValueError(
                    f"{kind}: names that are no codes: {', '.join(sorted(unknown))}; those known are {known}"
                )
        if set(self.kinds) != {"value", "behaviour"}:
            raise ValueError("kinds must be value and behaviour")
        return self


def rules_on(day: dt.date, extra_folder: Path | None = None) -> ClusterRules:
    """The version in force on that day: of those shipped and those of `extra_folder` (one of the same day takes the
    shipped one's place).

    Raises:
        ClusterRuleError: naming file, rule and reason, when any file is broken or none is in force.
    """
    versions = [read_rule_file(path) for path in dated.paths(FOLDER, extra_folder)]
    return dated.in_force(day, versions, "cluster rules", ClusterRuleError)


def read_rule_file(path: Path) -> ClusterRules:
    """Read and check one rule file."""
    return dated.read(path, ClusterRules, ClusterRuleError)
