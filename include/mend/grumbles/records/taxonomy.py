"""The taxonomy as dated data: read, checked at load, chosen by day, published as tables."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mend.foundation import rules as dated
from mend.grumbles.records.taxonomy_base import whole_text
from mend.grumbles.records.taxonomy_errors import TaxonomyError as TaxonomyError
from mend.grumbles.records.taxonomy_file import Settings, SurveyItem, TaxonomyFile

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench

FOLDER: Final = Path(__file__).parent / "taxonomy"


@dataclass(frozen=True)
class GrumbleType:
    """An area (no parent) or a point of the taxonomy."""

    code: str
    parent: str | None
    en: str
    zh: str
    departments: tuple[str, ...]
    item: str | None
    weight: float
    keywords: tuple[str, ...]
    hints: tuple[str, ...]
    topics: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Taxonomy:
    """One version. `valid_until` is the first day of the next version, or None."""

    valid_from: dt.date
    valid_until: dt.date | None
    settings: Settings
    items: dict[str, SurveyItem]
    types: dict[str, GrumbleType]

    def covers(self, day: dt.date) -> bool:
        """Whether this version is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def mapped(self, source_code: str | None) -> str | None:
        """Our code for a source's: its own, or the one that has it as alias; None when nobody knows it."""
        return self.codes.get(source_code) if source_code else None

    @property
    def codes(self) -> dict[str, str]:
        """Every code that a source may use → ours."""
        return {name: each.code for each in self.types.values() for name in (each.code, *each.aliases)}

    @property
    def topics(self) -> dict[str, str]:
        """Topic → what it means where nothing else is known."""
        return {topic: each.code for each in self.types.values() for topic in each.topics}

    def words(self, code: str | None, language: str = "en") -> str:
        """The name of a type, area first; for None the word for unclassified."""
        if code is None:
            return "未分类" if language == "zh" else "unclassified"
        each = self.types.get(code)
        if each is None:
            return code
        name = each.zh if language == "zh" else each.en
        separator = "：" if language == "zh" else ": "
        return name if each.parent is None else f"{self.words(each.parent, language)}{separator}{name}"


def area_of(code: str) -> str:
    """The area of a point, or an area itself.

    >>> area_of("marketing.lock_in"), area_of("marketing")
    ('marketing', 'marketing')
    """
    return code.split(".")[0]


def load_taxonomies(extra_folder: Path | None = None) -> list[Taxonomy]:
    """Every version, oldest first: those shipped, and those of `extra_folder` (one of the same day takes the shipped
    one's place).

    Raises:
        TaxonomyError: naming file, place and reason, when any file is broken.
    """
    versions = [read_taxonomy(path) for path in dated.paths(FOLDER, extra_folder)]
    ends: list[dt.date | None] = [version.valid_from for version in versions[1:]]
    return [replace(version, valid_until=end) for version, end in zip(versions, [*ends, None], strict=True)]


def taxonomy_on(day: dt.date, versions: Sequence[Taxonomy]) -> Taxonomy:
    """The version in force on that day. TaxonomyError when it is before the first."""
    for version in versions:
        if version.covers(day):
            return version
    raise TaxonomyError(f"no taxonomy is in force on {day}: the first version begins on {versions[0].valid_from}")


def read_taxonomy(path: Path) -> Taxonomy:
    """Read and check one file. One that is based on an earlier version says only what is new or other."""
    return _checked(str(path), whole_text(path))


@lru_cache(maxsize=8)
def _checked(file: str, text: str) -> Taxonomy:
    """The taxonomy of a file's text; the same text is checked once in a process."""
    content = dated.parse(file, text, TaxonomyFile, TaxonomyError)
    for problem in content.problems():
        raise TaxonomyError(f"{file}: {problem}")
    types = {each.code: each for each in _types(content)}
    return Taxonomy(content.valid_from, None, content.settings, content.survey_items, types)


def publish_taxonomy(bench: Workbench, versions: Sequence[Taxonomy]) -> None:
    """Write every version to mart_grumble_type and mart_survey_item, in place of what these versions had there."""
    from mend.foundation.lake.filters import equal

    for version in versions:
        day, where = version.valid_from, equal("taxonomy_version", version.valid_from)
        _replace(bench, "mart_grumble_type", where, day, [_type_row(each) for each in version.types.values()])
        _replace(bench, "mart_survey_item", where, day, [_item_row(code, item) for code, item in version.items.items()])


def _replace(bench: Workbench, table: str, where: Any, day: dt.date, rows: list[dict[str, Any]]) -> None:
    """Put the rows in place, unless the table has exactly them: a rerun makes no new snapshot."""
    columns = [name for name in bench.described(table).column_names if name != "taxonomy_version"]
    picked = ", ".join(f"row ->> '{name}' as {name}" for name in columns)
    query = (
        f"select cast($day as date) as taxonomy_version, {picked} from (select unnest(cast($rows as json[])) as row)"
    )
    values = {"day": day, "rows": [json.dumps(row, ensure_ascii=False) for row in rows]}
    bench.view(table, where=where, as_name="_published")
    names = ", ".join(f"cast({name} as varchar)" for name in columns)
    held = f"select {names} from _published where taxonomy_version = $day"
    wanted = f"select {', '.join(_as_stored(bench, table, name) for name in columns)} from ({query})"
    differ = f"select count(*) from (({held} except {wanted}) union all ({wanted} except {held}))"
    if bench.sql(differ, values)[0][0]:
        bench.replace(table, query, where, values)


def _as_stored(bench: Workbench, table: str, name: str) -> str:
    kind = bench.described(table).column(name).type
    return f"cast(cast({name} as double) as varchar)" if kind == "double" else f"cast({name} as varchar)"


def _types(content: TaxonomyFile) -> list[GrumbleType]:
    found = []
    for name, area in content.areas.items():
        found.append(
            GrumbleType(
                name,
                None,
                area.en,
                area.zh,
                area.departments,
                None,
                0.0,
                area.keywords,
                area.hints,
                area.topics,
                area.aliases,
            )
        )
        found += [
            GrumbleType(
                f"{name}.{code}",
                name,
                point.en,
                point.zh,
                point.departments or area.departments,
                point.item,
                point.weight,
                point.keywords,
                point.hints,
                point.topics,
                point.aliases,
            )
            for code, point in area.points.items()
        ]
    return found


def _type_row(each: GrumbleType) -> dict[str, Any]:
    return {
        "grumble_type_code": each.code,
        "parent_code": each.parent,
        "name_en": each.en,
        "name_zh": each.zh,
        "department_codes": ",".join(each.departments),
        "survey_item_code": each.item,
        "weight": each.weight,
        "topic_codes": ",".join(each.topics),
    }


def _item_row(code: str, item: SurveyItem) -> dict[str, Any]:
    return {
        "survey_item_code": code,
        "name_en": item.en,
        "name_zh": item.zh,
        "question_en": item.question_en,
        "question_zh": item.question_zh,
    }
