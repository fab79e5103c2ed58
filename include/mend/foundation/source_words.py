"""Words of codes that no code list has, since the sources name them: cities, call centres, menu nodes, teams; and the
sources themselves. Shipped with Mend, and a home's own in <home>/words/*.yaml. Plain files: pages read them, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from mend.errors import BadConfigurationError
from mend.foundation.home import Home
from mend.foundation.source_files import source_files
from mend.foundation.yaml_text import read_yaml

SHIPPED: Final = Path(__file__).parent / "source_words.yaml"
HOME_FOLDER: Final = "words"
UNNAMED: Final = "unnamed"
DASH: Final = "—"
Pairs: TypeAlias = Mapping[str, tuple[str, str]]


class SourceWordsError(BadConfigurationError):
    """A file of words that cannot be used; the message names it, the entry and what to write."""


@dataclass(frozen=True)
class SourceWords:
    """Kind → code → English and Chinese."""

    kinds: Mapping[str, Pairs]
    unnamed: Pairs

    def known(self, kind: str, code: str, language: str) -> str | None:
        """The name of a code; None where nobody named it."""
        found = self.kinds.get(kind, {}).get(code)
        return found[language == "zh"] if found else None

    def name(self, kind: str, code: object, language: str) -> str:
        """The name after a word that says the kind: "city: Nanjing". One that nobody named with spaces."""
        return DASH if code in (None, "") else self.known(kind, str(code), language) or _spaced(str(code))

    def say(self, kind: str, code: object, language: str) -> str:
        """The name where nothing else says the kind: "Nanjing". One that nobody named with its kind: "city 021"."""
        if code in (None, ""):
            return DASH
        words = self.unnamed.get(kind, ("{code}", "{code}"))[language == "zh"]
        return self.known(kind, str(code), language) or words.format(code=_spaced(str(code)))


def source_words(home: Home) -> SourceWords:
    """The words of a home. Files are read again when one of them changed."""
    own = sorted((home.root / HOME_FOLDER).glob("*.yaml"))
    sources = sorted(source_files(home).items())
    return _read(tuple(map(_state, (SHIPPED, *own))), tuple((name, *_state(path)) for name, path in sources))


def shipped_words() -> SourceWords:
    """Those that come with Mend, for whoever has no home at hand."""
    return _read((_state(SHIPPED),), ())


def _spaced(code: str) -> str:
    return code.replace("_", " ")


def _state(path: Path) -> tuple[str, int, int]:
    said = path.stat()
    return str(path), said.st_mtime_ns, said.st_size


@lru_cache(maxsize=8)
def _read(files: tuple[tuple[str, int, int], ...], sources: tuple[tuple[str, str, int, int], ...]) -> SourceWords:
    """The later file goes before the earlier one, code by code."""
    kinds: dict[str, dict[str, tuple[str, str]]] = {}
    for path, *_ in files:
        for kind, pairs in _content(Path(path)).items():
            kinds.setdefault(kind, {}).update(pairs)
    unnamed = kinds.pop(UNNAMED)
    named = {name: pair for name, path, *_ in sources if (pair := _source_pair(Path(path))) is not None}
    return SourceWords({**kinds, "source": {**named, **kinds.get("source", {})}}, unnamed)


def _content(path: Path) -> dict[str, dict[str, tuple[str, str]]]:
    try:
        content = read_yaml(path.read_text("utf-8-sig")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SourceWordsError(f"{path}: cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict) or not all(isinstance(pairs, dict) for pairs in content.values()):
        raise SourceWordsError(f"{path}: write kind: {{code: [English, Chinese]}}")
    return {
        str(kind): {str(code): _pair(f"{path}: {kind}: {code}", words) for code, words in pairs.items()}
        for kind, pairs in content.items()
    }


def _pair(place: str, words: Any) -> tuple[str, str]:
    if not isinstance(words, list) or len(words) != 2 or not all(str(each or "").strip() for each in words):
        raise SourceWordsError(f"{place}: write [English, Chinese]")
    return str(words[0]), str(words[1])


def _source_pair(path: Path) -> tuple[str, str] | None:
    """The words of a source's file; None where it is broken: who extracts says so."""
    try:
        content = read_yaml(path.read_text("utf-8"))
        return str(content["en"]), str(content["zh"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError):
        return None
