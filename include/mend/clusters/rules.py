"""How customers are clustered, as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mend.schema import CODES

FOLDER: Final = Path(__file__).parent / "rules"
KindName = Literal["value", "behaviour"]


class ClusterRuleError(ValueError):
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
            raise ValueError(f"numbers must lie between 2 and the {len(self.names)} names, not {list(self.numbers)}")
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
                raise ValueError(f"{kind}: names that are no codes: {', '.join(sorted(unknown))}")
        if set(self.kinds) != {"value", "behaviour"}:
            raise ValueError("kinds must be value and behaviour")
        return self


def rules_on(day: dt.date, extra_folder: Path | None = None) -> ClusterRules:
    """The version in force on that day: of those shipped and those of `extra_folder` (one of the same day takes the shipped one's place).

    Raises:
        ClusterRuleError: naming file, rule and reason, when any file is broken or none is in force.
    """
    versions = [read_rule_file(path) for path in _files(extra_folder)]
    in_force = [version for version in versions if version.valid_from <= day]
    if not in_force:
        raise ClusterRuleError(f"no cluster rules are in force on {day}: the first begin on {versions[0].valid_from}")
    return in_force[-1]


def read_rule_file(path: Path) -> ClusterRules:
    """Read and check one rule file."""
    try:
        content = ClusterRules.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except yaml.YAMLError as error:
        raise ClusterRuleError(f"{path.name}: not YAML: {error}") from None
    except ValidationError as error:
        problem: Any = error.errors()[0]
        raise ClusterRuleError(f"{path.name}: {': '.join(map(str, problem['loc']))}: {problem['msg']}") from None
    if path.stem != content.valid_from.isoformat():
        raise ClusterRuleError(f"{path.name}: valid_from is {content.valid_from}, the file's name says {path.stem}")
    return content


def _files(extra_folder: Path | None) -> Sequence[Path]:
    files = {path.stem: path for path in FOLDER.glob("*.yaml")}
    if extra_folder is not None and extra_folder.is_dir():
        files.update({path.stem: path for path in extra_folder.glob("*.yaml")})
    return [path for _, path in sorted(files.items())]
