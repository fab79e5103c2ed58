"""Rules as dated data: a file per version, named after the first day on which it is in force. Every room reads its
rules with these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from mend.foundation.yaml_text import read_yaml


class Dated(Protocol):
    """A version of some rules."""

    @property
    def valid_from(self) -> dt.date: ...


Version = TypeVar("Version", bound=Dated)
Content = TypeVar("Content", bound=BaseModel)
Words = Callable[[ValidationError], str]


def paths(folder: Path, extra_folder: Path | None = None) -> list[Path]:
    """The files of all versions, oldest first: those shipped, and those of `extra_folder` (one of the same day takes
    the shipped one's place)."""
    files = {path.stem: path for path in folder.glob("*.yaml")}
    if extra_folder is not None and extra_folder.is_dir():
        files.update({path.stem: path for path in extra_folder.glob("*.yaml")})
    return [path for _, path in sorted(files.items())]


def read(path: Path, model: type[Content], error: type[Exception], words: Words | None = None) -> Content:
    """One file, checked by the model, which has the field valid_from. `error` names file, rule and reason; `words` says
    what a problem is, where `first_problem` is not enough."""
    return parse(str(path), read_text(path, error), model, error, words)  # with its folder: files may share a name


def read_text(path: Path, error: type[Exception]) -> str:
    """A rule file's text; `error` when it is no plain file or no UTF-8."""
    if path.exists() and not path.is_file():
        raise error(f"{path}: not a plain file; remove it, or put the file itself there")
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(f"{path}: not UTF-8 at byte {problem.start + 1}; save it as UTF-8") from None


def parse(name: str, text: str, model: type[Content], error: type[Exception], words: Words | None = None) -> Content:
    """The text of the file of that name, checked as `read` does."""
    content = check(name, text, model, error, words)
    valid_from, stem = content.valid_from, Path(name).stem  # type: ignore[attr-defined]
    if stem != valid_from.isoformat():
        raise error(f"{name}: valid_from is {valid_from}, the file's name says {stem}")
    return content


def check(name: str, text: str, model: type[Content], error: type[Exception], words: Words | None = None) -> Content:
    """The content of a text, checked by the model; the name stands in errors alone."""
    content, wrong = _checked(name, text, model, words or first_problem)
    if content is None:
        raise error(wrong)
    return content


def _checked(name: str, text: str, model: type[Content], words: Words) -> tuple[Content | None, str]:
    """The content; or None and what is wrong. (An error of pydantic that another one keeps holds all callers' frames to
    the process's end, open databases among them.)"""
    try:
        return model.model_validate(read_yaml(text)), ""
    except yaml.YAMLError as problem:
        return None, f"{name}: not YAML: {' '.join(str(problem).split())}{_tab(text)}"
    except RecursionError:
        return None, f"{name}: not YAML that we read: it is nested too deep"
    except ValidationError as problem:
        return None, f"{name}: {words(problem)}"


def _tab(text: str) -> str:
    """What to do about a line that begins with a tab, which an editor shows as spaces."""
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return f"; line {number} begins with a tab: indent with spaces"
    return ""


def first_problem(problem: ValidationError) -> str:
    """Where the first thing that is wrong stands, and what it is."""
    first = problem.errors()[0]
    place = ": ".join(str(step) for step in first["loc"])
    return f"{place or 'rules'}: {first['msg']}"


def in_force(day: dt.date, versions: Sequence[Version], what: str, error: type[Exception]) -> Version:
    """The version in force on that day, of versions oldest first. `error` when it is before the first."""
    chosen = [version for version in versions if version.valid_from <= day]
    if not chosen:
        known = f"the first version begins on {versions[0].valid_from}" if versions else "there is no version"
        raise error(f"no {what} are in force on {day}: {known}")
    return chosen[-1]
