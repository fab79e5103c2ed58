"""The service guarantee as dated data: promises, limits and what is given when one is broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from mend.foundation import rules as dated
from mend.foundation.condition_kinds import Kind, check_kinds
from mend.foundation.conditions import Condition, ConditionError, parse
from mend.foundation.schema import CODES, RECORDS
from mend.foundation.schema.model import Column
from mend.prevention.playbooks.errors import PlaybookError
from mend.repair.strategies.fields import Chinese, Code, English

FOLDER: Final = Path(__file__).parent / "promises"
HOME_FOLDER: Final = "guarantee"
PromiseKind = Literal["callback", "answer", "ticket"]
RECORD: Final[Mapping[str, str]] = {"callback": "callback_booking", "answer": "contact", "ticket": "ticket"}
# The columns by which it is decided whether a promise was kept: without them nobody can tell.
NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "callback": ("requested_at", "called_back_at"),
    "answer": ("queue_seconds", "is_answered"),
    "ticket": ("opened_at", "resolved_at"),
}
KIND_OF_TYPE: Final[Mapping[str, Literal["boolean", "number", "text"]]] = {
    "string": "text", "integer": "number", "long": "number", "decimal": "number", "double": "number",
    "boolean": "boolean",
}  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PromiseText(_Strict):
    kind: PromiseKind
    en: English
    zh: Chinese
    of: StrictStr | None = None
    limit_minutes: Annotated[int, Field(strict=True, ge=1, le=366 * 24 * 60)]
    yuan: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    most_per_month: Annotated[int, Field(strict=True, ge=1)] | None = None


class _FileText(_Strict):
    valid_from: Annotated[dt.date, Field(strict=True)]
    source: Annotated[str, Field(strict=True, min_length=1)]
    promises: dict[Code, _PromiseText]


@dataclass(frozen=True)
class Promise:
    """A promise. `of`: for which records it is made; None: all. `most_per_month`: so many are paid a customer."""

    code: str
    kind: PromiseKind
    en: str
    zh: str
    of: Condition | None
    limit_seconds: int
    yuan: int
    most_per_month: int | None

    @property
    def record(self) -> str:
        """The record that it is counted from."""
        return RECORD[self.kind]

    def why_not_measured(self, provided: Mapping[str, frozenset[str]]) -> str | None:
        """What it is counted from and no source maps, in words; None when all is there."""
        if self.record not in provided:
            return f"no source has {self.record} records"
        used = {*NEEDS[self.kind], *(self.of.columns if self.of else ())}
        missing = sorted(used - provided[self.record])
        return f"the sources do not map {self.record}.{', '.join(missing)}" if missing else None


@dataclass(frozen=True)
class Guarantee:
    """All promises of one version."""

    valid_from: dt.date
    source: str
    promises: tuple[Promise, ...]


def load_guarantees(folder: Path | None = None) -> list[Guarantee]:
    """Every version, oldest first: those shipped, and those of `folder`, a home's `guarantee` (one of the same day
    takes the shipped one's place).

    Raises:
        PlaybookError: naming file, promise, reason and what to do, when any file is broken.
    """
    return [_read(path) for path in dated.paths(FOLDER, folder)]


def guarantee_on(day: dt.date, versions: Sequence[Guarantee]) -> Guarantee:
    """The version in force on that day. PlaybookError when it is before the first."""
    return dated.in_force(day, versions, "promises", PlaybookError)


def _read(path: Path) -> Guarantee:
    content = dated.read(path, _FileText, PlaybookError)
    promises = tuple(_promise(str(path), code, words) for code, words in content.promises.items())
    return Guarantee(content.valid_from, content.source, promises)


def _promise(file: str, code: str, words: _PromiseText) -> Promise:
    try:
        condition = None if words.of is None else _condition(words.of, RECORD[words.kind])
    except ConditionError as error:
        raise PlaybookError(f"{file}: promises: {code}: of: {error}") from None
    limit = words.limit_minutes * 60
    return Promise(code, words.kind, words.en, words.zh, condition, limit, words.yuan, words.most_per_month)


def _condition(text: str, record: str) -> Condition:
    kinds = {
        column.name: _kind(column)
        for column in RECORDS[record].columns
        if not column.personal and column.type in KIND_OF_TYPE
    }
    condition = parse(text, kinds)
    check_kinds(condition, kinds)
    if "$" in text:
        raise ConditionError("a condition holds no $")
    return condition


def _kind(column: Column) -> Kind:
    codes = frozenset(str(code) for code in CODES[column.codes]) if column.codes else None
    return Kind(KIND_OF_TYPE[column.type], codes=codes)
