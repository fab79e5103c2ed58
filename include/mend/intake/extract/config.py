"""A source's configuration: its zone, its limits, and the records it delivers."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from mend.foundation.yaml_text import read_yaml
from mend.intake.extract.contract import contract_problems, record_names_problem
from mend.intake.extract.errors import ConfigError
from mend.intake.extract.mapping import Model, Zone
from mend.intake.extract.record_source import Identifier, RecordSource
from mend.intake.extract.wording import problem_words


class Limits(Model):
    """What a file or query may cost. Bytes are counted unpacked; `max_ratio` is unpacked to packed, looked at from
    `ratio_from_bytes` on; `max_query_seconds` is what a database may take for its answer."""

    max_line_bytes: int = Field(default=1 << 20, ge=1024)
    max_record_lines: int = Field(default=100, ge=1)
    max_bytes: int = Field(default=64 << 30, ge=1024)
    max_ratio: float = Field(default=200, gt=1)
    ratio_from_bytes: int = Field(default=8 << 20, ge=0)
    max_query_seconds: int = Field(default=7200, ge=1)


class Source(Model):
    """A source: its zone, and the records it delivers."""

    source: Identifier
    en: str
    zh: str
    zone: Zone
    root: str | None = None
    limits: Limits = Limits()
    records: dict[Identifier, RecordSource]

    @field_validator("records", mode="before")
    @classmethod
    def _are_of_contract(cls, value: Any) -> Any:
        if problem := record_names_problem(value):
            raise ValueError(problem)
        return value

    @model_validator(mode="after")
    def _fits_contract(self) -> Source:
        if problems := [each for name, record in self.records.items() for each in contract_problems(name, record)]:
            raise ValueError("; ".join(problems))
        return self

    def fingerprint(self, record: str) -> str:
        """SHA-256 of what decides how the record is read: a changed mapping reads the same file again, and a key that
        did not exist when it was written does not change it."""
        words = f"{self.zone} {self.records[record].model_dump_json(exclude_defaults=True)}"
        return hashlib.sha256(words.encode()).hexdigest()


def read_source(path: Path) -> Source:
    """The source that a YAML file describes. ConfigError names the file and each wrong key."""
    if path.exists() and not path.is_file():
        raise ConfigError(f"{path}: not a plain file; remove it, or put the file itself there")
    try:
        content = read_yaml(path.read_text("utf-8"))
        return Source.model_validate(content)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        problems = [problem_words(each, Source) for each in error.errors()]
    # Outside: an error of pydantic that another one keeps holds all callers' frames to the process's end, open
    # databases among them.
    raise ConfigError(f"{path}: " + "; ".join(problems))
