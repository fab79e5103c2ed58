"""The rules in words with the dates of their versions, and what changed when. Read from the dated files as they are, by
plain Python: the rooms have checked them, and neither engine nor lake is needed. A file that cannot be read is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml

from mend.foundation import rules as dated
from mend.foundation.yaml_text import read_yaml

MEND: Final = Path(str(resources.files("mend")))
SEPARATOR: Final = " · "  # between the parts of a value's place
LONGEST: Final = 160  # signs of a value that is shown as it was and as it is
Yaml = Any


@dataclass(frozen=True)
class Entry:
    """One rule: its section, code, words in both languages, and figures (name → value) that the page has words for."""

    section: str
    code: str
    en: str
    zh: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What another version says otherwise. `before` is None for what is new, `after` for what is gone."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Version:
    """A version of these rules: the file's day, whether it is the home's own, and what it changed."""

    valid_from: str
    is_own: bool
    entries: Sequence[Entry]
    changes: Sequence[Change]
    problem: str = ""


@dataclass(frozen=True)
class History:
    """Rules of one kind: `code` is its name, `versions` the latest first."""

    code: str
    versions: Sequence[Version]

    def in_force(self, day: str) -> Version | None:
        """The version of a day; None when none has begun."""
        return next((each for each in self.versions if each.valid_from <= day and not each.problem), None)


@dataclass(frozen=True)
class _Kind:
    code: str
    shipped: tuple[str, ...]
    own: tuple[str, ...]
    entries: Callable[[Yaml], list[Entry]]


def read_histories(home: Path) -> list[History]:
    """All kinds. Files are read again when one of them changed."""
    return [_history(kind, home) for kind in KINDS]


def strategy_names(home: Path) -> dict[str, tuple[str, str]]:
    """Strategies in English and Chinese, as the latest version that has them names them."""
    history = next(_history(kind, home) for kind in KINDS if kind.code == "strategies")
    return {each.code: (each.en, each.zh) for version in reversed(history.versions) for each in version.entries}


def _history(kind: _Kind, home: Path) -> History:
    shipped, own = MEND.joinpath(*kind.shipped), home.joinpath(*kind.own)
    versions: list[Version] = []
    before: dict[str, str] | None = None
    for path in dated.paths(shipped, own):
        is_own = path.parent == own
        try:
            said = path.stat()
            flat, entries = _read(kind.code, str(path), said.st_mtime_ns, said.st_size)
        except (OSError, UnicodeError, ValueError, yaml.YAMLError, RecursionError):
            versions.append(Version(path.stem, is_own, (), (), path.name))
            continue
        versions.append(Version(path.stem, is_own, entries, () if before is None else _changes(before, flat)))
        before = flat
    return History(kind.code, versions[::-1])


@lru_cache(maxsize=256)
def _read(code: str, path: str, changed: int, size: int) -> tuple[dict[str, str], tuple[Entry, ...]]:
    """A file's values by their paths, and its entries. `changed` and `size` tell an edited file from the one read."""
    del changed, size
    kind = next(each for each in KINDS if each.code == code)
    content = read_yaml(Path(path).read_text("utf-8-sig"))
    if not isinstance(content, dict):
        raise ValueError(path)
    flat = dict(_flat(content, ()))
    try:
        return flat, tuple(kind.entries(content))
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(path) from problem


def _flat(value: Yaml, path: tuple[str, ...]) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [each for name, below in value.items() for each in _flat(below, (*path, str(name)))]
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        named = [(_name(each, place), each) for place, each in enumerate(value, start=1)]
        return [each for name, below in named for each in _flat(below, (*path, name))]
    text = ", ".join(_text(each) for each in value) if isinstance(value, list) else _text(value)
    return [(SEPARATOR.join(path), text)]


def _name(value: Yaml, place: int) -> str:
    return str(value.get("code", place)) if isinstance(value, dict) else str(place)


def _text(value: Yaml) -> str:
    text = {True: "yes", False: "no", None: "—"}[value] if value is None or isinstance(value, bool) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    paths = [path for path in {**before, **after} if path not in ("valid_from", "source")]
    return tuple(
        Change(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
    )


def _of_scoring(content: Yaml) -> list[Entry]:
    """Indicators by stage, then credits."""
    found = [
        Entry(rule["stage"], code, rule["en"], rule["zh"], {"points": rule["points"]})
        for code, rule in content["indicators"].items()
    ]
    return found + [
        Entry("repair", code, rule["en"], rule["zh"], {"points": -rule["points"]})
        for code, rule in content["credits"].items()
    ]


def _of_strategies(content: Yaml) -> list[Entry]:
    return [
        Entry(
            "strategies",
            code,
            each["name_en"],
            each["name_zh"],
            {
                "channel": each["channel_code"],
                "consent": each["consent_code"],
                "entitlement": each.get("is_entitlement", False),
                "hold_out": each.get("hold_out_share", 0),
            },
        )
        for code, each in content["strategies"].items()
    ]


def _of_warnings(content: Yaml) -> list[Entry]:
    return [
        Entry(
            "warning_strategies",
            each["code"],
            each["en"],
            each["zh"],
            {"levels": ", ".join(map(str, each["levels"])), "values": tuple(each.get("values", ()))},
        )
        for each in content["strategies"]
    ]


def _of_contact(content: Yaml) -> list[Entry]:
    """The contact policy: the page has a sentence for each figure."""
    policy = content["policy"]
    found = {"hours": {"start": policy["hours"]["from"], "until": policy["hours"]["until"]}}
    for kind, cap in policy["caps"].items():
        found[f"cap_{kind}"] = {"most": cap["most"], "days": cap["days"]}
    for kind, most in policy["budgets"].items():
        found[f"budget_{kind}"] = {"most": most}
    for name in ("reserved_for_promised", "reserved_of_budget"):
        found[name] = {"most": policy[name]}
    return [Entry("contact", name, "", "", figures) for name, figures in found.items()] + [
        Entry("triggers", name, "", "", {"share": each["share"], "promised": bool(each.get("promised", False))})
        for name, each in content["triggers"].items()
    ]


KINDS: Final = (
    _Kind("scoring", ("damage", "scoring", "rules"), ("rules",), _of_scoring),
    _Kind("warning", ("grumbles", "warning", "rules"), ("rules", "warning"), _of_warnings),
    _Kind("strategies", ("repair", "strategies", "rules"), ("strategies",), _of_strategies),
    _Kind("contact", ("care", "survey", "rules"), ("survey_rules",), _of_contact),
)
