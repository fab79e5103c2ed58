"""Files of playbooks: read, checked whole or refused, chosen by day, and rebuilt from their text."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from mend.foundation import rules as dated
from mend.foundation.conditions import Condition, ConditionError
from mend.foundation.yaml_text import read_yaml
from mend.prevention.playbooks.cases import OF_A_CASE, parse_case
from mend.prevention.playbooks.checks import mistake_in
from mend.prevention.playbooks.content import WORD_OF_SEVERITY, FileText, PlaybookText
from mend.prevention.playbooks.errors import PlaybookError
from mend.prevention.playbooks.playbook import AuthorityLevel, Limits, Line, Look, Playbook, PlaybookSet
from mend.repair.strategies.audience import INDICATORS, AudienceColumn, audience_columns, columns_named

FOLDER: Final = Path(__file__).parent / "rules"
HOME_FOLDER: Final = "playbooks"
ORDERED: Final = ("authority", "playbooks")  # keys whose order counts


def load_playbooks(folder: Path | None = None, indicators: Collection[str] = INDICATORS) -> list[PlaybookSet]:
    """Every version, oldest first: those shipped, and those of `folder`, a home's `playbooks` (one of the same day
    takes the shipped one's place).

    Args:
        indicators: ids that a condition may ask for, where a home has indicators of its own.

    Raises:
        PlaybookError: naming file, playbook, reason and what to do, when any file is broken.
    """
    named = tuple(sorted(indicators))
    return [_read_again_when_changed(str(path), *_state(path), named) for path in dated.paths(FOLDER, folder)]


def _state(path: Path) -> tuple[int, int]:
    """What tells an edited file from the one that was read: a page asks for playbooks at every request."""
    said = path.stat()
    return said.st_mtime_ns, said.st_size


@lru_cache(maxsize=32)
def _read_again_when_changed(path: str, changed: int, size: int, indicators: tuple[str, ...]) -> PlaybookSet:
    del changed, size
    return read_playbook_file(Path(path), indicators)


def playbooks_on(day: dt.date, sets: Sequence[PlaybookSet]) -> PlaybookSet:
    """The version in force on that day. PlaybookError when it is before the first."""
    return dated.in_force(day, sets, "playbooks", PlaybookError)


def read_playbook_file(path: Path, indicators: Collection[str] = INDICATORS) -> PlaybookSet:
    """Read and check one file of playbooks."""
    text = dated.read_text(path, PlaybookError)
    content = dated.parse(str(path), text, FileText, PlaybookError)
    return _checked(str(path), text, content, audience_columns(indicators))


def parse_playbooks(text: str, name: str = "pinned playbooks") -> PlaybookSet:
    """A version from its `text`, as a list keeps it: the same digest, whatever the files say by now."""
    return _checked(name, text, dated.check(name, text, FileText, PlaybookError), columns_named(text))


@lru_cache(maxsize=16)
def pinned_playbooks(text: str) -> PlaybookSet:
    """The playbooks of a text that a list keeps, taken apart once a process: a desktop asks at every call."""
    return parse_playbooks(text)


def _checked(file: str, text: str, content: FileText, audience: Mapping[str, AudienceColumn]) -> PlaybookSet:
    if (mistake := mistake_in(content)) is not None:
        raise PlaybookError(f"{file}: {mistake}")
    plain = _canonical(text)
    columns = {**audience, **OF_A_CASE}
    look = content.look
    return PlaybookSet(
        valid_from=content.valid_from,
        source=content.source,
        levels=tuple(AuthorityLevel(code, each.en, each.zh, each.holders) for code, each in content.authority.items()),
        severities={
            number: _condition(f"{file}: severity: {word}", getattr(content.severity, word), columns)
            for number, word in WORD_OF_SEVERITY.items()
        },
        look=Look(look.days, look.grants, look.yuan),
        playbooks=tuple(
            _playbook(f"{file}: {code}", code, words, content.scales[words.compensation], columns)
            for code, words in content.playbooks.items()
        ),
        digest=hashlib.sha256(plain.encode()).hexdigest(),
        text=plain,
    )


def _playbook(
    place: str, code: str, words: PlaybookText, limits: Limits, columns: Mapping[str, AudienceColumn]
) -> Playbook:
    return Playbook(
        code=code,
        failure_code=words.failure_code,
        name_en=words.name_en,
        name_zh=words.name_zh,
        when=None if words.when is None else _condition(f"{place}: when", words.when, columns),
        least_severity=words.least_severity,
        script_en=words.script_en,
        script_zh=words.script_zh,
        steps=tuple(Line(each.en, each.zh, each.from_severity) for each in words.steps),
        alternative_en=words.alternative_en,
        alternative_zh=words.alternative_zh,
        scale_code=words.compensation,
        limits=limits,
    )


def _condition(place: str, text: str, columns: Mapping[str, AudienceColumn]) -> Condition:
    try:
        return parse_case(text, columns)
    except ConditionError as error:
        raise PlaybookError(f"{place}: {error}") from None


def _canonical(text: str) -> str:
    """What a file says, without comments and layout. The order of levels and playbooks, which counts, stays."""
    content = read_yaml(text)
    return yaml.safe_dump(
        {key: content[key] if key in ORDERED else _sorted(content[key]) for key in sorted(content)},
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )


def _sorted(value: object) -> object:
    return {key: _sorted(value[key]) for key in sorted(value)} if isinstance(value, dict) else value
