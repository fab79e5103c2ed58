"""Plain English: words that are not used, in names and in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("banned_words.yaml")
FOLDERS = ("include", "plugins", "dags", "docs", "bench", "deploy", "scripts", "tests")
KINDS = {".py", ".sql", ".yaml", ".md", ".toml", ".sh", ".html", ".txt", ".mako"}


@dataclass(frozen=True)
class Banned:
    """A word that is not used, what to say instead, and the folders in which it counts."""

    word: str
    say: str
    folders: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![A-Za-z])(?:{self.word})(?![A-Za-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """Where a banned word is used."""

    path: str
    line: int
    banned: Banned
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text.strip()[:100]} (say: {self.banned.say})"


CONTENT: dict[str, Any] = yaml.safe_load(LIST.read_text("utf-8"))
WORDS = [Banned(each["word"], each["say"], tuple(each.get("in", FOLDERS))) for each in CONTENT["words"]]


def test_no_text_and_no_name_has_a_banned_word() -> None:
    to_clean = tuple(CONTENT["to_clean"])
    assert [str(each) for each in everything() if not (to_clean and each.path.startswith(to_clean))] == []


def test_what_is_still_to_be_cleaned_is_still_to_be_cleaned() -> None:
    unclean = {each.path for each in everything()}
    assert [path for path in CONTENT["to_clean"] if not any(name.startswith(path) for name in unclean)] == []


def test_every_exception_has_a_reason_and_a_file() -> None:
    for each in CONTENT["allowed"]:
        assert each["why"]
        assert list(REPOSITORY.glob(f"{each['path']}*")), each["path"]


def test_a_word_is_found_in_names_and_sentences_and_not_inside_of_others() -> None:
    kin = Banned("kin", "other versions", ("include",))
    found = [each.line for each in in_text("a.py", "kin_of = 1\n# the next of Kin\nkind = 2\n", [kin])]
    assert found == [1, 2]


@cache
def everything() -> list[Found]:
    """Each use of a banned word that no exception allows."""
    return [each for path in files() for each in in_text(name_of(path), path.read_text("utf-8"), WORDS)]


def in_text(name: str, text: str, words: list[Banned]) -> Iterator[Found]:
    """The banned words of a text, and of the file's own name."""
    for banned in words:
        counts = name.split("/")[0] in banned.folders or "/" not in name
        if counts and banned.pattern.search(f"{name}\n{text}") and not allowed(name, banned):
            for number, line in enumerate([name, *text.splitlines()]):
                if banned.pattern.search(line):
                    yield Found(name, number, banned, line)


def allowed(name: str, banned: Banned) -> bool:
    return any(
        name.startswith(each["path"]) and each.get("word", banned.word) == banned.word for each in CONTENT["allowed"]
    )


def files() -> list[Path]:
    found = [
        path
        for folder in FOLDERS
        for path in (REPOSITORY / folder).rglob("*")
        if path.suffix in KINDS and "node_modules" not in path.parts
    ]
    return sorted([*(path for path in found if path.is_file()), *REPOSITORY.glob("*.md"), REPOSITORY / "Makefile"])


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()
