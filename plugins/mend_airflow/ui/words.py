"""The pages' words in English and Chinese: words/<file>.yaml, `name: {en: ..., zh: ...}`, asked for as `file.name`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from mend.foundation.schema import CODES
from mend.foundation.yaml_text import read_yaml
from mend_airflow.ui.errors import WordsError
from mend_airflow.ui.language import Language

FOLDER: Final = Path(__file__).parent / "words"


@cache
def all_words() -> Mapping[str, Mapping[str, str]]:
    """`file.name` → language → words. WordsError names an entry that lacks a language."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        content: dict[str, Any] = read_yaml(path.read_text("utf-8"))
        for name, words in content.items():
            if set(words) != {"en", "zh"} or not all(words.values()):
                raise WordsError(f"{path.name}: {name} needs words in en and in zh")
            found[f"{path.stem}.{name}"] = words
    return found


def say(language: Language, key: str, **values: object) -> str:
    """The words of a key, with values in their places. WordsError when no file has it."""
    words = all_words().get(key)
    if words is None:
        raise WordsError(f"no words {key}: add them to words/{key.partition('.')[0]}.yaml")
    return words[language].format(**values) if values else words[language]


def say_code(language: Language, name: str, code: object) -> str:
    """A code of a code list in words; what the list does not know is shown as it is, and nothing as a dash."""
    if code is None or code == "":
        return "—"
    words = CODES.get(name, {}).get(str(code))
    return str(code) if words is None else words[0 if language == "en" else 1]


def say_pair(language: Language, en: object, zh: object) -> str:
    """Of words that stand in the database in both languages, those of the page's."""
    return str((en if language == "en" else zh) or en or zh or "—")
